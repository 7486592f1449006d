import NovaKernel
import NovaWire

// What becomes of the session's connection, and of the one beside it.

extension SessionCore {
    /// A connection has gone from one state to another.
    func legChanged(_ leg: SessionLeg, _ change: StateChange) {
        switch change.to {
        case .ready where !leg.isSession: handle(lacks(leg) ? .fell(leg: leg.number) : .ready(leg: leg.number))
        case .backingOff:
            note(change.termination, of: leg)
            handle(.fell(leg: leg.number))
        case .ready, .idle, .resolving, .dialing, .tunnelling, .securing, .upgrading, .refused, .authenticating,
            .restoring, .draining, .closeSent, .awaitingEnd, .closed:
            break
        }
    }

    /// A connection is closed for good.
    func legEnded(_ leg: SessionLeg) {
        note(leg.driver?.termination, of: leg)
        if leg.isSession {
            end()
        } else {
            let termination = leg.driver?.termination
            if let side = leg.side, let attempt = leg.beside?.driver?.kernel.attempt {
                for entry in entries.values {
                    entry.otherEnded(
                        side, inOrder: termination?.cause.ending.closure == .clean, at: port.now, on: attempt)
                }
            }
            seat?.unseat(wasSession: leg.side == .earlier)
        }
        leg.beside?.beside = nil
        leg.beside = nil
        handle(.closed(leg: leg.number))
    }

    /// While the next connection is being made, the first end of either is why it comes to nothing.
    private func note(_ termination: Termination?, of leg: SessionLeg) {
        guard change.machine.state == .preparing, let termination else { return }
        change.failure = WebSocketError.ended(termination)
    }

    /// What became of a subscription on a connection that is not the session's: only that the next one can't have it
    /// matters, as then it can't take the session's place.
    func tellOther(_ id: SubscriptionID, _ news: SubscriptionNews, _ leg: SessionLeg) {
        guard change.machine.state == .preparing, case .failed(let refusal) = news, refusal != .closed else { return }
        if isConfirmed(id) { lacks(id, leg, refusal) }
    }

    /// Whether the next connection, which is ready, can't do something that the session's does.
    private func lacks(_ leg: SessionLeg) -> Bool {
        guard change.machine.state == .preparing, let table = leg.driver?.kernel.subscriptions,
            let lacking = table.entries.first(where: { $0.status == .failed && isConfirmed($0.id) })
        else { return false }
        change.failure = leg.refusals[lacking.id] ?? WebSocketError.refused(.subscriptionRefused)
        return true
    }

    private func lacks(_ id: SubscriptionID, _ leg: SessionLeg, _ refusal: Refusal) {
        change.failure = leg.refusals[id] ?? WebSocketError.refused(refusal)
        handle(.fell(leg: leg.number))
    }

    /// Whether the session's connection has it.
    private func isConfirmed(_ id: SubscriptionID) -> Bool {
        driver?.kernel.subscriptions[id]?.status == .confirmed
    }

    /// A handler is about to ask for a channel: what has come so far was of an earlier subscription of that name.
    func asks(for entry: SessionEntry, _ leg: SessionLeg) {
        if leg.isSession { entry.forgetHeld() } else if change.machine.state == .preparing { entry.beginOverlap() }
    }

    /// A message of a channel has come.
    func take(_ message: Message, for entry: SessionEntry, from leg: SessionLeg) {
        let hadMet = entry.hasMet
        entry.take(message, isOfSession: leg.isSession, leg.side)
        if !hadMet, entry.hasMet { lookIfDone() }
    }

    /// A message that goes out on another connection than the one it was posted on.
    private struct Moving {
        let operation: OperationID
        let terms: Dispatch
        let outgoing: Driver.Outgoing
        let continuation: UnsafeContinuation<Driver.Settlement, Never>?
    }

    /// What is kept for another connection goes out there, in its order, as far as it is not over: all of it, or what has not
    /// gone out on the old one.
    func moveKept(from old: Driver, to new: Driver, unsentOnly: Bool) {
        let now = port.refresh()
        // The newest first: as long as the oldest is there, it has its turn, and nothing goes out that is to be moved.
        let moving = old.kernel.outbox.items.reversed().compactMap { item -> Moving? in
            guard !item.isSent || item.terms.awaitsAnswer && !unsentOnly else { return nil }
            return take(item, from: old, to: new, now)
        }
        for message in moving.reversed() {
            let outgoing = message.outgoing
            let post = Command.post(
                message.terms, outgoing.opcode == .text ? .text : .binary, count: outgoing.payload.count)
            if let continuation = message.continuation {
                new.begin(message.operation, post, outgoing, continuation)
            } else {
                _ = new.begin(message.operation, post, outgoing)
            }
        }
    }

    private func take(_ item: Outbox.Item, from old: Driver, to new: Driver, _ now: Instant) -> Moving? {
        guard let deadline = item.deadline, let outgoing = old.payloads[item.operation] else { return nil }
        var terms = item.terms
        terms.retention = .keep(milliseconds: deadline.since(now).wholeMilliseconds)
        if let asked = old.kernel.requests.deadline(of: item.operation) {
            terms.answerMilliseconds = max(1, asked.since(now).wholeMilliseconds)
        }
        let continuation = old.continuations.removeValue(forKey: item.operation)
        (old.desk as? SessionLeg)?.moveAnswerer(of: item.operation, to: new.desk as? SessionLeg)
        old.handle(.abandoned(item.operation))
        return Moving(operation: item.operation, terms: terms, outgoing: outgoing, continuation: continuation)
    }
}
