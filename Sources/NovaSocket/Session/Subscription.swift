import NovaKernel

/// A subscription, for as long as somebody holds it: the updates of a channel, over all connections.
///
/// Several may be subscribed to one channel; the server is asked for it once, and told that it is not wanted any more when
/// the last of them has gone. Updates have one consumer at a time; one that leaves loses nothing: what it has not taken is
/// for the next.
public final class Subscription: AsyncSequence, Sendable {
    /// What comes of it.
    public typealias Element = Update

    /// The channel.
    public let channel: Channel
    let feed: Feed
    let core: SessionCore

    init(_ channel: Channel, _ feed: Feed, _ core: SessionCore) {
        (self.channel, self.feed, self.core) = (channel, feed, core)
    }

    deinit { leave() }

    /// Ends it: its sequence ends, and if nobody else is subscribed to the channel, the server is told.
    public func cancel() {
        feed.finish(.finished)
        leave()
    }

    private func leave() {
        let (core, feed) = (core, feed)
        core.port.execute { core.letGo(feed) }
    }

    /// Hands out the updates one after the other. It holds the subscription: a loop over one that nobody else holds goes on.
    public struct AsyncIterator: AsyncIteratorProtocol {
        let subscription: Subscription

        /// The next update; nil when the subscription, or the session, has ended in order.
        public mutating func next() async throws -> Update? { try await subscription.feed.next() }
    }

    /// An iterator over the updates that wait, and those that come.
    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(subscription: self) }
}
