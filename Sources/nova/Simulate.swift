import NovaSocket
import NovaTestKit

/// Simulates connections under faults, seed after seed.
enum Simulate: Command {
    static let name = "simulate"
    static let usage = "simulate [OPTIONS]"
    static let summary = """
        Runs real connections in a simulated network, seed after seed: random faults, random users; then the faults stop, and
        every connection must come back. A seed that breaks a law is shrunk, and printed as a test.
        """
    static let options = [
        Option("--seeds", value: "COUNT", "how many seeds; 1000 if it is not said"),
        Option("--from", value: "SEED", "the first seed; 0 if it is not said"),
        Option("--jobs", value: "COUNT", "how many run at once; 1 if it is not said"),
        Option("--sessions", "simulate sessions with a service, instead of plain connections"),
        Option("--verbose -v", "print every step"),
    ]

    /// What all seeds together came to.
    private struct Sum {
        var done = 0
        var failed: [Simulation.Report] = []
        var steps = 0
        var elapsed = Duration.zero
        var endings: [String: Int] = [:]

        mutating func add(_ report: Simulation.Report) {
            done += 1
            steps += report.steps
            elapsed += report.elapsed
            endings.merge(report.endings) { $0 + $1 }
            if !report.violations.isEmpty { failed.append(report) }
        }
    }

    static func run(_ arguments: Arguments) async throws -> ExitCode {
        try arguments.takeOptionsOnly(name)
        let count = UInt64(try arguments.count("--seeds", least: 1) ?? 1000)
        let first = UInt64(try arguments.count("--from") ?? 0)
        let jobs = try arguments.count("--jobs", least: 1) ?? 1
        let isVerbose = arguments.has("--verbose")
        if arguments.has("--sessions") { return await SimulatedSessions.run(first..<first + count, jobs, isVerbose) }
        let (sum, time) = await Seeds.run(first..<first + count, jobs, into: Sum(), { $0.add($1) }) { seed in
            let report = Simulation.run(SimulationPlan(seed: seed), log: isVerbose ? { Console.out($0) } : nil)
            if let broken = report.violations.first { Console.out("seed \(seed): \(broken)") }
            return report
        }
        return tell(sum, time)
    }

    private static func tell(_ sum: Sum, _ time: Duration) -> ExitCode {
        for report in sum.failed.prefix(3) {
            let shrunk = Shrinker().shrink(report)
            Console.out(
                "\nShrunk from \(report.plan.events.count) events to \(shrunk.plan.events.count):\n\(shrunk.testCode)")
        }
        let hours = sum.elapsed.components.seconds / 3600
        Console.out(
            "\(sum.done) seeds in \(time.formatted), \(sum.failed.count) broke a law; \(sum.steps) steps in \(hours) hours of their time"
        )
        let endings = sum.endings.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        Console.out("attempts ended: " + endings.map { "\($0.key) \($0.value)" }.joined(separator: ", "))
        return sum.failed.isEmpty ? .clean : .failure
    }
}

extension Duration {
    /// Seconds, to the tenth.
    var formatted: String {
        let tenths = (components.seconds * 10) + components.attoseconds / 100_000_000_000_000_000
        return "\(tenths / 10).\(tenths % 10) s"
    }
}
