import NovaWire

/// Everything that can happen to a connection. Plain data: ids and sizes, never bytes.
@frozen
public enum Event: Hashable, Sendable {
    /// A caller wants something; the promise to it is settled exactly once (law R6).
    case command(OperationID, Command)
    /// A caller stopped waiting for what it wanted. The first send of a message in fragments stands for the message:
    /// one that has begun can't be taken back, so the connection ends (RFC 6455 §5.4).
    case abandoned(OperationID)
    /// The consumer is done with so many messages of so many bytes in all.
    case consumed(messages: Int, bytes: Int)
    /// The consumer will not ask again.
    case consumerLeft
    /// Something became true of the attempt: the spine's business.
    case fact(AttemptID, Lifecycle.Fact)
    /// Bytes came from the server. Told once a read, before the frames in it.
    case heard(AttemptID, count: Int)
    /// The system has taken so many bytes of what waits; so many still wait.
    case wrote(AttemptID, count: Int, remaining: Int)
    /// So many bytes of accepted messages were given up, to let a close frame go first.
    case dropped(AttemptID, count: Int)
    /// The message that has come is the answer to this request.
    case answered(AttemptID, OperationID)
    /// The handler says how far an exchange of credentials has come.
    case authentication(AttemptID, AuthenticationWord)
    /// The handler says what was heard of a subscription.
    case subscription(AttemptID, SubscriptionID, SubscriptionWord)
    /// The bucket that several connections share has let go of the tokens that were asked for under this number.
    case tokensGranted(AttemptID, ticket: UInt32)
    /// A timer has fired.
    case fired(AttemptID, Timer)
}

/// What a caller may want.
@frozen
public enum Command: Hashable, Sendable {
    /// To have a connection; settled when it is ready or closed.
    case connect
    /// To send a message, or a part of one, of `count` payload bytes; settled when it is accepted.
    case send(Outbound.Part, MessageKind, count: Int)
    /// To have a message of `count` payload bytes go out by these terms; settled when it is accepted or, if it is kept,
    /// written; if an answer is awaited, by the answer.
    case post(Dispatch, MessageKind, count: Int)
    /// To be subscribed, on this connection and on every later one; settled when that is confirmed or fails.
    case subscribe(SubscriptionID, SubscriptionTerms)
    /// To be subscribed no longer; settled at once.
    case unsubscribe(SubscriptionID)
    /// To be authenticated anew; settled when the server has answered.
    case authenticate
    /// To know when all that was accepted has been handed to the system.
    case flush
    /// To let what is posted go without waiting for its tokens, as far as there is room; settled when that is written.
    case drain
    /// To know the round-trip time.
    case ping
    /// To end the connection in order, with this code (1005: none) and a reason of so many bytes; settled when it is
    /// closed.
    case close(CloseCode, reasonCount: Int)
    /// To end the connection of this attempt (``AttemptID/whole``: whichever there is), but not the wish for one: what
    /// came on it, or did not, is of no use to the caller. Our close frame says this code and a reason of so many bytes;
    /// the retry table decides what follows. Settled at once.
    case fail(AttemptID, CloseCode, reasonCount: Int)
}

/// An event and the moment it happened.
@frozen
public struct Occurrence: Hashable, Sendable {
    /// When it happened, on the driver's monotonic clock (law R11).
    public var at: Instant
    /// What happened.
    public var event: Event

    /// `event`, at that moment.
    @inlinable
    public init(_ event: Event, at: Instant) {
        self.at = at
        self.event = event
    }
}
