import NovaMachine

// What the spine did, told to the satellites; and what they found, told to the spine.

extension Kernel {
    /// Gives the event to the spine, and tells the satellites where it went.
    mutating func move(_ event: Lifecycle.Event, _ now: Instant, _ out: inout Effects<Effect>) -> KernelRule {
        let (before, failedBefore) = (Stretch(lifecycle.standing), lifecycle.failures)
        let row = lifecycle.handle(event, &out)
        let after = Stretch(lifecycle.standing)
        if before != after || failedBefore != lifecycle.failures { follow(from: before, to: after, now, &out) }
        return .lifecycle(row)
    }

    /// As much of the spine's state as concerns the satellites.
    private enum Stretch: Hashable {
        case apart, authenticating, restoring, ready, closing, over

        init(_ standing: Lifecycle.Standing) {
            switch standing {
            case .idle, .resolving, .dialing, .tunnelling, .securing, .upgrading, .refused: self = .apart
            case .authenticating: self = .authenticating
            case .restoring: self = .restoring
            case .ready: self = .ready
            case .closeSent, .awaitingEnd: self = .closing
            case .backingOff, .closed: self = .over
            }
        }
    }

    private mutating func follow(
        from before: Stretch, to after: Stretch, _ now: Instant, _ out: inout Effects<Effect>
    ) {
        switch after {
        case .apart: history = History()
        // Nobody asks for credentials yet, and nobody has subscriptions yet.
        case .authenticating: out.append(.raise(attempt, .authenticated))
        case .restoring: out.append(.raise(attempt, .restored))
        case .ready: if before != .ready { begin(now, &out) }
        case .closing: beginClosing(&out)
        case .over: end(now, &out)
        }
    }

    private mutating func begin(_ now: Instant, _ out: inout Effects<Effect>) {
        history.opened = now
        _ = outbound.handle(.began(attempt), &out)
        _ = keepalive.handle(.began(attempt, at: now), &out)
        if inbound.handle(.began(attempt), &out) == .beginPaused { _ = keepalive.handle(.paused, &out) }
        settlePromises(&out)
    }

    private mutating func beginClosing(_ out: inout Effects<Effect>) {
        _ = keepalive.handle(.ended, &out)  // the timer `close` bounds what follows
        if case .closing(let farewell) = lifecycle.state {
            _ = outbound.handle(.closing(farewell.urgency), &out)
        }
    }

    private mutating func end(_ now: Instant, _ out: inout Effects<Effect>) {
        termination = cause(now)
        _ = keepalive.handle(.ended, &out)
        _ = outbound.handle(.ended, &out)
        _ = pings.handle(.ended(.connectionLost), &out)
        _ = inbound.handle(.ended, &out)
        settlePromises(&out)
    }

    mutating func settlePromises(_ out: inout Effects<Effect>) {
        switch lifecycle.state {
        case .open(.ready): _ = promises.handle(.becameReady, &out)
        case .closed: _ = promises.handle(.becameClosed, &out)
        case .idle, .connecting, .open, .closing, .backingOff: break
        }
    }

    /// The keepalive's timer has fired: its ping, if one is due, is entered in the table.
    mutating func watch(_ now: Instant, _ out: inout Effects<Effect>) -> KernelRule {
        let row = keepalive.handle(.fired(at: now, pings.nextToken), &out)
        if row == .probe { _ = pings.handle(.probed(at: now), &out) }
        return .keepalive(row)
    }

    /// The ending, and what was known when it came (law R4).
    private func cause(_ now: Instant) -> TerminationCause? {
        let (ending, finality): (Ending, Finality?)
        switch lifecycle.state {
        case .backingOff(let last): (ending, finality) = (last, nil)
        case .closed(let last, let why): (ending, finality) = (last, why)
        case .idle, .connecting, .open, .closing: return nil
        }
        return TerminationCause(
            ending: ending, finality: finality, attempt: attempt, failures: lifecycle.failures,
            sinceHeard: history.heard.map(now.since), openFor: history.opened.map(now.since),
            unsentBytes: outbound.unsent + outbound.queued, waitingSends: outbound.waiting,
            unansweredPings: pings.pending.count,
            discardedMessages: inbound.discarded)
    }
}
