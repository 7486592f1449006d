/// How long to wait before the next attempt: a function of the policy, the failures so far and a seed, nothing else.
public enum Backoff: Hashable, Sendable {
    /// Always the same time.
    case constant(Duration)
    /// `step` more after each failure up to `cap`, spread by `jitter` (0…1000 thousandths of the time, both ways).
    case linear(step: Duration, cap: Duration, jitter: UInt16)
    /// Doubling from `base` up to `cap`; then anything between zero and that time, evenly. Best against stampedes.
    case exponentialFullJitter(base: Duration, cap: Duration)
    /// Doubling from `base` up to `cap`; half of it for certain, the other half evenly by chance.
    case exponentialEqualJitter(base: Duration, cap: Duration)
    /// The caller's own function is asked each time; if it doesn't answer within `cap`, `cap` is the answer.
    case custom(cap: Duration)

    /// The wait after the `failures`-th failure in a row (1 for the first).
    ///
    /// The same arguments always give the same wait; different seeds spread the waits of many clients (law R11).
    public func delay(afterFailures failures: UInt32, seed: UInt64) -> Duration {
        let chance = Self.mix(seed &+ UInt64(failures) &* 0x9E37_79B9_7F4A_7C15)
        switch self {
        case .constant(let time): return time
        case .linear(let step, let cap, let jitter):
            let whole = min(step.wholeNanoseconds.saturatingTimes(UInt64(failures)), cap.wholeNanoseconds)
            let reach = whole / 1000 * UInt64(min(jitter, 1000))
            let (sum, overflow) = (whole - reach).addingReportingOverflow(
                Self.scale(chance, below: reach.saturatingTimes(2)))
            return .nanoseconds(Int64(clamping: overflow ? .max : sum))
        case .exponentialFullJitter(let base, let cap):
            return .nanoseconds(Int64(clamping: Self.scale(chance, below: Self.doubled(base, failures, cap))))
        case .exponentialEqualJitter(let base, let cap):
            let whole = Self.doubled(base, failures, cap)
            return .nanoseconds(Int64(clamping: whole / 2 + Self.scale(chance, below: whole - whole / 2)))
        case .custom(let cap): return cap
        }
    }

    private static func doubled(_ base: Duration, _ failures: UInt32, _ cap: Duration) -> UInt64 {
        let doublings = failures > 0 ? failures - 1 : 0
        let factor = doublings < 63 ? UInt64(1) << UInt64(doublings) : .max
        return min(base.wholeNanoseconds.saturatingTimes(factor), cap.wholeNanoseconds)
    }

    /// A number evenly between 0 and `bound`, both included, from 64 random bits.
    private static func scale(_ chance: UInt64, below bound: UInt64) -> UInt64 {
        chance.multipliedFullWidth(by: bound == .max ? bound : bound + 1).high
    }

    /// SplitMix64's finisher: every bit of the input moves every bit of the output.
    package static func mix(_ input: UInt64) -> UInt64 {
        var bits = input
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        return bits ^ (bits >> 31)
    }
}

extension UInt64 {
    fileprivate func saturatingTimes(_ other: UInt64) -> UInt64 {
        let (product, overflow) = multipliedReportingOverflow(by: other)
        return overflow ? .max : product
    }
}
