import NovaTransport
import NovaWire

/// One client of an ``EchoServer``. It lives on the server's loop, and everything is called there.
package final class ServerConnection: StreamHandler, TurnEndHandler, TimerHandler {
    /// How long a client may take to end its side after ours has ended, in nanoseconds.
    private static let lingering: UInt64 = 2_000_000_000

    private let loop: EventLoop
    private let script: ServerScript
    private var stream: Stream?
    private var parser: UpgradeRequestParser? = UpgradeRequestParser()
    private var decoder = MessageDecoder(role: .server, limits: .none)
    private var outgoing: [UInt8] = []
    private var written = 0
    private var willFlush = false
    private var endsWhenWritten = false
    private var isLingering = false
    private let gone: (ServerConnection) -> Void

    init(_ loop: EventLoop, _ script: ServerScript, gone: @escaping (ServerConnection) -> Void) {
        self.loop = loop
        self.script = script
        self.gone = gone
    }

    func start(_ socket: consuming Socket, _ tls: TLSContext?) throws {
        let stream = try Stream(socket, on: loop, self)
        self.stream = stream
        if let tls { try stream.startTLS(tls, host: "") }
    }

    // MARK: Out

    /// Sends a frame.
    package func send(_ opcode: Opcode, _ payload: ByteView, isFinal: Bool = true) {
        let header = FrameHeader(opcode: opcode, isFinal: isFinal, payloadCount: payload.count, isMasked: false)
        withUnsafeTemporaryAllocation(byteCount: FrameHeader.maximumEncodedCount, alignment: 1) { buffer in
            guard let base = buffer.baseAddress else { return }
            let count = header.encode(into: base, maskKey: 0)
            outgoing.append(contentsOf: UnsafeRawBufferPointer(start: base, count: count))
        }
        payload.withUnsafeBytes { outgoing.append(contentsOf: $0) }
        flushAtEndOfTurn()
    }

    /// Sends a close frame.
    package func sendClose(_ code: CloseCode, reason: String = "") {
        send(.close, ByteView(copying: code.payload(reason: Array(reason.utf8))))
    }

    /// Sends bytes that may be anything.
    package func send(raw bytes: [UInt8]) {
        outgoing.append(contentsOf: bytes)
        flushAtEndOfTurn()
    }

    /// Ends the transport when everything is sent.
    package func end() {
        endsWhenWritten = true
        flushAtEndOfTurn()
    }

    /// Reads nothing any more: TCP holds the client back.
    package func stopReading() { stream?.pauseReading() }

    /// Reads again.
    package func goOnReading() { stream?.resumeReading() }

    /// Ends the transport at once, by a reset.
    package func reset() {
        stream?.reset()
        leave()
    }

    private func flushAtEndOfTurn() {
        guard !willFlush else { return }
        willFlush = true
        loop.callAtEndOfTurn(self)
    }

    package func turnEnded() {
        willFlush = false
        flush()
    }

    private func flush() {
        guard let stream else { return }
        if written < outgoing.count {
            written += outgoing.withUnsafeBytes { stream.write(UnsafeRawBufferPointer(rebasing: $0[written...])) }
        }
        guard written == outgoing.count else { return stream.pauseReading() }
        outgoing.removeAll(keepingCapacity: outgoing.capacity <= 1 << 20)
        written = 0
        if endsWhenWritten { linger(stream) }
    }

    /// Ends this side, and reads until the client has ended its own: to close with bytes unread would reset the
    /// connection, and the client might never see what was sent last.
    private func linger(_ stream: Stream) {
        guard !isLingering else { return }
        isLingering = true
        stream.shutDownWriting()
        _ = loop.schedule(at: loop.refresh() + Self.lingering, self, token: 0)
    }

    /// The client has taken too long.
    package func timerFired(_ token: UInt64) {
        stream?.close()
        leave()
    }

    private func leave() {
        stream = nil
        gone(self)
    }

    // MARK: In

    package func streamSecured() {}

    package func streamWritable() {
        flush()
        if written == outgoing.count { stream?.resumeReading() }
    }

    package func streamEnded(_ end: StreamEnd) {
        script.ended(end)
        stream?.close()
        leave()
    }

    package func streamReceived(_ input: inout DecoderInput) {
        guard !isLingering else { return input.offset = input.end }
        if let request = parser?.next(&input) {
            switch request {
            case .needMore: return
            case .invalid(let status):
                send(raw: UpgradeAnswer(refusing: status).bytes)
                return end()
            case .request(let request):
                parser = nil
                answer(request)
            }
        }
        readFrames(&input)
    }

    private func answer(_ request: ReceivedUpgradeRequest) {
        let accept = HandshakeKey(key: request.key).accept
        switch script.upgrade(request) {
        case .accept(let subprotocol): send(raw: UpgradeAnswer(accept: accept, subprotocol: subprotocol).bytes)
        case .acceptThen(let bytes): send(raw: UpgradeAnswer(accept: accept).bytes + bytes)
        case .bytes(let bytes): send(raw: bytes)
        case .bytesThenEnd(let bytes):
            send(raw: bytes)
            end()
        case .silence: break
        }
    }

    private func readFrames(_ input: inout DecoderInput) {
        while stream != nil, !endsWhenWritten {
            switch decoder.next(&input) {
            case .needMore: return
            case .message(let kind, _): script.message(self, kind, decoder.takePayload())
            case .ping: if script.answersPings { send(.pong, decoder.takePayload()) }
            case .fragment, .pong: break
            case .close(let code):
                guard script.answersClose else { return }
                sendClose(code ?? .noStatusReceived)
                return end()
            case .violation(let violation):
                sendClose(violation.closeCode, reason: violation.rawValue)
                return end()
            }
        }
    }
}
