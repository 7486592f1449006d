import NovaDeribit
import NovaTestKit
import Testing

// The samples of the documentation, as they stand there. `DocumentationTests` sees to it that none is missing.

@Suite("The samples of Deribit's documentation do what they say", .timeLimit(.minutes(2)))
struct DeribitSampleTests {
    /// The real exchange is not asked by tests.
    private func landing() async throws {
        let client = try DeribitClient(Deribit(.test, credentials: .environment, cancelsOnDisconnect: true))
        try await client.connect()
        let placed = try await client.buy(.limit("BTC-PERPETUAL", amount: 10, price: 20_000))
        let open = try await client.openOrders()
        try await client.cancel(orderID: placed.order.orderID)
        await client.close()
        _ = open
    }

    private func channels(_ client: DeribitClient) async throws {
        for try await update in try await client.subscribe(to: .ticker("BTC-PERPETUAL")) {
            switch update {
            case .value(let ticker): print(ticker.lastPrice ?? 0)
            case .interrupted: print("the connection is lost")
            case .gap: print("something was missed")
            case .stale, .fresh: break
            case .unreadable(let error): print(error)
            }
        }
    }

    private func errors(_ client: DeribitClient) async throws {
        do {
            _ = try await client.buy(.market("BTC-PERPETUAL", amount: 10))
        } catch let error as DeribitError where error.code == .notEnoughFunds {
            print(error.reason ?? error.message)
        }
    }

    private func credentials(_ vault: @escaping @Sendable (String) async throws -> String) {
        let keys = Deribit.CredentialsProvider {
            Deribit.Credentials(id: "client", secret: try await vault("deribit"), grant: .signature())
        }
        _ = keys
    }

    @Test func outage() async throws {
        let network = SimulatedNetwork(seed: 1)
        let deribit = ScriptedDeribit(in: network)
        let key = Deribit.Credentials(id: "client", secret: "secret")
        let adapter = Deribit(.at(url: deribit.url), credentials: .fixed(key), cancelsOnDisconnect: true)
        try await network.run {
            let client = try DeribitClient(adapter) { network.join(&$0) }
            try await client.connect()
            _ = try await client.buy(.limit("BTC-PERPETUAL", amount: 10, price: 40_000))
            deribit.server.suffer(.reset)
            for await change in client.session.stateChanges where change.to == .ready { break }
            #expect(try await client.openOrders().isEmpty)
        }
        #expect(deribit.server.counts.accepted == 2)
    }
}
