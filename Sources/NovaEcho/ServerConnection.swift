import NovaTransport
import NovaWire

/// One client of an ``EchoServer``: a session over a stream. It lives on the server's loop, and everything is called
/// there.
final class ServerConnection: StreamHandler, TurnEndHandler, TimerHandler, ServerTransport {
    /// How long a client may take to end its side after ours has ended, in nanoseconds.
    private static let lingering: UInt64 = 2_000_000_000

    private let loop: EventLoop
    let session: ServerSession
    private var stream: Stream?
    private var willFlush = false
    private let gone: (ServerConnection) -> Void

    init(_ loop: EventLoop, _ script: ServerScript, gone: @escaping (ServerConnection) -> Void) {
        self.loop = loop
        self.gone = gone
        session = ServerSession(script)
        session.transport = self
    }

    func start(_ socket: consuming Socket, _ tls: TLSContext?) throws {
        let stream = try Stream(socket, on: loop, self)
        self.stream = stream
        if let tls { try stream.startTLS(tls, host: "") }
    }

    private func leave() {
        stream = nil
        session.transport = nil
        gone(self)
    }

    // MARK: What the session wants

    func sessionHasOutput() {
        guard !willFlush else { return }
        willFlush = true
        loop.callAtEndOfTurn(self)
    }

    func turnEnded() {
        willFlush = false
        session.flush()
    }

    func write(_ bytes: UnsafeRawBufferPointer) -> Int { stream?.write(bytes) ?? bytes.count }
    func pauseReading() { stream?.pauseReading() }
    func resumeReading() { stream?.resumeReading() }

    /// Ends this side, and reads until the client has ended its own: to close with bytes unread would reset the
    /// connection, and the client might never see what was sent last.
    func endOutput() {
        stream?.shutDownWriting()
        _ = loop.schedule(at: loop.refresh() + Self.lingering, self, token: 0)
    }

    func reset() {
        stream?.reset()
        leave()
    }

    /// The client has taken too long.
    func timerFired(_ token: UInt64) {
        stream?.close()
        leave()
    }

    // MARK: What the stream tells

    func streamSecured() {}
    func streamWritable() { session.flush() }
    func streamReceived(_ input: inout DecoderInput) { session.received(&input) }

    func streamEnded(_ end: StreamEnd) {
        session.ended(end)
        stream?.close()
        leave()
    }
}
