extension Policy {
    /// What is out of its range, in a sentence; nil if nothing is. A policy with a problem must not be used: it would
    /// wait for ever, or refuse everything.
    public var problem: String? { limitProblem ?? durationProblem ?? rateLimitProblem }

    private var rateLimitProblem: String? {
        guard let rateLimit else { return nil }
        if rateLimit.capacity < 1 || rateLimit.refill < 1 {
            return "The policy's rateLimit must hold at least one token, and get at least one back."
        }
        if rateLimit.interval <= .zero { return "The policy's rateLimit.interval must be positive." }
        return rateLimit.isCountable
            ? nil : "The policy's rateLimit has a longer interval than its tokens can be counted over."
    }

    private var limitProblem: String? {
        let limits = [
            ("inbound.maximumBytes", inbound.maximumBytes), ("inbound.maximumMessages", inbound.maximumMessages),
            ("outbound.maximumBytes", outbound.maximumBytes),
            ("outbound.maximumWaitingSends", outbound.maximumWaitingSends),
            ("outbound.maximumQueuedPongs", outbound.maximumQueuedPongs),
            ("outbox.maximumMessages", outbox.maximumMessages), ("outbox.maximumBytes", outbox.maximumBytes),
            ("requests.maximumPending", requests.maximumPending),
            ("requests.maximumRemembered", requests.maximumRemembered),
            ("subscriptions.maximumSubscriptions", subscriptions.maximumSubscriptions),
            ("wire.maximumFrameBytes", wire.maximumFrameBytes),
            ("wire.maximumMessageBytes", wire.maximumMessageBytes), ("wire.maximumFragments", wire.maximumFragments),
            ("maximumPendingPings", maximumPendingPings), ("maximumWaiters", maximumWaiters),
        ]
        return limits.first { $0.1 < 1 }.map { "The policy's \($0.0) must be at least 1." }
    }

    private var durationProblem: String? {
        let timeouts = [
            ("timeouts.resolve", timeouts.resolve), ("timeouts.dial", timeouts.dial),
            ("timeouts.tunnel", timeouts.tunnel), ("timeouts.secure", timeouts.secure),
            ("timeouts.upgrade", timeouts.upgrade), ("timeouts.open", timeouts.open),
            ("timeouts.authenticate", timeouts.authenticate), ("timeouts.restore", timeouts.restore),
            ("timeouts.close", timeouts.close), ("timeouts.drain", timeouts.drain), ("timeouts.pong", timeouts.pong),
            ("authentication.refreshAhead", authentication?.refreshAhead ?? .seconds(1)),
            ("authentication.retryInterval", authentication?.retryInterval ?? .seconds(1)),
            ("keepalive.interval", keepalive?.interval ?? .seconds(1)),
            ("keepalive.timeout", keepalive?.timeout ?? .seconds(1)),
        ]
        if let (name, _) = timeouts.first(where: { $0.1 <= .zero }) { return "The policy's \(name) must be positive." }
        guard reconnection.isEnabled else { return nil }
        return reconnection.backoff.times.contains { $0 < .zero }
            ? "The policy's reconnection.backoff has a negative time." : nil
    }
}

extension Backoff {
    /// All times that it is made of.
    fileprivate var times: [Duration] {
        switch self {
        case .constant(let time), .custom(let time): [time]
        case .linear(let step, let cap, _): [step, cap]
        case .exponentialFullJitter(let base, let cap), .exponentialEqualJitter(let base, let cap): [base, cap]
        }
    }
}
