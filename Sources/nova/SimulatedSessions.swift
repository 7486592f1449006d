import NovaTestKit
import Synchronization

/// Simulates sessions, seed after seed.
enum SimulatedSessions {
    private struct Sum {
        var done = 0, failed = 0, steps = 0, answers = 0, connections = 0
        var elapsed = Duration.zero

        mutating func add(_ report: SessionSimulation.Report) {
            done += 1
            steps += report.steps
            answers += report.answers
            connections += report.connections
            elapsed += report.elapsed
            if !report.violations.isEmpty { failed += 1 }
        }
    }

    private final class Progress: Sendable {
        let next: Atomic<UInt64>
        let sum = Mutex(Sum())

        init(from first: UInt64) { next = Atomic(first) }

        func run(until end: UInt64, isVerbose: Bool) {
            while true {
                let seed = next.add(1, ordering: .relaxed).oldValue
                guard seed < end else { return }
                let report = SessionSimulation.run(SessionPlan(seed: seed), log: isVerbose ? { Console.out($0) } : nil)
                sum.withLock { $0.add(report) }
                if let broken = report.violations.first { Console.out("seed \(seed): \(broken)") }
            }
        }
    }

    static func run(_ seeds: Range<UInt64>, _ jobs: Int, _ isVerbose: Bool) async -> ExitCode {
        let progress = Progress(from: seeds.lowerBound)
        let clock = ContinuousClock()
        let start = clock.now
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<jobs { group.addTask { progress.run(until: seeds.upperBound, isVerbose: isVerbose) } }
        }
        let sum = progress.sum.withLock(\.self)
        let hours = sum.elapsed.components.seconds / 3600
        Console.out(
            "\(sum.done) seeds of sessions in \(start.duration(to: clock.now).formatted), \(sum.failed) broke a law; "
                + "\(sum.answers) answers over \(sum.connections) connections, \(sum.steps) steps in \(hours) hours of their time"
        )
        return sum.failed == 0 ? .clean : .failure
    }
}
