import Synchronization

/// Seeds that several threads work on, each taking the next; what they come to is added up.
enum Seeds {
    /// Runs `body` for every seed, `jobs` at once, and has `add` put what it comes to into the sum.
    static func run<Report: Sendable, Sum: Sendable>(
        _ seeds: Range<UInt64>, _ jobs: Int, into sum: Sum, _ add: @escaping @Sendable (inout Sum, Report) -> Void,
        _ body: @escaping @Sendable (UInt64) -> Report
    ) async -> (sum: Sum, time: Duration) {
        let work = Work(seeds, sum)
        let clock = ContinuousClock()
        let start = clock.now
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<jobs {
                group.addTask {
                    while let seed = work.next() {
                        let report = body(seed)
                        work.sum.withLock { add(&$0, report) }
                    }
                }
            }
        }
        return (work.sum.withLock(\.self), start.duration(to: clock.now))
    }

    private final class Work<Sum: Sendable>: Sendable {
        let sum: Mutex<Sum>
        private let taken: Atomic<UInt64>
        private let end: UInt64

        init(_ seeds: Range<UInt64>, _ sum: Sum) {
            self.sum = Mutex(sum)
            taken = Atomic(seeds.lowerBound)
            end = seeds.upperBound
        }

        func next() -> UInt64? {
            let seed = taken.add(1, ordering: .relaxed).oldValue
            return seed < end ? seed : nil
        }
    }
}
