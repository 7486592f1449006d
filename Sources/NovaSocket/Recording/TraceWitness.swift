import NovaKernel
import NovaMachine
import NovaTrace

/// Writes down every step of a connection.
final class TraceWitness: StepWitness {
    private var writer: TraceWriter

    init(_ writer: TraceWriter) { self.writer = writer }

    func stepTaken(_ step: WitnessedStep, _ effects: Effects<Effect>, after kernel: borrowing Kernel) {
        writer.record(step.occurrence, before: step.before.stateText, step.rule, effects, after: kernel)
    }

    func stepsEnded() { writer.finish() }
}
