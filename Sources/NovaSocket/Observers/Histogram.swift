import NovaKernel

/// How long things took: counts in buckets whose width grows with the time, sixteen between a power of two and the next.
/// Whole nanoseconds; at most 976 buckets, and only those between the shortest and the longest time take memory.
///
/// A percentile is never less than the true one, and at most a sixteenth (6.25 %) more.
public struct Histogram: Hashable, Sendable {
    /// How many times there are.
    public private(set) var count: UInt64 = 0
    /// All of them together.
    public var sum: Duration { .nanoseconds(Int64(clamping: total)) }
    /// The shortest; zero if there is none.
    public var minimum: Duration { .nanoseconds(Int64(clamping: count == 0 ? 0 : least)) }
    /// The longest; zero if there is none.
    public var maximum: Duration { .nanoseconds(Int64(clamping: most)) }

    private(set) var total: UInt64 = 0
    private var least = UInt64.max
    private var most: UInt64 = 0
    /// Counts of the buckets from ``first`` on.
    private var buckets: [UInt64] = []
    private var first = 0
    /// Counts of times up to each of ``bounds``, and not up to the one before: for those who want fixed bounds, exactly.
    private(set) var fixed: [UInt64] = []

    /// How many buckets there are between two powers of two, as a power of two.
    private static let precision = 4

    /// The upper ends of the fixed buckets, in nanoseconds: 0.1 ms to an hour.
    static let bounds: [UInt64] = [
        100_000, 250_000, 500_000, 1_000_000, 2_500_000, 5_000_000, 10_000_000, 25_000_000, 50_000_000, 100_000_000,
        250_000_000, 500_000_000, 1_000_000_000, 2_500_000_000, 5_000_000_000, 10_000_000_000, 30_000_000_000,
        60_000_000_000, 300_000_000_000, 3_600_000_000_000,
    ]

    /// A histogram without any time.
    public init() {}

    /// Adds a time; one below zero counts as zero.
    public mutating func add(_ time: Duration) {
        let value = time.wholeNanoseconds
        count += 1
        total = total.addingReportingOverflow(value).overflow ? .max : total + value
        least = min(least, value)
        most = max(most, value)
        makeRoom(for: Self.index(of: value))
        buckets[Self.index(of: value) - first] += 1
        if fixed.isEmpty { fixed = [UInt64](repeating: 0, count: Self.bounds.count) }
        if let index = Self.bounds.firstIndex(where: { value <= $0 }) { fixed[index] += 1 }
    }

    /// Adds all times of another.
    public mutating func add(_ other: Histogram) {
        guard other.count > 0 else { return }
        count += other.count
        total = total.addingReportingOverflow(other.total).overflow ? .max : total + other.total
        least = min(least, other.least)
        most = max(most, other.most)
        makeRoom(for: other.first)
        makeRoom(for: other.first + other.buckets.count - 1)
        for (index, more) in other.buckets.enumerated() { buckets[other.first + index - first] += more }
        if fixed.isEmpty { fixed = [UInt64](repeating: 0, count: Self.bounds.count) }
        for (index, more) in other.fixed.enumerated() { fixed[index] += more }
    }

    /// The time that this part of all times, from 0 to 1, does not exceed; nil if there is none. `percentile(0.99)` is what
    /// is called p99.
    public func percentile(_ part: Double) -> Duration? {
        guard count > 0 else { return nil }
        let part = part.isFinite ? min(max(part, 0), 1) : 1
        let rank = max(1, min(count, UInt64((part * Double(count)).rounded(.up))))
        var passed: UInt64 = 0
        for (index, more) in buckets.enumerated() {
            passed += more
            guard passed >= rank else { continue }
            return .nanoseconds(Int64(clamping: min(most, max(least, Self.upperEnd(of: first + index)))))
        }
        return maximum
    }

    // MARK: Buckets

    private mutating func makeRoom(for index: Int) {
        if buckets.isEmpty { first = index }
        if index < first {
            buckets.insert(contentsOf: repeatElement(0, count: first - index), at: 0)
            first = index
        }
        if index >= first + buckets.count {
            buckets.append(contentsOf: repeatElement(0, count: index - first - buckets.count + 1))
        }
    }

    /// Below sixteen each number has its own; above, the highest bit says which sixteen, and the four below it which of them.
    static func index(of value: UInt64) -> Int {
        guard value >= 1 << precision else { return Int(value) }
        let shift = UInt64.bitWidth - 1 - value.leadingZeroBitCount - precision
        return (shift + 1) << precision + Int(value >> UInt64(shift)) - 1 << precision
    }

    /// The largest number in a bucket.
    static func upperEnd(of index: Int) -> UInt64 {
        guard index >= 1 << precision else { return UInt64(index) }
        let shift = index >> precision - 1
        let low = UInt64(1 << precision + index & (1 << precision - 1))
        return low << UInt64(shift) + (1 << UInt64(shift) - 1)
    }
}
