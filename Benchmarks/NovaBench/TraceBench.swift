import NovaKernel
import NovaMachine
import NovaTrace

/// What witnesses cost: the flight recorder with each step, and the replay of a trace.
enum TraceBench {
    /// The flight recorder is always on.
    static let dataPath: Set<String> = ["recorder: message in", "recorder: other step"]

    static var all: [KernelBench.Case] {
        [
            ("recorder: message in", recordTraffic), ("recorder: other step", recordOther),
            ("replay: step of a busy trace", replay),
        ]
    }

    private static let attempt = AttemptID(1)
    private static let operations = 1_000_000

    private static func record(_ name: String, _ events: [(Event, KernelRule)]) -> Measurement {
        var recorder = FlightRecorder(capacity: 32)
        let occurrences = events.map { (Occurrence($0.0, at: .zero), $0.1) }
        for _ in 0..<100 { for (occurrence, rule) in occurrences { recorder.record(occurrence, rule) } }
        return Measurement.of(name, operations: operations) { count in
            for _ in 0..<count { for (occurrence, rule) in occurrences { recorder.record(occurrence, rule) } }
        }
    }

    private static func recordTraffic(_ name: String) -> Measurement {
        record(name, [(.fact(attempt, .received(.message(.text, count: 64))), .lifecycle(.deliver))])
    }

    private static func recordOther(_ name: String) -> Measurement {
        record(name, [(.fact(attempt, .received(.ping(count: 0))), .lifecycle(.answerPing))])
    }

    /// A trace of a connection in use, replayed with every part compared.
    private static func replay(_ name: String) -> Measurement {
        let trace = busy(steps: 10_000)
        return Measurement.of(name, operations: 10) { count in
            for _ in 0..<count { _ = try? Replay.run(trace) }
        }.each(of: trace.steps.count)
    }

    private static func busy(steps: Int) -> Trace {
        var kernel = Kernel(route: [], policy: Policy(), seed: 1)
        var taken: [TraceStep] = []
        func take(_ event: Event) {
            taken.append(
                TraceStep.taken(
                    &kernel, Occurrence(event, at: .zero), number: UInt64(taken.count + 1), origin: .zero))
        }
        for event in KernelBench.opening { take(event) }
        while taken.count < steps {
            take(.heard(attempt, count: 64))
            take(.fact(attempt, .received(.message(.text, count: 64))))
            take(.consumed(messages: 1, bytes: 64))
            take(.command(OperationID(UInt64(taken.count)), .send(.whole, .text, count: 64)))
            take(.wrote(attempt, count: 70, remaining: 0))
        }
        var trace = Trace(header: TraceHeader(seed: 1, route: [], policy: Policy(), chart: ""), steps: taken)
        try? trace.readEvents()
        return trace
    }
}
