import NovaSocket
import Synchronization

/// A terminal for one WebSocket.
enum Connect: Command {
    static let name = "connect"
    static let usage = "connect URL [OPTIONS]"
    static let summary = """
        Connects to a WebSocket: lines of stdin become messages, messages go to stdout, and what happens to stderr; the last line
        there says why the connection ended, and so does the exit code: 0 clean, 2 usage, 10 name resolution, 11 dial, 12 proxy,
        13 TLS, 14 upgrade refused, 15 protocol violation, 16 timeout, 17 closed by the peer, 18 keepalive, 19 authentication,
        130 interrupted, 143
        terminated, 1 anything else.
        """
    static let options = [
        Option("--header -H", value: "NAME:VALUE", "a header of the opening handshake; may be repeated"),
        Option("--subprotocol --protocol", value: "NAME", "a subprotocol to offer; may be repeated"),
        Option("--origin", value: "ORIGIN", "the Origin header"),
        Option("--binary -b", "send lines as binary messages"),
        Option("--insecure -k", "accept any certificate; for development"),
        Option("--ca", value: "FILE", "trust these certificates (PEM) in place of the system's"),
        Option("--cert", value: "FILE", "a client certificate (PEM)"),
        Option("--key", value: "FILE", "its private key (PEM)"),
        Option("--ping-interval", value: "SECONDS", "silence before a ping; 0: no keepalive"),
        Option("--ping-timeout", value: "SECONDS", "silence after it that ends the connection"),
        Option("--open-timeout", value: "SECONDS", "the longest that one attempt may take"),
        Option("--close-timeout", value: "SECONDS", "the longest that the closing handshake may take"),
        Option("--max-size", value: "BYTES", "the largest message accepted"),
        Option("--reconnect", "connect again when the connection is lost"),
        Option("--record", value: "FILE", "write every step of the machine down"),
        Option(
            "--record-whole", value: "FILE", "the same, and all that comes in and goes out, with stand-ins for secrets"),
        Option(
            "--redact", value: "PATH",
            "stand-ins in JSON only for the values at this path, or 'credentials'; may be repeated"
        ),
        Option("--secrets", "no stand-ins: the recording has everything that is said"),
        Option("--max-messages", value: "COUNT", "close after so many messages"),
        Option("--exit-on-eof -E", "close at the end of stdin"),
    ]

    static func run(_ arguments: Arguments) async throws -> ExitCode {
        guard arguments.positional.count == 1 else { throw UsageError("connect takes one URL.") }
        let limit = try arguments.count("--max-messages", least: 1)
        let socket = try WebSocket.make(arguments.positional[0], try settings(arguments))
        Interrupt.take()
        let changes = Task { [changes = socket.stateChanges] in
            for await change in changes { Console.status(Console.dim("\(change)", on: 2)) }
        }
        let isInterrupted = Mutex(false)
        let watch = Task {
            await Interrupt.wait()
            isInterrupted.withLock { $0 = true }
            await socket.close(code: .goingAway)
        }
        defer { watch.cancel() }

        let fault = await converse(socket, arguments, limit)
        let termination = await socket.close()
        await changes.value
        if let fault {
            Console.finalStatus("nova connect: \(fault)")
            return .failure
        }
        guard let termination else { return .failure }
        Console.finalStatus("\(termination)")
        return isInterrupted.withLock { $0 } ? Interrupt.exitCode : ExitCode(termination)
    }

    /// Sends what comes on stdin and puts out what the server sends, until the connection ends or enough has come;
    /// returns what went wrong on our side, if anything did.
    private static func converse(
        _ socket: WebSocket, _ arguments: Arguments, _ limit: Int?
    ) async -> (any Error)? {
        // How a connection fails is told by its end.
        guard (try? await socket.connect()) != nil else { return nil }
        let input = Task { await send(socket, arguments.has("--binary"), closes: arguments.has("--exit-on-eof")) }
        defer { input.cancel() }
        do {
            try await receive(socket, limit)
        } catch let error as Console.OutputClosed {
            return error
        } catch {}
        return nil
    }

    private static func send(_ socket: WebSocket, _ isBinary: Bool, closes: Bool) async {
        do {
            for try await line in InputLines() {
                guard !Task.isCancelled else { return }
                guard isBinary || String(validating: line, as: UTF8.self) != nil else {
                    Console.status("not sent: the line is not UTF-8; --binary sends any bytes")
                    continue
                }
                guard await send(line, isBinary, socket) else { return }
            }
        } catch {
            Console.status("\(error)")
        }
        if closes { await socket.close() }
    }

    /// Sends a line; false if no further one can be.
    private static func send(_ line: [UInt8], _ isBinary: Bool, _ socket: WebSocket) async -> Bool {
        do {
            if isBinary {
                try await socket.send(line)
            } else {
                try await socket.send(String(decoding: line, as: UTF8.self))
            }
            return true
        } catch let error as WebSocketError where error.refusal == .notOpen {
            Console.status("not sent: \(error)")  // it may open again
            return true
        } catch {
            return false
        }
    }

    private static func receive(_ socket: WebSocket, _ limit: Int?) async throws {
        var count = 0
        for try await message in socket.messages {
            switch message.kind {
            case .text: try Console.put(message.bytes + [UInt8(ascii: "\n")])
            case .binary: try Console.put(message.bytes)
            }
            count += 1
            if count == limit { return }
        }
    }

    // MARK: Options

    static func settings(_ arguments: Arguments) throws -> WebSocketOptions {
        var options = WebSocketOptions()
        for header in arguments.all("--header") {
            guard let colon = header.firstIndex(of: ":") else { throw UsageError("--header needs NAME:VALUE.") }
            let value = header[header.index(after: colon)...].drop { $0 == " " }
            options.addHeader(String(header[..<colon]), String(value))
        }
        options.subprotocols = arguments.all("--subprotocol")
        options.origin = arguments.last("--origin")
        options.recording = try recording(arguments)
        try setTLS(&options.tls, arguments)
        try setPolicy(&options.policy, arguments)
        return options
    }

    private static func recording(_ arguments: Arguments) throws -> Recording? {
        try arguments.takeOne(of: ["--record", "--record-whole"])
        if let path = arguments.last("--record-whole") { return .file(path: path, .whole(try redaction(arguments))) }
        for option in ["--secrets", "--redact"] where arguments.has(option) {
            throw UsageError("\(option) needs --record-whole.")
        }
        return arguments.last("--record").map { .file(path: $0) }
    }

    private static func redaction(_ arguments: Arguments) throws -> Redaction {
        try arguments.takeOne(of: ["--secrets", "--redact"])
        if arguments.has("--secrets") { return .nothing }
        let paths = arguments.all("--redact")
        guard !paths.isEmpty else { return .all }
        return .values(at: try paths.flatMap { $0 == "credentials" ? JSONPath.credentials : [try JSONPath($0)] })
    }

    private static func setTLS(_ tls: inout TLSConfiguration, _ arguments: Arguments) throws(UsageError) {
        if arguments.has("--insecure") { tls.verification = .none }
        tls.trustRoots = arguments.last("--ca").map { .file($0) }
        guard let chain = arguments.last("--cert") else {
            if arguments.has("--key") { throw UsageError("--key needs --cert.") }
            return
        }
        guard let key = arguments.last("--key") else { throw UsageError("--cert needs --key.") }
        tls.identity = TLSConfiguration.Identity(certificateChain: .file(chain), privateKey: .file(key))
    }

    private static func setPolicy(_ policy: inout Policy, _ arguments: Arguments) throws(UsageError) {
        if let interval = try arguments.seconds("--ping-interval") {
            policy.keepalive = interval == .zero ? nil : KeepalivePolicy(interval: interval)
        }
        if let timeout = try arguments.seconds("--ping-timeout") {
            guard policy.keepalive != nil else { throw UsageError("--ping-timeout needs a --ping-interval above 0.") }
            policy.keepalive?.timeout = timeout
        }
        if let timeout = try arguments.seconds("--open-timeout") {
            let phases: [WritableKeyPath<Timeouts, Duration>] = [
                \.open, \.resolve, \.dial, \.tunnel, \.secure, \.upgrade,
            ]
            for phase in phases { policy.timeouts[keyPath: phase] = timeout }  // one bound, whatever takes long
        }
        if let timeout = try arguments.seconds("--close-timeout") { policy.timeouts.close = timeout }
        if let size = try arguments.count("--max-size") {
            policy.wire.maximumMessageBytes = size
            policy.wire.maximumFrameBytes = size
        }
        if arguments.has("--reconnect") { policy.reconnection = .standard }
    }
}
