import Foundation
import KernelSupport
import NovaKernel
import Testing

@Suite("Scenarios")
struct ScenarioTests {
    @Test("Each scenario's answers are those that stand in its file")
    func answers() throws {
        let scenarios = try Scenario.all()
        #expect(scenarios.count > 10)
        for scenario in scenarios {
            let (text, _) = try scenario.run()
            if ProcessInfo.processInfo.environment["NOVA_REWRITE"] == "1" {
                try text.write(
                    to: Scenario.folder.appendingPathComponent(scenario.name), atomically: true, encoding: .utf8)
            }
            #expect(
                text == scenario.text, "\(scenario.name): run the tests with NOVA_REWRITE=1 and read the difference")
        }
    }

    @Test("Each rule of each machine is met by a scenario")
    func rules() throws {
        var met: Set<KernelRule> = []
        for scenario in try Scenario.all() { met.formUnion(try scenario.run().rules) }
        // Rows that the kernel never asks for under their own name: it gives the step another one.
        let missing = KernelRule.allCases.filter { !met.contains($0) && !Self.inner.contains($0) }
        #expect(missing.map(\.rawValue) == [])
    }

    /// Rules of satellites that answer inside a step of the spine; their own tests meet them.
    static let inner: Set<KernelRule> = [
        .keepalive(.begin), .keepalive(.withoutKeepalive), .keepalive(.suspend), .keepalive(.resume), .keepalive(.end),
        .inbound(.begin), .inbound(.readToEnd), .inbound(.beginPaused), .inbound(.take), .inbound(.end),
        .inbound(.stale),
        .outbound(.begin), .outbound(.pong), .outbound(.replacePong), .outbound(.seal),
        .outbound(.end),
        .outbound(.refuseSealed), .outbound(.notWaiting), .pings(.probe), .pings(.written), .pings(.notPending),
        .pings(.end),
        .promises(.hold), .promises(.settle), .lifecycle(.admit), .lifecycle(.notePong),
        .outbox(.ask), .outbox(.permit), .outbox(.pass), .outbox(.keep), .outbox(.written), .outbox(.withdraw),
        .outbox(.drop), .outbox(.restart), .outbox(.refuse), .outbox(.notHeld), .limiter(.admit), .limiter(.grant),
        .limiter(.wait), .limiter(.withdraw), .limiter(.notWaiting), .limiter(.giveBack), .outbox(.release),
        .requests(.ask), .requests(.sent),
        .requests(.wait), .requests(.lose), .requests(.notPending), .authentication(.notNeeded),
        .authentication(.ask), .authentication(.end), .subscriptions(.restore), .subscriptions(.nothingToRestore),
        .subscriptions(.lose), .subscriptions(.end),
    ]
}
