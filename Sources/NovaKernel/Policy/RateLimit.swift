/// How fast messages may go out: a bucket of tokens. Every message costs some, and time brings them back.
public struct RateLimit: Hashable, Sendable {
    /// What is done with messages, whatever tokens there are.
    public enum Mode: String, Hashable, Sendable, CaseIterable {
        /// A message goes when there are tokens for it, and waits when there are none.
        case normal
        /// Every message goes at once, and costs nothing.
        case allow
        /// Every message takes its turn in the line, even where there are tokens: one goes each time the timer fires.
        case queue
        /// Every message is refused.
        case reject
    }

    /// How many tokens the bucket holds: the largest burst, and the most that one message may cost. At least 1.
    public var capacity: UInt32
    /// How many tokens come back every ``interval``, evenly over it. At least 1.
    public var refill: UInt32
    /// The time in which ``refill`` tokens come back. Positive.
    public var interval: Duration
    /// How many tokens there are at the beginning, not more than ``capacity``; nil: the bucket is full.
    public var initial: UInt32?
    /// What is done with messages, whatever tokens there are.
    public var mode: Mode
    /// Whether the bucket is kept elsewhere, for several connections: the tokens for each message are asked for there.
    public package(set) var isShared = false

    /// A bucket of 60 tokens that gets one back each second, unless said otherwise.
    public init(
        capacity: UInt32 = 60, refill: UInt32 = 1, every interval: Duration = .seconds(1), initial: UInt32? = nil,
        mode: Mode = .normal
    ) {
        self.capacity = capacity
        self.refill = refill
        self.interval = interval
        self.initial = initial
        self.mode = mode
    }

    /// The same limit as a connection has it whose bucket is kept elsewhere.
    package var shared: RateLimit {
        var limit = self
        limit.isShared = true
        return limit
    }

    /// What the bucket counts in, so that no fraction of a token is ever lost: each nanosecond brings ``refill`` units,
    /// and a token is as many units as the interval has nanoseconds.
    var unitsPerToken: UInt64 { interval.wholeNanoseconds }

    /// The largest number of units that is counted with.
    static let maximumUnits: UInt64 = 1 << 62

    /// Whether a full bucket can be counted.
    var isCountable: Bool {
        let (units, overflow) = unitsPerToken.multipliedReportingOverflow(by: UInt64(capacity))
        return !overflow && units <= Self.maximumUnits
    }
}
