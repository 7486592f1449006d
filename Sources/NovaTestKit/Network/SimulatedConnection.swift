import NovaEcho
import NovaKernel
import NovaTransport
import NovaWire

/// A message that a server has received.
public struct ReceivedMessage: Hashable, Sendable {
    /// Text or binary.
    public let kind: MessageKind
    /// The payload.
    public let bytes: [UInt8]
    /// The payload as a string; what is not UTF-8 is repaired.
    public var text: String { String(decoding: bytes, as: UTF8.self) }
}

/// One client of a ``SimulatedServer``, as the server sees it.
public final class SimulatedConnection: @unchecked Sendable {
    // Sendable: touched by whoever drives the network's loop.
    private let server: SimulatedServer
    let link: Link
    private let session: ServerSession
    private var willFlush = false
    private var isGone = false
    /// Whether its session wants no more for the time being.
    private var isPaused = false
    /// Until when it is made not to read, whatever its session wants.
    private var readsFrom: UInt64 = 0

    /// 1 for the server's first connection, one more for each that follows.
    public let number: Int
    /// A number for the simulation's own use.
    package var tag = 0
    /// Pings without a pong: how many of each payload.
    private var unanswered: [[UInt8]: Int] = [:]

    init(_ server: SimulatedServer, _ link: Link, number: Int) {
        (self.server, self.link, self.number) = (server, link, number)
        session = ServerSession(ServerScript())
        session.transport = self
        session.script = script()
        link.up.receive = { [weak self] in self?.session.received(&$0) }
        link.up.ended = { [weak self] in
            self?.session.ended($0)
            self?.leave()
        }
        link.down.hasRoom = { [weak self] in self?.session.flush() }
    }

    /// The script asks the server each time: what it suffers may have changed.
    private func script() -> ServerScript {
        var script = ServerScript()
        let server = server
        script.upgrade = { [weak self] request in
            guard let self else { return .silence }
            server.onOpenRequest(self, request.target)
            return server.onRequest(request.target)?.scripted ?? server.upgradeAnswer
                ?? .accept(subprotocol: request.subprotocols.first)
        }
        script.opened = { [weak self] _ in if let self { server.onOpen(self) } }
        script.message = { [weak self] _, kind, view in
            if let self { server.onMessage(self, ReceivedMessage(kind: kind, bytes: view.array)) }
        }
        script.pong = { [weak self] in if let self { server.onPong(self, $1.array) } }
        script.answersPings = { server.answersPings }
        script.answersClose = { server.answersClose }
        script.closed = { [weak self] _, code, reason in
            if let self { server.onClose(self, code, String(validated: reason)) }
        }
        script.violated = { server.onViolation($0) }
        return script
    }

    /// Whether the client is connected and the opening handshake is done.
    public var isOpen: Bool { !isGone && session.isOpen }

    // MARK: What a server may do

    /// Sends a text message.
    public func send(_ text: String) { session.send(.text, ByteView(copying: Array(text.utf8))) }
    /// Sends a binary message.
    public func send(_ bytes: [UInt8]) { session.send(.binary, ByteView(copying: bytes)) }
    /// Sends a message as it came.
    public func send(_ message: ReceivedMessage) { session.send(message.kind.opcode, ByteView(copying: message.bytes)) }
    /// Sends a ping.
    public func ping(_ payload: [UInt8] = []) {
        unanswered[payload, default: 0] += 1
        session.send(.ping, ByteView(copying: payload))
    }

    /// Whether a ping of this payload waited for this pong.
    package func wasAwaited(_ pong: [UInt8]) -> Bool {
        guard let count = unanswered[pong], count > 0 else { return false }
        unanswered[pong] = count - 1
        return true
    }

    /// Sends bytes that may be anything.
    public func send(raw bytes: [UInt8]) { session.send(raw: bytes) }

    /// Begins the closing handshake.
    public func close(_ code: CloseCode = .normalClosure, reason: String = "") {
        session.sendClose(code, reason: reason)
    }

    /// Ends the connection without a close frame.
    public func end() { session.end() }
    /// Resets it.
    public func reset() {
        link.reset()
        leave()
    }

    /// What falls on this connection at once.
    func suffer(_ fault: Fault) {
        switch fault {
        case .reset: reset()
        case .truncate:
            link.truncate()
            leave()
        case .halfOpen: link.stall(until: .max)
        case .close(let code): if isOpen { close(code) }
        case .violate(let violation): if isOpen { session.send(raw: violation.example(within: WireLimits())) }
        case .cutMidFrame:
            guard isOpen else { return }
            session.send(raw: [0x82, 0x7E, 0x10, 0x00, 1, 2, 3])
            session.end()
        case .flood(let messages, let bytes):
            guard isOpen else { return }
            for _ in 0..<messages { send(server.makeFlood(self, bytes)) }
        case .pings(let count):
            guard isOpen else { return }
            for number in 0..<count { ping([UInt8(truncatingIfNeeded: number)]) }
        case .resolveFailure, .resolveDelay, .refuse, .ignore, .tlsFailure, .stall, .refuseUpgrade, .garbleUpgrade,
            .ignoreUpgrade, .ignorePings, .ignoreClose, .stopReading:
            break
        }
    }

    func dissolve() {
        link.up.close()
        link.down.close()
    }

    /// The client's own end.
    func leave() {
        guard !isGone else { return }
        isGone = true
        session.transport = nil
        link.up.close()
        server.left(self)
    }
}

extension SimulatedConnection: ServerTransport {
    package func sessionHasOutput() {
        guard !willFlush else { return }
        willFlush = true
        server.loop.callAtEndOfTurn { [self] in
            willFlush = false
            session.flush()
        }
    }

    package func write(_ bytes: UnsafeRawBufferPointer) -> Int { link.down.write(bytes) }

    package func pauseReading() {
        isPaused = true
        link.up.pause()
    }

    package func resumeReading() {
        isPaused = false
        readIfWanted()
    }

    /// Reads nothing before this moment; of two of them the later one counts.
    func stopReading(until end: UInt64) {
        readsFrom = max(readsFrom, end)
        link.up.pause()
        server.loop.schedule(at: end) { [weak self] in self?.readIfWanted() }
    }

    private func readIfWanted() {
        if !isPaused, server.loop.now >= readsFrom { link.up.resume() }
    }

    /// This side ends in order: under TLS with its close_notify. The client is heard to its end, but not for ever.
    package func endOutput() {
        link.down.end(.endOfStream)
        server.loop.schedule(after: 2_000_000_000) { [weak self] in self?.leave() }
    }
}

extension RequestAnswer {
    /// The same as a server's script says it.
    var scripted: ServerScript.Answer {
        switch self {
        case .accept(let subprotocol): .accept(subprotocol: subprotocol)
        case .refuse(let status, let body): .bytesThenEnd(UpgradeAnswer(refusing: status, body: body).bytes)
        case .raw(let bytes): .bytesThenEnd(bytes)
        }
    }
}
