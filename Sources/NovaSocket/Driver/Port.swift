import NovaKernel
import NovaTransport
import NovaWire

/// What a driver needs of the world. The event loop's is ``LoopPort``; a test's may be made of nothing but numbers.
///
/// Everything is called on the driver's own thread, and whatever the port has to say comes back as an event, never from inside
/// one of these calls.
package protocol Port: AnyObject {
    /// The moment of the present turn, in nanoseconds on a monotonic clock.
    var now: Instant { get }

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

    /// Hands bytes to the transport; returns how many it took. ``Driver/writable()`` follows if not all.
    func write(_ bytes: UnsafeRawBufferPointer) -> Int
    /// Calls ``Driver/flush()`` before the turn ends.
    func flushAtEndOfTurn()
    /// Stops reading.
    func pauseReading()
    /// Reads again.
    func resumeReading()

    /// Memory for outgoing bytes, to be given back when it is empty.
    func takeBuffer() -> OutgoingBuffer
    /// Takes a buffer back.
    func giveBack(_ buffer: consuming OutgoingBuffer)

    /// A key for the next frame, from a cryptographic source (RFC 6455 §10.3).
    func maskKey() -> UInt32
    /// A fresh `Sec-WebSocket-Key`, and the accept value it must be answered with; nil if there is no randomness.
    func handshakeKey() -> (key: String, accept: String)?
}
