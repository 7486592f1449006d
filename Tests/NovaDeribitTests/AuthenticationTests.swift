import NovaDeribit
import NovaTestKit
import Synchronization
import Testing

@Suite("Deribit knows who we are, on every connection", .timeLimit(.minutes(2)))
struct AuthenticationTests {
    @Test(
        "Both grants are accepted, and what is said first is said in its order",
        arguments: [Deribit.Credentials.Grant.secret, .signature(), .signature(data: "whatever")])
    func grants(_ grant: Deribit.Credentials.Grant) async throws {
        let exchange = Exchange()
        let key = Deribit.Credentials(id: "client", secret: "secret", grant: grant)
        try await exchange.run(exchange.adapter(.fixed(key), cancelsOnDisconnect: true)) { client in
            let feed = try await client.subscribe(to: .ticker("BTC-PERPETUAL"))
            exchange.deribit.server.suffer(.reset)
            await client.ready()
            _ = try await client.accountSummary(currency: "BTC")
            withExtendedLifetime(feed) {}
        }
        let first = ["public/auth", "private/enable_cancel_on_disconnect", "public/set_heartbeat", "public/subscribe"]
        #expect(exchange.deribit.methods == first + first + ["private/get_account_summary"])
        #expect(exchange.deribit.refusals.isEmpty)
    }

    @Test("The signature is that of the documentation's formula")
    func signature() async throws {
        // HMAC-SHA256 of "1576074319000\n1iqt2wls\n" under "AMANDASECRECT", as the documentation and OpenSSL's command
        // have it.
        let exchange = Exchange { $0.credentials = ["AMANDA": "AMANDASECRECT"] }
        let seen = Mutex<String?>(nil)
        let received = exchange.deribit.server.onMessage
        exchange.deribit.server.onMessage = { connection, message in
            let value = try? JSONValue(json: message.text)
            seen.withLock { $0 = $0 ?? value?["params"]?["signature"]?.string }
            received(connection, message)
        }
        let key = Deribit.Credentials(id: "AMANDA", secret: "AMANDASECRECT", grant: .signature())
        let adapter = Deribit(
            .at(url: exchange.deribit.url), credentials: .fixed(key), now: { 1_576_074_319_000 },
            nonce: { "1iqt2wls" })
        try await exchange.run(adapter) { _ in }
        #expect(seen.withLock(\.self) == "56590594f97921b09b18f166befe0d1319b198bbcdad7ca73382de2f88fe9aa1")
        #expect(exchange.deribit.refusals.isEmpty)
    }

    @Test("Tokens are renewed ahead of their end by the refresh token, and channels go on")
    func renewal() async throws {
        let exchange = Exchange { $0.tokenLifetime = .seconds(300) }
        let times = try await exchange.run(exchange.adapter(heartbeat: nil)) { client in
            let feed = try await client.subscribe(to: .userTrades("BTC-PERPETUAL", .raw))
            try await exchange.network.sleep(for: .seconds(1000))
            _ = try await client.buy(.market("BTC-PERPETUAL", amount: 10))
            for try await update in feed {
                guard case .value(let trades) = update else { continue }
                #expect(trades.map(\.amount) == [10])
                break
            }
            return exchange.deribit.calls.filter { $0.method == "public/auth" }.map { $0.time.components.seconds }
        }
        #expect(times == [0, 240, 480, 720, 960])
        #expect(exchange.deribit.server.counts.accepted == 1)
        #expect(exchange.deribit.refusals.isEmpty)
    }

    @Test("Where the refresh token is refused, the credentials are presented again")
    func refusedRefresh() async throws {
        let exchange = Exchange { $0.tokenLifetime = .seconds(300) }
        let count = Mutex(0)
        exchange.deribit.refuses = { call in
            guard call.method == "public/auth" else { return nil }
            return count.withLock { count in
                count += 1
                return count == 2 ? ScriptedDeribit.Refusal(13009, "unauthorized") : nil
            }
        }
        try await exchange.run(exchange.adapter()) { client in
            try await exchange.network.sleep(for: .seconds(400))
            _ = try await client.accountSummary(currency: "BTC")
        }
        #expect(exchange.deribit.methods.filter { $0 == "public/auth" }.count == 3)
        #expect(exchange.deribit.server.counts.accepted == 1)
    }

    @Test(
        "A wrong secret ends the session, with that cause", arguments: [Deribit.Credentials.Grant.secret, .signature()])
    func wrongSecret(_ grant: Deribit.Credentials.Grant) async throws {
        let exchange = Exchange()
        let key = Deribit.Credentials(id: "client", secret: "wrong", grant: grant)
        let error = await #expect(throws: WebSocketError.self) {
            try await exchange.run(exchange.adapter(.fixed(key))) { _ in }
        }
        #expect(error?.termination?.cause.ending.detail == .authenticationFailed(.refused))
        #expect(exchange.deribit.methods == ["public/auth"])
        #expect(exchange.deribit.refusals.map(\.code) == [grant == .secret ? 13004 : 13009])
        #expect(exchange.deribit.server.counts.accepted == 1)
    }

    @Test("What may pass is tried again with the next connection: maintenance, a provider that fails")
    func unavailable() async throws {
        struct NotNow: Error {}
        let exchange = Exchange()
        let asked = Mutex(0)
        exchange.deribit.refuses = { call in
            call.connection == 1 ? ScriptedDeribit.Refusal(11051, "system_maintenance") : nil
        }
        let provider = Deribit.CredentialsProvider {
            let count = asked.withLock { count in
                count += 1
                return count
            }
            if count == 2 { throw NotNow() }
            return Exchange.key
        }
        try await exchange.run(exchange.adapter(provider)) { client in
            _ = try await client.accountSummary(currency: "BTC")
        }
        #expect(asked.withLock(\.self) == 3)
        #expect(exchange.deribit.server.counts.accepted == 3)
    }

    @Test(
        "Cancel on disconnect that Deribit does not grant, or not to strangers, is no connection to trade on",
        arguments: [false, true])
    func noCancelOnDisconnect(_ isAnonymous: Bool) async throws {
        let exchange = Exchange()
        exchange.deribit.refuses = { call in
            call.method.contains("cancel_on_disconnect") ? ScriptedDeribit.Refusal(13021, "forbidden") : nil
        }
        let adapter = exchange.adapter(isAnonymous ? nil : .fixed(Exchange.key), cancelsOnDisconnect: true)
        let error = await #expect(throws: WebSocketError.self) { try await exchange.run(adapter) { _ in } }
        #expect(exchange.deribit.refusals.map(\.code) == [isAnonymous ? 13009 : 13021])
        #expect(error?.termination?.cause.ending.detail == .authenticationFailed(.refused))
    }

    @Test("The environment's credentials are those of its two variables, or it says which is missing")
    func environment() async throws {
        let exchange = Exchange()
        let adapter = exchange.adapter(.environment)
        let told = Mutex<[String]>([])
        let options = exchange.options { $0.policy.reconnection = .never }
        await #expect(throws: WebSocketError.self) {
            try await exchange.network.run {
                let client = try DeribitClient(adapter, configure: options)
                let reports = client.session.handlerReports
                do {
                    try await client.connect()
                } catch {
                    for await report in reports {
                        if case .threw(let error) = report.event { told.withLock { $0.append("\(error)") } }
                    }
                    throw error
                }
            }
        }
        #expect(told.withLock(\.self).contains { $0.contains("DERIBIT_CLIENT_ID") })
    }
}
