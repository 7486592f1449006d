/// Which attempt at a connection something belongs to: 1 for the first, one more for each that follows.
///
/// Every effect, timer and fact of a connection carries its attempt, so that what comes late can be told from what is
/// meant (law R1).
@frozen
public struct AttemptID: Hashable, Sendable, Comparable {
    /// The ordinal number; 0 stands for "before the first attempt".
    public var number: UInt32

    /// The attempt with that ordinal number.
    @inlinable
    public init(_ number: UInt32) { self.number = number }

    /// What belongs to no attempt, but to the connection as a whole: it outlives attempts.
    public static let whole = AttemptID(0)

    /// The attempt that follows this one.
    @inlinable
    public var next: AttemptID { AttemptID(number &+ 1) }

    /// Earlier attempts are less.
    @inlinable
    public static func < (left: AttemptID, right: AttemptID) -> Bool { left.number < right.number }
}

/// Which promise to a caller something belongs to: one for each command.
@frozen
public struct OperationID: Hashable, Sendable {
    /// A number no other command of this connection has.
    public var number: UInt64

    /// The operation with that number.
    @inlinable
    public init(_ number: UInt64) { self.number = number }
}

/// What a ping carries and its pong must carry back (RFC 6455 §5.5.3): eight bytes, big-endian.
@frozen
public struct PingToken: Hashable, Sendable {
    /// The eight bytes as a number.
    public var value: UInt64

    /// The token with that value.
    @inlinable
    public init(_ value: UInt64) { self.value = value }
}

/// A moment on a monotonic clock that the kernel is told and never reads (law R11).
@frozen
public struct Instant: Hashable, Sendable, Comparable {
    /// Nanoseconds since a beginning that only the clock's owner knows.
    public var nanoseconds: UInt64

    /// The moment that many nanoseconds after the clock's beginning.
    @inlinable
    public init(nanoseconds: UInt64) { self.nanoseconds = nanoseconds }

    /// The clock's beginning.
    public static let zero = Instant(nanoseconds: 0)

    /// How much later this moment is than `earlier`; zero if it is not later.
    @inlinable
    public func since(_ earlier: Instant) -> Duration {
        nanoseconds > earlier.nanoseconds ? .nanoseconds(Int64(clamping: nanoseconds - earlier.nanoseconds)) : .zero
    }

    /// The moment `duration` later; at the end of time if that is beyond it.
    public func advanced(by duration: Duration) -> Instant {
        let (sum, overflow) = nanoseconds.addingReportingOverflow(duration.wholeNanoseconds)
        return Instant(nanoseconds: overflow ? .max : sum)
    }

    /// Earlier moments are less.
    @inlinable
    public static func < (left: Instant, right: Instant) -> Bool { left.nanoseconds < right.nanoseconds }
}

extension Duration {
    /// Whole nanoseconds, from zero to what 64 bits hold (584 years).
    package var wholeNanoseconds: UInt64 {
        let (seconds, attoseconds) = components
        guard seconds >= 0, attoseconds >= 0 else { return 0 }
        let (high, overflow) = UInt64(seconds).multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, carry) = high.addingReportingOverflow(UInt64(attoseconds / 1_000_000_000))
        return overflow || carry ? .max : sum
    }
}
