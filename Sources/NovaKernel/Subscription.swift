/// Which subscription something belongs to: one for each channel that is wanted.
@frozen
public struct SubscriptionID: Hashable, Sendable {
    /// A number no other subscription of this connection has.
    public var number: UInt32

    /// The subscription with that number.
    @inlinable
    public init(_ number: UInt32) { self.number = number }
}

/// By which terms a subscription is wanted.
@frozen
public struct SubscriptionTerms: Hashable, Sendable {
    /// How long the server may take to answer a request for it, in milliseconds.
    public var answerMilliseconds: UInt32
    /// How long its messages may stay away, in milliseconds; 0: for ever.
    public var freshnessMilliseconds: UInt32

    /// Thirty seconds for an answer, and no limit to silence, unless said otherwise.
    public init(answerMilliseconds: UInt32 = 30_000, freshnessMilliseconds: UInt32 = 0) {
        self.answerMilliseconds = answerMilliseconds
        self.freshnessMilliseconds = freshnessMilliseconds
    }

    /// How long the server may take to answer.
    var answerTime: Duration { .milliseconds(Int64(answerMilliseconds)) }

    /// How long messages may stay away; nil: for ever.
    var freshness: Duration? { freshnessMilliseconds > 0 ? .milliseconds(Int64(freshnessMilliseconds)) : nil }
}

/// What is heard of a subscription.
public enum SubscriptionWord: String, Hashable, Sendable, CaseIterable {
    /// The server has confirmed it.
    case confirmed
    /// The server has refused it.
    case refused
    /// The server has ended it.
    case ended
    /// The server has said nothing for longer than whoever asked it was to wait.
    case unanswered
    /// A message of it has come.
    case heard
}

/// What is told to those who take a subscription's messages.
@frozen
public enum SubscriptionNews: Hashable, Sendable {
    /// The server has confirmed it for the first time.
    case confirmed
    /// The connection is lost; messages are missed from now on.
    case lost
    /// It is confirmed on another connection; messages were missed for so long.
    case resumed(after: Duration)
    /// There will be no more messages.
    case failed(Refusal)
    /// No message has come for so long, which is longer than it may be.
    case stale(after: Duration)
    /// One has come again.
    case fresh
}

/// How many subscriptions there may be.
public struct SubscriptionLimits: Hashable, Sendable {
    /// Subscriptions; and as many callers that wait for one of them.
    public var maximumSubscriptions = 4096

    /// The default: 4,096.
    public init() {}
}

/// What is heard of an exchange of credentials.
@frozen
public enum AuthenticationWord: Hashable, Sendable {
    /// They were presented.
    case presented(exchange: UInt32)
    /// The server has accepted them, for so many milliseconds; nil: for ever.
    case accepted(exchange: UInt32, validMilliseconds: UInt64?)
    /// It has not, or there are none.
    case failed(exchange: UInt32, AuthenticationFault)
}
