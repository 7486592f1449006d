import Glibc
import NovaKernel

/// How often something has failed of late: each failure counts for one, and for half of that after each half-life.
public struct RecentFailures: Hashable, Sendable {
    /// After how long a failure counts for half.
    public let halfLife: Duration
    private var count = 0.0
    private var last = Instant(nanoseconds: 0)

    /// None yet. A half-life that is not positive forgets at once.
    public init(halfLife: Duration) { self.halfLife = halfLife }

    /// It has failed.
    public mutating func note(at moment: Instant) {
        count = value(at: moment) + 1
        last = max(last, moment)
    }

    /// What the failures count for at this moment.
    public func value(at moment: Instant) -> Double {
        guard count > 0, moment > last else { return count }
        let life = Double(halfLife.wholeNanoseconds)
        return life > 0 ? count * exp2(-Double(moment.nanoseconds - last.nanoseconds) / life) : 0
    }
}
