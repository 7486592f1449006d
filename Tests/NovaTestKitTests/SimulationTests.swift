import NovaKernel
import NovaTestKit
import TestTurns
import Testing

@Suite("Simulations", .heavy, .timeLimit(.minutes(30)))
struct SimulationTests {
    @Test("No law is broken by the first seeds", arguments: 0..<8)
    func seeds(_ part: Int) {
        for seed in (0..<6).map({ UInt64(part * 6 + $0) }) {
            let report = Simulation.run(SimulationPlan(seed: seed))
            #expect(report.violations.isEmpty, "seed \(seed): \(report.violations.map(\.description))")
        }
    }

    /// A connection without a keepalive never finds out that nobody is there: the law that it recovers is broken, by the
    /// one fault that composers leave out for it.
    static func hopeless() throws -> SimulationPlan {
        let plans = (UInt64(0)...).lazy.map { SimulationPlan(seed: $0) }
        let plan = try #require(
            plans.first { plan in
                plan.policy.keepalive == nil && plan.policy.reconnection.isEnabled && plan.users == 1
                    && plan.policy.reconnection.maximumAttempts == nil && plan.policy.reconnection.maximumOutage == nil
                    && plan.conditions.latency < .milliseconds(100)
            })
        let noise = (0..<40).map { SimulationEvent.at(.seconds($0), .flush) }
        let events = noise + [.at(.seconds(50), .halfOpen)]
        return SimulationPlan(seed: plan.seed, events: events)
    }

    @Test("A broken law is found, shrunk to what breaks it, and printed as a test")
    func shrinking() throws {
        let report = Simulation.run(try Self.hopeless())
        #expect(report.violations.first?.law == .recovers)
        let shrunk = Shrinker().shrink(report)
        #expect(shrunk.plan.events == [.at(.seconds(50), .halfOpen)])
        #expect(shrunk.testCode.contains(".at(.seconds(50), .halfOpen as Fault)"))
        #expect(shrunk.testCode.contains("seed: \(report.plan.seed)"))
    }

    @Test("A plan's events are in order and within its length, whatever the seed", arguments: [UInt64(1), 77, 4_711])
    func plans(_ seed: UInt64) {
        let plan = SimulationPlan(seed: seed)
        #expect(plan.events.map(\.at) == plan.events.map(\.at).sorted())
        #expect(plan.events.allSatisfy { $0.at < SimulationPlan.length })
        #expect(plan.policy.problem == nil)
    }

    @Test("The seeds together end attempts in every way but the library's own fault")
    func reach() {
        var endings: Set<String> = []
        for seed in UInt64(1_000)..<1_150 { endings.formUnion(Simulation.run(SimulationPlan(seed: seed)).endings.keys) }
        #expect(
            endings == [
                "closedByCaller", "messageAbandoned", "closedByPeer", "resolveFailed", "dialFailed", "tlsFailed",
                "upgradeRefused", "upgradeInvalid", "violation", "transportEnded", "timedOut", "keepaliveExpired",
            ])
    }
}
