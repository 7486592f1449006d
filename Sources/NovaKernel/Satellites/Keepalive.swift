import NovaMachine

/// Watches a silent peer: after `interval` without a byte it asks for a sign of life, after `timeout` more it reports
/// death.
///
/// Any byte is proof of life, not only a pong (law R9). The timer is lazy: hearing something only notes the time, and
/// the timer looks at the note when it fires. While reading is paused for a slow consumer nothing can be heard, so
/// nothing is judged; but pings go on, so that the server hears of us, and TCP notices when nobody does.
public struct Keepalive: Machine {
    /// What the watch is doing.
    public enum State: String, Hashable, Sendable, CaseIterable {
        /// There is no open connection, or the policy has no keepalive. Left when a connection opens.
        case off
        /// The peer was heard within the interval, or will be asked when it ends; timer `keepalive`.
        case listening
        /// A ping is out; timer `keepalive`.
        case probing
        /// Reading is paused: silence says nothing. Left when reading resumes; timer `keepalive` for the next ping.
        case suspended
    }

    /// What the watch is told.
    public enum Event: Hashable, Sendable {
        /// The connection of this attempt is open.
        case began(AttemptID, at: Instant)
        /// A byte came.
        case heard(at: Instant)
        /// The timer fired; a ping, if one is due, carries the token; nil: as many wait for the system as may.
        case fired(at: Instant, PingToken?)
        /// Reading has been paused.
        case paused
        /// Reading goes on.
        case resumed(at: Instant)
        /// The connection is not open any more.
        case ended
    }

    /// The rows of the table.
    public enum Rule: String, Hashable, Sendable, CaseIterable {
        case begin, withoutKeepalive, note, lookAgain, probe, alive, dead, suspend, probeUnheard, probeQueued, resume,
            end, stale
    }

    /// What the watch is doing.
    public internal(set) var state: State = .off
    /// Since when silence counts: the last byte, the opening, or the moment reading went on.
    public internal(set) var quietSince = Instant.zero
    var probedAt = Instant.zero
    var attempt = AttemptID(0)
    /// The interval and the timeout; nil never asks.
    public let policy: KeepalivePolicy?

    /// A watch that waits for a connection.
    public init(_ policy: KeepalivePolicy?) { self.policy = policy }

    /// The state's name.
    public var path: [String] { [state.rawValue] }

    /// State × event → state′ × effects.
    @inline(__always)
    public mutating func handle(_ event: Event, _ out: inout Effects<Effect>) -> Rule {
        #if MUTANTS
            if let rule = Mutation.intercept(&self, event, &out) { return rule }
        #endif
        switch (state, event) {
        case (_, .heard(let now)):  // in every state: noting costs less than asking
            quietSince = now
            return .note
        case (_, .began(let attempt, let now)): return begin(attempt, now, &out)
        case (.off, .ended): return .stale
        case (_, .ended):
            state = .off
            return out(.end, .disarm(.keepalive))

        case (.listening, .fired(let now, let token)): return look(now, token, &out)
        case (.probing, .fired(let now, _)): return judge(now, &out)
        case (.listening, .paused), (.probing, .paused): return suspend(&out)
        case (.suspended, .fired(_, let token)): return probeUnheard(token, &out)
        case (.suspended, .resumed(let now)): return listen(.resume, now, &out)

        case (.off, .fired), (.off, .paused), (.off, .resumed), (.suspended, .paused),
            (.listening, .resumed), (.probing, .resumed):
            return .stale
        }
    }

    private mutating func begin(_ attempt: AttemptID, _ now: Instant, _ out: inout Effects<Effect>) -> Rule {
        self.attempt = attempt
        quietSince = now
        return policy == nil ? .withoutKeepalive : listen(.begin, now, &out)
    }

    /// The next look is due when the peer will have been silent for the interval.
    private mutating func listen(_ rule: Rule, _ now: Instant, _ out: inout Effects<Effect>) -> Rule {
        guard let policy else { return .withoutKeepalive }
        if rule == .resume { quietSince = now }
        state = .listening
        return out(rule, .arm(attempt, .keepalive, policy.interval - now.since(quietSince)))
    }

    private mutating func look(_ now: Instant, _ token: PingToken?, _ out: inout Effects<Effect>) -> Rule {
        guard let policy else { return .stale }
        if now.since(quietSince) < policy.interval { return listen(.lookAgain, now, &out) }
        state = .probing
        probedAt = now
        // Where the system takes nothing, one more ping would ask nothing more (R7).
        guard let token else { return out(.probeQueued, .arm(attempt, .keepalive, policy.timeout)) }
        return out(.probe, .ping(attempt, token), .arm(attempt, .keepalive, policy.timeout))
    }

    private mutating func judge(_ now: Instant, _ out: inout Effects<Effect>) -> Rule {
        guard let policy else { return .stale }
        guard quietSince > probedAt else {
            state = .off
            return out(.dead, .raise(attempt, .keepaliveExpired))
        }
        // The answer may be older than the interval by now; then the next look is due at once.
        if now.since(quietSince) < policy.interval { return listen(.alive, now, &out) }
        state = .listening
        return out(.alive, .arm(attempt, .keepalive, .zero))
    }

    private mutating func suspend(_ out: inout Effects<Effect>) -> Rule {
        guard let policy else { return .stale }
        state = .suspended
        return out(.suspend, .arm(attempt, .keepalive, policy.interval))
    }

    private func probeUnheard(_ token: PingToken?, _ out: inout Effects<Effect>) -> Rule {
        guard let policy else { return .stale }
        guard let token else { return out(.probeQueued, .arm(attempt, .keepalive, policy.interval)) }
        return out(.probeUnheard, .ping(attempt, token), .arm(attempt, .keepalive, policy.interval))
    }
}
