import NovaWire

/// How a stream came to its end.
package enum StreamEnd: Hashable, Sendable {
    /// The peer ended its side in order.
    case endOfStream
    /// TCP ended without TLS's `close_notify`.
    case truncated
    /// The socket failed with this `errno`.
    case failed(errno: Int32)
    /// TLS failed.
    case tls(TLSFailure)
}

/// Who is told what happens to a stream: on the loop, never from inside a call of the stream's, never after it was
/// closed.
package protocol StreamHandler: AnyObject {
    /// TLS is set up.
    func streamSecured()
    /// Bytes have come. Those that are not read are lost.
    func streamReceived(_ input: inout DecoderInput)
    /// There is room again after a write that was not taken whole.
    func streamWritable()
    /// Nothing will come any more. The stream should be closed.
    func streamEnded(_ end: StreamEnd)
}

/// A connected socket on a loop, with TLS in between or not.
package final class Stream: ReadinessHandler, TimerHandler {
    /// Whether bytes can be handed over.
    private enum Outward {
        case open
        /// The system has no room.
        case blocked
        /// TLS must hear from the peer first.
        case awaitingPeer
    }

    private let loop: EventLoop
    private weak var handler: (any StreamHandler)?
    private var socket: Socket?
    private var registration: Registration?
    private var secure: SecureLayer?
    private var isPaused = false
    private var outward = Outward.open
    /// How the stream ended; told when the turn in which it did is over.
    private var ending: StreamEnd?
    /// What a write met; the next read tells it, when all that came before it is read.
    private var failure: Int32?

    /// A stream over `socket`, read from at once.
    package init(_ socket: consuming Socket, on loop: EventLoop, _ handler: any StreamHandler) throws(SystemError) {
        self.loop = loop
        self.handler = handler
        let descriptor = socket.descriptor
        self.socket = consume socket
        registration = try loop.register(descriptor, .readable, self)
    }

    /// Sets TLS up; ``StreamHandler/streamSecured()`` or ``StreamHandler/streamEnded(_:)`` follows.
    package func startTLS(_ context: TLSContext, host: String) throws(TLSConfigurationError) {
        let layer = SecureLayer(try TLSEngine(context, host: host), loop.scratch)
        secure = layer
        if case .failed(let failure) = layer.handshake() { end(.tls(failure)) }
        sendCiphertext()
    }

    // MARK: Out

    /// Hands bytes over; returns how many were taken. If not all were, ``StreamHandler/streamWritable()`` follows.
    package func write(_ bytes: UnsafeRawBufferPointer) -> Int {
        guard case .open = outward else { return 0 }
        guard let secure else {
            let count = send(bytes)
            if count < bytes.count { block() }
            return count
        }
        switch secure.write(bytes, send) {
        case .done: return bytes.count
        case .blocked(let count):
            block()
            return count
        case .needsInput(let count):
            outward = .awaitingPeer
            return count
        case .failed(let failure):
            outward = .blocked
            end(.tls(failure))
            return 0
        }
    }

    private func send(_ bytes: UnsafeRawBufferPointer) -> Int {
        switch socket?.send(bytes) {
        case .bytes(let count): return count
        case .failed(let code):
            failure = failure ?? code
            return 0
        case .wouldBlock, .end, nil: return 0
        }
    }

    /// Sends what TLS has to say; waits for room if the system does not take all of it.
    private func sendCiphertext() {
        guard let secure, !secure.flush(send) else { return }
        block()
    }

    private func block() {
        if case .blocked = outward { return }
        outward = .blocked
        updateInterest()
    }

    // MARK: In

    /// Stops reading. The peer's orderly end is not noticed either, as it comes behind bytes that are not read; a reset
    /// is, and then everything that has come is read.
    package func pauseReading() {
        isPaused = true
        updateInterest()
    }

    /// Reads again.
    package func resumeReading() {
        isPaused = false
        updateInterest()
    }

    /// The socket is ready for something.
    package func ready(_ readiness: Readiness) {
        if !readiness.isDisjoint(with: [.writable, .over]), case .blocked = outward { unblock() }
        if isPaused, !readiness.isDisjoint(with: .over) { resumeReading() }
        if !isPaused, !readiness.isDisjoint(with: [.readable, .over]) { read() }
    }

    /// There is room: the handler writes, which sends what TLS holds before anything else. A handler that has nothing to
    /// write does not.
    private func unblock() {
        outward = .open
        handler?.streamWritable()
        if case .open = outward { sendCiphertext() }
        updateInterest()
    }

    private func read() {
        guard ending == nil, socket != nil else { return }
        if secure != nil { readCiphertext() } else { readPlain() }
    }

    private func readPlain() {
        let space = loop.receiveBuffer.space()
        switch socket?.receive(space) {
        case .bytes(let count): deliver(count)
        case .end: end(failure.map(StreamEnd.failed) ?? .endOfStream)
        case .failed(let code): end(.failed(errno: code))
        case .wouldBlock, nil: break
        }
    }

    private func deliver(_ count: Int) {
        var input = loop.receiveBuffer.input(count: count)
        handler?.streamReceived(&input)
    }

    /// The end is told in the next turn: what this one has brought is answered first.
    private func end(_ end: StreamEnd) {
        guard ending == nil else { return }
        ending = end
        unregister()
        _ = loop.schedule(at: loop.now, self, token: 0)
    }

    /// The turn in which the stream ended is over.
    package func timerFired(_ token: UInt64) {
        if let ending { handler?.streamEnded(ending) }
    }

    // MARK: In, under TLS

    private func readCiphertext() {
        guard let secure else { return }
        switch socket?.receive(secure.receiveSpace) {
        case .bytes(let count): decrypt(count)
        case .end: end(secure.isSecured ? failure.map(StreamEnd.failed) ?? .truncated : .tls(.truncated))
        case .failed(let code): end(.failed(errno: code))
        case .wouldBlock, nil: break
        }
    }

    /// Gives the engine what was received, a piece at a time, so that it never holds more than about a record.
    private func decrypt(_ count: Int) {
        guard let secure else { return }
        let received = secure.receiveSpace
        var at = 0
        while at < count, socket != nil, ending == nil {
            let piece = min(count - at, TLSEngine.maximumRecordCiphertext)
            secure.engine.feed(UnsafeRawBufferPointer(rebasing: received[at..<at + piece]))
            at += piece
            advance(secure, isLast: at == count)
        }
        guard socket != nil else { return }
        sendCiphertext()
        guard case .awaitingPeer = outward else { return }
        outward = .open
        handler?.streamWritable()
    }

    private func advance(_ secure: SecureLayer, isLast: Bool) {
        if !secure.isSecured {
            switch secure.handshake() {
            case .needsMore: return
            case .failed(let failure):
                sendCiphertext()
                return end(.tls(failure))
            case .done:
                sendCiphertext()
                handler?.streamSecured()
            }
        }
        readPlaintext(secure)
    }

    private func readPlaintext(_ secure: SecureLayer) {
        while socket != nil, ending == nil {
            let space = loop.receiveBuffer.space()
            var filled = 0
            var last = TLSEngine.Read.needsMore
            while space.count - filled >= TLSEngine.maximumRecord {
                last = secure.engine.read(into: UnsafeMutableRawBufferPointer(rebasing: space[filled...]))
                guard case .bytes(let count) = last else { break }
                filled += count
            }
            if filled > 0 { deliver(filled) }
            guard socket != nil else { return }
            switch last {
            case .bytes: continue
            case .needsMore: return
            case .closeNotify: end(.endOfStream)
            case .failed(let failure):
                sendCiphertext()  // an alert says what was wrong
                end(.tls(failure))
            }
        }
    }

    // MARK: The end

    /// Ends the stream. What was written before is still sent; nothing is told any more.
    package func close() {
        if let secure, secure.isSecured, ending == nil || ending == .endOfStream, case .open = outward {
            secure.engine.shutDown()
            sendCiphertext()
        }
        abandon()
    }

    /// Ends this side only: the peer reads to the end, and what it still sends comes.
    package func shutDownWriting() {
        if let secure, secure.isSecured {
            secure.engine.shutDown()
            sendCiphertext()
        }
        socket?.shutDownWriting()
    }

    /// Ends the stream by a reset.
    package func reset() {
        socket?.resetOnClose()
        abandon()
    }

    private func abandon() {
        unregister()
        handler = nil
        socket = nil
        secure = nil
    }

    private func unregister() {
        if let registration { loop.deregister(registration) }
        registration = nil
    }

    private func updateInterest() {
        guard ending == nil, let descriptor = socket?.descriptor else { return }
        var interest: Readiness = isPaused ? [] : .readable
        if case .blocked = outward { interest.insert(.writable) }
        if let registration {
            loop.modify(registration, interest)
        } else {
            registration = try? loop.register(descriptor, interest, self)
        }
    }
}
