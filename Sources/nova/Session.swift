import NovaSocket
import Synchronization

/// A terminal for a service of JSON-RPC 2.0.
enum SessionCommand: Command {
    static let name = "session"
    static let usage = "session URL [request METHOD [JSON] | notify METHOD [JSON]] [OPTIONS]"
    static let summary = """
        Speaks JSON-RPC 2.0 with a service: what stands on the command line, then what each line of stdin says, one after
        the other. A line is 'request METHOD [JSON]' or 'notify METHOD [JSON]', and '> METHOD [JSON]' is a request, too; JSON
        is an object or an array. Results go to stdout as JSON, a line each; what the service tells unasked goes there as it
        came, a line each. Errors go to stderr with their code; the first decides the exit code: 1 for an answer that is an
        error, 16 for none in time. The last line there says why the connection ended; if that is not clean, the exit code is
        that of 'nova connect'.
        """

    /// Those of `connect` that say how a connection is made and kept.
    private static let shared: Set<String> = [
        "--header", "--subprotocol", "--origin", "--insecure", "--ca", "--cert", "--key", "--ping-interval",
        "--ping-timeout", "--open-timeout", "--close-timeout", "--max-size", "--reconnect", "--record",
        "--record-whole",
        "--redact", "--secrets", "--exit-on-eof",
    ]
    static let options =
        [
            Option("--timeout", value: "SECONDS", "how long an answer may take; 30 if it is not said"),
            Option(
                "--once",
                "close after the call on the command line; without one, after the first answer or message"),
        ] + Connect.options.filter { shared.contains($0.names[0]) }

    static func run(_ arguments: Arguments) async throws -> ExitCode {
        guard let url = arguments.positional.first else { throw UsageError("session takes a URL.") }
        let words = arguments.positional.dropFirst()
        let first = try words.isEmpty ? nil : CallLine(Array(words))
        let settings = try Connect.settings(arguments)
        let calls = CallOptions(timeout: try timeout(arguments))
        let outcome = Outcome()
        let session = try Session(
            url, Handlers(messages: Printer(outcome: outcome, isOnce: arguments.has("--once") && first == nil)),
            calls: calls
        ) { $0 = settings }
        Interrupt.take()
        let reports = Task { [reports = session.handlerReports] in
            for await report in reports { Console.status("\(report)") }
        }
        let isInterrupted = Mutex(false)
        let watch = Task {
            await Interrupt.wait()
            isInterrupted.withLock { $0 = true }
            await session.close(code: .goingAway)
        }
        defer { watch.cancel() }
        await converse(session, first, arguments, outcome)
        let termination = await session.close()
        await reports.value
        if let fault = outcome.fault {
            Console.finalStatus("nova session: \(fault)")
            return .failure
        }
        guard let termination else { return .failure }
        Console.finalStatus("\(termination)")
        if isInterrupted.withLock(\.self) { return Interrupt.exitCode }
        let code = ExitCode(termination)
        return code == .clean ? outcome.code : code
    }

    private static func timeout(_ arguments: Arguments) throws(UsageError) -> Duration? {
        guard let time = try arguments.seconds("--timeout") else { return nil }
        guard time > .zero else { throw UsageError("--timeout needs more than 0 seconds.") }
        return time
    }

    // MARK: The conversation

    /// Until stdin has said all, enough has come, or the session has ended.
    private static func converse(
        _ session: Session, _ first: CallLine?, _ arguments: Arguments, _ outcome: Outcome
    ) async {
        // How a connection fails is told by its end.
        guard (try? await session.connect()) != nil else { return }
        let isOnce = arguments.has("--once")
        if let first {
            await perform(first, session, outcome)
            if isOnce { return }
        }
        // What waits for stdin waits until the process ends.
        let input = Task { await read(session, outcome, isOnce: isOnce, closes: arguments.has("--exit-on-eof")) }
        let end = Task { [changes = session.stateChanges] in
            if await session.state != .closed { for await change in changes where change.to == .closed { break } }
            outcome.enough()
        }
        await outcome.untilEnough()
        input.cancel()
        end.cancel()
    }

    private static func read(_ session: Session, _ outcome: Outcome, isOnce: Bool, closes: Bool) async {
        do {
            for try await line in InputLines() where !line.allSatisfy({ $0 == UInt8(ascii: " ") }) {
                guard !Task.isCancelled else { return }
                do throws(UsageError) {
                    let call = try CallLine(line)
                    await perform(call, session, outcome)
                    if isOnce, call.isRequest { return outcome.enough() }
                } catch {
                    Console.status("not sent: \(error.message)")
                    outcome.note(.failure)
                }
            }
        } catch {
            Console.status("\(error)")
            outcome.note(.failure)
        }
        if closes { outcome.enough() }
    }

    private static func perform(_ call: CallLine, _ session: Session, _ outcome: Outcome) async {
        do {
            guard call.isRequest else { return try await session.notify(call.method, call.parameters) }
            let result = try await session.request(call.method, call.parameters, as: JSONValue.self)
            try Console.put(Array("\(result)\n".utf8))
        } catch let error as Console.OutputClosed {
            outcome.fail(error)
        } catch {
            outcome.note(ExitCode(error))
            // The end of the session is told as the last word.
            if await session.state != .closed { Console.status("\(error)") }
        }
    }

    // MARK: What it comes to

    /// How the first call that failed is told, and when there is no more to be done.
    private final class Outcome: Sendable {
        private let state = Mutex<(code: ExitCode, fault: String?)>((.clean, nil))
        private let ends: AsyncStream<Void>
        private let end: AsyncStream<Void>.Continuation

        init() { (ends, end) = AsyncStream.makeStream(of: Void.self) }

        var code: ExitCode { state.withLock(\.code) }
        var fault: String? { state.withLock(\.fault) }

        func note(_ code: ExitCode) { state.withLock { if $0.code == .clean { $0.code = code } } }
        func enough() { end.finish() }
        func untilEnough() async { for await _ in ends {} }

        /// Something on our side went wrong: that is the end.
        func fail(_ error: any Error) {
            state.withLock { $0.fault = $0.fault ?? "\(error)" }
            enough()
        }
    }

    /// Puts out what comes unasked, as it came.
    private struct Printer: MessageHandler {
        let outcome: Outcome
        let isOnce: Bool

        func handle(_ message: Message, _ context: SessionContext) async throws -> Reaction {
            var replies: [OutgoingMessage] = []
            for part in JSONRPC.read(message.bytes) {
                switch part {
                case .notification(let notification): put(notification.bytes)
                case .request(let request):
                    put(request.bytes)
                    // Whoever asks waits for an answer (§4), and nobody here has one.
                    let failure = JSONRPC.Failure(.methodNotFound)
                    replies.append(.text(utf8: try JSONRPC.response(failure: failure, id: request.id)))
                case .response, .invalid: break  // told already, or asked by nobody
                }
            }
            return .replies(replies)
        }

        private func put(_ bytes: [UInt8]) {
            // Newlines stand between JSON's words only: within a string they are escaped.
            let line = bytes.filter { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
            do throws(Console.OutputClosed) {
                try Console.put(line + [UInt8(ascii: "\n")])
            } catch {
                return outcome.fail(error)
            }
            if isOnce { outcome.enough() }
        }
    }
}
