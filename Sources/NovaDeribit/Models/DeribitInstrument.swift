extension Deribit {
    /// Something that is traded.
    public struct Instrument: Codable, Hashable, Sendable {
        /// Its name.
        public var name: String
        /// What kind of instrument it is.
        public var kind: InstrumentKind
        /// What is traded.
        public var baseCurrency: String
        /// What prices are in.
        public var quoteCurrency: String
        /// The least change of a price.
        public var tickSize: Double
        /// The least amount that is traded.
        public var minTradeAmount: Double
        /// How much a contract is.
        public var contractSize: Double
        /// Whether it can be traded now.
        public var isActive: Bool
        /// Its number.
        public var id: Int64?
        /// What it is settled in; nil for spot.
        public var settlementCurrency: String?
        /// When it is settled; nil for spot.
        public var settlementPeriod: String?
        /// Since when it is, in milliseconds since 1970.
        public var creationTimestamp: Int64?
        /// When it expires, in milliseconds since 1970.
        public var expirationTimestamp: Int64?
        /// The strike; options only.
        public var strike: Double?
        /// `call` or `put`; options only.
        public var optionType: String?
        /// What a maker pays.
        public var makerCommission: Double?
        /// What a taker pays.
        public var takerCommission: Double?

        private enum CodingKeys: String, CodingKey {
            case name = "instrument_name"
            case kind
            case baseCurrency = "base_currency"
            case quoteCurrency = "quote_currency"
            case tickSize = "tick_size"
            case minTradeAmount = "min_trade_amount"
            case contractSize = "contract_size"
            case isActive = "is_active"
            case id = "instrument_id"
            case settlementCurrency = "settlement_currency"
            case settlementPeriod = "settlement_period"
            case creationTimestamp = "creation_timestamp"
            case expirationTimestamp = "expiration_timestamp"
            case strike
            case optionType = "option_type"
            case makerCommission = "maker_commission"
            case takerCommission = "taker_commission"
        }
    }
}
