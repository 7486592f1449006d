import NovaKernel
import NovaWire

/// Everything a simulation does: what its users, its server and its links are like, and what happens when. It follows from
/// a seed; the events may be others.
public struct SimulationPlan: Hashable, Sendable {
    /// What everything follows from.
    public let seed: UInt64
    /// How many users there are.
    public let users: Int
    /// Whether they go through TLS.
    public let isSecure: Bool
    /// The policy of their connections.
    public let policy: Policy
    /// How the links carry bytes.
    public let conditions: LinkConditions
    /// Whether the users' tasks are on another thread than their connections.
    public let isElsewhere: Bool
    /// How many things of one moment may happen in one turn of the loop.
    let mostAtOnce: Int
    /// Whether the connections are recorded whole, and replayed to the byte at the end.
    public let isRecorded: Bool
    /// What the server's addresses do.
    public let addresses: [DialAnswer]
    /// What happens, in order; the last of it before ``length``.
    public var events: [SimulationEvent]

    /// How long things happen; afterwards the faults stop.
    public static let length = Duration.seconds(60)

    /// The plan of this seed; with these events in place of its own, if there are any.
    public init(seed: UInt64, events: [SimulationEvent]? = nil) {
        self.seed = seed
        var random = SeededRandom(seed: seed)
        users = random.pick(1, 1, 1, 2, 5)
        isSecure = random.chance(perMille: 400)
        policy = Policy(choosing: &random)
        conditions = LinkConditions(choosing: &random)
        addresses = random.pick([.answers], [.answers], [.ignores, .answers], [.refuses(errno: 111), .answers])
        isElsewhere = random.chance(perMille: 300)
        isRecorded = seed % 16 == 0
        mostAtOnce = random.pick(1, 1, 3, 1000)
        var composer = EventComposer(users: users, policy: policy, conditions, &random)
        self.events = events ?? composer.compose()
    }
}

extension Policy {
    /// Some policy: tight bounds and short times more often than the defaults, so that they are met.
    fileprivate init(choosing random: inout SeededRandom) {
        self.init()
        timeouts.resolve = random.pick(.seconds(2), .seconds(10))
        timeouts.dial = random.pick(.seconds(3), .seconds(10))
        timeouts.secure = random.pick(.seconds(1), .seconds(10))
        timeouts.upgrade = random.pick(.seconds(1), .seconds(10))
        timeouts.open = random.pick(.seconds(8), .seconds(30))
        timeouts.close = random.pick(.milliseconds(500), .seconds(5))
        timeouts.drain = random.pick(.seconds(2), .seconds(60))
        timeouts.pong = random.pick(.milliseconds(100), .seconds(20))
        keepalive = random.pick(
            nil, KeepalivePolicy(), KeepalivePolicy(interval: .seconds(2), timeout: .seconds(1)),
            KeepalivePolicy(interval: .seconds(5), timeout: .seconds(5)))
        outbound.maximumBytes = random.pick(1, 500, 20_000, 1 << 20)
        outbound.maximumWaitingSends = random.pick(1, 3, 1024)
        outbound.maximumQueuedPongs = random.pick(1, 5, 128)
        inbound.maximumMessages = random.pick(1, 2, 50, 16_384)
        inbound.maximumBytes = random.pick(1, 2_000, 1 << 20)
        maximumPendingPings = random.pick(1, 4, 64)
        maximumWaiters = random.pick(1, 3, 1024)
        reconnection = Reconnection(choosing: &random)
    }
}

extension Reconnection {
    fileprivate init(choosing random: inout SeededRandom) {
        let base = random.pick(Duration.milliseconds(20), .milliseconds(100), .milliseconds(500))
        let cap = random.pick(Duration.seconds(1), .seconds(10))
        self.init(
            isEnabled: !random.chance(perMille: 200),
            backoff: random.pick(
                .exponentialFullJitter(base: base, cap: cap), .exponentialEqualJitter(base: base, cap: cap),
                .constant(base), .linear(step: base, cap: cap, jitter: 200), .custom(cap: cap)),
            maximumAttempts: random.pick(nil, nil, 3), maximumOutage: random.pick(nil, nil, .seconds(20)),
            reset: random.pick(.whenReady, .whenStable(for: .seconds(3)), .whenStable(for: .seconds(10))),
            table: random.pick(.standard, RetryTable([.init(.any, .retry)])),
            maximumRetryAfter: random.pick(.zero, .seconds(5)))
    }
}

extension LinkConditions {
    init(choosing random: inout SeededRandom) {
        self.init()
        // The longer the way, the more may be on it: what users send in a minute must get through in one.
        (latency, capacity) = random.pick(
            (.microseconds(50), 500), (.microseconds(50), 256 << 10), (.milliseconds(10), 16 << 10),
            (.milliseconds(10), 256 << 10), (.milliseconds(200), 512 << 10))
        jitter = random.pick(.zero, latency)
        pieces = random.pick(.whole, .whole, .random, .each(bytes: 1), .each(bytes: 3))
    }
}
