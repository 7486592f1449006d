import Foundation
import KernelSupport
import NovaKernel
import NovaTestKit
import NovaTrace
import TestTurns
import Testing

/// Recorded lives of many kinds: they replay, and the script `Tests/Judges/scxml` reads them.
@Suite("A corpus of traces", .heavy, .timeLimit(.minutes(30)))
struct TraceCorpusTests {
    @Test("Scenarios, walks and strays as traces replay without a difference")
    func replay() throws {
        for trace in try Self.scenarios() + Self.walks(10) + Self.strays(50) {
            let read = try Trace(reading: Data(trace.text.utf8))
            #expect(read.isComplete && !read.steps.isEmpty, "\(trace.name)")
            #expect(try Replay.run(read).difference == nil, "\(trace.name)")
        }
    }

    /// A folder in `NOVA_TRACES` gets them.
    @Test("The traces for the judge, where one asks")
    func judged() throws {
        guard let folder = ProcessInfo.processInfo.environment["NOVA_TRACES"] else { return }
        let simulations = (0..<UInt64(24)).flatMap { seed in
            Simulation.recordings(of: SimulationPlan(seed: seed)).enumerated().map { user, text in
                Recorded(name: "simulation-\(seed)-\(user)", text: text)
            }
        }
        for trace in try Self.scenarios() + Self.walks(60) + Self.strays(600) + simulations {
            try Data(trace.text.utf8).write(
                to: URL(fileURLWithPath: folder).appendingPathComponent("\(trace.name).trace"))
        }
    }

    private struct Recorded {
        var name: String
        var text: String
    }

    private static func scenarios() throws -> [Recorded] {
        try Scenario.all().map { scenario in
            let recording = Recording()
            _ = try scenario.run(recording.note)
            return Recorded(name: "scenario-" + scenario.name.dropLast(4), text: recording.finished)
        }
    }

    private static func strays(_ count: UInt64) -> [Recorded] {
        (0..<count).map { seed in
            let recording = Recording()
            var stray = Stray(seed: seed, policy: SimulationPlan(seed: seed).policy, witness: recording.note)
            stray.run(60)
            return Recorded(name: "stray-\(seed)", text: recording.finished)
        }
    }

    private static func walks(_ count: UInt64) -> [Recorded] {
        (0..<count).map { seed in
            let recording = Recording()
            var walk = Walk(seed: seed)
            walk.witness = recording.note
            for _ in 0..<200 { walk.step() }
            walk.finish()
            return Recorded(name: "walk-\(seed)", text: recording.finished)
        }
    }
}

/// The steps of a kernel, written down as a trace.
private final class Recording {
    private var writer: TraceWriter?
    private var text = ""

    func note(_ occurrence: Occurrence, _ before: String, _ step: Step<KernelRule, Effect>, _ after: Kernel) {
        var writer = self.writer ?? start(after)
        writer.record(occurrence, before: before, step.rule, step.effects, after: after)
        self.writer = writer
    }

    private func start(_ kernel: Kernel) -> TraceWriter {
        let header = TraceHeader(
            seed: kernel.lifecycle.seed, route: kernel.lifecycle.route, policy: kernel.policy,
            chart: Kernel.chartDigest)
        return TraceWriter(header: header, origin: .zero) { [unowned self] in text += $0 }
    }

    var finished: String {
        writer?.finish()
        return text
    }
}
