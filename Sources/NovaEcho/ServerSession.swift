import NovaTransport
import NovaWire

/// What a server's session needs of the way its bytes go.
package protocol ServerTransport: AnyObject {
    /// There is something to send, or an end to be made: ``ServerSession/flush()`` is to be called when the turn ends.
    func sessionHasOutput()
    /// Hands bytes over; returns how many were taken. If not all, ``ServerSession/flush()`` is to be called later.
    func write(_ bytes: UnsafeRawBufferPointer) -> Int
    /// Reads nothing any more.
    func pauseReading()
    /// Reads again.
    func resumeReading()
    /// Everything is sent; this side ends.
    func endOutput()
    /// Ends both sides at once.
    func reset()
}

/// One client's protocol at a server: reads its opening handshake and its frames, and does what the script says. Knows
/// no socket.
package final class ServerSession {
    package var script: ServerScript
    /// Whoever carries the bytes; not held.
    package weak var transport: (any ServerTransport)?
    private var parser: UpgradeRequestParser? = UpgradeRequestParser()
    private var decoder = MessageDecoder(role: .server, limits: .none)
    private var outgoing: [UInt8] = []
    private var written = 0
    private var isHeldUp = false
    private var endsWhenWritten = false
    private var hasEnded = false
    /// Whether the opening handshake was accepted, and nothing has ended.
    package private(set) var isOpen = false

    /// A session with a client that has not spoken yet.
    package init(_ script: ServerScript) { self.script = script }

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
        transport?.sessionHasOutput()
    }

    /// Sends a close frame.
    package func sendClose(_ code: CloseCode, reason: String = "") {
        send(.close, ByteView(copying: code.payload(reason: Array(reason.utf8))))
    }

    /// Sends bytes that may be anything.
    package func send(raw bytes: [UInt8]) {
        outgoing.append(contentsOf: bytes)
        transport?.sessionHasOutput()
    }

    /// Ends the transport when everything is sent.
    package func end() {
        endsWhenWritten = true
        isOpen = false
        transport?.sessionHasOutput()
    }

    /// Reads nothing any more: TCP holds the client back.
    package func stopReading() { transport?.pauseReading() }

    /// Reads again.
    package func goOnReading() { transport?.resumeReading() }

    /// Ends the transport at once, by a reset.
    package func reset() { transport?.reset() }

    /// Hands over what waits. While not all of it is taken nothing is read: a client that does not read is not served.
    package func flush() {
        guard let transport else { return }
        if written < outgoing.count {
            written += outgoing.withUnsafeBytes { transport.write(UnsafeRawBufferPointer(rebasing: $0[written...])) }
        }
        guard written == outgoing.count else {
            isHeldUp = true
            return transport.pauseReading()
        }
        outgoing.removeAll(keepingCapacity: outgoing.capacity <= 1 << 20)
        written = 0
        if isHeldUp { transport.resumeReading() }
        isHeldUp = false
        guard endsWhenWritten, !hasEnded else { return }
        hasEnded = true
        transport.endOutput()
    }

    // MARK: In

    /// The transport is at its end.
    package func ended(_ end: StreamEnd) { script.ended(end) }

    /// Bytes have come.
    package func received(_ input: inout DecoderInput) {
        guard !hasEnded else { return input.offset = input.end }
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
        case .accept(let subprotocol):
            send(raw: UpgradeAnswer(accept: accept, subprotocol: subprotocol).bytes)
            open()
        case .acceptThen(let bytes):
            send(raw: UpgradeAnswer(accept: accept).bytes + bytes)
            open()
        case .bytes(let bytes): send(raw: bytes)
        case .bytesThenEnd(let bytes):
            send(raw: bytes)
            end()
        case .silence: break
        }
    }

    private func open() {
        isOpen = true
        script.opened(self)
    }

    private func readFrames(_ input: inout DecoderInput) {
        while transport != nil, !endsWhenWritten {
            switch decoder.next(&input) {
            case .needMore: return
            case .message(let kind, _): script.message(self, kind, decoder.takePayload())
            case .ping: if script.answersPings() { send(.pong, decoder.takePayload()) }
            case .pong: script.pong(self, decoder.takePayload())
            case .fragment: break
            case .close(let code):
                script.closed(self, code, decoder.takePayload())
                guard script.answersClose() else { return }
                sendClose(code ?? .noStatusReceived)
                return end()
            case .violation(let violation):
                script.violated(violation)
                sendClose(violation.closeCode, reason: violation.rawValue)
                return end()
            }
        }
    }
}
