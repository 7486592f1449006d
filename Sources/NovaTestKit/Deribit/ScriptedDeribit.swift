import NovaSocket

/// A stand-in for the exchange Deribit in a ``SimulatedNetwork``: scripted after its public documentation, not the
/// exchange, and not made by it.
///
/// ```swift
/// let network = SimulatedNetwork(seed: 1)
/// let deribit = ScriptedDeribit(in: network)
/// try await network.run {
///     let adapter = Deribit(.at(url: deribit.url), credentials: .fixed(.init(id: "client", secret: "secret")))
///     let client = try DeribitClient(adapter) { network.join(&$0) }
///     try await client.connect()
///     _ = try await client.buy(.limit("BTC-PERPETUAL", amount: 10, price: 40_000))
///     await client.close()
/// }
/// ```
///
/// It is strict: a parameter that the documentation does not name, a method that it does not know, a private method or
/// a raw channel before the authentication, a token that is over, a wrong signature, too many requests, a heartbeat
/// that is not answered: each has the consequence that is documented. It publishes tickers, trades and books at their
/// intervals of virtual time, and keeps orders. Its prices are made up, its books do not move when somebody trades, and
/// what the documentation does not say is simple: a limit order that meets the other side is filled at once and wholly,
/// and no other ever is.
///
/// To be used inside of ``SimulatedNetwork/run(_:)``, or while nothing runs. Faults, delays and outages are those of
/// its ``server``.
public final class ScriptedDeribit: @unchecked Sendable {
    // Sendable: touched by whoever drives the network's loop.

    /// What is particular about it. Read when it is made.
    public struct Settings: Sendable {
        /// The secrets of API keys, by their ids.
        public var credentials = ["client": "secret"]
        /// How long a token is good, in whole seconds; 15 minutes.
        public var tokenLifetime: Duration = .seconds(900)
        /// How fast clients may be, all connections together.
        public var credits = Credits.documented
        /// What is traded.
        public var instruments = [
            Instrument("BTC-PERPETUAL", price: 50_000), Instrument("ETH-PERPETUAL", price: 3_000),
        ]
        /// The subaccounts that a token can be exchanged for.
        public var subaccounts: Set<Int> = [2]
        /// What the account is worth, in each currency. An order for more is refused with 10009.
        public var equity = 10.0
        /// How often a raw channel tells something.
        public var rawInterval: Duration = .milliseconds(20)

        /// The defaults.
        public init() {}
    }

    /// An instrument, a perpetual.
    public struct Instrument: Hashable, Sendable {
        /// Its name; what is before the first `-` is its currency.
        public var name: String
        /// What it costs, more or less.
        public var price: Double
        /// The least change of a price.
        public var tickSize = 0.5
        /// The least amount; all are multiples of it.
        public var minimumAmount = 10.0

        /// An instrument of that name that costs about so much.
        public init(_ name: String, price: Double) { (self.name, self.price) = (name, price) }

        var currency: String { String(name.prefix { $0 != "-" }) }
    }

    /// How fast clients may be.
    public struct Credits: Sendable {
        /// The most that can be saved up.
        public var capacity: Int
        /// How many come back each second.
        public var refill: Int
        /// What a request costs.
        public var cost: @Sendable (_ method: String) -> Int

        /// A bucket, and what is taken out of it.
        public init(capacity: Int, refill: Int, cost: @escaping @Sendable (_ method: String) -> Int) {
            (self.capacity, self.refill, self.cost) = (capacity, refill, cost)
        }

        /// 50,000 credits, 10,000 of them back each second, 500 for a request.
        public static let documented = Credits(capacity: 50_000, refill: 10_000) { _ in 500 }
    }

    /// A request that has come.
    public struct Call: Hashable, Sendable {
        /// On which connection: 1 for the server's first.
        public var connection: Int
        /// The method.
        public var method: String
        /// The channels that it names.
        public var channels: [String]
        /// When, since the network's beginning.
        public var time: Duration
    }

    /// An error that is answered.
    public struct Refusal: Error, Hashable, Sendable {
        /// The number.
        public var code: Int
        /// The word for it.
        public var message: String
        /// What is wrong.
        public var reason: String?
        /// Which parameter is.
        public var parameter: String?

        /// An error.
        public init(_ code: Int, _ message: String, reason: String? = nil, parameter: String? = nil) {
            (self.code, self.message, self.reason, self.parameter) = (code, message, reason, parameter)
        }
    }

    /// The server that it runs on.
    public let server: SimulatedServer
    let settings: Settings
    let loop: VirtualLoop
    var visitors: [Int: DeribitVisitor] = [:]
    var tokens = DeribitTokens()
    var markets: [String: DeribitMarket]
    var orders: [DeribitOrder] = []
    var bucket: DeribitBucket
    /// Whether new connections begin with cancel on disconnect.
    var accountCancelsOnDisconnect = false

    /// The requests that have come, in their order.
    public internal(set) var calls: [Call] = []
    /// The errors that were answered, in their order.
    public internal(set) var refusals: [Refusal] = []
    /// Makes it refuse a request that it would serve; nil: it does not. Asked for each request that has passed as
    /// valid.
    public var refuses: @Sendable (Call) -> Refusal? = { _ in nil }

    /// A Deribit in `network`, reached by that name.
    public init(
        in network: SimulatedNetwork, name: String = "test.deribit.example", settings: Settings = Settings()
    ) {
        server = network.server(name)
        self.settings = settings
        loop = network.loop
        bucket = DeribitBucket(settings.credits, now: network.loop.now)
        markets = Dictionary(settings.instruments.map { ($0.name, DeribitMarket($0)) }) { first, _ in first }
        server.onOpen = { [weak self] in self?.opened($0) }
        server.onMessage = { [weak self] in self?.received($1.text, on: $0) }
        server.onLeave = { [weak self] in self?.left($0.number) }
    }

    /// Its URL.
    public var url: String { "wss://\(server.name)/ws/api/v2" }

    /// The methods that were asked for, in their order.
    public var methods: [String] { calls.map(\.method) }

    /// The ids of the orders that are open.
    public var openOrders: [String] { orders.filter(\.isOpen).map(\.id) }

    /// Publishes something on a channel, to all that are subscribed to it.
    public func publish(_ data: JSONValue, on channel: String) {
        for (_, visitor) in visitors.sorted(by: { $0.key < $1.key }) where visitor.channels[channel] != nil {
            visitor.tell(channel, data)
        }
    }

    /// Deribit's time, in microseconds since 1970: somewhen in 2023 at the beginning of the network.
    var microseconds: Int64 { 1_700_000_000_000_000 + Int64((loop.now - VirtualLoop.beginning) / 1000) }
    var milliseconds: Int64 { microseconds / 1000 }
    var elapsed: Duration { .nanoseconds(Int64(clamping: loop.now - VirtualLoop.beginning)) }

    // MARK: Connections

    private func opened(_ connection: SimulatedConnection) {
        let visitor = DeribitVisitor(connection, loop)
        visitor.cancelsOnDisconnect = accountCancelsOnDisconnect
        visitor.missesHeartbeat = { [weak self] in self?.dismiss($0) }
        visitors[connection.number] = visitor
    }

    /// Ends a connection: everything that was sent goes out first.
    func dismiss(_ visitor: DeribitVisitor) {
        visitor.connection.end()
        left(visitor.connection.number)
    }

    func left(_ number: Int) {
        guard let visitor = visitors.removeValue(forKey: number) else { return }
        visitor.leave()
        guard visitor.cancelsOnDisconnect else { return }
        for index in orders.indices where orders[index].connection == number && orders[index].isOpen {
            cancel(at: index, reason: "cancel_on_disconnect")
        }
    }
}
