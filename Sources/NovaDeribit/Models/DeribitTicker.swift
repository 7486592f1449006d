// Prices and amounts are Doubles: JSON has no other numbers, and Deribit's own examples are read as such everywhere.
// Where a sum of many must be exact, count in ticks.

extension Deribit {
    /// What an instrument is worth: the result of `public/ticker`, and what comes of `ticker` channels.
    public struct Ticker: Codable, Hashable, Sendable {
        /// The instrument.
        public var instrument: String
        /// When, in milliseconds since 1970.
        public var timestamp: Int64
        /// Whether the book is open.
        public var state: String?
        /// The price of the last trade.
        public var lastPrice: Double?
        /// The mark price.
        public var markPrice: Double?
        /// The price of the index.
        public var indexPrice: Double?
        /// The highest bid; nil if there is none.
        public var bestBidPrice: Double?
        /// How much is bid there.
        public var bestBidAmount: Double?
        /// The lowest ask; nil if there is none.
        public var bestAskPrice: Double?
        /// How much is asked for there.
        public var bestAskAmount: Double?
        /// The lowest price that a future may be sold at.
        public var minPrice: Double?
        /// The highest price that a future may be bought at.
        public var maxPrice: Double?
        /// All contracts that are open.
        public var openInterest: Double?
        /// The price of the last settlement.
        public var settlementPrice: Double?
        /// The funding now; perpetuals only.
        public var currentFunding: Double?
        /// The funding of eight hours; perpetuals only.
        public var funding8h: Double?
        /// The implied volatility of the best ask; options only.
        public var askIV: Double?
        /// The implied volatility of the best bid; options only.
        public var bidIV: Double?
        /// The implied volatility of the mark price; options only.
        public var markIV: Double?
        /// The price of the underlying; options only.
        public var underlyingPrice: Double?
        /// Its derivatives; options only.
        public var greeks: Greeks?
        /// The last 24 hours.
        public var stats: Statistics?

        private enum CodingKeys: String, CodingKey {
            case instrument = "instrument_name"
            case timestamp
            case state
            case lastPrice = "last_price"
            case markPrice = "mark_price"
            case indexPrice = "index_price"
            case bestBidPrice = "best_bid_price"
            case bestBidAmount = "best_bid_amount"
            case bestAskPrice = "best_ask_price"
            case bestAskAmount = "best_ask_amount"
            case minPrice = "min_price"
            case maxPrice = "max_price"
            case openInterest = "open_interest"
            case settlementPrice = "settlement_price"
            case currentFunding = "current_funding"
            case funding8h = "funding_8h"
            case askIV = "ask_iv"
            case bidIV = "bid_iv"
            case markIV = "mark_iv"
            case underlyingPrice = "underlying_price"
            case greeks
            case stats
        }
    }

    /// How an option's price moves with what it depends on.
    public struct Greeks: Codable, Hashable, Sendable {
        /// The delta.
        public var delta: Double?
        /// The gamma.
        public var gamma: Double?
        /// The rho.
        public var rho: Double?
        /// The theta.
        public var theta: Double?
        /// The vega.
        public var vega: Double?

        private enum CodingKeys: String, CodingKey {
            case delta
            case gamma
            case rho
            case theta
            case vega
        }
    }

    /// An instrument's last 24 hours.
    public struct Statistics: Codable, Hashable, Sendable {
        /// The highest price.
        public var high: Double?
        /// The lowest price.
        public var low: Double?
        /// How the price has changed, in percent; nil if there were no trades.
        public var priceChange: Double?
        /// The volume in the base currency.
        public var volume: Double?
        /// The volume in USD; futures only.
        public var volumeUSD: Double?

        private enum CodingKeys: String, CodingKey {
            case high
            case low
            case priceChange = "price_change"
            case volume
            case volumeUSD = "volume_usd"
        }
    }
}
