import NovaKernel
import NovaMachine
import NovaTrace

extension Telemetry {
    /// The events that observers of the recorded connection were told, in their order; times count from the beginning of the
    /// recording. All but ``ConnectionEvent/handlerReported(_:_:)`` and ``ConnectionEvent/warned(_:)``, which are of no step.
    ///
    /// Throws a ``/NovaTrace/TraceError`` where the recording can't be read, or this machine decides otherwise than the one
    /// that wrote it.
    public static func events(of trace: Trace) throws(TraceError) -> [ObservedEvent] {
        var telemetry = Telemetry()
        var events: [ObservedEvent] = []
        var effects = Effects<Effect>()
        var line = 1
        do {
            var kernel = try trace.header.makeKernel()
            for recorded in trace.steps {
                line += 1
                let occurrence = Occurrence(try Event(text: recorded.event), at: Instant(nanoseconds: recorded.t))
                let before = kernel.lifecycle
                effects.removeAll()
                let rule = kernel.handle(occurrence, &effects)
                guard rule.rawValue == recorded.rule else {
                    throw WordError(
                        "step \(recorded.n) was decided by \(recorded.rule), and is now by \(rule.rawValue)")
                }
                let attempt = kernel.attempt
                telemetry.take(
                    WitnessedStep(occurrence: occurrence, before: before, rule: rule), effects, after: kernel
                ) { events.append(ObservedEvent($0, attempt: attempt, at: occurrence.at)) }
            }
        } catch {
            throw TraceError(line: line, reason: "\(error)")
        }
        return events
    }
}
