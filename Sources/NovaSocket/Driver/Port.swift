import NovaKernel
import NovaTransport
import NovaWire

/// Where frames go out: what the queue of frames needs of the world.
package protocol Outlet: AnyObject {
    /// Hands bytes to the transport; returns how many it took. ``Driver/writable()`` follows if not all, and then the same
    /// bytes must be offered again first: TLS may have encrypted them already.
    func write(_ bytes: UnsafeRawBufferPointer) -> Int
    /// Memory for outgoing bytes, to be given back when it is empty.
    func takeBuffer() -> OutgoingBuffer
    /// Takes a buffer back.
    func giveBack(_ buffer: consuming OutgoingBuffer)
    /// A key for the next frame, from a cryptographic source (RFC 6455 §10.3).
    func maskKey() -> UInt32
}

/// What a driver needs of the world. The event loop's is ``LoopPort``; a test's may be made of nothing but numbers.
///
/// Everything else is called on the driver's own thread, and whatever the port has to say comes back later: never from
/// inside a call of the driver's.
package protocol Port: Outlet {
    /// The driver that it speaks to from now on; held until ``finish()``.
    func attach(_ driver: Driver)
    /// The moment of the present turn, in nanoseconds on a monotonic clock.
    var now: Instant { get }
    /// Looks at the clock anew, as a long computation may lie between the turn's beginning and now; returns what it says.
    /// On the driver's thread ``now`` is the same afterwards; from another it stays as it is.
    @discardableResult
    func refresh() -> Instant
    /// The calendar's time, in nanoseconds since 1970, for recordings; nil where there is none. Nothing may be decided by it.
    var calendarTime: UInt64? { get }
    /// Whether the caller runs on the driver's thread. May be asked from any thread.
    var isCurrent: Bool { get }
    /// Runs `work` on the driver's thread, soon, in the order of the calls. May be called from any thread.
    func execute(_ work: @escaping @Sendable () -> Void)
    /// The same after so long; what is not wanted any more by then must know it itself.
    func execute(after time: Duration, _ work: @escaping @Sendable () -> Void)
    /// What runs tasks on the driver's thread.
    var taskExecutor: any TaskExecutor { get }
    /// What runs handlers: away from the driver's thread, where there is another.
    var handlerExecutor: any TaskExecutor { get }

    /// Fires the timer after `duration`, in place of an earlier arming.
    func arm(_ timer: Timer, _ attempt: AttemptID, after duration: Duration)
    /// Forgets the timer.
    func disarm(_ timer: Timer)

    /// Looks the endpoint's name up.
    func resolve(_ attempt: AttemptID)
    /// Connects to the addresses the look-up has found.
    func dial(_ attempt: AttemptID)
    /// Sets TLS up on the transport.
    func secure(_ attempt: AttemptID)
    /// Gives up what the attempt holds; without effect if it holds nothing. No event of it comes afterwards.
    func release(_ attempt: AttemptID, _ holding: Holding)

    /// Calls ``Driver/turnEnded()`` before the turn ends. Asked for once a turn.
    func callAtEndOfTurn()
    /// Stops reading.
    func pauseReading()
    /// Reads again.
    func resumeReading()

    /// The connection is closed for good: there will be no more events.
    func finish()

    /// A fresh `Sec-WebSocket-Key`, and the accept value it must be answered with.
    func handshakeKey() -> HandshakeKey
}

extension Port {
    /// Runs `work` on the driver's thread: at once where that is this one, so that nothing that is asked for next comes
    /// before it.
    func executeNow(_ work: @escaping @Sendable () -> Void) {
        if isCurrent { work() } else { execute(work) }
    }
}
