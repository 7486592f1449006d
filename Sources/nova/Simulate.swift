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
        Option("--verbose -v", "print every step"),
    ]

    static func run(_ arguments: Arguments) async throws -> ExitCode {
        let count = try arguments.count("--seeds", least: 1) ?? 1000
        let first = UInt64(try arguments.count("--from", least: 0) ?? 0)
        let clock = ContinuousClock()
        let start = clock.now
        var steps = 0
        var failed = 0
        var endings: [String: Int] = [:]
        for seed in first..<first + UInt64(count) {
            let report = Simulation.run(
                SimulationPlan(seed: seed), log: arguments.has("--verbose") ? { Console.out($0) } : nil)
            steps += report.steps
            endings.merge(report.endings) { $0 + $1 }
            guard !report.violations.isEmpty else { continue }
            failed += 1
            Console.out("seed \(seed): \(report.violations[0])")
        }
        Console.out("\(count) seeds, \(failed) failed, \(steps) steps, \(start.duration(to: clock.now))")
        for (ending, count) in endings.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
            Console.out("  \(count)\t\(ending)")
        }
        return failed == 0 ? .clean : .failure
    }
}
