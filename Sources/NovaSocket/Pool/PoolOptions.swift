import NovaKernel

/// The bounds of a pool.
public struct PoolOptions: Sendable {
    /// On how many sessions a request is tried in all, if it may be repeated; 3 by default, at least 1.
    public var maximumAttempts = 3
    /// How long to wait before a member that has ended for good is replaced: one second, doubling up to thirty, half of it
    /// by chance. `.custom` is refused: there is no function to ask.
    public var replacementBackoff = Backoff.exponentialEqualJitter(base: .seconds(1), cap: .seconds(30))
    /// How often in a row a member is replaced that does not become ready; 8 by default. 0: never.
    public var maximumReplacements: UInt32 = 8
    /// After how long a failure counts for half: 30 seconds by default.
    public var failureHalfLife = Duration.seconds(30)

    /// The defaults.
    public init() {}

    /// More members are not allowed.
    public static let maximumMembers = 1024

    /// Throws for what can be known to be wrong.
    func validate(members: Int) throws(WebSocketError) {
        guard (1...Self.maximumMembers).contains(members) else {
            throw WebSocketError(.invalidOptions, "A pool has between 1 and \(Self.maximumMembers) members.")
        }
        guard maximumAttempts >= 1 else {
            throw WebSocketError(
                .invalidOptions, "A request is tried at least once: maximumAttempts is \(maximumAttempts).")
        }
        if case .custom = replacementBackoff {
            throw WebSocketError(
                .invalidOptions, "A pool's replacementBackoff can't be custom: there is no function that it asks.")
        }
    }
}

/// What is known of a member of a pool.
public struct PoolMember: Sendable, CustomStringConvertible {
    /// Its place, 0 for the first; it stays when the session in it is replaced.
    public let index: Int
    /// How good it is for the next message.
    public let health: Health
    /// How often its session has been replaced in a row without becoming ready.
    public let replacements: UInt32
    /// Whether it has ended for good, and will not be replaced any more.
    public let isGivenUp: Bool
    /// How its last connection ended; nil if none has.
    public let termination: Termination?

    /// The place and the health in a line.
    public var description: String {
        "\(index + 1): \(health)" + (isGivenUp ? "; given up after \(replacements) replacements" : "")
    }
}

/// Something that became of a pool's member.
public enum PoolChange: Hashable, Sendable {
    /// Its connection is in another state now.
    case state(member: Int, Lifecycle.Standing)
    /// Its session ended for good; another takes its place after this time.
    case replacing(member: Int, after: Duration)
    /// It ended for good, and was replaced as often as the options allow.
    case givenUp(member: Int)
    /// So many changes found no room, as nobody took those before them.
    case missed(count: Int)
}
