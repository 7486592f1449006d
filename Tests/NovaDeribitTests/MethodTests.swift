import NovaDeribit
import NovaTestKit
import Testing

@Suite("Deribit's methods, each once against the scripted Deribit", .timeLimit(.minutes(2)))
struct MethodTests {
    @Test("What needs no credentials")
    func publicMethods() async throws {
        let exchange = Exchange()
        try await exchange.run(exchange.adapter(nil)) { client in
            #expect(try await client.time() >= 1_700_000_000_000)
            #expect(try await client.hello(name: "tests", version: "1").version == "2.1.1")
            #expect(try await client.status().isLocked == false)
            #expect(try await client.test().version == "2.1.1")
            let instruments = try await client.instruments(currency: "any", kind: .future)
            #expect(instruments.map(\.name) == ["BTC-PERPETUAL", "ETH-PERPETUAL"])
            #expect(instruments[0].tickSize == 0.5 && instruments[0].kind == .future)
            #expect(try await client.instruments(currency: "BTC", isExpired: true).isEmpty)
            let book = try await client.orderBook(of: "BTC-PERPETUAL", depth: 1)
            #expect(book.bids.map(\.price) == [49_999.5] && book.asks.map(\.price) == [50_000.5])
            #expect(book.bestBidPrice == 49_999.5 && book.changeID != nil)
            let ticker = try await client.ticker(of: "ETH-PERPETUAL")
            #expect(ticker.instrument == "ETH-PERPETUAL" && ticker.markPrice == 3000)
            #expect(ticker.stats?.volumeUSD == 75_000 && ticker.stats?.priceChange == nil && ticker.greeks == nil)
            try await client.setHeartbeat(.seconds(10))
            try await client.disableHeartbeat()
            try await client.unsubscribeAll()
        }
        #expect(
            exchange.deribit.methods == [
                "public/set_heartbeat", "public/get_time", "public/hello", "public/status", "public/test",
                "public/get_instruments", "public/get_instruments", "public/get_order_book", "public/ticker",
                "public/set_heartbeat", "public/disable_heartbeat", "public/unsubscribe_all",
            ])
        #expect(exchange.deribit.refusals.isEmpty)
    }

    @Test("Orders: limit, market, with labels and triggers; cancelled one by one and all at once")
    func trading() async throws {
        let exchange = Exchange()
        try await exchange.run(exchange.adapter()) { client in
            var request = Deribit.OrderRequest.limit("BTC-PERPETUAL", amount: 20, price: 40_000)
            request.label = "low"
            request.postOnly = true
            let placed = try await client.buy(request)
            #expect(placed.order.state == .open && placed.order.direction == .buy && placed.order.label == "low")
            #expect(placed.order.price?.value == 40_000 && placed.trades.isEmpty)
            let sold = try await client.sell(.market("BTC-PERPETUAL", amount: 10))
            #expect(sold.order.state == .filled && sold.order.filledAmount == 10 && sold.order.type == .market)
            #expect(sold.trades.map(\.price) == [49_999.5] && sold.trades.first?.direction == .sell)
            #expect(sold.trades.first?.orderID == sold.order.orderID)
            var stop = Deribit.OrderRequest.order(.stopMarket, "BTC-PERPETUAL", amount: 10)
            stop.trigger = .markPrice
            stop.triggerPrice = 45_000
            let stopped = try await client.sell(stop)
            #expect(stopped.order.state == .untriggered && stopped.order.price == .word("market_price"))
            #expect(try await client.openOrders().map(\.orderID) == [placed.order.orderID, stopped.order.orderID])
            #expect(try await client.openOrders(kind: .future, type: "limit").count == 1)
            let cancelled = try await client.cancel(orderID: placed.order.orderID)
            #expect(cancelled.state == .cancelled && cancelled.cancelReason == "user_request")
            #expect(try await client.cancelAll() == 1)
            #expect(try await client.openOrders().isEmpty)
            let summary = try await client.accountSummary(currency: "BTC")
            #expect(summary.equity == 10 && summary.limits?["non_matching_engine"]?["rate"] == 20)
        }
        #expect(exchange.deribit.refusals.isEmpty)
    }

    @Test("Cancel on disconnect is enabled, asked for and disabled; tokens are exchanged and forked")
    func connection() async throws {
        let exchange = Exchange()
        let key = Deribit.Credentials(id: "client", secret: "secret", scope: "session:main")
        try await exchange.run(exchange.adapter(.fixed(key))) { client in
            try await client.enableCancelOnDisconnect()
            #expect(try await client.cancelOnDisconnect().enabled)
            try await client.disableCancelOnDisconnect()
            #expect(try await client.cancelOnDisconnect().enabled == false)
            #expect(try await client.cancelOnDisconnect(.account).scope == .account)
            let other = try await client.exchangeToken(for: 2)
            #expect(other.validity == .seconds(900) && !other.accessToken.isEmpty)
            let fork = try await client.forkToken(sessionName: "second")
            #expect(fork.scope == "session:second")
            #expect(!"\(fork) \(String(reflecting: fork))".contains(fork.refreshToken))
            try await client.unsubscribeAll()
        }
        #expect(exchange.deribit.refusals.isEmpty)
        #expect(exchange.deribit.methods.last == "private/unsubscribe_all")
    }

    @Test("A logout leaves the orders, and the session is over")
    func logout() async throws {
        let exchange = Exchange()
        let termination = try await exchange.run(exchange.adapter(cancelsOnDisconnect: true)) { client in
            _ = try await client.buy(.limit("BTC-PERPETUAL", amount: 20, price: 40_000))
            return try await client.logout()
        }
        #expect(termination?.isOrderly == true)
        #expect(exchange.deribit.methods.suffix(2) == ["private/buy", "private/logout"])
        #expect(exchange.deribit.openOrders == ["BTC-1"])
        #expect(exchange.deribit.server.counts.accepted == 1)
    }

    @Test("Deribit's times come with an answer where they are asked for")
    func timed() async throws {
        let exchange = Exchange()
        try await exchange.run(exchange.adapter(nil)) { client in
            let timed = try await client.timed("public/get_time", as: Int64.self)
            #expect(timed.received == timed.value * 1000 + Int64(timed.received ?? 0) % 1000)
            #expect(timed.handling == .zero && timed.isTest == true && timed.roundTrip > .zero)
            let error = await #expect(throws: DeribitError.self) {
                try await client.timed("public/nothing", as: Int64.self)
            }
            #expect(error?.code == .methodNotFound)
        }
    }
}
