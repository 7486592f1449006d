import NovaSocket

extension Deribit {
    /// An account in one currency.
    public struct AccountSummary: Codable, Hashable, Sendable {
        /// The currency.
        public var currency: String
        /// What the account is worth.
        public var equity: Double?
        /// The balance.
        public var balance: Double?
        /// The balance that margins are counted against.
        public var marginBalance: Double?
        /// What can be traded with.
        public var availableFunds: Double?
        /// What can be taken out.
        public var availableWithdrawalFunds: Double?
        /// The initial margin.
        public var initialMargin: Double?
        /// The maintenance margin.
        public var maintenanceMargin: Double?
        /// The sum of all positions' deltas.
        public var deltaTotal: Double?
        /// Profit and loss.
        public var totalPL: Double?
        /// Profit and loss of the session, realised.
        public var sessionRPL: Double?
        /// Profit and loss of the session, not realised.
        public var sessionUPL: Double?
        /// The limits of requests, as Deribit describes them.
        public var limits: JSONValue?

        private enum CodingKeys: String, CodingKey {
            case currency
            case equity
            case balance
            case marginBalance = "margin_balance"
            case availableFunds = "available_funds"
            case availableWithdrawalFunds = "available_withdrawal_funds"
            case initialMargin = "initial_margin"
            case maintenanceMargin = "maintenance_margin"
            case deltaTotal = "delta_total"
            case totalPL = "total_pl"
            case sessionRPL = "session_rpl"
            case sessionUPL = "session_upl"
            case limits
        }
    }

    /// Which currencies are locked.
    public struct Status: Codable, Hashable, Sendable {
        /// `true` if all are, `partial` if some are, `false` if none is.
        public var locked: JSONValue
        /// Which indices are.
        public var lockedIndices: [String]?

        private enum CodingKeys: String, CodingKey {
            case locked
            case lockedIndices = "locked_indices"
        }

        /// Whether any currency is locked.
        public var isLocked: Bool { locked.bool ?? (locked.string != "false") }
    }

    /// How Deribit introduces itself.
    public struct Version: Codable, Hashable, Sendable {
        /// The version of its interface.
        public var version: String
    }

    /// How cancel on disconnect stands.
    public struct CancelOnDisconnect: Codable, Hashable, Sendable {
        /// Whether it is enabled.
        public var enabled: Bool
        /// Of what that is said.
        public var scope: CancelScope
    }
}
