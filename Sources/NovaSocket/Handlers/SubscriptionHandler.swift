/// A channel that can be subscribed to: its name, and what else the server must be told.
public struct Channel: Hashable, Sendable {
    /// The name by which the server's messages name it.
    public var name: String
    /// What else is said when it is subscribed to.
    public var parameters: JSONValue?

    /// The channel of that name.
    public init(_ name: String, parameters: JSONValue? = nil) {
        self.name = name
        self.parameters = parameters
    }
}

/// What the server says of a channel that was asked for.
public enum SubscriptionVerdict: Sendable {
    /// Its messages come from now on.
    case confirmed
    /// They do not; the server's reason.
    case refused(any Error)
}

/// Asks the server for channels. It is asked on every connection, after the authentication, for all that is wanted, in
/// the order in which it was wanted first. Its defaults ask by requests, see ``RequestSubscriptions``.
public protocol SubscriptionHandler: Sendable {
    /// Asks for these channels, and says of each, in their order, what the server says. If it throws, all of them are
    /// refused for that reason; unless the connection was lost, in which case they are asked for on the next, or what it
    /// throws is the refusal `.timedOut`, in which case the server is told that they are not wanted any more.
    func subscribe(to channels: [Channel], _ context: SessionContext) async throws -> [SubscriptionVerdict]

    /// Tells the server that these are not wanted any more.
    func unsubscribe(from channels: [Channel], _ context: SessionContext) async throws
}

extension SubscriptionHandler {
    /// A request for each channel, as ``RequestSubscriptions`` makes it: `subscribe`, with the name in `channel`.
    public func subscribe(to channels: [Channel], _ context: SessionContext) async throws -> [SubscriptionVerdict] {
        try await RequestSubscriptions.standard.subscribe(to: channels, context)
    }

    /// A request for each channel: `unsubscribe`, with the name in `channel`.
    public func unsubscribe(from channels: [Channel], _ context: SessionContext) async throws {
        try await RequestSubscriptions.standard.unsubscribe(from: channels, context)
    }
}
