import NovaSocket
import NovaTestKit
import Testing

@Suite("Histograms")
struct HistogramTests {
    /// Times of every size, the crowded and the far apart among them.
    private static func times(_ seed: UInt64, _ count: Int) -> [UInt64] {
        var random = SeededRandom(seed: seed)
        let sizes = (0..<3).map { _ in UInt64.random(in: 0...40, using: &random) }
        return (0..<count).map { _ in
            UInt64.random(in: 0...(1 << (sizes.randomElement(using: &random) ?? 0)), using: &random)
        }
    }

    private static func histogram(_ times: [UInt64]) -> Histogram {
        var histogram = Histogram()
        for time in times { histogram.add(.nanoseconds(Int64(clamping: time))) }
        return histogram
    }

    @Test(
        "A percentile is never less than the true one, and at most a sixteenth more", arguments: 0..<60 as Range<UInt64>
    )
    func error(_ seed: UInt64) throws {
        let times = Self.times(seed, 1 + Int(seed) * 37)
        let (histogram, sorted) = (Self.histogram(times), times.sorted())
        for part in [0, 0.01, 0.25, 0.5, 0.9, 0.95, 0.99, 0.999, 1] {
            let rank = max(1, Int((part * Double(sorted.count)).rounded(.up)))
            let exact = sorted[rank - 1]
            let told = try #require(histogram.percentile(part))
            #expect(told >= .nanoseconds(Int64(exact)), "p\(part)")
            #expect(told <= .nanoseconds(Int64(exact + exact / 16)), "p\(part): \(told) for \(exact)")
        }
        #expect(histogram.count == UInt64(times.count))
        #expect(histogram.sum == .nanoseconds(Int64(times.reduce(0, +))))
        #expect(histogram.minimum == .nanoseconds(Int64(sorted[0])))
        #expect(histogram.maximum == .nanoseconds(Int64(sorted[sorted.count - 1])))
    }

    @Test("Two together are what one of all would be", arguments: 0..<20 as Range<UInt64>)
    func sum(_ seed: UInt64) {
        let (one, other) = (Self.times(seed, 100), Self.times(seed &+ 1000, 300))
        var sum = Self.histogram(one)
        sum.add(Self.histogram(other))
        #expect(sum == Self.histogram(one + other))
        sum.add(Histogram())
        #expect(sum == Self.histogram(one + other))
    }

    @Test("What is no time, or no part, does no harm")
    func extremes() {
        var histogram = Histogram()
        #expect(histogram.percentile(0.5) == nil && histogram.maximum == .zero && histogram.minimum == .zero)
        for time in [.zero, .seconds(-5), .seconds(Int64.max), .nanoseconds(1)] as [Duration] { histogram.add(time) }
        #expect(histogram.count == 4 && histogram.minimum == .zero)
        #expect(histogram.percentile(.nan) == histogram.maximum && histogram.percentile(-1) == .zero)
        #expect(histogram.percentile(0.75) == .nanoseconds(1) && histogram.percentile(7) == histogram.maximum)
    }
}
