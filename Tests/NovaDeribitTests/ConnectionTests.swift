import NovaDeribit
import NovaTestKit
import Synchronization
import Testing

@Suite("Deribit's heartbeat, cancel on disconnect, and limits", .timeLimit(.minutes(2)))
struct ConnectionTests {
    @Test("Heartbeats are answered at once, anonymous or not", arguments: [true, false])
    func heartbeat(_ isAnonymous: Bool) async throws {
        let exchange = Exchange()
        let adapter = exchange.adapter(
            isAnonymous ? nil : .fixed(Exchange.key), heartbeat: .seconds(isAnonymous ? 10 : 3))
        try await exchange.run(adapter) { client in
            try await exchange.network.sleep(for: .seconds(100))
            _ = try await client.time()
        }
        let tests = exchange.deribit.calls.filter { $0.method == "public/test" }
        #expect(tests.count >= 9)
        #expect(tests.allSatisfy { $0.time.components.seconds % 10 == 0 })
        #expect(exchange.deribit.server.counts.accepted == 1)
    }

    /// Does what Deribit wants, but does not hear heartbeats.
    struct Deaf: Adapter {
        let deribit: Deribit
        var url: String { deribit.url }
        var authentication: AuthenticationPolicy? { deribit.authentication }
        func authenticate(_ context: SessionContext) async throws -> Duration? {
            try await deribit.authenticate(context)
        }
        func handle(_ message: Message, _ context: SessionContext) async throws -> Reaction { .nothing }
    }

    @Test("A heartbeat that is not answered costs the connection")
    func unanswered() async throws {
        let exchange = Exchange()
        let adapter = Deaf(deribit: exchange.adapter(nil, heartbeat: .seconds(10)))
        let options = exchange.options { $0.policy.reconnection = .never }
        try await exchange.network.run {
            let session = try Session(adapter: adapter, configure: options)
            try await session.connect()
            for await _ in session.stateChanges {}
            #expect(await session.termination?.cause.ending.detail == .transportEnded(.endOfStream))
        }
        #expect(exchange.network.elapsed >= .seconds(20) && exchange.network.elapsed < .seconds(25))
    }

    @Test("An answer to a heartbeat overtakes orders that wait for their tokens")
    func overtakes() async throws {
        let exchange = Exchange()
        let slow = Deribit.Rate(bucket: RateLimit(capacity: 20, refill: 1), costs: Deribit.Rate.standard.costs)
        try await exchange.run(
            exchange.adapter(heartbeat: .seconds(10), rate: slow), calls: CallOptions(timeout: .seconds(600))
        ) { client in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 1...12 {
                    group.addTask { _ = try await client.buy(.limit("BTC-PERPETUAL", amount: 10, price: 40_000)) }
                }
                try await group.waitForAll()
            }
        }
        #expect(exchange.deribit.openOrders.count == 12)
        #expect(exchange.deribit.server.counts.accepted == 1)
        #expect(exchange.deribit.methods.filter { $0 == "public/test" }.count >= 10)
    }

    @Test("Heartbeats are answered while channels are still being restored")
    func whileRestoring() async throws {
        let exchange = Exchange()
        let received = exchange.deribit.server.onMessage
        let network = exchange.network
        exchange.deribit.server.onMessage = { connection, message in
            guard connection.number == 2, message.text.contains("subscribe") else {
                return received(connection, message)
            }
            network.task {
                try await network.sleep(for: .seconds(25))
                received(connection, message)
            }
        }
        try await exchange.run(exchange.adapter(nil, heartbeat: .seconds(10))) { client in
            let feed = try await client.subscribe(to: .ticker("BTC-PERPETUAL"))
            exchange.deribit.server.suffer(.reset)
            await client.ready()
            for try await update in feed { if case .gap = update { break } }
        }
        #expect(exchange.deribit.server.counts.accepted == 2)
        #expect(exchange.deribit.calls.filter { $0.connection == 2 && $0.method == "public/test" }.count == 2)
    }

    @Test("Orders of a connection that is lost are cancelled where that was asked for", arguments: [true, false])
    func cancelOnDisconnect(_ isEnabled: Bool) async throws {
        let exchange = Exchange()
        let left = try await exchange.run(exchange.adapter(cancelsOnDisconnect: isEnabled)) { client in
            _ = try await client.buy(.limit("BTC-PERPETUAL", amount: 10, price: 40_000))
            exchange.deribit.server.suffer(.reset)
            await client.ready()
            return try await client.openOrders().count
        }
        #expect(left == (isEnabled ? 0 : 1))
    }

    /// What the client's standard rate is made for.
    private static let credits = ScriptedDeribit.Credits(capacity: 120, refill: 10) { method in
        switch method {
        case "public/auth": 10
        case "private/buy", "private/sell": 10
        case "public/subscribe", "private/subscribe": 5
        default: 1
        }
    }

    private func burst(_ rate: Deribit.Rate, _ exchange: Exchange) async throws -> [DeribitError.Code] {
        try await exchange.run(
            exchange.adapter(rate: rate), calls: CallOptions(timeout: .seconds(300))
        ) { client in
            await withTaskGroup(of: DeribitError.Code?.self) { group in
                for _ in 1...40 {
                    group.addTask {
                        do {
                            _ = try await client.buy(.limit("BTC-PERPETUAL", amount: 10, price: 40_000))
                            return nil
                        } catch let error as DeribitError {
                            return error.code
                        } catch {
                            return .init(rawValue: 0)
                        }
                    }
                }
                return await group.reduce(into: []) { if let code = $1 { $0.append(code) } }
            }
        }
    }

    @Test("A burst of orders keeps within the limit; without a limit Deribit says that it is too much")
    func limit() async throws {
        let exchange = Exchange { $0.credits = Self.credits }
        #expect(try await burst(.standard, exchange) == [])
        #expect(exchange.deribit.openOrders.count == 40)
        #expect(exchange.deribit.refusals == [])
        // Ten at once, and one each second then.
        #expect(exchange.network.elapsed >= .seconds(29) && exchange.network.elapsed < .seconds(31))

        let other = Exchange { $0.credits = Self.credits }
        let codes = try await burst(.unlimited, other)
        #expect(codes.filter { $0 == .tooManyRequests }.count == 1)
        #expect(other.deribit.refusals.map(\.code) == [10028])
        #expect(other.deribit.server.counts.accepted > 1 || codes.count > 20)
    }

    @Test("A channel that can't be asked for again at once, for too many requests, is asked for on a later connection")
    func exhausted() async throws {
        // Every connection costs 7. On the second there are 3 and a little; on a later one there are 8.
        let exchange = Exchange {
            $0.credits = ScriptedDeribit.Credits(capacity: 8, refill: 2) { $0.hasSuffix("subscribe") ? 5 : 1 }
        }
        let options = exchange.options {
            $0.policy.reconnection.backoff = .linear(step: .seconds(1), cap: .seconds(10), jitter: 0)
        }
        try await exchange.run(exchange.adapter(rate: .unlimited), options) { client in
            let feed = try await client.subscribe(to: .ticker("BTC-PERPETUAL"))
            exchange.deribit.server.suffer(.reset)
            var hasGap = false
            for try await update in feed {
                if case .gap = update { hasGap = true }
                if hasGap, update.value != nil { break }
            }
        }
        #expect(exchange.deribit.refusals.map(\.code).contains(10028))
        #expect(exchange.deribit.server.counts.accepted > 2)
    }

    @Test("Deribit's documented limit is kept to by the rate of that name")
    func documented() async throws {
        let exchange = Exchange()
        #expect(try await burst(.documented, exchange) == [])
        let other = Exchange()
        try await other.run(other.adapter(nil, rate: .documented)) { client in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 1...190 { group.addTask { _ = try await client.time() } }
                try await group.waitForAll()
            }
        }
        #expect(exchange.deribit.refusals == [] && other.deribit.refusals == [])
        // A hundred at once, and twenty a second then.
        #expect(other.network.elapsed >= .milliseconds(4500) && other.network.elapsed < .seconds(5))
    }

    @Test("More than the rate's queue holds is refused at once, unless the options allow more")
    func queue() async throws {
        let exchange = Exchange { $0.credits = Self.credits }
        let refused = try await exchange.run(exchange.adapter(nil), calls: CallOptions(timeout: .seconds(300))) {
            client in
            await withTaskGroup(of: Bool.self) { group in
                for _ in 1...400 { group.addTask { (try? await client.time()) == nil } }
                return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
        }
        // 119 tokens are left of 120, and 200 wait.
        #expect(refused == 400 - 119 - 200)
    }
}
