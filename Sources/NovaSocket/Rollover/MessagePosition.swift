/// Which message of its channel a message is: the same on every connection that brings it.
public enum MessagePosition: Hashable, Sendable {
    /// Its number in the channel's sequence: each message has a higher one than the one before. There may be holes; where a
    /// message says which number the one before it has, or there are none, `after` is that, and then it is known at once
    /// whether something is missing between two.
    case sequence(UInt64, after: UInt64? = nil)
    /// What no other message of the channel has near it: an identity, or all that it says. What a server sends again on a new
    /// subscription is known by it if it is the last message only; by numbers, whatever it is.
    case key(String)
}

/// Says which message of its channel a message is, so that a session can change connections and lose nothing and give
/// nothing twice.
public protocol PositionHandler: Sendable {
    /// The position of a message of that channel; nil if it has none. Called on the connection's own thread, for the
    /// messages around a change of connections only: it must not block.
    func position(of message: Message, in channel: Channel) -> MessagePosition?

    /// Whether the messages of that channel have positions; true by default. Where they have none, as where a subscription
    /// begins with all there is and goes on with what changes, the new connection's messages follow on a gap, from its first.
    func hasPositions(in channel: Channel) -> Bool
}

extension PositionHandler {
    /// They have.
    public func hasPositions(in channel: Channel) -> Bool { true }
}
