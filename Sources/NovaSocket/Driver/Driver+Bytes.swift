import NovaKernel
import NovaWire

/// What the bytes that come are read as: the answer to the opening handshake, then frames.
struct Incoming: ~Copyable {
    var answer: Answer?
    var decoder = MessageDecoder.atEnd(role: .client)

    /// An answer that has not come whole. Apart, because an open connection has none, and may be idle for long.
    final class Answer {
        var parser: UpgradeResponseParser
        init(_ parser: UpgradeResponseParser) { self.parser = parser }
    }
}

// MARK: - Bytes out

extension Driver {
    @inline(__always)
    func transmit(_ operation: OperationID) {
        if current == operation, let lent {
            outgoing.append(lent, outlet)
            settled = .accepted
        } else {
            transmitKept(operation)
        }
        lookAgainAtEndOfTurn()
    }

    private func transmitKept(_ operation: OperationID) {
        let kept = current == operation ? currentOutgoing.take() : payloads.removeValue(forKey: operation)
        guard let kept else { return }
        outgoing.append(kept, outlet)
        settle(operation, .accepted)
    }

    /// Encodes a message whose caller waits on.
    func dispatch(_ operation: OperationID, _ retaining: Retaining) {
        let kept = current == operation ? currentOutgoing : payloads[operation]
        switch retaining {
        case .payload: break
        case .nothing: if current == operation { currentOutgoing = nil } else { payloads[operation] = nil }
        }
        if let kept { outgoing.append(kept, outlet) }
        lookAgainAtEndOfTurn()
    }

    func send(control opcode: Opcode, _ payload: [UInt8]) {
        outgoing.append(control: opcode, payload, outlet)
        lookAgainAtEndOfTurn()
    }

    func replacePong(_ payload: [UInt8]) {
        outgoing.replacePong(payload, outlet)
        lookAgainAtEndOfTurn()
    }

    func sendClose(_ code: CloseCode, _ urgency: Urgency) {
        switch urgency {
        case .afterMessages: break
        case .now: dropMessages()
        }
        let reason = takeReason()
        if !reason.isEmpty { note { $0.ourReason = String(decoding: reason, as: UTF8.self) } }
        if let kept = outgoing.append(close: code, code.payload(reason: reason)) {
            handle(.fact(kernel.attempt, .closeKept(kept)))
        }
        lookAgainAtEndOfTurn()
    }

    /// What is not encoded is given up: the machine is told how much that was.
    func dropMessages() { handle(.dropped(kernel.attempt, count: outgoing.dropMessages())) }

    /// The reason that the caller gives whose command is being handled.
    private func takeReason() -> [UInt8] {
        guard let outgoing = currentOutgoing, outgoing.opcode == .close else { return [] }
        return outgoing.payload.withBytes { Array($0) }
    }

    /// Sends the opening handshake (RFC 6455 §4.1), and reads what comes as its answer.
    func upgrade(_ attempt: AttemptID) {
        let key = port.handshakeKey()
        if let inputs { inputs.handshakeKeyTaken(key.key) }
        guard let request = try? opening.request(key: key.key) else {
            handle(.fact(attempt, .upgradeFailed(.requestImpossible)))
            return
        }
        incoming.answer = Incoming.Answer(opening.parser(accept: key.accept))
        outgoing.append(raw: request.bytes, outlet)
        lookAgainAtEndOfTurn()
    }

    @inline(__always)
    func lookAgainAtEndOfTurn() {
        guard !isTurnNoted else { return }
        isTurnNoted = true
        port.callAtEndOfTurn()
    }

    /// The turn ends: what it has gathered is written, all at once, and what it has brought is laid by, if nobody has
    /// taken it.
    package func turnEnded() {
        if let inputs { inputs.turnEnded() }
        isTurnNoted = false
        mailbox.settle()
        flush()
    }

    private func flush() {
        guard !outgoing.isEmpty else { return }
        let count = outgoing.flush(outlet)
        handle(.wrote(kernel.attempt, count: count, remaining: outgoing.count))
    }

    /// The transport takes bytes again.
    package func writable() {
        if let inputs { inputs.becameWritable() }
        flush()
    }

    func release(_ attempt: AttemptID, _ holding: Holding) {
        port.release(attempt, holding)
        guard attempt == kernel.attempt, holding == .transport else { return }
        outgoing.removeAll(outlet)
        incoming.answer = nil
        incoming.decoder = .atEnd(role: .client)
    }
}

// MARK: - Bytes in

extension Driver {
    /// Bytes have come: they are told, and read for what they are. Reading ends where the transport was given up.
    package func received(_ attempt: AttemptID, _ input: inout DecoderInput) {
        if let inputs { input.withUnreadBytes { inputs.bytesCame(attempt, $0) } }
        handle(.heard(attempt, count: input.count))
        if let answer = incoming.answer { read(answer, attempt, &input) }
        readFrames(attempt, &input)
        if mailbox.hasNews { mailbox.wake() }
    }

    /// The bytes of the frame that the machine is being told of.
    func takePayload() -> ByteView { incoming.decoder.takePayload() }

    private func readFrames(_ attempt: AttemptID, _ input: inout DecoderInput) {
        while true {
            switch incoming.decoder.next(&input) {
            case .needMore:
                incoming.decoder.dropPayload()  // nobody wanted it
                return
            case .message(let kind, let count):
                handleInPlace(.fact(attempt, .received(.message(kind, count: count))))
                if desk != nil { sortDelivered() }
            case .fragment(_, let count): handle(.fact(attempt, .received(.fragment(count: count))))
            case .ping(let count):
                show(.ping, attempt)
                handle(.fact(attempt, .received(.ping(count: count))))
            case .pong:  // what else a server puts into one stays out of the machine, and out of traces
                show(.pong, attempt)
                let token = PingToken(takePayload()).flatMap(kernel.pings.pending(with:))
                handle(.fact(attempt, .received(.pong(token))))
            case .close(let code):
                let reason = String(validated: takePayload())
                note { $0.closeReason = reason }
                if let desk { desk.controlFrameCame(.close(code, reason: reason), attempt) }
                handle(.fact(attempt, .received(.close(code))))
            case .violation(let violation): tell(attempt, violation)
            }
        }
    }

    /// A ping or a pong is shown to who asked for it, before anything is done about it.
    private func show(_ kind: Opcode, _ attempt: AttemptID) {
        guard let desk, desk.wantsControlFrames else { return }
        let payload = incoming.decoder.heldPayload.array
        desk.controlFrameCame(kind == .ping ? .ping(payload) : .pong(payload), attempt)
    }

    /// What came before a violation is handed to the consumer first: its answers still go out, ahead of the close
    /// frame.
    private func tell(_ attempt: AttemptID, _ violation: ProtocolViolation) {
        mailbox.wake()
        port.execute {
            self.inputs?.jobBegan()
            self.handle(.fact(attempt, .violated(violation)))
        }
    }

    private func read(_ answer: Incoming.Answer, _ attempt: AttemptID, _ input: inout DecoderInput) {
        while incoming.answer === answer {
            switch answer.parser.next(&input) {
            case .needMore:
                note { $0.responseBody = answer.parser.body }
                return
            case .upgraded(let response):
                incoming.answer = nil
                incoming.decoder = MessageDecoder(role: .client, limits: kernel.policy.wire)
                accepted = response
                handle(.fact(attempt, .upgraded))
            case .refused(let head):
                note { $0.response = head }
                handle(.fact(attempt, .refused(status: head.status, retryAfter: head.retryAfter)))
            case .refusalBody(let body):
                note { $0.responseBody = body }
                handle(.fact(attempt, .refusalEnded))
            case .invalid(let fault): handle(.fact(attempt, .upgradeFailed(fault)))
            }
        }
    }
}

extension PingToken {
    /// The token as a ping's payload: eight bytes, big-endian.
    var bytes: [UInt8] {
        (0..<Self.byteCount).map { UInt8(truncatingIfNeeded: value >> (8 * (Self.byteCount - 1 - $0))) }
    }

    /// How long the payload is.
    static let byteCount = 8

    /// The token in a pong's payload, if it is eight bytes long.
    init?(_ view: ByteView) {
        guard view.count == Self.byteCount else { return nil }
        self.init(view.withUnsafeBytes { $0.reduce(0) { $0 << 8 | UInt64($1) } })
    }
}
