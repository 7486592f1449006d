import NovaMachine

// What the spine did, told to the satellites; and what they found, told to the spine.

extension Kernel {
    /// Gives the event to the spine, and tells the satellites where it went.
    mutating func move(_ event: Lifecycle.Event, _ now: Instant, _ out: inout Effects<Effect>) -> KernelRule {
        let before = lifecycle.standing
        let row = lifecycle.handle(event, &out)
        if lifecycle.standing != before {
            follow(from: before, now, &out)
            settlePromises(&out)
        }
        return .lifecycle(row)
    }

    /// A frame of the data path moves the spine in one way only: when it can't have come.
    mutating func followed(_ row: Lifecycle.Rule, _ now: Instant, _ out: inout Effects<Effect>) -> KernelRule {
        if case .impossible = row {
            follow(from: .ready, now, &out)
            settlePromises(&out)
        }
        return .lifecycle(row)
    }

    private mutating func follow(from before: Lifecycle.Standing, _ now: Instant, _ out: inout Effects<Effect>) {
        switch lifecycle.standing {
        case .resolving: history = History()
        case .idle, .dialing, .tunnelling, .securing, .upgrading, .refused: break
        case .authenticating:
            begin(now, &out)
            _ = authentication.handle(.began(attempt), &out)
        case .restoring: _ = subscriptions.handle(.began(attempt, at: now), &out)
        case .ready: dispatch(now, &out)
        case .draining, .closeSent, .awaitingEnd: if !before.isClosing { beginClosing(now, &out) }
        case .backingOff, .closed: end(now, &out)
        }
    }

    private mutating func begin(_ now: Instant, _ out: inout Effects<Effect>) {
        history.opened = now
        _ = outbound.handle(.began(attempt), &out)
        _ = keepalive.handle(.began(attempt, at: now), &out)
        if inbound.handle(.began(attempt), &out) == .beginPaused { _ = keepalive.handle(.paused, &out) }
    }

    private mutating func beginClosing(_ now: Instant, _ out: inout Effects<Effect>) {
        _ = keepalive.handle(.ended, &out)  // the timer `close` bounds what follows
        _ = outbound.handle(.closing, &out)
        _ = inbound.handle(.closing, &out)
        endSession(.closing, now, &out)
        closePosted(now, &out)
    }

    private mutating func end(_ now: Instant, _ out: inout Effects<Effect>) {
        termination = cause(now)
        _ = keepalive.handle(.ended, &out)
        _ = outbound.handle(.ended, &out)
        _ = pings.handle(.ended(.connectionLost), &out)
        _ = inbound.handle(.ended, &out)
        endSession(.connectionLost, now, &out)
        endPosted(now, &out)
    }

    /// Nothing can be asked of the server any more. A gap is told only where another connection may end it.
    private mutating func endSession(_ refusal: Refusal, _ now: Instant, _ out: inout Effects<Effect>) {
        _ = authentication.handle(.ended(refusal), &out)
        _ = subscriptions.handle(
            standing == .closed ? .closed : .ended(at: now, isFinal: lifecycle.isLeaving), &out)
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
        let row = keepalive.handle(.fired(at: now, pings.nextProbe), &out)
        if row == .probe || row == .probeUnheard { _ = pings.handle(.probed(at: now), &out) }
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
        if var told = termination, told.ending == ending, told.attempt == attempt {
            told.finality = finality  // the same end; only now it is certain that it is the last
            return told
        }
        return TerminationCause(
            ending: ending, finality: finality, attempt: attempt, failures: lifecycle.failures,
            sinceHeard: history.heard.map(now.since), openFor: history.opened.map(now.since),
            unsentBytes: history.opened == nil ? 0 : outbound.unsent.saturatingPlus(outbound.queued),
            waitingSends: outbound.waiting,
            unansweredPings: pings.pending.count,
            discardedMessages: inbound.discarded)
    }
}
