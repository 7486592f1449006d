import NovaKernel
import NovaSocket
import NovaWire

/// What a user of a session does.
enum SessionDeed: Hashable, Sendable {
    /// A request that the service answers in this way; kept over connections, or not.
    case request(ServiceMood, isKept: Bool)
    /// A batch of so many requests.
    case batch(Int)
    /// A message that wants no answer.
    case notify
    /// To subscribe to the channel of that number.
    case subscribe(Int)
    /// To let go of it.
    case unsubscribe(Int)
    /// To have the credentials renewed.
    case authenticate
    /// To fail the connection.
    case fail
    /// To change it for another.
    case rollOver
}

/// How the service answers.
enum ServiceMood: String, Hashable, Sendable, CaseIterable {
    /// As asked.
    case echo
    /// As asked, twice.
    case twice
    /// As asked, after most callers have left.
    case late
    /// Not at all.
    case mute
    /// With an error.
    case fails
    /// With a result of another shape.
    case misshapen
    /// As asked, behind an answer that nobody waits for, and something that is no JSON.
    case babbles
}

/// Everything a simulation of sessions does; it follows from its seed.
public struct SessionPlan: Hashable, Sendable {
    /// Something that happens, and when.
    enum Happening: Hashable, Sendable {
        case fault(Fault)
        case deed(SessionDeed, user: Int)
    }

    /// What is recorded, and replayed at the end. Only in the first are secrets.
    enum Recorded: Hashable, Sendable {
        case bytes, redacted, steps, nothing
    }

    /// How positions are told.
    enum Positions: Hashable, Sendable, CaseIterable {
        case numbers, chained, keys, none, untold
    }

    /// What everything follows from.
    public let seed: UInt64
    let users: Int
    let policy: Policy
    let conditions: LinkConditions
    /// For how long credentials are good; nil: the service wants none.
    let validity: Duration?
    let rateLimit: RateLimit?
    /// How many messages of a channel wait for their consumer.
    let capacity: Int
    /// How often a channel has a message.
    let interval: Duration
    /// How long an answer is awaited.
    let timeout: Duration
    /// How often a consumer rests, in thousandths, so that messages overflow.
    let laziness: UInt64
    let recording: Recorded
    /// What says which message of its channel a message is.
    let positions: Positions
    /// How long a change of connections may take.
    let rollover: RolloverPolicy
    let happenings: [(at: Duration, what: Happening)]

    /// How long things happen; afterwards the faults stop.
    static let length = Duration.seconds(90)
    static let channels = 5

    /// The plan of this seed.
    public init(seed: UInt64) {
        self.seed = seed
        var random = SeededRandom(seed: seed)
        users = random.pick(1, 1, 2, 3)
        conditions = LinkConditions(choosing: &random)
        validity = random.pick(nil, .seconds(8), .seconds(600))
        let refill = random.pick(UInt32(2), 10, 50)
        rateLimit = random.chance(perMille: 600) ? RateLimit(capacity: random.pick(2, 10, 60), refill: refill) : nil
        capacity = random.pick(2, 20, 4096)
        interval = random.pick(.milliseconds(900), .seconds(3), .seconds(9))
        timeout = random.pick(.seconds(2), .seconds(20))
        laziness = random.pick(0, 100, 500)
        recording =
            switch seed % 16 {
            case 0: .bytes
            case 1: .redacted
            case 2: .steps
            default: .nothing
            }
        positions = random.pick(.numbers, .chained, .keys, .none, .untold)
        var rollover = RolloverPolicy()
        rollover.preparation = random.pick(.seconds(3), .seconds(15))
        rollover.overlap = random.pick(.seconds(2), .seconds(20))
        self.rollover = rollover
        var policy = Policy()
        policy.keepalive = random.pick(KeepalivePolicy(), KeepalivePolicy(interval: .seconds(2), timeout: .seconds(2)))
        policy.timeouts.authenticate = random.pick(.seconds(3), .seconds(20))
        policy.timeouts.restore = random.pick(.seconds(20), .seconds(60))
        policy.timeouts.close = .seconds(3)
        policy.timeouts.drain = .seconds(10)
        policy.reconnection = .standard
        policy.reconnection.table = RetryTable([.init(.any, .retry)])
        policy.reconnection.backoff = random.pick(
            .constant(.milliseconds(50)), .exponentialFullJitter(base: .milliseconds(100), cap: .seconds(5)))
        policy.reconnection.maximumRetryAfter = .seconds(2)
        self.policy = policy
        happenings = Self.compose(users, &random)
    }

    private static func compose(
        _ users: Int, _ random: inout SeededRandom
    ) -> [(at: Duration, what: Happening)] {
        var all: [(at: Duration, what: Happening)] = []
        for user in 0..<users {
            for channel in 0..<(1 + random.below(channels)) {
                all.append((random.duration(from: .zero, to: .seconds(5)), .deed(.subscribe(channel), user: user)))
            }
            for _ in 0..<(10 + random.below(40)) {
                all.append((random.duration(from: .zero, to: length), .deed(deed(&random), user: user)))
            }
        }
        for _ in 0..<random.below(8) {
            all.append((random.duration(from: .seconds(1), to: length), .fault(fault(&random))))
        }
        return all.sorted { $0.at < $1.at }
    }

    private static func deed(_ random: inout SeededRandom) -> SessionDeed {
        switch random.below(20) {
        case 0, 1: .subscribe(random.below(channels))
        case 2: .unsubscribe(random.below(channels))
        case 3: .notify
        case 4: .authenticate
        case 5: random.chance(perMille: 300) ? .fail : .notify
        case 7: random.chance(perMille: 500) ? .rollOver : .notify
        case 6: .batch(1 + random.below(5))
        default:
            .request(
                random.pick(.echo, .echo, .echo, .twice, .late, .mute, .fails, .misshapen, .babbles),
                isKept: random.chance(perMille: 300))
        }
    }

    private static func fault(_ random: inout SeededRandom) -> Fault {
        let time = random.duration(from: .milliseconds(100), to: .seconds(10))
        return random.pick(
            .reset, .reset, .truncate, .halfOpen, .stall(for: time), .refuse(for: time), .ignore(for: time),
            .close(.goingAway), .close(.serviceRestart), .violate(.reservedBits), .cutMidFrame,
            .refuseUpgrade(status: 503, retryAfter: nil, for: time), .ignorePings(for: time), .pings(20),
            .stopReading(for: time))
    }

    /// Plans of the same seed are the same.
    public static func == (left: SessionPlan, right: SessionPlan) -> Bool { left.seed == right.seed }
    /// By the seed.
    public func hash(into hasher: inout Hasher) { hasher.combine(seed) }
}
