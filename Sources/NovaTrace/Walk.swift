import NovaKernel
import NovaMachine

/// One step of a trace as the machine takes it: what the words of the trace stand for.
struct Walked {
    var record: FlightRecorder.Record
    var effects: [Effect]
    var from: Lifecycle.Standing
    var to: Lifecycle.Standing
    /// The machine after the step.
    var kernel: Kernel

    /// Whether the step ended an attempt.
    var endsAttempt: Bool { effects.contains { if case .report = $0 { true } else { false } } }
}

extension Trace {
    /// Folds the machine over the events and shows each step to `visit`. Ends before the first step that this machine
    /// decides otherwise than the one that wrote the trace: what follows there is another story, see ``Replay``.
    func walk(_ visit: (Walked) -> Void) throws(WordError) {
        var kernel = try header.makeKernel()
        var effects = Effects<Effect>()
        for recorded in steps {
            let occurrence = Occurrence(try Event(text: recorded.event), at: Instant(nanoseconds: recorded.t))
            effects.removeAll()
            let advance = kernel.advance(occurrence, &effects)
            guard advance.rule.rawValue == recorded.rule, kernel.lifecycle.stateText == recorded.after else { return }
            let record = FlightRecorder.Record(
                event: occurrence.event, at: occurrence.at, since: occurrence.at, rule: advance.rule, count: 1)
            visit(Walked(record: record, effects: effects.array, from: advance.from, to: advance.to, kernel: kernel))
        }
    }
}

extension FlightRecorder.Record {
    /// The attempt that the event carries; nil if it carries none.
    var attempt: AttemptID? {
        switch event {
        case .command, .abandoned, .consumed, .consumerLeft: nil
        case .fact(let attempt, _), .heard(let attempt, _), .wrote(let attempt, _, _), .dropped(let attempt, _),
            .answered(let attempt, _), .authentication(let attempt, _), .subscription(let attempt, _, _),
            .tokensGranted(let attempt, _), .fired(let attempt, _):
            attempt
        }
    }

    /// The fact that the event tells, a timer that fired among them.
    var fact: Lifecycle.Fact? {
        switch event {
        case .fact(_, let fact): fact
        case .fired(_, let timer): .fired(timer)
        case .command, .abandoned, .answered, .authentication, .subscription, .consumed, .consumerLeft, .heard, .wrote,
            .dropped, .tokensGranted:
            nil
        }
    }
}
