/// Makes a plan that breaks a law as short as it can: leaves events out as long as the same law is broken.
public struct Shrinker {
    /// More runs than these are not tried.
    public var mostRuns = 2_000

    /// A shrinker.
    public init() {}

    /// The shortest plan found that still breaks the law that `report` breaks first, and what came of it.
    public func shrink(_ report: Simulation.Report) -> Simulation.Report {
        guard let law = report.violations.first?.law else { return report }
        var best = report
        var runs = 0
        var size = max(1, best.plan.events.count / 2)
        while true {
            let isShorter = removePieces(of: size, from: &best, breaking: law, &runs)
            guard runs < mostRuns else { return best }
            if size > 1 { size /= 2 } else if !isShorter { return best }
        }
    }

    /// Tries to leave out each piece of so many events.
    private func removePieces(
        of size: Int, from best: inout Simulation.Report, breaking law: Law, _ runs: inout Int
    ) -> Bool {
        var isShorter = false
        var at = 0
        while at < best.plan.events.count, runs < mostRuns {
            var plan = best.plan
            plan.events.removeSubrange(at..<min(at + size, plan.events.count))
            runs += 1
            let report = Simulation.run(plan)
            if report.violations.first?.law == law {
                best = report
                isShorter = true
            } else {
                at += size
            }
        }
        return isShorter
    }
}
