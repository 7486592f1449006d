import NovaSocket

extension Deribit {
    /// How fast we may be, and what each kind of request costs.
    public struct Rate: Hashable, Sendable {
        /// What requests cost, in tokens of the bucket.
        public struct Costs: Hashable, Sendable {
            /// Whatever has no other cost, messages and the answers to heartbeats among it.
            public var query: UInt32
            /// Requests to the matching engine: orders, and their cancelling.
            public var order: UInt32
            /// `subscribe`, `unsubscribe` and `unsubscribe_all`.
            public var subscription: UInt32
            /// `public/auth`, `public/exchange_token` and `public/fork_token`.
            public var authentication: UInt32

            /// These costs.
            public init(query: UInt32, order: UInt32, subscription: UInt32, authentication: UInt32) {
                (self.query, self.order) = (query, order)
                (self.subscription, self.authentication) = (subscription, authentication)
            }
        }

        /// The bucket; nil: there is no limit.
        public var bucket: RateLimit?
        /// What is taken out of it.
        public var costs: Costs
        /// How many messages may wait for tokens or a connection; beyond them one is refused. Counts where the options
        /// say nothing else than the default.
        public var longestQueue: Int

        /// A bucket, what is taken out of it, and how many wait for it.
        public init(bucket: RateLimit?, costs: Costs, longestQueue: Int = 200) {
            (self.bucket, self.costs, self.longestQueue) = (bucket, costs, longestQueue)
        }

        /// A careful one: 120 tokens, 10 of them back each second; a query costs 1, a subscription 5, an order 10, an
        /// authentication 10. Twelve orders at once, then one a second.
        ///
        /// Of queries it lets 120 go at once, where Deribit documents 100: who asks in such bursts wants
        /// ``documented``.
        public static let standard = Rate(
            bucket: RateLimit(capacity: 120, refill: 10),
            costs: Costs(query: 1, order: 10, subscription: 5, authentication: 10))

        /// What Deribit documents for requests that are not for the matching engine: 50,000 credits, 10,000 of them
        /// back each second, and 500 for a request. A hundred at once, then twenty a second.
        ///
        /// Orders have another limit there, which depends on what was traded in the last week: where yours is lower,
        /// let ``Costs/order`` be higher. Some methods have limits of their own, as `public/get_instruments` has.
        public static let documented = Rate(
            bucket: RateLimit(capacity: 50_000, refill: 10_000),
            costs: Costs(query: 500, order: 500, subscription: 500, authentication: 500))

        /// No limit on our side: Deribit answers what is too much with 10028, and ends the connection.
        public static let unlimited = Rate(bucket: nil, costs: standard.costs)

        /// What a request of that method costs.
        func cost(ofMethod method: String) -> UInt32 {
            let name = method.drop { $0 != "/" }.dropFirst()
            if Self.authentication.contains(String(name)) { return costs.authentication }
            if name.hasPrefix("subscribe") || name.hasPrefix("unsubscribe") { return costs.subscription }
            if Self.orders.contains(String(name)) || name.hasPrefix("cancel_all") { return costs.order }
            return costs.query
        }

        private static let authentication: Set<String> = ["auth", "exchange_token", "fork_token"]
        /// What goes to the matching engine; and all whose names begin with `cancel_all`.
        private static let orders: Set<String> = [
            "buy", "sell", "edit", "edit_by_label", "cancel", "cancel_by_label", "cancel_quotes", "close_position",
            "mass_quote", "verify_block_trade", "execute_block_trade", "move_positions",
        ]
    }
}
