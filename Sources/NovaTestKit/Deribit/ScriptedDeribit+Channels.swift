import NovaSocket

/// The name of a channel, taken apart.
struct DeribitChannelName {
    enum Kind: String {
        case ticker, trades, book
        case userTrades = "user.trades"
        case userOrders = "user.orders"
    }

    let kind: Kind
    let instrument: String
    let interval: String

    /// Nil if there is no such channel.
    init?(_ name: String) {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        let isUsers = parts.first == "user"
        guard parts.count == (isUsers ? 4 : 3), let interval = parts.last, let instrument = parts.dropLast().last,
            ["raw", "100ms", "agg2"].contains(interval),
            let kind = Kind(rawValue: parts.dropLast(2).joined(separator: "."))
        else { return nil }
        (self.kind, self.instrument, self.interval) = (kind, instrument, interval)
    }

    var isUsers: Bool { kind == .userTrades || kind == .userOrders }
    var isRaw: Bool { interval == "raw" }
}

extension ScriptedDeribit {
    /// Channels that there are not are left out of the answer, and so are a user's own where the method is the public
    /// one.
    func subscribe(
        _ visitor: DeribitVisitor, _ request: Parameters, isPrivate: Bool
    ) throws(Refusal) -> JSONValue {
        let names = try request.strings("channels")
        let isAuthenticated = isAuthenticated(visitor)
        if !isAuthenticated, names.contains(where: { $0.hasSuffix(".raw") }) {
            throw Refusal(13778, "raw_subscriptions_not_available_for_unauthorized")
        }
        let granted = names.filter { name in
            guard let channel = DeribitChannelName(name), markets[channel.instrument] != nil else { return false }
            return !channel.isUsers || (isPrivate && isAuthenticated)
        }
        for name in granted where visitor.channels[name] == nil { begin(name, visitor) }
        return .array(granted.map { .string($0) })
    }

    func unsubscribe(_ visitor: DeribitVisitor, _ request: Parameters) throws(Refusal) -> JSONValue {
        let names = try request.strings("channels").filter { visitor.channels[$0] != nil }
        for name in names { visitor.stop(name) }
        return .array(names.map { .string($0) })
    }

    func unsubscribeAll(_ visitor: DeribitVisitor) -> JSONValue {
        for name in Array(visitor.channels.keys) { visitor.stop(name) }
        return "ok"
    }

    // MARK: What is told

    private func begin(_ name: String, _ visitor: DeribitVisitor) {
        guard let channel = DeribitChannelName(name), let market = markets[channel.instrument] else { return }
        visitor.channels[name] = DeribitPublication(lastTrade: market.lastTrade)
        // A book begins with all of it, behind the answer.
        if !channel.isUsers {
            schedule(name, channel, visitor, after: channel.kind == .book ? 0 : interval(of: channel))
        }
    }

    private func interval(of channel: DeribitChannelName) -> UInt64 {
        switch channel.interval {
        case "raw": max(1, settings.rawInterval.wholeNanoseconds)
        case "100ms": 100_000_000
        default: 2_000_000_000
        }
    }

    private func schedule(_ name: String, _ channel: DeribitChannelName, _ visitor: DeribitVisitor, after time: UInt64)
    {
        visitor.channels[name]?.timer = loop.schedule(after: time) { [weak self, weak visitor] in
            guard let self, let visitor, visitor.channels[name] != nil else { return }
            self.tell(name, channel, visitor)
            self.schedule(name, channel, visitor, after: self.interval(of: channel))
        }
    }

    /// Something happens in the market, and the channel tells it.
    private func tell(_ name: String, _ channel: DeribitChannelName, _ visitor: DeribitVisitor) {
        guard var publication = visitor.channels[name], var market = markets[channel.instrument] else { return }
        let data: JSONValue
        switch channel.kind {
        case .ticker:
            market.change()
            data = .object(market.ticker(at: milliseconds))
        case .trades:
            market.trade(at: milliseconds)
            data = .array(
                market.trades.filter { $0.sequence > publication.lastTrade }.map { .object(market.words(of: $0)) })
            publication.lastTrade = market.lastTrade
        case .book:
            if publication.book != nil { market.change() }
            data = market.update(since: &publication.book, at: milliseconds)
        case .userTrades, .userOrders: return
        }
        markets[channel.instrument] = market
        visitor.channels[name] = publication
        visitor.tell(name, data)
    }

    /// Tells whose order it is what has become of it.
    func tellUser(_ order: DeribitOrder, trades: [JSONValue]) {
        for (_, visitor) in visitors.sorted(by: { $0.key < $1.key }) {
            for name in visitor.channels.keys.sorted() {
                guard let channel = DeribitChannelName(name), channel.instrument == order.instrument else { continue }
                switch channel.kind {
                case .userOrders: visitor.tell(name, channel.isRaw ? order.words : [order.words])
                case .userTrades: if !trades.isEmpty { visitor.tell(name, .array(trades)) }
                case .ticker, .trades, .book: continue
                }
            }
        }
    }
}
