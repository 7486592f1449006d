extension Deribit {
    /// A trade: somebody's, or one of ours.
    public struct Trade: Codable, Hashable, Sendable {
        /// The instrument.
        public var instrument: String
        /// The trade's id, one of a currency.
        public var tradeID: String
        /// The number of the trade among those of the instrument.
        public var sequence: Int64
        /// When, in milliseconds since 1970.
        public var timestamp: Int64
        /// Which way the taker went.
        public var direction: Direction
        /// The price.
        public var price: Double
        /// How much.
        public var amount: Double
        /// The price of the index then.
        public var indexPrice: Double?
        /// The mark price then.
        public var markPrice: Double?
        /// How the price moved: 0 up, 1 level after up, 2 down, 3 level after down.
        public var tickDirection: Int?
        /// How much, in contracts.
        public var contracts: Double?
        /// The implied volatility; options only.
        public var iv: Double?
        /// Whose liquidation it was: M the maker's, T the taker's, MT both.
        public var liquidation: String?
        /// Which order of ours it was; our own trades only.
        public var orderID: String?
        /// That order's label.
        public var label: String?
        /// What it cost us; our own trades only.
        public var fee: Double?
        /// In which currency.
        public var feeCurrency: String?

        private enum CodingKeys: String, CodingKey {
            case instrument = "instrument_name"
            case tradeID = "trade_id"
            case sequence = "trade_seq"
            case timestamp
            case direction
            case price
            case amount
            case indexPrice = "index_price"
            case markPrice = "mark_price"
            case tickDirection = "tick_direction"
            case contracts
            case iv
            case liquidation
            case orderID = "order_id"
            case label
            case fee
            case feeCurrency = "fee_currency"
        }
    }
}
