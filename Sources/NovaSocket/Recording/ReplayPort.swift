import NovaKernel
import NovaTransport

/// A world that says again what it said when it was recorded.
final class ReplayPort: Port {
    private unowned let replay: WholeReplay
    private var spares = SpareBuffers()

    init(_ replay: WholeReplay) { self.replay = replay }

    func attach(_ driver: Driver) {}
    var now: Instant { replay.now }
    func refresh() -> Instant { now }
    var calendarTime: UInt64? { nil }
    var isCurrent: Bool { true }
    func execute(_ work: @escaping @Sendable () -> Void) { replay.putOff(work) }
    /// No time passes here but the recorded one, and nobody is at work who could be slow.
    func execute(after time: Duration, _ work: @escaping @Sendable () -> Void) {}
    var taskExecutor: any TaskExecutor { globalConcurrentExecutor }
    var handlerExecutor: any TaskExecutor { globalConcurrentExecutor }

    func write(_ bytes: UnsafeRawBufferPointer) -> Int { replay.write(bytes) }
    func maskKey() -> UInt32 { replay.nextMaskKey() }
    func handshakeKey() -> HandshakeKey { replay.nextHandshakeKey() }

    func takeBuffer() -> OutgoingBuffer { spares.take() }
    func giveBack(_ buffer: consuming OutgoingBuffer) { spares.giveBack(buffer) }

    // What is wanted of the world is in the steps' effects, and compared there.
    func arm(_ timer: Timer, _ attempt: AttemptID, after duration: Duration) {}
    func disarm(_ timer: Timer) {}
    func resolve(_ attempt: AttemptID) {}
    func dial(_ attempt: AttemptID) {}
    func secure(_ attempt: AttemptID) {}
    func release(_ attempt: AttemptID, _ holding: Holding) {}
    func callAtEndOfTurn() {}
    func pauseReading() {}
    func resumeReading() {}
    func finish() {}
}
