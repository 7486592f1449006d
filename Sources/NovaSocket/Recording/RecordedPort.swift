import NovaKernel
import NovaTransport

/// A port whose bytes and keys are written down.
final class RecordedPort: Port {
    private let base: any Port
    private let recorder: WholeRecorder

    init(_ base: any Port, _ recorder: WholeRecorder) { (self.base, self.recorder) = (base, recorder) }

    func write(_ bytes: UnsafeRawBufferPointer) -> Int {
        let taken = base.write(bytes)
        recorder.bytesWritten(bytes, taken: taken)
        return taken
    }

    func maskKey() -> UInt32 {
        let key = base.maskKey()
        recorder.maskKeyTaken(key)
        return key
    }

    func handshakeKey() -> HandshakeKey {
        let key = base.handshakeKey()
        recorder.handshakeKeyTaken(key.key)
        return key
    }

    func dial(_ attempt: AttemptID) {
        recorder.transportBegan(attempt)
        base.dial(attempt)
    }

    // All else goes through.
    func attach(_ driver: Driver) { base.attach(driver) }
    var now: Instant { base.now }
    func refresh() -> Instant { base.refresh() }
    var isCurrent: Bool { base.isCurrent }
    func execute(_ work: @escaping @Sendable () -> Void) { base.execute(work) }
    var taskExecutor: any TaskExecutor { base.taskExecutor }
    func arm(_ timer: Timer, _ attempt: AttemptID, after duration: Duration) {
        base.arm(timer, attempt, after: duration)
    }
    func disarm(_ timer: Timer) { base.disarm(timer) }
    func resolve(_ attempt: AttemptID) { base.resolve(attempt) }
    func secure(_ attempt: AttemptID) { base.secure(attempt) }
    func release(_ attempt: AttemptID, _ holding: Holding) { base.release(attempt, holding) }
    func callAtEndOfTurn() { base.callAtEndOfTurn() }
    func pauseReading() { base.pauseReading() }
    func resumeReading() { base.resumeReading() }
    func finish() { base.finish() }
    func takeBuffer() -> OutgoingBuffer { base.takeBuffer() }
    func giveBack(_ buffer: consuming OutgoingBuffer) { base.giveBack(buffer) }
}
