import NovaKernel
import NovaMachine
import NovaTrace
import NovaWire

/// Writes down every step of a connection, everything that came in, and everything that went out.
final class WholeRecorder: StepWitness, InputWitness {
    private var writer: TraceWriter
    private let redactor: Redactor?
    private var isOver = false
    /// The attempt that writes.
    private var attempt = AttemptID(0)

    /// A recorder that shows everything, or what the redactor makes of it.
    init(_ writer: TraceWriter, _ redactor: Redactor?) { (self.writer, self.redactor) = (writer, redactor) }

    private func note(_ entry: TraceEntry) { if !isOver { writer.note(entry) } }

    func stepTaken(_ step: WitnessedStep, _ effects: Effects<Effect>, after kernel: borrowing Kernel) {
        writer.record(step.occurrence, before: step.before.stateText, step.rule, effects, after: kernel)
        effects.forEach { note($0) }
        redactor?.tokens = kernel.pings.pending.map(\.token)
    }

    private func note(_ effect: Effect) {
        switch effect {
        case .dial(let attempt): transportBegins(attempt)
        case .settle(let operation, .refused): redactor?.forget(operation)
        default: break
        }
    }

    /// A transport is made for this attempt: what is written from now on is its.
    private func transportBegins(_ attempt: AttemptID) {
        redactor?.beginTransport()
        self.attempt = attempt
    }

    func stepsEnded() {
        writer.finish()
        isOver = true
    }

    // MARK: In

    func commandCame(_ operation: OperationID, _ command: Command, _ payload: UnsafeRawBufferPointer) {
        let payload = Array(payload)
        let shown = redactor?.sent(operation, command, payload) ?? payload
        note(.command(operation, words: command.text, payload: shown))
    }

    func eventCame(_ event: Event) { note(.event(words: event.text)) }

    func bytesCame(_ attempt: AttemptID, _ bytes: UnsafeRawBufferPointer) {
        let bytes = Array(bytes)
        note(.received(attempt, redactor?.received(bytes) ?? bytes))
    }

    func becameWritable() { note(.writable) }
    func turnEnded() { note(.turnEnded) }
    func jobBegan() { note(.job) }
    func maskKeyTaken(_ key: UInt32) { note(.maskKey(key)) }

    func handshakeKeyTaken(_ key: String) {
        redactor?.beginHandshake(key)
        note(.handshakeKey(key))
    }

    // MARK: Out

    func messageDelivered(_ kind: MessageKind, _ message: ByteView) {
        let shown = redactor?.delivered(kind, message.array)
        let digest =
            shown?.withUnsafeBytes { TraceEntry.digest($0) } ?? message.withUnsafeBytes { TraceEntry.digest($0) }
        note(.delivered(count: message.count, digest: digest))
    }

    func bytesWritten(_ bytes: UnsafeRawBufferPointer, taken: Int) {
        let written = Array(bytes.prefix(taken))
        note(.wrote(attempt, redactor?.written(written) ?? written, offered: bytes.count))
    }
}
