import NovaSocket

/// A channel, and the type of what it tells.
public struct DeribitChannel<Value: DeribitData>: Hashable, Sendable {
    /// Its name, `ticker.BTC-PERPETUAL.100ms`.
    public let name: String

    /// The channel of that name. Whether it tells values of this type, its documentation must say.
    public init(_ name: String) { self.name = name }
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
