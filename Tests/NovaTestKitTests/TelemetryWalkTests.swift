import Foundation
import KernelSupport
import NovaTestKit
import Testing

@testable import NovaSocket

@Suite("Telemetry of random lives", .timeLimit(.minutes(4)))
struct TelemetryWalkTests {
    /// What was begun and not ended, of the things that must be.
    private struct Ledger {
        var open: [String: Int] = [:]
        var problems: [String] = []

        mutating func take(_ event: ConnectionEvent) {
            switch event {
            case .attemptBegan: begin("attempt")
            case .ended:
                end("attempt")
                open["pause"] = 0  // it is of its connection
            case .stageBegan: begin("stage")
            case .stageEnded: end("stage")
            case .requestBegan(let id, _): begin("request \(id.number)")
            case .requestEnded(let id, _, _, _): end("request \(id.number)")
            case .authenticationBegan: begin("authentication")
            case .authenticationEnded: end("authentication")
            case .readingPaused: begin("pause")
            case .readingResumed: end("pause")
            default: break
            }
        }

        private mutating func begin(_ name: String) {
            open[name, default: 0] += 1
            if open[name] != 1 { problems.append("\(name) began twice") }
        }

        private mutating func end(_ name: String) {
            open[name, default: 0] -= 1
            if open[name] != 0 { problems.append("\(name) ended without a beginning") }
        }
    }

    /// Follows a machine's steps with a telemetry.
    private final class Follower {
        private(set) var telemetry = Telemetry()
        private(set) var ledger = Ledger()
        private(set) var seen: Set<String> = []
        private var before: Lifecycle?
        private var last: ConnectionEvent?
        private(set) var kernel: Kernel?
        private(set) var problems: [String] = []

        func take(_ occurrence: Occurrence, _ rule: KernelRule, _ effects: Effects<Effect>, _ kernel: Kernel) {
            if self.kernel?.standing == .closed { return }  // a driver's witnesses see no step behind the end
            let start = Lifecycle(route: kernel.lifecycle.route, policy: kernel.policy, seed: 1)
            let step = WitnessedStep(occurrence: occurrence, before: before ?? start, rule: rule)
            telemetry.take(step, effects, after: kernel) { event in
                ledger.take(event)
                seen.insert(event.name)
                if case .closed? = last { problems.append("\(event.name) after the end") }
                last = event
            }
            before = kernel.lifecycle
            self.kernel = kernel
            compare(kernel, "\(occurrence.event)")
        }

        /// What it keeps is what the machine keeps.
        private func compare(_ kernel: Kernel, _ place: String) {
            let known =
                kernel.outbox.items.map(\.operation) + kernel.requests.pending.map(\.operation)
                + kernel.outbound.line.map(\.operation) + [kernel.outbound.fragment?.operation].compactMap(\.self)
            if Set(telemetry.sends.keys) != Set(known) { problems.append("sends at \(place)") }
            if telemetry.current != nil { problems.append("a command at \(place)") }
            if Set(telemetry.pings.map(\.token)) != Set(kernel.pings.pending.map(\.token)) {
                problems.append("pings at \(place)")
            }
            if telemetry.requested.count > kernel.subscriptions.entries.count {
                problems.append("subscriptions at \(place)")
            }
            let marks = telemetry.unwritten.map(\.mark)
            if marks != marks.sorted() || marks.last ?? 0 > kernel.outbound.accepted {
                problems.append("messages at \(place)")
            }
        }

        func judge(_ name: String) {
            #expect(
                problems.isEmpty && ledger.problems.isEmpty,
                "\(name): \(problems.prefix(3)) \(ledger.problems.prefix(3))")
            guard kernel?.standing == .closed else { return }
            let left = ledger.open.filter { $0.value != 0 }
            #expect(left.isEmpty && telemetry.sends.isEmpty && telemetry.unwritten.isEmpty, "\(name): \(left)")
        }
    }

    @Test("In simulations what begins ends, once, and nothing is kept that the machine does not keep")
    func simulations() throws {
        var seen: Set<String> = []
        for seed in 0..<40 as Range<UInt64> {
            for text in Simulation.recordings(of: SimulationPlan(seed: seed)) {
                let trace = try Trace(reading: Data(text.utf8))
                let follower = Follower()
                var (kernel, effects) = (try trace.header.makeKernel(), Effects<Effect>())
                for step in trace.steps {
                    let occurrence = Occurrence(try Event(text: step.event), at: Instant(nanoseconds: step.t))
                    effects.removeAll()
                    let rule = kernel.handle(occurrence, &effects)
                    follower.take(occurrence, rule, effects, kernel)
                }
                follower.judge("simulation \(seed)")
                seen.formUnion(follower.seen)
            }
        }
        #expect(seen.count > 20, "\(seen.sorted())")
    }

    @Test("So it is in walks of the machine, sessions among them")
    func walks() {
        var seen: Set<String> = []
        for seed in 0..<60 as Range<UInt64> {
            let follower = Follower()
            var walk = Walk(seed: seed)
            walk.witness = { follower.take($0, $2.rule, $2.effects, $3) }
            for _ in 0..<300 { walk.step() }
            walk.finish()
            follower.judge("walk \(seed)")
            seen.formUnion(follower.seen)
        }
        #expect(seen.count > 30, "\(seen.sorted())")
    }

    @Test("Events that can't be do no harm", arguments: 0..<200 as Range<UInt64>)
    func strays(_ seed: UInt64) {
        let follower = Follower()
        let policy = SimulationPlan(seed: seed).policy
        var stray = Stray(seed: seed, policy: policy) { follower.take($0, $2.rule, $2.effects, $3) }
        stray.run(100)
        #expect(!follower.seen.isEmpty)
    }
}
