import NovaSocket

/// Something that was missed.
public enum DeribitGap: Hashable, Sendable {
    /// There was no connection, or nobody took what came.
    case missed(Gap)
    /// Deribit's own numbers don't follow each other: behind the one comes the other. A book must be asked for anew.
    case sequence(expected: Int64, found: Int64)
}

/// What comes of a channel.
public enum DeribitUpdate<Value: DeribitData>: Sendable {
    /// What it tells.
    case value(Value)
    /// The connection was lost: messages are missed from now on, until ``gap(_:)`` says that they come again.
    case interrupted
    /// Something was missed; what follows comes after it.
    case gap(DeribitGap)
    /// Nothing has come since that moment, longer than it may be.
    case stale(since: Instant)
    /// Something has come again.
    case fresh
    /// A message has not the shape that it should have; its place. What follows may have it again.
    case unreadable(JSONError)

    /// What the channel tells, if it is that.
    public var value: Value? { if case .value(let value) = self { value } else { nil } }
}

/// A subscription to a channel, for as long as somebody holds it; see ``/NovaSocket/Subscription``. It has one consumer
/// at a time.
public struct DeribitFeed<Value: DeribitData>: AsyncSequence, Sendable {
    /// What comes of it.
    public typealias Element = DeribitUpdate<Value>

    /// The session's subscription.
    public let subscription: Subscription

    /// Ends it.
    public func cancel() { subscription.cancel() }

    /// Hands out the updates one after the other.
    public struct AsyncIterator: AsyncIteratorProtocol {
        var updates: Subscription.AsyncIterator
        /// The last value since nothing was missed.
        var previous: Value?
        /// What follows a gap that was found in the values themselves.
        var held: Value?

        /// The next update; nil when the subscription, or the session, has ended in order. Throws why it has ended if
        /// not.
        public mutating func next() async throws -> DeribitUpdate<Value>? {
            if let value = held {
                held = nil
                return .value(value)
            }
            while true {
                guard let update = try await updates.next() else { return nil }
                if let told = take(update) { return told }
            }
        }

        /// What an update tells; nil if nothing that was not told before.
        private mutating func take(_ update: Update) -> DeribitUpdate<Value>? {
            switch update {
            case .message(let message): return read(message)
            case .interrupted: return .interrupted
            case .gap(let gap):
                previous = nil
                return .gap(.missed(gap))
            case .stale(let moment): return .stale(since: moment)
            case .fresh: return .fresh
            }
        }

        private mutating func read(_ message: Message) -> DeribitUpdate<Value>? {
            var value: Value
            do throws(JSONError) {
                value = try Self.data(of: message)
            } catch {
                previous = nil
                return .unreadable(error)
            }
            if let previous {
                guard let news = value.news(behind: previous) else { return nil }
                value = news
            }
            defer { previous = value }
            guard let previous, let gap = value.gap(behind: previous) else { return .value(value) }
            held = value
            return .gap(gap)
        }

        private static func data(of message: Message) throws(JSONError) -> Value {
            guard case .notification(let notification)? = JSONRPC.read(message.bytes).first else {
                // The session gives a subscription nothing else.
                return try JSONValue.null.decode(Parameters<Value>.self).data
            }
            return try notification.params(as: Parameters<Value>.self).data
        }
    }

    /// An iterator over the updates that wait, and those that come.
    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(updates: subscription.makeAsyncIterator()) }
}

private struct Parameters<Value: Decodable>: Decodable { let data: Value }
