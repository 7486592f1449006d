import NovaKernel
import NovaMachine
import NovaTrace
import NovaWire

/// Writes down every step of a connection, everything that came in, and everything that went out.
final class WholeRecorder: StepWitness, InputWitness {
    private var writer: TraceWriter
    private var isOver = false

    init(_ writer: TraceWriter) { self.writer = writer }

    private func note(_ entry: TraceEntry) { if !isOver { writer.note(entry) } }

    func stepTaken(_ step: WitnessedStep, _ effects: Effects<Effect>, after kernel: borrowing Kernel) {
        writer.record(step.occurrence, before: step.before.stateText, step.rule, effects, after: kernel)
    }

    func stepsEnded() {
        writer.finish()
        isOver = true
    }

    // MARK: In

    func commandCame(_ operation: OperationID, _ command: Command, _ payload: UnsafeRawBufferPointer) {
        note(.command(operation, words: command.text, payload: Array(payload)))
    }

    func eventCame(_ event: Event) { note(.event(words: event.text)) }
    func bytesCame(_ attempt: AttemptID, _ bytes: UnsafeRawBufferPointer) { note(.received(attempt, Array(bytes))) }
    func becameWritable() { note(.writable) }
    func turnEnded() { note(.turnEnded) }
    func jobBegan() { note(.job) }
    func maskKeyTaken(_ key: UInt32) { note(.maskKey(key)) }
    func handshakeKeyTaken(_ key: String) { note(.handshakeKey(key)) }

    // MARK: Out

    func messageDelivered(_ message: ByteView) {
        note(.delivered(count: message.count, digest: message.withUnsafeBytes { TraceEntry.digest($0) }))
    }

    func bytesWritten(_ bytes: UnsafeRawBufferPointer, taken: Int) {
        note(.wrote(attempt, Array(bytes.prefix(taken)), offered: bytes.count))
    }

    /// The attempt that writes.
    var attempt = AttemptID(0)
}
