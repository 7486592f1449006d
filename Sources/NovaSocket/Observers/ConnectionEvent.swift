import NovaKernel
import NovaWire

/// Something that a connection did, or that happened to it, as observers are told it. Sizes are in bytes of payload; times
/// are those of the connection's monotonic clock.
@nonexhaustive
public enum ConnectionEvent: Hashable, Sendable {
    // The connection
    /// Something about where the connection goes is mostly not meant. Told once, as the first attempt begins; of no step, and so
    /// not in a recording.
    case warned(OptionsWarning)
    /// An attempt at a connection began, after so many failures in a row.
    case attemptBegan(failures: UInt32)
    /// A stage of the attempt began.
    case stageBegan(ConnectionStage)
    /// A stage of the attempt is over, after that time: it was completed, or the attempt ended in it.
    case stageEnded(ConnectionStage, isComplete: Bool, Duration)
    /// The opening handshake is done (RFC 6455 §4.1); so long after the attempt began.
    case opened(after: Duration)
    /// The connection is authenticated, subscriptions are restored, messages may go; so long after the attempt began.
    case ready(after: Duration)
    /// The connection is ready again, so long after the last one that was has ended; it took so many attempts. Follows on
    /// ``ready(after:)``.
    case reconnected(after: Duration, attempts: UInt32)
    /// The connection counts as stable: failures before it are forgotten.
    case stabilised
    /// The closing handshake began, with this code; who brought it about.
    case closing(CloseCode, by: Origin)
    /// The attempt is over, so long after it began; nil: the closing handshake took no time, as there was none.
    indirect case ended(TerminationCause, after: Duration, closingFor: Duration?)
    /// Another attempt is due after this time.
    case retryPlanned(after: Duration, failures: UInt32)
    /// The wait for the next attempt is over, after that time.
    case backoffEnded(BackoffEnd, after: Duration)
    /// There will be no further attempt. The last event of a connection.
    indirect case closed(TerminationCause)

    // Messages
    /// A message came, and is handed to its consumer.
    case messageReceived(MessageKind, bytes: Int)
    /// Messages that came were dropped: nobody takes them any more, or there was no room while closing.
    case messagesDropped(count: UInt64)
    /// A message was handed to the system, so long after its caller sent it: waiting for room, for tokens, for a connection
    /// and for the network included.
    case messageSent(MessageKind, bytes: Int, latency: Duration)
    /// Accepted messages were not handed to the system, and never will be.
    case messagesLost(count: Int, bytes: Int)
    /// A message that awaits no answer was refused, or given up before it was accepted.
    case sendRefused(Refusal, bytes: Int)
    /// Reading stopped, as so much waits for a consumer that is behind. It goes on, or ends with the connection.
    case readingPaused(messages: Int, bytes: Int)
    /// Reading goes on, after that time.
    case readingResumed(after: Duration)
    /// The consumer will take no more messages.
    case consumerLeft

    // Pings
    /// A ping was sent, for a caller or for the keepalive.
    case pingSent(PingSender)
    /// The pong to a ping came, so long after it.
    case pongReceived(PingSender, roundTrip: Duration)
    /// No pong came in time to a caller's ping.
    case pingUnanswered(after: Duration)
    /// The server sent a ping; it is answered.
    case pingReceived

    // Requests
    /// A caller asks for something: a message of so many bytes waits for its turn.
    case requestBegan(RequestID, bytes: Int)
    /// The request was accepted for sending, so long after it began. Again, if it is kept and goes out on a later connection.
    case requestSent(RequestID, after: Duration)
    /// The request is over, so long after it began; with the time from its sending to its answer, if it has one.
    case requestEnded(RequestID, RequestEnd, roundTrip: Duration?, after: Duration)
    /// An answer came that nobody waits for.
    case strayAnswer(RequestID, StrayAnswer)

    // The rate limit
    /// A message went that the rate limit had held back for so long.
    case rateLimitWaited(Duration)
    /// The rate limit refused a message of this cost, in tokens.
    case rateLimitRefused(cost: UInt32)

    // The session
    /// The handler was asked for credentials: for a new connection, or to renew them.
    case authenticationBegan(isRenewal: Bool)
    /// That exchange is over, after that time.
    case authenticationEnded(AuthenticationEnd, isRenewal: Bool, after: Duration)
    /// Something happened to a subscription.
    case subscription(SubscriptionID, SubscriptionEvent)
    /// There is something to know about a handler: see ``HandlerReport``. Like ``warned(_:)`` it is not drawn from the
    /// machine's steps, and so not in a recording.
    case handlerReported(HandlerReport.Handler, HandlerFinding)
}

/// A stage that an attempt goes through, in their order.
public enum ConnectionStage: String, Hashable, Sendable, CaseIterable {
    /// Looking the name up.
    case resolve
    /// Making a transport connection.
    case dial
    /// Asking a proxy for a tunnel.
    case tunnel
    /// Setting TLS up.
    case secure
    /// The opening handshake.
    case upgrade
    /// Presenting credentials.
    case authenticate
    /// Restoring subscriptions.
    case restore
}

/// How a wait for the next attempt ended.
public enum BackoffEnd: String, Hashable, Sendable, CaseIterable {
    /// It was over: the next attempt begins.
    case elapsed
    /// A caller wanted the connection at once.
    case hurried
    /// A caller closed the connection.
    case cancelled
    /// The policy gave up meanwhile.
    case gaveUp
}

/// Who wants a ping.
public enum PingSender: String, Hashable, Sendable, CaseIterable {
    /// A caller.
    case caller
    /// The keepalive.
    case keepalive
}

/// How a request ended.
public enum RequestEnd: Hashable, Sendable {
    /// Its answer came; whether that is a failure of the server's, its caller knows.
    case answered
    /// No answer came in time.
    case timedOut
    /// It went with the connection that carried it, or that it waited for; why.
    case lost(Refusal)
    /// Its caller stopped waiting.
    case cancelled
    /// It was refused at once; why.
    case refused(Refusal)
}

/// What an answer is that nobody waits for.
public enum StrayAnswer: String, Hashable, Sendable, CaseIterable {
    /// The request was over by then, without an answer.
    case late
    /// It had one already.
    case duplicate
    /// There was no such request, or not lately.
    case unsolicited
    /// The request had not even gone out.
    case premature
}

/// How an exchange of credentials ended.
public enum AuthenticationEnd: Hashable, Sendable {
    /// The server accepts them for so long; nil: for ever.
    case accepted(validFor: Duration?)
    /// It does not, or there are none.
    case failed(AuthenticationFault)
    /// The connection ended before it.
    case abandoned
}

/// What happened to a subscription.
public enum SubscriptionEvent: Hashable, Sendable {
    /// The server is asked for it.
    case requested
    /// The server confirmed it, so long after it was asked.
    case confirmed(after: Duration)
    /// It is confirmed again, on another connection: messages of so long were missed.
    case resumed(gap: Duration)
    /// Its connection is lost: messages are missed from now on.
    case lost
    /// There will be no more messages; why.
    case failed(Refusal)
    /// No message has come for so long, longer than it may be.
    case stale(after: Duration)
    /// One has come again.
    case fresh
    /// Nobody wants it any more, or the connection is closed for good.
    case ended
}

/// What there is to know about a handler.
public enum HandlerFinding: Hashable, Sendable {
    /// It threw an error of this type.
    case threw(type: String)
    /// It took so long.
    case slow(Duration)
    /// It could not read a message.
    case unreadable
    /// It was too slow to be told of so many things.
    case missed(count: Int)
}

/// An event of a recording, and when it was: without a connection around it, as there is none.
public struct ObservedEvent: Hashable, Sendable {
    /// What happened.
    public var event: ConnectionEvent
    /// The attempt under way, or the last one.
    public var attempt: AttemptID
    /// When, on the connection's monotonic clock.
    public var at: Instant

    /// An event of that moment.
    public init(_ event: ConnectionEvent, attempt: AttemptID, at: Instant) {
        (self.event, self.attempt, self.at) = (event, attempt, at)
    }
}
