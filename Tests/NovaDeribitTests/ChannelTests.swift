import NovaDeribit
import NovaTestKit
import Synchronization
import Testing

@Suite("Deribit's channels", .timeLimit(.minutes(2)))
struct ChannelTests {
    @Test("A ticker, trades and a book come at their intervals, each as its type, numbered without a gap")
    func typed() async throws {
        let exchange = Exchange()
        try await exchange.run(exchange.adapter(nil)) { client in
            let tickers = try await client.subscribe(to: .ticker("BTC-PERPETUAL"))
            let trades = try await client.subscribe(to: .trades("BTC-PERPETUAL"))
            let books = try await client.subscribe(to: .book("BTC-PERPETUAL"))
            let any = try await client.subscribe(to: .untyped("ticker.ETH-PERPETUAL.agg2"))
            try await exchange.network.sleep(for: .seconds(5))
            await client.close()

            let prices = try await tickers.reduce(into: []) { $0 += [$1.value?.bestBidPrice].compactMap(\.self) }
            #expect(prices.count >= 49 && prices.allSatisfy { $0 == 49_999.5 })
            let numbers = try await trades.reduce(into: [Int64]()) { $0 += ($1.value ?? []).map(\.sequence) }
            #expect(numbers.count >= 49 && numbers == Array(numbers[0]..<numbers[0] + Int64(numbers.count)))
            var last: Deribit.BookUpdate?
            for try await update in books {
                guard let book = update.value else {
                    guard case .interrupted = update else { Issue.record("\(update)"); break }
                    continue
                }
                #expect(book.type == (last == nil ? .snapshot : .change) && book.previousChangeID == last?.changeID)
                let changes = book.bids + book.asks
                #expect(changes.allSatisfy { $0.action == (last == nil ? .new : .change) })
                #expect(last == nil ? changes.count == 10 : !changes.isEmpty)
                last = book
            }
            #expect(last != nil)
            let untyped = try await any.reduce(into: []) {
                $0 += [$1.value?["instrument_name"]?.string].compactMap(\.self)
            }
            #expect(untyped == ["ETH-PERPETUAL", "ETH-PERPETUAL"])
        }
        #expect(
            exchange.deribit.methods.dropFirst() == [
                "public/subscribe", "public/subscribe", "public/subscribe", "public/subscribe",
            ])
    }

    @Test("A change of connections: no trade is missed and none told twice; a book begins anew")
    func rollover() async throws {
        let exchange = Exchange()
        try await exchange.run(exchange.adapter()) { client in
            let trades = try await client.subscribe(to: .trades("BTC-PERPETUAL"))
            let books = try await client.subscribe(to: .book("BTC-PERPETUAL"))
            try await exchange.network.sleep(for: .seconds(2))
            try await client.session.rollOver()
            try await exchange.network.sleep(for: .seconds(2))
            await client.close()
            #expect(await client.session.status.attempt == AttemptID(2))

            var numbers: [Int64] = []
            for try await update in trades {
                guard let value = update.value else { Issue.record("\(update)"); continue }
                numbers += value.map(\.sequence)
            }
            #expect(numbers.count > 39 && numbers == Array(numbers[0]..<numbers[0] + Int64(numbers.count)))

            var types: [String] = []
            for try await update in books {
                let word = update.value?.type?.rawValue ?? "\(update)".prefix { $0 != "(" }.description
                if types.last != word { types.append(word) }
            }
            #expect(types == ["snapshot", "change", "gap", "snapshot", "change"])
        }
    }

    @Test("An outage in the middle of a ticker: asked for again, and told as a gap")
    func outage() async throws {
        let exchange = Exchange()
        let words = Mutex<[String]>([])
        try await exchange.run(exchange.adapter()) { client in
            let feed = try await client.subscribe(to: .ticker("BTC-PERPETUAL"))
            let other = try await client.subscribe(to: .trades("ETH-PERPETUAL", .raw))
            try await exchange.network.sleep(for: .seconds(1))
            exchange.deribit.server.suffer(.refuse(for: .seconds(20)))
            exchange.deribit.server.suffer(.reset)
            await client.ready()
            try await exchange.network.sleep(for: .seconds(1))
            await client.close()
            for try await update in feed {
                let word: String =
                    switch update {
                    case .value: "value"
                    case .interrupted: "interrupted"
                    case .gap(.missed(let gap)): "gap before \(gap.attempt.number > 1)"
                    case .gap(.sequence), .stale, .fresh, .unreadable: "\(update)"
                    }
                words.withLock { if $0.last != word { $0.append(word) } }
            }
            withExtendedLifetime(other) {}
        }
        #expect(words.withLock(\.self) == ["value", "interrupted", "gap before true", "value"])
        let calls = exchange.deribit.calls.filter { $0.method.hasSuffix("/subscribe") }
        #expect(calls.map(\.connection) == [1, 1, 2, 2])
        #expect(
            calls.map { "\($0.method) \($0.channels.joined(separator: " "))" } == [
                "public/subscribe ticker.BTC-PERPETUAL.100ms", "private/subscribe trades.ETH-PERPETUAL.raw",
                "public/subscribe ticker.BTC-PERPETUAL.100ms", "private/subscribe trades.ETH-PERPETUAL.raw",
            ])
    }

    @Test("Raw events and our own are for those who have authenticated: without, Deribit is not even asked")
    func needsAuthentication() async throws {
        let exchange = Exchange()
        try await exchange.run(exchange.adapter(nil)) { client in
            let raw = await #expect(throws: DeribitChannelError.self) {
                try await client.subscribe(to: .ticker("BTC-PERPETUAL", .raw))
            }
            #expect(raw == .rawNeedsAuthentication(channel: "ticker.BTC-PERPETUAL.raw"))
            let ours = await #expect(throws: DeribitChannelError.self) {
                try await client.subscribe(to: .userTrades("BTC-PERPETUAL"))
            }
            #expect(ours == .userNeedsAuthentication(channel: "user.trades.BTC-PERPETUAL.100ms"))
            // What the exchange would have said.
            let error = await #expect(throws: DeribitError.self) {
                let raw = ["channels": ["ticker.BTC-PERPETUAL.raw"]]
                return try await client.session.request("public/subscribe", raw, as: [String].self)
            }
            #expect(error?.code == .rawSubscriptionsNotAvailableForUnauthorized)
        }
        #expect(exchange.deribit.methods == ["public/set_heartbeat", "public/subscribe"])

        let known = Exchange()
        try await known.run(known.adapter()) { client in
            let feed = try await client.subscribe(to: .ticker("BTC-PERPETUAL", .raw))
            for try await update in feed {
                #expect(update.value?.instrument == "BTC-PERPETUAL")
                break
            }
            feed.cancel()
            try await known.network.sleep(for: .seconds(1))
        }
        #expect(known.deribit.methods.suffix(2) == ["private/subscribe", "private/unsubscribe"])
    }

    @Test("A channel that Deribit does not list is refused, and the others of the request are not")
    func partly() async throws {
        let exchange = Exchange()
        let error = try await exchange.run(exchange.adapter(nil)) { client in
            // Both are wanted before there is a connection, so both are asked for at once.
            exchange.deribit.server.suffer(.reset)
            async let good = client.subscribe(to: .ticker("BTC-PERPETUAL"))
            async let bad = client.subscribe(to: .ticker("BTC-NONE"))
            var error: DeribitChannelError?
            do {
                _ = try await bad
                Issue.record("a channel that there is not")
            } catch let refusal as DeribitChannelError {
                error = refusal
            }
            for try await update in try await good where update.value != nil { break }
            return error
        }
        #expect(error == .notSubscribed(channel: "ticker.BTC-NONE.100ms"))
        #expect(exchange.deribit.refusals.isEmpty)
    }

    @Test("A book whose changes don't follow each other, and a message of another shape, are told as that")
    func broken() async throws {
        let exchange = Exchange()
        let channel = "book.BTC-PERPETUAL.agg2"
        let seen = try await exchange.run(exchange.adapter(nil)) { client in
            let feed = try await client.subscribe(to: DeribitChannel<Deribit.BookUpdate>(channel))
            func change(_ previous: Int64, _ next: Int64) -> JSONValue {
                [
                    "type": "change", "instrument_name": "BTC-PERPETUAL", "timestamp": 1, "bids": [], "asks": [],
                    "change_id": .integer(next), "prev_change_id": .integer(previous),
                ]
            }
            try await exchange.network.sleep(for: .milliseconds(500))
            for data in [change(1_000, 1_001), change(1_002, 1_003), ["type": 1], change(1_003, 1_004)] {
                exchange.deribit.publish(data, on: channel)
            }
            try await exchange.network.sleep(for: .milliseconds(500))
            await client.close()
            return try await feed.reduce(into: [String]()) { seen, update in
                switch update {
                case .value(let book): seen.append("\(book.changeID)")
                case .gap(.sequence(let expected, let found)): seen.append("\(expected) is not \(found)")
                case .unreadable(let error): seen.append(error.path)
                case .interrupted, .gap(.missed), .stale, .fresh: break
                }
            }
        }
        #expect(seen == ["1000", "1001", "1001 is not 1002", "1003", "params.data.type", "1004"])
    }

    @Test("Silence longer than a channel may be silent is told")
    func freshness() async throws {
        let exchange = Exchange()
        try await exchange.run(exchange.adapter()) { client in
            let feed = try await client.subscribe(to: .userTrades("BTC-PERPETUAL"), freshness: .seconds(5))
            for try await update in feed {
                if case .stale = update { return }
                Issue.record("\(update)")
            }
        }
    }
}
