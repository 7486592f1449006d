extension Deribit {
    /// What is ordered.
    public struct OrderRequest: Codable, Hashable, Sendable {
        /// The instrument.
        public var instrument: String
        /// How much: USD for perpetuals and inverse futures, else the base currency.
        public var amount: Double?
        /// How much, in contracts; instead of an amount.
        public var contracts: Double?
        /// What kind of order it is; nil: `limit`.
        public var type: OrderType?
        /// The price; limit orders need one.
        public var price: Double?
        /// A label, up to 64 characters.
        public var label: String?
        /// How long it stands; nil: until it is cancelled.
        public var timeInForce: TimeInForce?
        /// Whether it may only be a maker.
        public var postOnly: Bool?
        /// Whether it is rejected rather than moved where it would be a taker.
        public var rejectPostOnly: Bool?
        /// Whether it may only make a position smaller.
        public var reduceOnly: Bool?
        /// How much of it is shown.
        public var displayAmount: Double?
        /// By which price it is triggered.
        public var trigger: Trigger?
        /// The price that triggers it.
        public var triggerPrice: Double?
        /// How far a trailing stop stays behind.
        public var triggerOffset: Double?
        /// Until when the server may take it, in milliseconds since 1970 by its own clock.
        public var validUntil: Int64?

        private enum CodingKeys: String, CodingKey {
            case instrument = "instrument_name"
            case amount
            case contracts
            case type
            case price
            case label
            case timeInForce = "time_in_force"
            case postOnly = "post_only"
            case rejectPostOnly = "reject_post_only"
            case reduceOnly = "reduce_only"
            case displayAmount = "display_amount"
            case trigger
            case triggerPrice = "trigger_price"
            case triggerOffset = "trigger_offset"
            case validUntil = "valid_until"
        }

        /// An order with these, and nothing else said.
        init(_ instrument: String, _ type: OrderType?, amount: Double?, price: Double? = nil) {
            (self.instrument, self.type, self.amount, self.price) = (instrument, type, amount, price)
        }

        /// An order at this price or a better one.
        public static func limit(_ instrument: String, amount: Double, price: Double) -> OrderRequest {
            OrderRequest(instrument, .limit, amount: amount, price: price)
        }

        /// An order at whatever price there is.
        public static func market(_ instrument: String, amount: Double) -> OrderRequest {
            OrderRequest(instrument, .market, amount: amount)
        }

        /// An order of another kind; what it needs is set on it.
        public static func order(_ type: OrderType, _ instrument: String, amount: Double) -> OrderRequest {
            OrderRequest(instrument, type, amount: amount)
        }
    }
}
