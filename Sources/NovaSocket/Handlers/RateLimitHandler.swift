import NovaKernel

/// What a message is for, as far as its cost goes.
public enum MessagePurpose: Hashable, Sendable {
    /// A request with this method.
    case request(method: String)
    /// Several requests, and messages that want no answer, as one message: so many of each. A bucket that counts requests
    /// and not messages wants the sum.
    case batch(requests: Int, notifications: Int)
    /// A message of the caller's own.
    case message
    /// What a handler answers.
    case reply
}

/// How fast messages may go out, and what each costs.
public protocol RateLimitHandler: Sendable {
    /// The bucket; nil: there is no limit.
    var rateLimit: RateLimit? { get }

    /// The bucket that this session shares with others, in place of its own; nil: it shares none.
    var sharedRateLimit: SharedRateLimit? { get }

    /// How many tokens a message costs. Called in the task of whoever sends it.
    func cost(of purpose: MessagePurpose) -> UInt32
}

extension RateLimitHandler {
    /// There is no limit.
    public var rateLimit: RateLimit? { nil }

    /// None is shared.
    public var sharedRateLimit: SharedRateLimit? { nil }

    /// One token, whatever it is.
    public func cost(of purpose: MessagePurpose) -> UInt32 { 1 }
}
