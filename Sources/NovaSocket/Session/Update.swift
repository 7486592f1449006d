import NovaKernel

/// What comes of a subscription.
public enum Update: Sendable {
    /// A message of its channel.
    case message(Message)
    /// The connection was lost: messages are missed from now on, until ``gap(_:)`` says that they come again. Where no other
    /// connection is to follow, the sequence ends without it.
    case interrupted
    /// Messages were missed; those that follow come after the gap.
    case gap(Gap)
    /// No message has come since that moment, on the connection's monotonic clock; longer than it may be.
    case stale(since: Instant)
    /// One has come again.
    case fresh

    /// The message, if it is one.
    public var message: Message? { if case .message(let message) = self { message } else { nil } }
}

/// Messages that were missed.
public struct Gap: Hashable, Sendable {
    /// Why they were.
    public enum Cause: Hashable, Sendable {
        /// There was no connection, since that moment on the connection's monotonic clock.
        case connectionLost(since: Instant)
        /// So many were dropped, the oldest first, as nobody took them.
        case overflow(count: Int)
        /// The session has changed connections (``Session/rollOver()``), and nobody says which message is which
        /// (``PositionHandler``): around this moment some may be missing, and some may have come twice.
        case rolledOver
    }

    /// Why they were.
    public var cause: Cause
    /// Which connection the messages behind the gap come through.
    public var attempt: AttemptID

    /// A gap: for tests of what takes updates.
    public init(cause: Cause, attempt: AttemptID) { (self.cause, self.attempt) = (cause, attempt) }
}
