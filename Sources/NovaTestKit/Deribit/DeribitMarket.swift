import NovaSocket

/// An instrument of the scripted Deribit: a book whose amounts change, and trades between nobody and nobody.
struct DeribitMarket {
    /// Amounts by prices, of both sides.
    struct Levels: Equatable {
        var bids: [Double: Double] = [:]
        var asks: [Double: Double] = [:]
    }

    struct Trade {
        var sequence: Int64
        var milliseconds: Int64
        var isBuy: Bool
        var price: Double
        var amount: Double
    }

    let instrument: ScriptedDeribit.Instrument
    private(set) var levels = Levels()
    /// The book's state: larger with each change, though not by one.
    private(set) var changeID: Int64 = 1_000
    private(set) var trades: [Trade] = []
    private var lastSequence: Int64 = 100
    private var random: SeededRandom

    /// How many prices each side has.
    private static let depth = 5
    /// How many trades are remembered.
    private static let mostTrades = 256

    init(_ instrument: ScriptedDeribit.Instrument) {
        self.instrument = instrument
        random = SeededRandom(seed: instrument.name.utf8.reduce(0) { $0 &* 31 &+ UInt64($1) })
        for index in 1...Self.depth {
            levels.bids[instrument.price - Double(index) * instrument.tickSize] = instrument.minimumAmount * 100
            levels.asks[instrument.price + Double(index) * instrument.tickSize] = instrument.minimumAmount * 100
        }
    }

    var bestBid: Double { instrument.price - instrument.tickSize }
    var bestAsk: Double { instrument.price + instrument.tickSize }
    var lastTrade: Int64 { lastSequence }

    // MARK: What happens

    /// One amount of the book changes.
    mutating func change() {
        changeID += 1 + Int64(random.below(3))
        let price = Double(1 + random.below(Self.depth)) * instrument.tickSize
        // More than there was, so that it is a change.
        let more = instrument.minimumAmount * Double(1 + random.below(9))
        if random.chance(perMille: 500) {
            levels.bids[instrument.price - price, default: 0] += more
        } else {
            levels.asks[instrument.price + price, default: 0] += more
        }
    }

    /// Somebody trades with somebody.
    mutating func trade(at milliseconds: Int64) {
        let isBuy = random.chance(perMille: 500)
        let amount = instrument.minimumAmount * Double(1 + random.below(9))
        _ = trade(at: milliseconds, isBuy: isBuy, amount: amount)
    }

    mutating func trade(at milliseconds: Int64, isBuy: Bool, amount: Double) -> Trade {
        lastSequence += 1
        let trade = Trade(
            sequence: lastSequence, milliseconds: milliseconds, isBuy: isBuy, price: isBuy ? bestAsk : bestBid,
            amount: amount)
        trades.append(trade)
        if trades.count > Self.mostTrades { trades.removeFirst() }
        return trade
    }

    // MARK: How it is told

    func sides(depth: Int = .max) -> [String: JSONValue] {
        func level(_ level: (key: Double, value: Double)) -> JSONValue { [.number(level.key), .number(level.value)] }
        return [
            "bids": .array(levels.bids.sorted { $0.key > $1.key }.prefix(depth).map(level)),
            "asks": .array(levels.asks.sorted { $0.key < $1.key }.prefix(depth).map(level)),
        ]
    }

    /// The members that a ticker and a book have in common.
    func ticker(at milliseconds: Int64) -> [String: JSONValue] {
        [
            "instrument_name": .string(instrument.name), "timestamp": .integer(milliseconds), "state": "open",
            "last_price": .number(trades.last?.price ?? instrument.price), "mark_price": .number(instrument.price),
            "index_price": .number(instrument.price), "open_interest": 1_000_000,
            "best_bid_price": .number(bestBid), "best_bid_amount": .number(levels.bids[bestBid] ?? 0),
            "best_ask_price": .number(bestAsk), "best_ask_amount": .number(levels.asks[bestAsk] ?? 0),
            "current_funding": 0, "funding_8h": 0.00001, "min_price": .number(instrument.price * 0.98),
            "max_price": .number(instrument.price * 1.02), "settlement_price": .number(instrument.price),
            "stats": [
                "high": .number(bestAsk), "low": .number(bestBid), "price_change": nil, "volume": 1.5,
                "volume_usd": 75_000,
            ],
        ]
    }

    /// What a subscription to the book is told: all of it, or what has changed since it was told last.
    func update(since told: inout (levels: Levels, changeID: Int64)?, at milliseconds: Int64) -> JSONValue {
        let before = told?.levels ?? Levels()
        var members: [String: JSONValue] = [
            "type": told == nil ? "snapshot" : "change", "instrument_name": .string(instrument.name),
            "timestamp": .integer(milliseconds), "change_id": .integer(changeID),
            "bids": Self.changes(from: before.bids, to: levels.bids),
            "asks": Self.changes(from: before.asks, to: levels.asks),
        ]
        if let told { members["prev_change_id"] = .integer(told.changeID) }
        told = (levels, changeID)
        return .object(members)
    }

    private static func changes(from before: [Double: Double], to now: [Double: Double]) -> JSONValue {
        let changed = now.sorted { $0.key < $1.key }.filter { before[$0.key] != $0.value }.map { level -> JSONValue in
            [before[level.key] == nil ? "new" : "change", .number(level.key), .number(level.value)]
        }
        let gone = before.keys.sorted().filter { now[$0] == nil }.map { price -> JSONValue in
            ["delete", .number(price), 0]
        }
        return .array(changed + gone)
    }

    func words(of trade: Trade) -> [String: JSONValue] {
        [
            "instrument_name": .string(instrument.name), "trade_seq": .integer(trade.sequence),
            "trade_id": .string("\(instrument.currency)-\(trade.sequence)"), "timestamp": .integer(trade.milliseconds),
            "direction": trade.isBuy ? "buy" : "sell", "price": .number(trade.price), "amount": .number(trade.amount),
            "mark_price": .number(instrument.price), "index_price": .number(instrument.price), "tick_direction": 1,
        ]
    }

    /// The instrument, as `public/get_instruments` tells it.
    func words(id: Int) -> JSONValue {
        [
            "instrument_name": .string(instrument.name), "instrument_id": .integer(Int64(id)), "kind": "future",
            "base_currency": .string(instrument.currency), "quote_currency": "USD", "counter_currency": "USD",
            "settlement_currency": .string(instrument.currency), "settlement_period": "perpetual",
            "tick_size": .number(instrument.tickSize), "min_trade_amount": .number(instrument.minimumAmount),
            "contract_size": .number(instrument.minimumAmount), "is_active": true, "maker_commission": 0,
            "taker_commission": 0.0005, "creation_timestamp": 1_534_167_754_000,
        ]
    }
}
