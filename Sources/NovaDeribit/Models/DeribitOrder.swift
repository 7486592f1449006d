extension Deribit {
    /// An order of ours.
    public struct Order: Codable, Hashable, Sendable {
        /// The order's id.
        public var orderID: String
        /// The instrument.
        public var instrument: String
        /// Which way it goes.
        public var direction: Direction
        /// What kind of order it is.
        public var type: OrderType
        /// What has become of it.
        public var state: OrderState
        /// Its price.
        public var price: OrderPrice?
        /// How much is ordered.
        public var amount: Double?
        /// How much of it has traded.
        public var filledAmount: Double?
        /// At which price on average.
        public var averagePrice: Double?
        /// How long it stands.
        public var timeInForce: TimeInForce?
        /// The label that we gave it.
        public var label: String?
        /// Whether it may only be a maker.
        public var postOnly: Bool?
        /// Whether it may only make a position smaller.
        public var reduceOnly: Bool?
        /// Since when it is, in milliseconds since 1970.
        public var creationTimestamp: Int64?
        /// When it was last changed, in milliseconds since 1970.
        public var lastUpdateTimestamp: Int64?
        /// Why it was cancelled.
        public var cancelReason: String?

        private enum CodingKeys: String, CodingKey {
            case orderID = "order_id"
            case instrument = "instrument_name"
            case direction
            case type = "order_type"
            case state = "order_state"
            case price
            case amount
            case filledAmount = "filled_amount"
            case averagePrice = "average_price"
            case timeInForce = "time_in_force"
            case label
            case postOnly = "post_only"
            case reduceOnly = "reduce_only"
            case creationTimestamp = "creation_timestamp"
            case lastUpdateTimestamp = "last_update_timestamp"
            case cancelReason = "cancel_reason"
        }
    }

    /// What an order costs: a number, or a word where there is none yet, `market_price`.
    public enum OrderPrice: Hashable, Sendable, Codable {
        /// This price.
        case price(Double)
        /// This word.
        case word(String)

        /// The price, if it is one.
        public var value: Double? { if case .price(let value) = self { value } else { nil } }

        /// Reads a number or a string.
        public init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let value = try? container.decode(Double.self) {
                self = .price(value)
            } else {
                self = .word(try container.decode(String.self))
            }
        }

        /// Writes the number or the string.
        public func encode(to encoder: any Encoder) throws {
            switch self {
            case .price(let value): try value.encode(to: encoder)
            case .word(let word): try word.encode(to: encoder)
            }
        }
    }

    /// What became of an order when it was placed: the order, and the trades that it led to at once.
    public struct Placement: Codable, Hashable, Sendable {
        /// The order.
        public var order: Order
        /// The trades.
        public var trades: [Trade]
    }
}
