import NovaTestKit

/// Simulates sessions, seed after seed.
enum SimulatedSessions {
    private struct Sum {
        var done = 0, failed = 0, steps = 0, answers = 0, connections = 0, rollovers = 0
        var elapsed = Duration.zero

        mutating func add(_ report: SessionSimulation.Report) {
            done += 1
            steps += report.steps
            answers += report.answers
            connections += report.connections
            rollovers += report.rollovers
            elapsed += report.elapsed
            if !report.violations.isEmpty { failed += 1 }
        }
    }

    static func run(_ seeds: Range<UInt64>, _ jobs: Int, _ isVerbose: Bool) async -> ExitCode {
        let (sum, time) = await Seeds.run(seeds, jobs, into: Sum(), { $0.add($1) }) { seed in
            let report = SessionSimulation.run(SessionPlan(seed: seed), log: isVerbose ? { Console.out($0) } : nil)
            if let broken = report.violations.first { Console.out("seed \(seed): \(broken)") }
            return report
        }
        let hours = sum.elapsed.components.seconds / 3600
        Console.out(
            "\(sum.done) seeds of sessions in \(time.formatted), \(sum.failed) broke a law; "
                + "\(sum.answers) answers over \(sum.connections) connections, \(sum.rollovers) of them changed without a gap, "
                + "\(sum.steps) steps in \(hours) hours of their time"
        )
        return sum.failed == 0 ? .clean : .failure
    }
}
