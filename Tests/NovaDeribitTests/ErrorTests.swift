import NovaDeribit
import NovaTestKit
import Testing

@Suite("Deribit's errors have types and names", .timeLimit(.minutes(2)))
struct ErrorTests {
    @Test("Each mistake has its code, and where Deribit says more, that too")
    func mistakes() async throws {
        let exchange = Exchange()
        try await exchange.run(exchange.adapter()) { client in
            func code(_ body: () async throws -> Void) async -> DeribitError.Code? {
                await #expect(throws: DeribitError.self) { try await body() }?.code
            }
            let instrument = "BTC-PERPETUAL"
            #expect(
                await code { _ = try await client.session.request("public/none", as: Int.self) } == .methodNotFound)
            #expect(await code { _ = try await client.orderBook(of: instrument, depth: 7) } == .invalidParams)
            #expect(await code { _ = try await client.ticker(of: "BTC-NONE") } == .notFound)
            #expect(await code { try await client.cancel(orderID: "none") } == .orderNotFound)
            #expect(await code { _ = try await client.buy(.market(instrument, amount: 5)) } == .invalidAmount)
            #expect(await code { _ = try await client.buy(.market(instrument, amount: 9e6)) } == .notEnoughFunds)
            let between = Deribit.OrderRequest.limit(instrument, amount: 10, price: 40_000.1)
            #expect(await code { _ = try await client.buy(between) } == .priceWrongTick)
            var crossing = Deribit.OrderRequest.limit(instrument, amount: 10, price: 60_000)
            (crossing.postOnly, crossing.rejectPostOnly) = (true, true)
            #expect(await code { _ = try await client.buy(crossing) } == .postOnlyReject)
            let filled = try await client.buy(.market(instrument, amount: 10))
            #expect(await code { try await client.cancel(orderID: filled.order.orderID) } == .notOpenOrder)
            #expect(await code { _ = try await client.exchangeToken(for: 77) } == .forbidden)
            #expect(await code { _ = try await client.test(expecting: "exception") } == .init(rawValue: 10001))

            let error = await #expect(throws: DeribitError.self) { try await client.setHeartbeat(.seconds(9)) }
            #expect(error?.reason == "not less than 10" && error?.parameter == "interval")
            #expect(error?.description == "-32602: Invalid params")
        }
    }

    @Test("Without credentials what is private is refused with 13009")
    func anonymous() async throws {
        let exchange = Exchange()
        try await exchange.run(exchange.adapter(nil)) { client in
            let error = await #expect(throws: DeribitError.self) { try await client.accountSummary(currency: "BTC") }
            #expect(error?.code == .unauthorized && error?.code.name == "unauthorized")
            await #expect(throws: AuthenticationError.self) { try await client.forkToken(sessionName: "none") }
        }
    }

    @Test("A code that nobody knows is told as it came")
    func unknown() async throws {
        let exchange = Exchange()
        exchange.deribit.refuses = { call in
            call.method == "public/ticker" ? ScriptedDeribit.Refusal(99_999, "new_error") : nil
        }
        try await exchange.run(exchange.adapter(nil)) { client in
            let error = await #expect(throws: DeribitError.self) { try await client.ticker(of: "BTC-PERPETUAL") }
            #expect(error?.code.rawValue == 99_999 && error?.code.name == nil && error?.message == "new_error")
            #expect(error?.code.description == "error 99999")
        }
    }

    @Test(
        "Codes have the names of the documentation",
        arguments: [
            (DeribitError.Code.tooManyRequests, "too_many_requests"), (.invalidCredentials, "invalid_credentials"),
            (.notEnoughFunds, "not_enough_funds"), (.badRequest, "bad_request"),
            (.rawSubscriptionsNotAvailableForUnauthorized, "raw_subscriptions_not_available_for_unauthorized"),
        ])
    func names(_ code: DeribitError.Code, _ name: String) {
        #expect(code.name == name)
    }

    @Test("Words that are new do not cost the message")
    func words() throws {
        let text = """
            {"order_id":"1","instrument_name":"X","direction":"sideways","order_type":"new_kind","order_state":"asleep",
            "price":"market_price","amount":1,"unheard_of":[]}
            """
        let order: Deribit.Order = try JSONValue(json: text).decode()
        #expect(order.direction.rawValue == "sideways" && order.state.rawValue == "asleep")
        #expect(order.price == .word("market_price") && order.price?.value == nil)
    }
}
