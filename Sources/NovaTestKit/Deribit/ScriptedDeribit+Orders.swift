import NovaSocket

/// An order at the scripted Deribit.
struct DeribitOrder {
    let id: String
    /// The connection that it came through.
    let connection: Int
    let instrument: String
    let isBuy: Bool
    let type: String
    let amount: Double
    var price: Double?
    var state: String
    var filled = 0.0
    var label: String?
    var timeInForce: String
    var isPostOnly: Bool
    var isReduceOnly: Bool
    var cancelReason: String?
    let created: Int64
    var updated: Int64

    var isOpen: Bool { state == "open" || state == "untriggered" }

    var words: JSONValue {
        var members: [String: JSONValue] = [
            "order_id": .string(id), "instrument_name": .string(instrument), "direction": isBuy ? "buy" : "sell",
            "order_type": .string(type), "order_state": .string(state), "amount": .number(amount),
            "filled_amount": .number(filled), "price": price.map { .number($0) } ?? "market_price",
            "average_price": .number(filled > 0 ? price ?? 0 : 0), "time_in_force": .string(timeInForce),
            "post_only": .bool(isPostOnly), "reduce_only": .bool(isReduceOnly), "label": .string(label ?? ""),
            "creation_timestamp": .integer(created), "last_update_timestamp": .integer(updated), "api": true,
        ]
        if let cancelReason { members["cancel_reason"] = .string(cancelReason) }
        return .object(members)
    }
}

extension ScriptedDeribit {
    /// `private/buy` and `private/sell`.
    func place(_ visitor: DeribitVisitor, _ request: Parameters, isBuy: Bool) throws(Refusal) -> JSONValue {
        var market = try market(request)
        let amount = try amount(request, market.instrument)
        let type = request["type"]?.string ?? "limit"
        let isTriggered = type.hasPrefix("stop") || type.hasPrefix("take") || type == "trailing_stop"
        if isTriggered { try checkTrigger(request, type) }
        if let end = request["valid_until"]?.int, Int64(end) <= milliseconds { throw Refusal(13888, "timed_out") }
        var price = type.hasSuffix("limit") && type != "market_limit" ? try self.price(request, market) : nil
        if amount / (price ?? market.instrument.price) > settings.equity { throw Refusal(10009, "not_enough_funds") }
        var meets = !isTriggered && (price.map { isBuy ? $0 >= market.bestAsk : $0 <= market.bestBid } ?? true)
        if meets, request["post_only"]?.bool == true {
            if request["reject_post_only"]?.bool == true { throw Refusal(11054, "post_only_reject") }
            price = isBuy ? market.bestBid : market.bestAsk
            meets = false
        }
        let force = request["time_in_force"]?.string ?? "good_til_cancelled"
        var order = DeribitOrder(
            id: "\(market.instrument.currency)-\(orders.count + 1)", connection: visitor.connection.number,
            instrument: market.instrument.name, isBuy: isBuy, type: type, amount: amount, price: price,
            state: isTriggered ? "untriggered" : "open", label: request["label"]?.string, timeInForce: force,
            isPostOnly: request["post_only"]?.bool == true, isReduceOnly: request["reduce_only"]?.bool == true,
            created: milliseconds, updated: milliseconds)
        var trades: [JSONValue] = []
        if meets {
            let trade = market.trade(at: milliseconds, isBuy: isBuy, amount: amount)
            markets[market.instrument.name] = market
            (order.state, order.filled, order.price) = ("filled", amount, trade.price)
            trades = [words(of: trade, order, market)]
        } else if !isTriggered, force == "immediate_or_cancel" || force == "fill_or_kill" {
            (order.state, order.cancelReason) = ("cancelled", "\(force)_not_matched")
        }
        orders.append(order)
        tellUser(order, trades: trades)
        return ["order": order.words, "trades": .array(trades)]
    }

    private func words(of trade: DeribitMarket.Trade, _ order: DeribitOrder, _ market: DeribitMarket) -> JSONValue {
        var members = market.words(of: trade)
        let ours: [String: JSONValue] = [
            "order_id": .string(order.id), "fee": 0.000001, "fee_currency": .string(market.instrument.currency),
            "liquidity": "T", "order_type": .string(order.type), "state": "filled", "matching_id": nil,
        ]
        members.merge(ours) { $1 }
        if let label = order.label { members["label"] = .string(label) }
        return .object(members)
    }

    private func amount(_ request: Parameters, _ instrument: Instrument) throws(Refusal) -> Double {
        let contracts = request["contracts"]?.double.map { $0 * instrument.minimumAmount }
        guard let amount = request["amount"]?.double ?? contracts else {
            throw .invalid("amount", reason: "amount or contracts is required")
        }
        guard amount > 0, Self.isMultiple(amount, of: instrument.minimumAmount), contracts == nil || contracts == amount
        else { throw Refusal(10021, "invalid_amount") }
        return amount
    }

    private func price(_ request: Parameters, _ market: DeribitMarket) throws(Refusal) -> Double {
        let price = try request.number("price")
        guard price > 0 else { throw Refusal(10023, "invalid_price") }
        guard Self.isMultiple(price, of: market.instrument.tickSize) else { throw Refusal(10043, "price_wrong_tick") }
        return price
    }

    private func checkTrigger(_ request: Parameters, _ type: String) throws(Refusal) {
        _ = try request.string("trigger")
        _ = try request.number(type == "trailing_stop" ? "trigger_offset" : "trigger_price")
    }

    private static func isMultiple(_ value: Double, of step: Double) -> Bool {
        let steps = value / step
        return abs(steps - steps.rounded()) < 1e-9
    }

    // MARK: Cancelling

    func cancel(_ request: Parameters) throws(Refusal) -> JSONValue {
        let id = try request.string("order_id")
        guard let index = orders.firstIndex(where: { $0.id == id }) else { throw Refusal(10004, "order_not_found") }
        guard orders[index].isOpen else { throw Refusal(11044, "not_open_order") }
        cancel(at: index, reason: "user_request")
        return orders[index].words
    }

    func cancelAll(_ request: Parameters) throws(Refusal) -> JSONValue {
        if request["detailed"]?.bool == true { throw Refusal(10033, "not_implemented") }
        let open = orders.indices.filter { orders[$0].isOpen }
        for index in open { cancel(at: index, reason: "user_request") }
        return .integer(Int64(open.count))
    }

    func cancel(at index: Int, reason: String) {
        (orders[index].state, orders[index].cancelReason) = ("cancelled", reason)
        orders[index].updated = milliseconds
        tellUser(orders[index], trades: [])
    }

    // MARK: The account

    func openOrders(_ request: Parameters) -> JSONValue {
        guard (request["kind"]?.string ?? "future") == "future" else { return [] }
        let type = request["type"]?.string ?? "all"
        return .array(orders.filter { $0.isOpen && (type == "all" || $0.type == type) }.map(\.words))
    }

    func accountSummary(_ request: Parameters) throws(Refusal) -> JSONValue {
        let currency = try request.string("currency")
        guard settings.instruments.contains(where: { $0.currency == currency }) else { throw .invalid("currency") }
        let equity = JSONValue.number(settings.equity)
        return [
            "currency": .string(currency), "equity": equity, "balance": equity, "margin_balance": equity,
            "available_funds": equity, "available_withdrawal_funds": equity, "initial_margin": 0,
            "maintenance_margin": 0, "delta_total": 0, "total_pl": 0, "session_rpl": 0, "session_upl": 0,
            "limits": ["non_matching_engine": ["burst": 100, "rate": 20]],
        ]
    }
}
