import NovaSocket

/// A client of Deribit's: a ``/NovaSocket/Session`` with types for what is said in it.
///
/// ```swift
/// let client = try DeribitClient(Deribit(.test, credentials: .environment, cancelsOnDisconnect: true))
/// try await client.connect()
/// let placed = try await client.buy(.limit("BTC-PERPETUAL", amount: 10, price: 20_000))
/// for try await update in try await client.subscribe(to: .ticker("BTC-PERPETUAL")) {
///     if let ticker = update.value { print(ticker.lastPrice ?? 0) }
/// }
/// ```
///
/// Every method throws ``DeribitError`` where Deribit answers an error, ``/NovaSocket/JSONError`` where its answer has
/// another shape than documented, and ``/NovaSocket/WebSocketError`` where there is no answer. A request is not
/// repeated when the connection is lost: of an order nobody could say whether it was placed.
/// ``/NovaSocket/Session/request(_:_:as:options:)`` can be told otherwise, and knows all the methods that have no type
/// here.
public final class DeribitClient: Sendable {
    /// The session.
    public let session: Session
    let adapter: Deribit

    /// A client that has not begun to connect.
    ///
    /// - Parameters:
    ///   - adapter: which system, who we are there, and how fast we may be; for this client alone.
    ///   - calls: by which terms requests go out: thirty seconds for an answer, unless said otherwise.
    ///   - configure: how the connection is made and kept. It has the last word, over ``/NovaSocket/Session/defaults``,
    ///     which make a lost one again, and over the adapter.
    public init(
        _ adapter: Deribit, calls: CallOptions = CallOptions(),
        configure: (inout WebSocketOptions) -> Void = { _ in }
    ) throws(WebSocketError) {
        self.adapter = adapter
        session = try Session(adapter: adapter, calls: calls, configure: configure)
    }

    /// Connects, and waits until we are known there. Throws ``/NovaSocket/WebSocketError`` with the reason if it can't
    /// be.
    public func connect() async throws { try await session.connect() }

    /// Ends the session in order, for good. Deribit cancels orders if it was asked to; ``logout(invalidatesToken:)``
    /// leaves them.
    @discardableResult
    public func close() async -> Termination? { await session.close() }

    // MARK: Requests

    /// Asks with parameters of which those that are nil are left out.
    nonisolated(nonsending) func ask<Value: Decodable & Sendable>(
        _ method: String, _ parameters: [String: JSONValue?] = [:]
    ) async throws -> Value {
        try await session.request(method, parameters.compactMapValues(\.self), as: Value.self)
    }

    /// Asks for something whose result says no more than that it is done.
    nonisolated(nonsending) func tell(_ method: String, _ parameters: [String: JSONValue?] = [:]) async throws {
        let _: JSONValue = try await ask(method, parameters)
    }

    /// Asks, and tells what Deribit says of the time that it took.
    public nonisolated(nonsending) func timed<Value: Decodable & Sendable>(
        _ method: String, _ parameters: [String: JSONValue] = [:], as type: Value.Type = Value.self
    ) async throws -> Deribit.Timed<Value> {
        let answer = try await session.ask(method, parameters)
        let value = try adapter.decode(type, from: answer)
        return Deribit.Timed(value: value, try JSONValue(json: answer.message.text), answer.roundTrip)
    }

    // MARK: Channels

    /// Subscribes to a channel, and waits until Deribit has confirmed it; on every later connection that is done anew,
    /// and what was missed is told as a gap.
    ///
    /// Throws ``DeribitChannelError`` or ``DeribitError`` if it is refused.
    ///
    /// - Parameters:
    ///   - channel: the channel.
    ///   - freshness: how long it may be silent before that is told; nil: for ever.
    ///   - capacity: how many messages may wait for whoever takes them; beyond that the oldest are dropped, and a gap
    ///     stands in their place.
    public nonisolated(nonsending) func subscribe<Value>(
        to channel: DeribitChannel<Value>, freshness: Duration? = nil, capacity: Int = 4096
    ) async throws -> DeribitFeed<Value> {
        DeribitFeed(
            subscription: try await session.subscribe(
                to: Channel(channel.name), freshness: freshness, capacity: capacity))
    }
}

extension Deribit {
    /// A result, and the times that Deribit gives with every answer.
    public struct Timed<Value: Sendable>: Sendable {
        /// The result.
        public let value: Value
        /// When Deribit received the request: `usIn`, in microseconds since 1970.
        public let received: Int64?
        /// When it sent the answer: `usOut`, in microseconds since 1970.
        public let answered: Int64?
        /// How long Deribit was at it: `usDiff`.
        public let handling: Duration?
        /// Whether it was the test system.
        public let isTest: Bool?
        /// From the moment the request went out here until the answer was there.
        public let roundTrip: Duration

        init(value: Value, _ times: JSONValue, _ roundTrip: Duration) {
            (self.value, self.roundTrip) = (value, roundTrip)
            received = times["usIn"]?.int.map(Int64.init)
            answered = times["usOut"]?.int.map(Int64.init)
            handling = times["usDiff"]?.int.map { .microseconds($0) }
            isTest = times["testnet"]?.bool
        }
    }
}
