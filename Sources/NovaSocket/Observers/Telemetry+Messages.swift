import NovaKernel
import NovaWire

// What callers sent, and what became of it.

extension Telemetry {
    /// Remembers what a command gives to be sent.
    mutating func note(_ event: Event, _ now: Instant, _ tell: (ConnectionEvent) -> Void) {
        switch event {
        case .command(let operation, .send(let part, let kind, let count)):
            current = (operation, Send(asked: now, bytes: count, kind: kind, part: part))
        case .command(let operation, .post(let terms, let kind, let count)):
            current = (operation, Send(asked: now, bytes: count, kind: kind, part: .whole, terms: terms))
            if terms.awaitsAnswer { tell(.requestBegan(operation, bytes: count)) }
        case .command, .abandoned, .consumed, .consumerLeft, .fact, .heard, .wrote, .dropped, .answered,
            .authentication,
            .subscription, .fired, .tokensGranted:
            break
        }
    }

    /// Gives a send back that is remembered, and forgets it.
    private mutating func takeSend(_ operation: OperationID) -> Send? {
        guard let current, current.operation == operation else { return sends.removeValue(forKey: operation) }
        self.current = nil
        return current.send
    }

    /// A message is accepted for sending. One that is posted for an answer, or kept, stays until it is settled.
    mutating func accept(
        _ operation: OperationID, stays: Bool, _ kernel: borrowing Kernel, _ now: Instant,
        _ tell: (ConnectionEvent) -> Void
    ) {
        guard var send = takeSend(operation) else { return }
        if let since = send.limited {
            tell(.rateLimitWaited(now.since(since)))
            send.limited = nil
        }
        if send.isRequest { tell(.requestSent(operation, after: now.since(send.asked))) }
        send.sent = now
        if stays { sends[operation] = send }
        var message = send
        switch send.part {
        case .whole, .posted: break
        case .first, .next:
            if let begun = fragments { message.asked = begun.asked }
            message.bytes = message.bytes.saturatingPlus(fragments?.bytes ?? 0)
            fragments = message
            return
        case .last:
            if let begun = fragments { message.asked = begun.asked }
            message.bytes = message.bytes.saturatingPlus(fragments?.bytes ?? 0)
            fragments = nil
        }
        unwritten.append(
            Unwritten(
                operation: operation, kind: message.kind, bytes: message.bytes, asked: message.asked,
                mark: kernel.outbound.accepted))
    }

    /// The system has taken bytes, or some were given up.
    mutating func account(
        _ event: Event, _ kernel: borrowing Kernel, _ now: Instant, _ tell: (ConnectionEvent) -> Void
    ) {
        guard !unwritten.isEmpty else { return }
        switch event {
        case .wrote:
            let written = kernel.outbound.accepted - min(kernel.outbound.accepted, UInt64(kernel.outbound.queued))
            let count = unwritten.prefix { $0.mark <= written }.count
            for sent in unwritten[..<count] {
                tell(.messageSent(sent.kind, bytes: sent.bytes, latency: now.since(sent.asked)))
            }
            if count == unwritten.count {
                unwritten.removeAll(keepingCapacity: count < 64)
            } else {
                unwritten.removeFirst(count)
            }
        case .dropped:
            let accepted = kernel.outbound.accepted
            let lost = unwritten.filter { $0.mark > accepted }
            guard !lost.isEmpty else { return }
            unwritten.removeAll { $0.mark > accepted }
            tell(.messagesLost(count: lost.count, bytes: lost.bytes))
        case .command, .abandoned, .consumed, .consumerLeft, .fact, .heard, .answered, .authentication, .subscription,
            .fired, .tokensGranted:
            break
        }
    }

    /// A promise to a caller is kept, or can't be.
    mutating func settle(
        _ operation: OperationID, _ outcome: Outcome, _ event: Event, _ now: Instant,
        _ tell: (ConnectionEvent) -> Void
    ) {
        var isAtOnce = false
        if case .command(operation, _) = event { isAtOnce = true }
        guard let send = takeSend(operation) else { return settlePing(operation, outcome, now, tell) }
        if case .refused(let refusal) = outcome, refusal == .rateLimited || refusal == .costTooHigh {
            tell(.rateLimitRefused(cost: send.terms?.cost ?? 0))
        }
        guard send.isRequest else {
            if case .refused(let refusal) = outcome { tell(.sendRefused(refusal, bytes: send.bytes)) }
            return
        }
        var roundTrip: Duration?
        if case .answered(let time) = outcome { roundTrip = time }
        tell(
            .requestEnded(
                operation, RequestEnd(outcome, isAtOnce: isAtOnce), roundTrip: roundTrip, after: now.since(send.asked)))
    }

    // MARK: The rate limit

    /// What is posted and not sent waits for the rate limit while anybody is kept waiting by it; for as long as it might go
    /// otherwise.
    mutating func lookAtLimiter(_ kernel: borrowing Kernel, hasMoved: Bool, _ now: Instant) {
        let wasLimiting = isLimiting
        isLimiting = kernel.limiter.map { !$0.asks.isEmpty } ?? false
        if isLimiting {
            let isReady = kernel.standing == .ready
            if let send = current?.send, send.isHeldBack(isReady) { current?.send.limited = now }
            guard hasMoved || !wasLimiting else { return }
            for (operation, send) in sends where send.isHeldBack(isReady) { sends[operation]?.limited = now }
        } else if wasLimiting {
            for operation in sends.keys { sends[operation]?.limited = nil }
        }
    }

    // MARK: The consumer

    mutating func account(
        _ rule: Inbound.Rule, _ kernel: borrowing Kernel, _ tell: (ConnectionEvent) -> Void
    ) {
        if rule == .consumerLeft { tell(.consumerLeft) }
        let total = kernel.inbound.discarded
        guard total != discarded else { return }
        tell(.messagesDropped(count: total &- discarded))
        discarded = total
    }
}

extension Telemetry.Send {
    /// Whether a limit that keeps somebody waiting now begins to keep this one waiting too.
    fileprivate func isHeldBack(_ isReady: Bool) -> Bool {
        guard let terms, limited == nil, sent == nil else { return false }
        return isReady || terms.stage == .early
    }
}

extension [Telemetry.Unwritten] {
    /// Their bytes together.
    var bytes: Int { reduce(0) { $0.saturatingPlus($1.bytes) } }
}

extension RequestEnd {
    fileprivate init(_ outcome: Outcome, isAtOnce: Bool) {
        guard case .refused(let refusal) = outcome else {
            self = .answered
            return
        }
        switch refusal {
        case .timedOut: self = .timedOut
        case .cancelled: self = .cancelled
        default: self = isAtOnce ? .refused(refusal) : .lost(refusal)
        }
    }
}
