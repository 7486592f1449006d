// Words of Deribit's. They are not enums: a word that is new must not cost the message it stands in.

extension Deribit {
    /// Which way an order or a trade goes. A word that has no name here is told as it came.
    public struct Direction: RawRepresentable, Hashable, Sendable, Codable {
        /// Deribit's word.
        public let rawValue: String

        /// That word.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// To buy.
        public static let buy = Self(rawValue: "buy")
        /// To sell.
        public static let sell = Self(rawValue: "sell")
    }

    /// What kind of order it is. A word that has no name here is told as it came.
    public struct OrderType: RawRepresentable, Hashable, Sendable, Codable {
        /// Deribit's word.
        public let rawValue: String

        /// That word.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// At this price or a better one.
        public static let limit = Self(rawValue: "limit")
        /// At whatever price there is.
        public static let market = Self(rawValue: "market")
        /// At the market, and what is left over as a limit order.
        public static let marketLimit = Self(rawValue: "market_limit")
        /// A limit order, when the trigger price is reached.
        public static let stopLimit = Self(rawValue: "stop_limit")
        /// A market order, when the trigger price is reached.
        public static let stopMarket = Self(rawValue: "stop_market")
        /// A limit order that takes profit.
        public static let takeLimit = Self(rawValue: "take_limit")
        /// A market order that takes profit.
        public static let takeMarket = Self(rawValue: "take_market")
        /// A stop that follows the price.
        public static let trailingStop = Self(rawValue: "trailing_stop")
    }

    /// What has become of an order. A word that has no name here is told as it came.
    public struct OrderState: RawRepresentable, Hashable, Sendable, Codable {
        /// Deribit's word.
        public let rawValue: String

        /// That word.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// It stands in the book.
        public static let open = Self(rawValue: "open")
        /// All of it has traded.
        public static let filled = Self(rawValue: "filled")
        /// It was not accepted.
        public static let rejected = Self(rawValue: "rejected")
        /// It was cancelled.
        public static let cancelled = Self(rawValue: "cancelled")
        /// Its trigger has not fired.
        public static let untriggered = Self(rawValue: "untriggered")
    }

    /// How long an order stands. A word that has no name here is told as it came.
    public struct TimeInForce: RawRepresentable, Hashable, Sendable, Codable {
        /// Deribit's word.
        public let rawValue: String

        /// That word.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// Until it is cancelled.
        public static let goodTilCancelled = Self(rawValue: "good_til_cancelled")
        /// Until the end of the day.
        public static let goodTilDay = Self(rawValue: "good_til_day")
        /// All of it trades at once, or none.
        public static let fillOrKill = Self(rawValue: "fill_or_kill")
        /// What does not trade at once is cancelled.
        public static let immediateOrCancel = Self(rawValue: "immediate_or_cancel")
    }

    /// By which price an order is triggered. A word that has no name here is told as it came.
    public struct Trigger: RawRepresentable, Hashable, Sendable, Codable {
        /// Deribit's word.
        public let rawValue: String

        /// That word.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// The index.
        public static let indexPrice = Self(rawValue: "index_price")
        /// The mark price.
        public static let markPrice = Self(rawValue: "mark_price")
        /// The last trade.
        public static let lastPrice = Self(rawValue: "last_price")
    }

    /// What kind of instrument it is. A word that has no name here is told as it came.
    public struct InstrumentKind: RawRepresentable, Hashable, Sendable, Codable {
        /// Deribit's word.
        public let rawValue: String

        /// That word.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// A future or a perpetual.
        public static let future = Self(rawValue: "future")
        /// An option.
        public static let option = Self(rawValue: "option")
        /// A pair of currencies.
        public static let spot = Self(rawValue: "spot")
        /// Several futures at once.
        public static let futureCombo = Self(rawValue: "future_combo")
        /// Several options at once.
        public static let optionCombo = Self(rawValue: "option_combo")
    }

    /// How often a channel tells what is new. A word that has no name here is told as it came.
    public struct Interval: RawRepresentable, Hashable, Sendable, Codable {
        /// Deribit's word.
        public let rawValue: String

        /// That word.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// Each event at once; for those who have authenticated.
        public static let raw = Self(rawValue: "raw")
        /// Every 100 milliseconds.
        public static let milliseconds100 = Self(rawValue: "100ms")
        /// Collected over a longer time, two seconds or so.
        public static let aggregated2 = Self(rawValue: "agg2")
    }

    /// What cancel on disconnect is said of. A word that has no name here is told as it came.
    public struct CancelScope: RawRepresentable, Hashable, Sendable, Codable {
        /// Deribit's word.
        public let rawValue: String

        /// That word.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// This connection.
        public static let connection = Self(rawValue: "connection")
        /// Every connection of the account that is opened from now on.
        public static let account = Self(rawValue: "account")
    }
}
