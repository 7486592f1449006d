import NovaMachine

/// A kernel that is checked: how it is set, and what happens to it.
///
/// All satellites at once have more situations than can be looked at. But they see neither each other nor the spine:
/// what one of them does to the rest goes through facts that the spine is told (`drained`, `keepaliveExpired`,
/// `messageAbandoned`), through the pauses of the account of messages, which the keepalive is told, and through
/// writes, which the keepalive and the table of pings are told. So it is sound to explore the spine with those
/// satellites together that touch, while the others rest: whatever a resting one could tell the spine, every composition
/// tells it in every state, true or not. One composition, `together`, has all of them awake within the
/// smallest bounds.
package struct Composition: Sendable {
    package let name: String
    package let route: Lifecycle.Route
    package let policy: Policy
    let concerns: Concerns

    private init(_ name: String, _ route: Lifecycle.Route, _ policy: Policy, _ concerns: Concerns) {
        self.name = name
        self.route = route
        self.policy = policy
        self.concerns = concerns
    }

    /// All that are checked: between them they reach everything.
    package static var all: [Composition] {
        [
            Composition("spine, all layers", [.tls, .tunnel], bounded, [.everything]),
            Composition("spine, without reconnection", .tls, alone, [.everything, .past]),
            Composition("spine, hasty", [], hasty, [.everything, .past]),
            Composition("spine, own delay", [], asking, [.everything]),
            Composition("callers", .tunnel, bounded, [.promises, .pings]),
            Composition("sends", [], returning, [.sends, .serverPings]),
            Composition("fragments", [], returning, [.sends, .fragments, .serverPings]),
            Composition("messages and silence", [], returning, [.messages, .life]),
            Composition("pings and silence", [], small, [.pings, .life]),
            Composition("posts", [], patient, [.posts]),
            Composition("answers", [], patient, [.answers]),
            Composition("tokens", [], limited, [.limits]),
            Composition("tokens, shared", [], sharing, [.limits, .claims]),
            Composition("credentials", [], known, [.credentials]),
            Composition("subscriptions", [], steady, [.subscriptions]),
            Composition("together", [], tiny, [.sends, .messages, .pings]),
        ]
    }

    // MARK: Policies

    private static var small: Policy {
        var policy = Policy()
        policy.maximumWaiters = 1
        policy.maximumPendingPings = 2
        policy.inbound.maximumMessages = 2
        policy.inbound.maximumBytes = Situation.large
        policy.outbound.maximumBytes = World.frame * 2
        policy.outbound.maximumWaitingSends = 1
        policy.outbound.maximumQueuedPongs = 1
        policy.outbox.maximumMessages = 2
        policy.requests.maximumPending = 2
        policy.requests.maximumRemembered = 1
        policy.subscriptions.maximumSubscriptions = 2
        return policy
    }

    private static var tiny: Policy {
        var policy = small
        policy.maximumPendingPings = 1
        policy.inbound.maximumMessages = 1
        policy.outbound.maximumBytes = World.frame
        return policy
    }

    private static func policy(_ reconnection: Reconnection) -> Policy {
        var policy = small
        policy.reconnection = reconnection
        return policy
    }

    /// Without keepalive: what it could tell the spine is told it as a fact.
    private static func unwatched(_ reconnection: Reconnection) -> Policy {
        var policy = policy(reconnection)
        policy.keepalive = nil
        return policy
    }

    private static var alone: Policy { unwatched(.never) }
    private static var bounded: Policy { unwatched(Reconnection(maximumAttempts: 3, maximumOutage: .seconds(60))) }
    private static var hasty: Policy { unwatched(Reconnection(maximumOutage: .seconds(60), reset: .whenReady)) }
    private static var asking: Policy { unwatched(Reconnection(backoff: .custom(cap: .seconds(30)))) }
    /// Room for one frame at a time: what else is posted waits.
    private static var patient: Policy {
        var policy = unwatched(Reconnection(maximumAttempts: 2))
        policy.outbound.maximumBytes = World.frame
        policy.outbox.maximumMessages = 3
        return policy
    }
    /// The connection may be lost as often as it likes, if it is ready in between or not.
    private static var steady: Policy { unwatched(Reconnection(reset: .whenReady)) }
    private static var known: Policy {
        var policy = patient
        policy.authentication = AuthenticationPolicy()
        return policy
    }
    private static var limited: Policy {
        var policy = patient
        policy.rateLimit = RateLimit(capacity: 2, refill: 1, every: .seconds(1))
        return policy
    }
    private static var sharing: Policy {
        var policy = limited
        policy.rateLimit = policy.rateLimit?.shared
        return policy
    }
    private static var returning: Policy { policy(Reconnection(maximumAttempts: 2)) }
}
