import AllocationCounter
import Glibc

/// What one operation costs: the median of several rounds, with their spread.
struct Measurement {
    static let rounds = 9
    var name: String
    /// Nanoseconds of CPU time an operation, of every round, in order of size.
    var nanoseconds: [Double]
    /// Allocations an operation.
    var allocations: Double
    /// Payload bytes an operation works on; 0 where there are none.
    var bytes: Int

    /// Where somebody else counts (the instructions, see `Benchmarks/instructions`): how many operations to do, once.
    static let onlyOnce = getenv("NOVA_BENCH_ONCE").flatMap { Int(String(cString: $0)) }

    /// Does `work` that counts `operations`, again and again.
    static func of(
        _ name: String, operations: Int, bytes: Int = 0, _ work: (Int) -> Void
    ) -> Measurement {
        if let onlyOnce {
            work(onlyOnce)
            return Measurement(name: name, nanoseconds: [0], allocations: 0, bytes: bytes)
        }
        work(operations)  // caches and branch predictors get to know it
        var times: [Double] = []
        for _ in 0..<rounds {
            let start = cpuNanoseconds()
            work(operations)
            times.append((cpuNanoseconds() - start) / Double(operations))
        }
        allocation_counter_start()
        work(operations)
        let allocations = Double(allocation_counter_stop()) / Double(operations)
        return Measurement(name: name, nanoseconds: times.sorted(), allocations: allocations, bytes: bytes)
    }

    /// The same of a part, where an operation has so many.
    func each(of parts: Int) -> Measurement {
        Measurement(
            name: name, nanoseconds: nanoseconds.map { $0 / Double(parts) }, allocations: allocations / Double(parts),
            bytes: bytes)
    }

    private static func cpuNanoseconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) * 1e9 + Double(time.tv_nsec)
    }

    static let header =
        "| operation | ns (median) | least … most | GB/s | allocations |\n|---|--:|--:|--:|--:|"

    /// A row of a table.
    var row: String {
        let median = nanoseconds[nanoseconds.count / 2]
        let speed = bytes > 0 ? Self.text(Double(bytes) / median, digits: 2) : ""
        let spread = "\(Self.text(nanoseconds[0])) … \(Self.text(nanoseconds[nanoseconds.count - 1]))"
        return
            "| \(name) | \(Self.text(median)) | \(spread) | \(speed) | \(Self.text(allocations, digits: 3)) |"
    }

    private static func text(_ number: Double, digits: Int = 1) -> String {
        let scale = pow(10.0, Double(digits))
        let (whole, rest) = Int((number * scale).rounded()).quotientAndRemainder(dividingBy: Int(scale))
        let fraction = String(rest)
        return "\(whole)." + String(repeating: "0", count: digits - fraction.count) + fraction
    }
}
