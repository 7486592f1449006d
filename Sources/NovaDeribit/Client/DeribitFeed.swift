import NovaSocket

/// What a channel tells.
public protocol DeribitData: Decodable, Sendable {
    /// Whether something is missing between `previous` and this: where messages are numbered, they say so themselves.
    func gap(behind previous: Self) -> DeribitGap?
}

extension DeribitData {
    /// Nobody can tell.
    public func gap(behind previous: Self) -> DeribitGap? { nil }
}

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

/// A channel, and the type of what it tells.
public struct DeribitChannel<Value: DeribitData>: Hashable, Sendable {
    /// Its name, `ticker.BTC-PERPETUAL.100ms`.
    public let name: String

    /// The channel of that name. Whether it tells values of this type, its documentation must say.
    public init(_ name: String) { self.name = name }
}

/// A subscription to a channel, for as long as somebody holds it; see ``Subscription``. It has one consumer at a time.
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
            guard let update = try await updates.next() else { return nil }
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

        private mutating func read(_ message: Message) -> DeribitUpdate<Value> {
            let value: Value
            do throws(JSONError) {
                value = try Self.data(of: message)
            } catch {
                previous = nil
                return .unreadable(error)
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

// MARK: The channels

extension Deribit.Ticker: DeribitData {}
extension JSONValue: DeribitData {}
extension Array: DeribitData where Element == Deribit.Trade {}

extension Deribit.BookUpdate: DeribitData {
    /// A change must begin where the last one ended.
    public func gap(behind previous: Self) -> DeribitGap? {
        guard let begins = previousChangeID, begins != previous.changeID else { return nil }
        return .sequence(expected: previous.changeID, found: begins)
    }
}

extension DeribitChannel where Value == Deribit.Ticker {
    /// What an instrument is worth: `ticker.{instrument}.{interval}`.
    public static func ticker(
        _ instrument: String, _ interval: Deribit.Interval = .milliseconds100
    ) -> DeribitChannel { DeribitChannel("ticker.\(instrument).\(interval.rawValue)") }
}

extension DeribitChannel where Value == [Deribit.Trade] {
    /// An instrument's trades: `trades.{instrument}.{interval}`.
    public static func trades(
        _ instrument: String, _ interval: Deribit.Interval = .milliseconds100
    ) -> DeribitChannel { DeribitChannel("trades.\(instrument).\(interval.rawValue)") }

    /// Our own trades of an instrument: `user.trades.{instrument}.{interval}`.
    public static func userTrades(
        _ instrument: String, _ interval: Deribit.Interval = .milliseconds100
    ) -> DeribitChannel { DeribitChannel("user.trades.\(instrument).\(interval.rawValue)") }
}

extension DeribitChannel where Value == Deribit.BookUpdate {
    /// All of an instrument's book, then what changes in it: `book.{instrument}.{interval}`.
    public static func book(
        _ instrument: String, _ interval: Deribit.Interval = .milliseconds100
    ) -> DeribitChannel { DeribitChannel("book.\(instrument).\(interval.rawValue)") }
}

extension DeribitChannel where Value == JSONValue {
    /// A channel whose messages have no type here, as they come.
    public static func untyped(_ name: String) -> DeribitChannel { DeribitChannel(name) }
}
