/// By which terms a message goes out that is posted: what it costs, before which others it goes, how long it may wait
/// for a connection, and whether an answer to it is awaited.
@frozen
public struct Dispatch: Hashable, Sendable {
    /// What becomes of a message when there is no connection for it.
    @frozen
    public enum Retention: Hashable, Sendable {
        /// It needs the connection that is there: it is refused when there is none, and dropped when it is lost.
        case drop
        /// It is for the connection of this attempt and for no other: it is refused when that is not the one that is there,
        /// and dropped when it is lost. So what belongs to one connection can't be kept for another (law R1).
        case within(AttemptID)
        /// It waits for the next connection, so many milliseconds at most in all; a message whose answer is awaited goes
        /// out anew on the next one as long as it is not answered.
        case keep(milliseconds: UInt32)
    }

    /// When it may go.
    public enum Stage: String, Hashable, Sendable, CaseIterable {
        /// When the connection is ready.
        case ready
        /// While the connection is authenticated and subscriptions are restored too: it is part of that.
        case early
    }

    // The order makes the value small: every event is as large as the largest.
    /// How many tokens of the rate limit it costs.
    public var cost: UInt32
    /// How long its answer is awaited, in milliseconds; 0: none is.
    public var answerMilliseconds: UInt32
    /// Whether it is kept.
    public var retention: Retention
    /// Before which others it goes: the higher first, and among equals in their order.
    public var priority: UInt8
    /// When it may go.
    public var stage: Stage

    /// The terms of an ordinary message, unless said otherwise.
    public init(
        cost: UInt32 = 1, priority: UInt8 = Self.normalPriority, retention: Retention = .drop, stage: Stage = .ready,
        answerMilliseconds: UInt32 = 0
    ) {
        self.cost = cost
        self.priority = priority
        self.retention = retention
        self.stage = stage
        self.answerMilliseconds = answerMilliseconds
    }

    /// The priority of ordinary messages: half of all numbers are above it, half below.
    public static let normalPriority: UInt8 = 128

    /// Whether it may go before the connection is ready.
    var isEarly: Bool { if case .early = stage { true } else { false } }

    /// Whether an answer is awaited.
    public var awaitsAnswer: Bool { answerMilliseconds > 0 }

    /// How long an answer is awaited.
    var answerTime: Duration { .milliseconds(Int64(answerMilliseconds)) }

    /// How long it may wait for a connection; nil if it is not kept.
    var keepTime: Duration? {
        switch retention {
        case .drop, .within: nil
        case .keep(let milliseconds): .milliseconds(Int64(milliseconds))
        }
    }

    /// The attempt whose connection it is for; ``AttemptID/whole``: whichever there is.
    public var attempt: AttemptID { if case .within(let attempt) = retention { attempt } else { .whole } }
}
