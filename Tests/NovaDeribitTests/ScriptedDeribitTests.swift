import NovaDeribit
import NovaTestKit
import Testing

@Suite("The scripted Deribit is strict", .timeLimit(.minutes(2)))
struct ScriptedDeribitTests {
    private static let credentials: [String: JSONValue] = [
        "grant_type": "client_credentials", "client_id": "client", "client_secret": "secret",
    ]

    private static func token(
        _ client: DeribitClient, _ more: [String: JSONValue] = [:]
    ) async throws -> Deribit.Token {
        try await client.session.request("public/auth", credentials.merging(more) { $1 })
    }

    @Test(
        "What is no request is answered as that, and costs nothing else",
        arguments: [
            ("{", -32700), ("[]", -32600), ("{\"jsonrpc\":\"1.0\",\"id\":1,\"method\":\"public/test\"}", -32600),
            ("{\"jsonrpc\":\"2.0\",\"id\":[],\"method\":\"public/test\"}", -32600),
            ("{\"jsonrpc\":\"2.0\",\"id\":\"a\",\"method\":\"public/test\",\"params\":[]}", -32602),
            ("{\"jsonrpc\":\"2.0\",\"id\":\"a\",\"method\":\"public/test\",\"params\":{\"what\":1}}", -32602),
            (
                "{\"jsonrpc\":\"2.0\",\"id\":\"a\",\"method\":\"public/hello\",\"params\":{\"client_name\":\"a\"}}",
                -32602
            ),
            (
                "{\"jsonrpc\":\"2.0\",\"id\":\"a\",\"method\":\"public/ticker\",\"params\":{\"instrument_name\":1}}",
                -32602
            ),
            (String(repeating: " ", count: 32_769), -32600),
        ])
    func malformed(_ text: String, _ code: Int) async throws {
        let exchange = Exchange()
        try await exchange.run(exchange.adapter(nil)) { client in
            try await client.session.send(text)
            #expect(try await client.time() > 0)
        }
        #expect(exchange.deribit.refusals.map(\.code) == [code])
        #expect(exchange.deribit.server.counts.accepted == 1)
    }

    @Test("A token that is over is over, in the request as on the connection")
    func expired() async throws {
        let exchange = Exchange { $0.tokenLifetime = .seconds(100) }
        try await exchange.run(exchange.adapter(nil)) { client in
            let token = try await Self.token(client)
            #expect(token.validity == .seconds(100))
            _ = try await client.accountSummary(currency: "BTC")
            try await exchange.network.sleep(for: .seconds(101))
            let error = await #expect(throws: DeribitError.self) { try await client.accountSummary(currency: "BTC") }
            #expect(error?.code == .unauthorized && error?.reason == "token has expired")
            let request: [String: JSONValue] = ["currency": "BTC", "access_token": .string(token.accessToken)]
            await #expect(throws: DeribitError.self) {
                try await client.session.request("private/get_account_summary", request, as: JSONValue.self)
            }
        }
        #expect(exchange.deribit.refusals.map(\.code) == [13009, 13009])
    }

    @Test("A token belongs to its connection, unless it belongs to a named session", arguments: [false, true])
    func scope(_ isOfSession: Bool) async throws {
        let exchange = Exchange()
        try await exchange.run(exchange.adapter(nil)) { client in
            let token = try await Self.token(client, isOfSession ? ["scope": "session:one expires:60"] : [:])
            #expect(token.validity == .seconds(isOfSession ? 60 : 900))
            exchange.deribit.server.suffer(.reset)
            await client.ready()
            let summary = ["currency": "BTC", "access_token": token.accessToken]
            let refresh = ["grant_type": "refresh_token", "refresh_token": token.refreshToken]
            func works(_ body: () async throws -> Void) async -> Bool { (try? await body()) != nil }
            #expect(
                await works {
                    let method = "private/get_account_summary"
                    _ = try await client.session.request(method, summary, as: JSONValue.self)
                } == isOfSession)
            #expect(
                await works { _ = try await client.session.request("public/auth", refresh, as: Deribit.Token.self) }
                    == isOfSession)
        }
        #expect(exchange.deribit.refusals.map(\.code) == (isOfSession ? [] : [13009, 13009]))
    }

    @Test("What was unsubscribed from is silent, and what is published goes to those who are not")
    func silence() async throws {
        let exchange = Exchange()
        try await exchange.run(exchange.adapter(nil)) { client in
            let first = try await client.subscribe(to: .ticker("BTC-PERPETUAL"))
            let second = try await client.subscribe(to: .untyped("ticker.ETH-PERPETUAL.agg2"))
            try await client.unsubscribeAll()
            try await exchange.network.sleep(for: .seconds(10))
            await client.close()
            for try await update in first { #expect(update.value == nil) }
            for try await update in second { #expect(update.value == nil) }
        }
    }

    @Test("Cancel on disconnect of the account is every later connection's")
    func accountScope() async throws {
        let exchange = Exchange()
        try await exchange.run(exchange.adapter()) { client in
            try await client.enableCancelOnDisconnect(.account)
            #expect(try await client.cancelOnDisconnect().enabled == false)
            exchange.deribit.server.suffer(.reset)
            await client.ready()
            #expect(try await client.cancelOnDisconnect().enabled)
        }
    }

    @Test("The same calls lead to the same prices: a run can be had again")
    func deterministic() async throws {
        func run() async throws -> [String] {
            let exchange = Exchange()
            return try await exchange.run(exchange.adapter()) { client in
                let books = try await client.subscribe(to: .book("BTC-PERPETUAL", .raw))
                let trades = try await client.subscribe(to: .trades("BTC-PERPETUAL"))
                try await exchange.network.sleep(for: .seconds(2))
                await client.close()
                var seen = try await books.reduce(into: []) { $0.append("\($1)") }
                seen += try await trades.reduce(into: []) { $0.append("\($1)") }
                return seen
            }
        }
        let (first, second) = (try await run(), try await run())
        #expect(first == second && first.count > 100)
    }
}
