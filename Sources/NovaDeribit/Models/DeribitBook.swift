extension Deribit {
    /// A book and what goes with it: the result of `public/get_order_book`.
    public struct OrderBook: Codable, Hashable, Sendable {
        /// The instrument.
        public var instrument: String
        /// When, in milliseconds since 1970.
        public var timestamp: Int64
        /// What is bid, the highest price first.
        public var bids: [BookLevel]
        /// What is asked for, the lowest price first.
        public var asks: [BookLevel]
        /// Whether the book is open.
        public var state: String?
        /// Its state among those of the instrument.
        public var changeID: Int64?
        /// The highest bid; nil if there is none.
        public var bestBidPrice: Double?
        /// How much is bid there.
        public var bestBidAmount: Double?
        /// The lowest ask; nil if there is none.
        public var bestAskPrice: Double?
        /// How much is asked for there.
        public var bestAskAmount: Double?
        /// The price of the last trade.
        public var lastPrice: Double?
        /// The mark price.
        public var markPrice: Double?
        /// The price of the index.
        public var indexPrice: Double?
        /// All contracts that are open.
        public var openInterest: Double?
        /// The last 24 hours.
        public var stats: Statistics?

        private enum CodingKeys: String, CodingKey {
            case instrument = "instrument_name"
            case timestamp
            case bids
            case asks
            case state
            case changeID = "change_id"
            case bestBidPrice = "best_bid_price"
            case bestBidAmount = "best_bid_amount"
            case bestAskPrice = "best_ask_price"
            case bestAskAmount = "best_ask_amount"
            case lastPrice = "last_price"
            case markPrice = "mark_price"
            case indexPrice = "index_price"
            case openInterest = "open_interest"
            case stats
        }
    }

    /// A price in a book, and how much there is: `[price, amount]`.
    public struct BookLevel: Codable, Hashable, Sendable {
        /// The price.
        public var price: Double
        /// How much.
        public var amount: Double

        /// Reads the pair.
        public init(from decoder: any Decoder) throws {
            var pair = try decoder.unkeyedContainer()
            (price, amount) = (try pair.decode(Double.self), try pair.decode(Double.self))
        }

        /// Writes the pair.
        public func encode(to encoder: any Encoder) throws {
            var pair = encoder.unkeyedContainer()
            try pair.encode(price)
            try pair.encode(amount)
        }
    }

    /// What has happened to a price in a book: `[action, price, amount]`; or `[price, amount]`, as in channels with a
    /// depth.
    public struct BookChange: Codable, Hashable, Sendable {
        /// What has happened. A word that has no name here is told as it came.
        public struct Action: RawRepresentable, Hashable, Sendable, Codable {
            /// Deribit's word.
            public let rawValue: String

            /// That word.
            public init(rawValue: String) { self.rawValue = rawValue }

            /// The price is new.
            public static let new = Self(rawValue: "new")
            /// The amount has changed.
            public static let change = Self(rawValue: "change")
            /// The price is gone.
            public static let delete = Self(rawValue: "delete")
        }

        /// What has happened; `new` where nothing is said.
        public var action: Action
        /// The price.
        public var price: Double
        /// How much is there now.
        public var amount: Double

        /// Reads the triple, or the pair.
        public init(from decoder: any Decoder) throws {
            var parts = try decoder.unkeyedContainer()
            action = parts.count == 2 ? .new : try parts.decode(Action.self)
            (price, amount) = (try parts.decode(Double.self), try parts.decode(Double.self))
        }

        /// Writes the triple.
        public func encode(to encoder: any Encoder) throws {
            var parts = encoder.unkeyedContainer()
            try parts.encode(action)
            try parts.encode(price)
            try parts.encode(amount)
        }
    }

    /// What comes of `book` channels: all of a book first, then what changes.
    public struct BookUpdate: Codable, Hashable, Sendable {
        /// Whether it is all of the book, or what has changed; nil in channels that always tell all.
        public var type: Kind?
        /// The instrument.
        public var instrument: String
        /// When, in milliseconds since 1970.
        public var timestamp: Int64
        /// The state of the book behind it.
        public var changeID: Int64
        /// The state of the book before it; nil if it is all of it.
        public var previousChangeID: Int64?
        /// What has changed among the bids.
        public var bids: [BookChange]
        /// What has changed among the asks.
        public var asks: [BookChange]

        private enum CodingKeys: String, CodingKey {
            case type
            case instrument = "instrument_name"
            case timestamp
            case changeID = "change_id"
            case previousChangeID = "prev_change_id"
            case bids
            case asks
        }

        /// What it tells. A word that has no name here is told as it came.
        public struct Kind: RawRepresentable, Hashable, Sendable, Codable {
            /// Deribit's word.
            public let rawValue: String

            /// That word.
            public init(rawValue: String) { self.rawValue = rawValue }

            /// All of the book.
            public static let snapshot = Self(rawValue: "snapshot")
            /// What has changed.
            public static let change = Self(rawValue: "change")
        }
    }
}
