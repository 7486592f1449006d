import NovaWire

/// Everything the kernel can want done. Plain data: ids and sizes, never bytes, closures or continuations.
///
/// The interpreter performs the effects of a step in their order, before it takes the next event, and decides nothing.
@frozen
public enum Effect: Hashable, Sendable {
    // The transport
    /// Look the host's name up.
    case resolve(AttemptID)
    /// Connect to one of the addresses.
    case dial(AttemptID)
    /// Ask the proxy for a tunnel.
    case tunnel(AttemptID)
    /// Set TLS up.
    case secure(AttemptID)
    /// Send the opening handshake (RFC 6455 §4.1).
    case upgrade(AttemptID)
    /// Give up what the attempt holds: cancel the look-up, close the transport. Without effect if there is none.
    case release(AttemptID, Holding)

    // Frames
    /// Encode the message of this send, and tell its caller that it was accepted.
    case transmit(AttemptID, OperationID)
    /// Encode the message of this post, whose caller waits on: for its answer, or for the writing.
    case dispatch(AttemptID, OperationID, Retaining)
    /// Send a ping that carries this token, ahead of queued messages.
    case ping(AttemptID, PingToken)
    /// Answer the ping that has just come, ahead of queued messages.
    case pong(AttemptID)
    /// Answer the ping that has just come in place of the last pong that still waits.
    case replacePong(AttemptID)
    /// Send a close frame with this code; 1005 stands for none.
    case sendClose(AttemptID, CloseCode, Urgency)
    /// Let the close frame that waits go now; messages that wait are not sent any more.
    case hastenClose(AttemptID)

    // The consumer
    /// Hand the message that has just come to the consumer.
    case deliver(AttemptID, MessageKind, count: Int)
    /// Stop reading from the transport.
    case pauseReading(AttemptID)
    /// Read from the transport again.
    case resumeReading(AttemptID)

    // The session
    /// Ask the handler for credentials, and have it present them: this is the exchange of that number.
    case authenticate(AttemptID, exchange: UInt32)
    /// Ask the server for this subscription.
    case subscribe(AttemptID, SubscriptionID)
    /// Tell the server that it is not wanted any more.
    case unsubscribe(AttemptID, SubscriptionID)
    /// Tell those who take its messages.
    case tell(SubscriptionID, SubscriptionNews)

    // The rate
    /// Ask the bucket that several connections share for so many tokens, under this number.
    case askTokens(AttemptID, ticket: UInt32, cost: UInt32)
    /// What was asked for under this number is not wanted any more: take it out of the line, or the tokens back.
    case returnTokens(AttemptID, ticket: UInt32, cost: UInt32)

    // Time
    /// Tell the machine after this time that the timer has fired.
    case arm(AttemptID, Timer, Duration)
    /// Forget the timer.
    case disarm(Timer)

    // The caller
    /// Keep a promise.
    case settle(OperationID, Outcome)
    /// Ask the caller's own function, or its handler of errors, how long to wait after this many failures.
    case askDelay(AttemptID, failures: UInt32)
    /// Tell those who watch that an attempt has ended; the kernel's `termination` says why.
    case report(AttemptID)

    // The machine itself
    /// Give the machine this fact before any other event.
    case raise(AttemptID, Lifecycle.Fact)
}

/// What an attempt can hold of the world outside.
public enum Holding: String, Hashable, Sendable, CaseIterable {
    /// A look-up of a name.
    case lookup
    /// A transport, or the dialing of one.
    case transport
}

/// Which place a close frame takes.
public enum Urgency: String, Hashable, Sendable, CaseIterable {
    /// Behind all messages that were accepted.
    case afterMessages
    /// At once; what waits is not sent any more.
    case now
}

/// How a promise to a caller was kept.
@frozen
public enum Outcome: Hashable, Sendable {
    /// The connection is open and ready.
    case opened
    /// All that was accepted before has been handed to the system.
    case written
    /// The pong of this very ping has come, or the answer to this very request.
    case answered(roundTrip: Duration)
    /// The subscription is confirmed.
    case subscribed
    /// It is not wanted any more; the server is told.
    case unsubscribed
    /// The server knows us.
    case authenticated
    /// The connection is closed; the kernel's `termination` says why.
    case closed
    /// The connection is being ended; what follows the policy decides.
    case failing
    /// It can't be kept.
    case refused(Refusal)
}

/// Why a promise can't be kept. The connection's state is not changed by it.
public enum Refusal: String, Hashable, Sendable, CaseIterable {
    /// There is no open connection now.
    case notOpen
    /// The connection is being closed.
    case closing
    /// The connection is closed for good.
    case closed
    /// The connection was lost before it could be done.
    case connectionLost
    /// No answer came in time.
    case timedOut
    /// As many are waiting as the policy allows.
    case tooManyWaiting
    /// The caller stopped waiting.
    case cancelled
    /// There is no fragmented message this fragment could belong to.
    case noSuchMessage
    /// The rate limit lets nothing through.
    case rateLimited
    /// The message costs more than the rate limit's bucket ever holds.
    case costTooHigh
    /// It was kept for a connection as long as it might be.
    case expired
    /// The server has refused the subscription.
    case subscriptionRefused
    /// The server has ended the subscription.
    case subscriptionEnded
    /// The server does not accept the credentials, or there are none.
    case notAuthenticated
}

/// Whether the bytes of a message are needed once it is encoded.
public enum Retaining: String, Hashable, Sendable, CaseIterable {
    /// They may be: the message may go out again on the next connection.
    case payload
    /// They are not.
    case nothing
}
