/// Everything that is particular about a service, in one type: where it is, what its messages mean, who we are to it,
/// how its channels are asked for, and how fast we may be. Everything has a default; override what differs.
public protocol Adapter: MessageHandler, AuthenticationHandler, SubscriptionHandler, RateLimitHandler,
    ConnectionHandler,
    ErrorHandler
{
    /// Where the service is.
    var url: String { get }

    /// Changes the options of the connection to what the service wants. Whoever makes the session has the last word. A whole
    /// new policy without a rate limit or credentials leaves those that the handlers say.
    func configure(_ options: inout WebSocketOptions)

    /// By which terms messages go out if neither the client nor the call says otherwise.
    var calls: CallOptions { get }
}

extension Adapter {
    /// The options are as they are.
    public func configure(_ options: inout WebSocketOptions) {}

    /// The library's own.
    public var calls: CallOptions { CallOptions() }
}

/// The handlers of a session, each of its own kind: an adapter's, or parts put together without one.
public struct Handlers: Sendable {
    /// What messages mean.
    public var messages: any MessageHandler
    /// Who we are.
    public var authentication: any AuthenticationHandler
    /// How channels are asked for.
    public var subscriptions: any SubscriptionHandler
    /// How fast we may be.
    public var rateLimit: any RateLimitHandler
    /// Who sees connections come and go; nil: nobody.
    public var connection: (any ConnectionHandler)?
    /// Who says what is done about errors; nil: they are told, and the policy alone decides.
    public var errors: (any ErrorHandler)?
    /// Who says which message of its channel a message is; nil: nobody, and a change of connections leaves a gap.
    public var positions: (any PositionHandler)?
    /// By which terms messages go out if nobody says otherwise.
    public var calls = CallOptions()

    /// These parts; the others are the defaults: JSON-RPC 2.0, no credentials, a request for each
    /// channel, no limit.
    public init(
        messages: (any MessageHandler)? = nil, authentication: (any AuthenticationHandler)? = nil,
        subscriptions: (any SubscriptionHandler)? = nil, rateLimit: (any RateLimitHandler)? = nil,
        connection: (any ConnectionHandler)? = nil, errors: (any ErrorHandler)? = nil,
        positions: (any PositionHandler)? = nil
    ) {
        self.messages = messages ?? Defaults()
        self.authentication = authentication ?? Defaults()
        self.subscriptions = subscriptions ?? Defaults()
        self.rateLimit = rateLimit ?? Defaults()
        self.connection = connection
        self.errors = errors
        self.positions = positions
    }

    /// All of them are the adapter; it says positions if it is a ``PositionHandler`` too.
    public init(_ adapter: some Adapter) {
        self.init(
            messages: adapter, authentication: adapter, subscriptions: adapter, rateLimit: adapter, connection: adapter,
            errors: adapter, positions: adapter as? any PositionHandler)
        calls = adapter.calls
    }

    private struct Defaults: MessageHandler, AuthenticationHandler, SubscriptionHandler, RateLimitHandler {}
}
