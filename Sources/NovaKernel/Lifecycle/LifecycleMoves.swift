import NovaMachine
import NovaWire

extension Lifecycle {
    /// Which timers are armed: a function of the state alone, so that no arm can forget one (R3).
    public var timers: TimerSet {
        var armed: TimerSet
        switch state {
        case .idle, .closed: return []
        case .connecting(let stage): armed = [TimerSet(.deadline), TimerSet(stage.timer)]
        case .open(.ready): armed = failures > 0 ? TimerSet(.stability) : []
        case .open(let stage): armed = stage.timer.map { TimerSet($0) } ?? []
        case .closing(let farewell):
            armed = farewell.stage == .draining ? [TimerSet(.close), TimerSet(.drain)] : TimerSet(.close)
        case .backingOff: armed = TimerSet(.backoff)
        }
        if case .running = outage, policy.reconnection.maximumOutage != nil { armed.insert(TimerSet(.outage)) }
        return armed
    }

    /// What the state holds of the world outside: at most one thing (R2).
    public var holding: Holding? {
        switch state {
        case .idle, .backingOff, .closed: nil
        case .connecting(let stage): stage.holding
        case .open, .closing: .transport
        }
    }

    /// Whether a caller speaks of the present attempt, or of whichever there is.
    func isCurrent(_ attempt: AttemptID) -> Bool { attempt == .whole || attempt == self.attempt }

    /// Whether the connection is being closed for good.
    var isLeaving: Bool { if case .closing(let farewell) = state { farewell.sequel == .closed } else { false } }

    /// How long a timer of the present state runs.
    func duration(of timer: Timer) -> Duration {
        switch timer {
        case .resolve: policy.timeouts.resolve
        case .dial: policy.timeouts.dial
        case .tunnel: policy.timeouts.tunnel
        case .secure: policy.timeouts.secure
        case .upgrade: policy.timeouts.upgrade
        case .deadline: policy.timeouts.open
        case .authenticate: policy.timeouts.authenticate
        case .restore: policy.timeouts.restore
        case .close: policy.timeouts.close
        case .drain: policy.timeouts.drain
        case .stability:
            if case .whenStable(let time) = policy.reconnection.reset { time } else { .zero }
        case .backoff: backoffDelay
        case .outage: policy.reconnection.maximumOutage ?? .zero
        case .keepalive: policy.keepalive?.interval ?? .zero
        case .pong: policy.timeouts.pong
        case .request, .outbox, .limit, .refresh, .subscription, .freshness: .zero  // a satellite's own: it knows best
        }
    }

    /// The wait before the next attempt: the backoff's, or the server's own wish if that is longer (RFC 9110 §10.2.3).
    private var backoffDelay: Duration {
        max(policy.reconnection.backoff.delay(afterFailures: failures, seed: seed), retryAfter)
    }

    /// How long the server that has refused wants to be left alone; zero if it said nothing of that kind.
    var retryAfter: Duration {
        guard case .backingOff(let ending) = state, case .upgradeRefused(_, let seconds?) = ending.detail else {
            return .zero
        }
        return min(.seconds(Int64(seconds)), policy.reconnection.maximumRetryAfter)
    }

    /// The only way from one state to another. Arms what the new state needs, disarms what it does not.
    mutating func go(_ rule: Rule, to next: State, doing work: Effect? = nil, _ out: inout Effects<Effect>) -> Rule {
        let before = timers
        if let work { out.append(work) }
        return go(rule, to: next, from: before, &out)
    }

    /// The same, where something that timers depend on was changed after `before`.
    mutating func go(_ rule: Rule, to next: State, from before: TimerSet, _ out: inout Effects<Effect>) -> Rule {
        state = next
        return rearm(rule, from: before, &out)
    }

    /// Makes the armed timers those of the present state.
    func rearm(_ rule: Rule, from before: TimerSet, _ out: inout Effects<Effect>) -> Rule {
        let now = timers
        for timer in before.subtracting(now).timers { out.append(.disarm(timer)) }
        for timer in now.subtracting(before).timers { out.append(.arm(owner(of: timer), timer, duration(of: timer))) }
        return rule
    }

    /// The attempt a timer carries: the outage's outlives its own.
    private func owner(of timer: Timer) -> AttemptID {
        if timer == .outage, case .running(let since) = outage { since } else { attempt }
    }

    /// The same stage of `closing`, with another sequel.
    mutating func amend(_ rule: Rule, with farewell: Farewell) -> Rule {
        state = .closing(farewell)
        return rule
    }

    /// The same state, with another word on the outage.
    mutating func amend(_ rule: Rule, with outage: Outage, _ out: inout Effects<Effect>) -> Rule {
        let before = timers
        self.outage = outage
        return rearm(rule, from: before.subtracting(TimerSet(.outage)), &out)
    }

    /// The attempt, or the connection, is lost: wait and try again, or give up.
    mutating func retreat(_ rule: Rule, _ ending: Ending, _ out: inout Effects<Effect>) -> Rule {
        let before = timers
        let holding = holding
        failures = failures == .max ? .max : failures + 1
        if let finality = finality(of: ending) { return close(rule, ending, finality, from: before, &out) }
        if outage == .none { outage = .running(since: attempt) }
        if let holding { out.append(.release(attempt, holding)) }
        out.append(.report(attempt))
        let row = go(rule, to: .backingOff(ending), from: before, &out)
        if policy.reconnection.isAsked { out.append(.askDelay(attempt, failures: failures)) }
        return row
    }

    /// Why there is to be no further attempt after this ending; nil if there is one.
    private func finality(of ending: Ending) -> Finality? {
        let reconnection = policy.reconnection
        guard reconnection.isEnabled else { return .reconnectionOff }
        guard ending.detail != .impossibleFact, reconnection.table.verdict(on: ending) == .retry else {
            return .unrecoverable
        }
        if outage == .outlasted { return .outageTooLong }
        if let most = reconnection.maximumAttempts, failures >= most { return .attemptsExhausted }
        return nil
    }

    /// The outage has lasted too long while an attempt was being made.
    mutating func giveUp(_ detail: Ending.Detail, in phase: Phase, _ out: inout Effects<Effect>) -> Rule {
        let before = timers
        failures = failures == .max ? .max : failures + 1
        return close(.giveUp, Ending(detail, in: phase), .outageTooLong, from: before, &out)
    }

    /// The end: everything held is released, every timer disarmed, and the cause told (R3, R4).
    mutating func close(_ rule: Rule, _ ending: Ending, _ finality: Finality, _ out: inout Effects<Effect>) -> Rule {
        close(rule, ending, finality, from: timers, &out)
    }

    private mutating func close(
        _ rule: Rule, _ ending: Ending, _ finality: Finality, from before: TimerSet, _ out: inout Effects<Effect>
    ) -> Rule {
        if let holding { out.append(.release(attempt, holding)) }
        out.append(.report(attempt))
        return go(rule, to: .closed(ending, finality), from: before, &out)
    }
}
