import NovaKernel
import NovaWire

// What becomes of the session's connection, and of the one beside it.

extension SessionCore {
    /// A connection has gone from one state to another.
    func legChanged(_ leg: SessionLeg, _ change: StateChange) {
        switch change.to {
        case .ready where !leg.isSession: handle(.ready(leg: leg.number))
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
        guard change.machine.state == .preparing, case .failed(let refusal) = news else { return }
        change.failure = entries[id]?.refusal ?? WebSocketError.refused(refusal)
        handle(.fell(leg: leg.number))
    }

    /// A handler is about to ask for a channel: what has come so far was of an earlier subscription of that name.
    func asks(for entry: SessionEntry, _ leg: SessionLeg) {
        if leg.isSession { entry.forgetHeld() } else { entry.beginOverlap() }
    }

    /// A message of a channel has come.
    func take(_ message: Message, for entry: SessionEntry, from leg: SessionLeg) {
        let hadMet = entry.hasMet
        entry.take(message, isOfSession: leg.isSession, leg.side)
        if !hadMet, entry.hasMet { lookIfDone() }
    }

    /// What is kept for another connection goes out there, in its order, as far as it is not over.
    func moveKept(from old: Driver, to new: Driver) {
        let now = port.refresh()
        for item in old.kernel.outbox.items {
            guard let deadline = item.deadline, !item.isSent || item.terms.awaitsAnswer,
                let outgoing = old.payloads[item.operation]
            else { continue }
            let continuation = old.continuations.removeValue(forKey: item.operation)
            var terms = item.terms
            terms.retention = .keep(milliseconds: deadline.since(now).wholeMilliseconds)
            if terms.awaitsAnswer, let asked = old.kernel.requests.deadline(of: item.operation) {
                terms.answerMilliseconds = max(1, asked.since(now).wholeMilliseconds)
            }
            (old.desk as? SessionLeg)?.moveAnswerer(of: item.operation, to: new.desk as? SessionLeg)
            old.handle(.abandoned(item.operation))
            let post = Command.post(terms, outgoing.opcode == .text ? .text : .binary, count: outgoing.payload.count)
            if let continuation {
                new.begin(item.operation, post, outgoing, continuation)
            } else {
                _ = new.begin(item.operation, post, outgoing)
            }
        }
    }
}
