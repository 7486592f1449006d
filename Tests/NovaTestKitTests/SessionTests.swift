import NovaSocket
import NovaTestKit
import SessionSupport
import Synchronization
import Testing

/// Sessions on simulated connections: the real driver and kernel, in virtual time.
@Suite("Sessions in a simulated network")
struct SessionTests {
    struct Ask: Codable, Sendable, Equatable { var number: Int }

    private func connections(_ network: SimulatedNetwork) -> @Sendable (inout WebSocketOptions) -> Void {
        { options in
            network.join(&options)
            options.policy.reconnection.backoff = .constant(.seconds(1))
        }
    }

    @Test("Many ask at once, the server answers backwards, with notifications in between: each gets its own answer")
    func manyRequests() async throws {
        let network = SimulatedNetwork(seed: 1)
        let server = network.server("rpc.example")
        let service = RPCService(at: server)
        let held = Mutex<[String]>([])
        service.answers { _, request in
            let value = (try? request.params(as: JSONValue.self)) ?? .null
            let answers = held.withLock { held -> [String] in
                held.append(RPCService.result(value, of: request))
                guard held.count == 20 else { return [] }
                defer { held = [] }
                return held.reversed()
            }
            return [RPCService.publication("noise", 1)] + answers
        }
        let options = connections(network)
        try await network.run {
            let session = try Session(adapter: RPCAdapter(url: server.url), configure: options)
            try await session.connect()
            try await withThrowingTaskGroup(of: Bool.self) { group in
                for number in 0..<20 {
                    group.addTask {
                        let answer = try await session.request("echo", Ask(number: number), as: Ask.self)
                        return answer == Ask(number: number)
                    }
                }
                for try await isRight in group { #expect(isRight) }
            }
            await session.close()
        }
        #expect(service.calls.count == 20)
    }

    @Test("A failure of the server is thrown as it is, a result of another shape as what does not fit")
    func failures() async throws {
        let network = SimulatedNetwork(seed: 1)
        let server = network.server("rpc.example")
        let service = RPCService(at: server)
        let options = connections(network)
        try await network.run {
            let session = try Session(adapter: RPCAdapter(url: server.url), configure: options)
            try await session.connect()
            await #expect(throws: JSONRPC.Failure.self) { try await session.request("nothing", as: Int.self) }
            await #expect(throws: JSONError.self) { try await session.request("echo", Ask(number: 1), as: Int.self) }
            await session.close()
        }
        #expect(service.calls == ["nothing", "echo"])
    }

    @Test("Requests end with the connection at once, except one that is kept: it goes out again and is answered")
    func lostRequests() async throws {
        let network = SimulatedNetwork(seed: 1)
        let server = network.server("rpc.example")
        let service = RPCService(at: server)
        let heard = AsyncStream.makeStream(of: Void.self)
        service.answers { connection, _ in
            heard.continuation.yield()
            return connection == 1 ? [] : nil
        }
        let options = connections(network)
        try await network.run {
            let session = try Session(adapter: RPCAdapter(url: server.url), configure: options)
            try await session.connect()
            async let lost = session.request("echo", Ask(number: 1), as: Ask.self)
            async let kept = session.request(
                "echo", Ask(number: 2), as: Ask.self, options: CallOptions(retention: .keep(for: .seconds(60))))
            var calls = heard.stream.makeAsyncIterator()
            for _ in 1...2 { await calls.next() }
            server.suffer(.reset)
            do {
                _ = try await lost
                Issue.record("an answer without a connection")
            } catch let error as WebSocketError {
                #expect(error.code == .connectionEnded)
            }
            let answer = try await kept
            #expect(answer == Ask(number: 2))
            await session.close()
        }
        #expect(service.calls == ["echo", "echo", "echo"])
        #expect(server.counts.accepted == 2)
    }

    @Test("Ready is reached through credentials and subscriptions, on every connection, in that order; gaps are told")
    func restored() async throws {
        let network = SimulatedNetwork(seed: 1)
        let server = network.server("rpc.example")
        let service = RPCService(at: server)
        // The first message of a channel comes right behind the confirmation, in the same write.
        let left = AsyncStream.makeStream(of: Void.self)
        service.answers { connection, request in
            if request.method == "unsubscribe" { left.continuation.finish() }
            guard request.method == "subscribe" else { return nil }
            let names = (try? request.params(as: RPCService.Channels.self))?.channels ?? []
            return [RPCService.result(names, of: request)] + names.map { RPCService.publication($0, connection) }
        }
        let options = connections(network)
        let updates = Mutex<[String]>([])
        try await network.run {
            let session = try Session(adapter: RPCAdapter(url: server.url, secret: "sesame"), configure: options)
            try await session.connect()
            let first = try await session.subscribe(to: "a")
            let second = try await session.subscribe(to: "b")
            for _ in 1...3 {
                let number = server.counts.accepted + 1
                server.suffer(.reset)
                for await change in session.stateChanges where change.to == .ready { break }
                #expect(server.counts.accepted == number)
            }
            second.cancel()
            for await _ in left.stream {}
            _ = try await session.request("echo", Ask(number: 1), as: Ask.self)
            await session.close()
            for try await update in first {
                let word: String =
                    switch update {
                    case .message(let message): "message \(message.published ?? 0)"
                    case .interrupted: "interrupted"
                    case .gap(let gap): "gap before \(gap.attempt.number)"
                    case .stale: "stale"
                    case .fresh: "fresh"
                    }
                updates.withLock { $0.append(word) }
            }
        }
        #expect(
            service.calls == [
                "auth", "subscribe a", "subscribe b", "auth", "subscribe a b", "auth", "subscribe a b", "auth",
                "subscribe a b", "unsubscribe b", "echo",
            ])
        #expect(
            updates.withLock(\.self) == [
                "message 1", "interrupted", "gap before 2", "message 2", "interrupted", "gap before 3", "message 3",
                "interrupted", "gap before 4", "message 4",
            ])
    }

    @Test(
        "Messages of channels go to those who subscribed, in order, and to nobody else; a slow one learns what it missed"
    )
    func channels() async throws {
        let network = SimulatedNetwork(seed: 1)
        let server = network.server("rpc.example")
        let service = RPCService(at: server)
        service.answers { _, request in
            guard request.method == "echo" else { return nil }
            let messages = (1...10).flatMap {
                [RPCService.publication("a", $0), RPCService.publication("b", 100 + $0)]
            }
            return messages + [RPCService.result(Ask(number: 1), of: request)]
        }
        let options = connections(network)
        let received = Mutex<[String: [Int]]>([:])
        let gaps = Mutex<[Gap.Cause]>([])
        try await network.run {
            let session = try Session(adapter: RPCAdapter(url: server.url), configure: options)
            try await session.connect()
            let a = try await session.subscribe(to: "a")
            let again = try await session.subscribe(to: "a")
            let b = try await session.subscribe(to: Channel("b"), capacity: 4)
            _ = try await session.request("echo", Ask(number: 1), as: Ask.self)
            await session.close()
            for (name, subscription) in [("a", a), ("again", again), ("b", b)] {
                for try await update in subscription {
                    if case .gap(let gap) = update { gaps.withLock { $0.append(gap.cause) } }
                    guard let value = update.message?.published else { continue }
                    received.withLock { $0[name, default: []].append(value) }
                }
            }
        }
        #expect(service.calls == ["subscribe a", "subscribe b", "echo"])
        #expect(received.withLock(\.self)["a"] == Array(1...10))
        #expect(received.withLock(\.self)["again"] == Array(1...10))
        #expect(received.withLock(\.self)["b"] == [107, 108, 109, 110])
        #expect(gaps.withLock(\.self) == [.overflow(count: 6)])
    }

    @Test("Credentials that are refused end the session, with that cause")
    func refusedCredentials() async throws {
        let network = SimulatedNetwork(seed: 1)
        let server = network.server("rpc.example")
        _ = RPCService(at: server)
        let options = connections(network)
        try await network.run {
            let session = try Session(adapter: RPCAdapter(url: server.url, secret: "wrong"), configure: options)
            let error = await #expect(throws: WebSocketError.self) { try await session.connect() }
            #expect(error?.termination?.cause.ending.detail == .authenticationFailed(.refused))
            #expect(error?.description.contains("refused the credentials") == true)
        }
        #expect(server.counts.accepted == 1)
    }

    @Test("Credentials are renewed ahead of their end, over and over, while the connection is in use")
    func renewal() async throws {
        let network = SimulatedNetwork(seed: 1)
        let server = network.server("rpc.example")
        let service = RPCService(at: server)
        let options = connections(network)
        try await network.run {
            let session = try Session(adapter: RPCAdapter(url: server.url, secret: "sesame"), configure: options)
            try await session.connect()
            try await network.sleep(for: .seconds(3600))  // an hour of virtual time is what this is about
            try await session.authenticate()
            await session.close()
        }
        // Every 540 seconds, and once as asked.
        #expect(service.calls == Array(repeating: "auth", count: 1 + 6 + 1))
        #expect(server.counts.accepted == 1)
    }

    @Test(
        "Seventy messages with a bucket of sixty: order kept, none lost over a reconnection, the limit never exceeded")
    func seventy() async throws {
        let network = SimulatedNetwork(seed: 1)
        let server = network.server("rpc.example")
        let numbers = Mutex<[(at: Duration, number: Int)]>([])
        let start = network.clock.now
        server.onMessage = { _, message in
            let number = Int(String(decoding: message.bytes, as: UTF8.self)) ?? -1
            numbers.withLock { $0.append((start.duration(to: network.clock.now), number)) }
        }
        let options = connections(network)
        try await network.run {
            let adapter = RPCAdapter(url: server.url, rateLimit: RateLimit(capacity: 60, refill: 1))
            let session = try Session(adapter: adapter, configure: options)
            try await session.connect()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<70 {
                    group.addTask {
                        let options = CallOptions(retention: .keep(for: .seconds(300)))
                        try await session.send("\(number)", options: options)
                    }
                }
                group.addTask {
                    try await network.sleep(for: .milliseconds(2500))  // four messages wait for their tokens by then
                    server.suffer(.reset)
                }
                try await group.waitForAll()
            }
            await session.close()
        }
        let all = numbers.withLock(\.self)
        #expect(all.map(\.number) == Array(0..<70))
        #expect(server.counts.accepted == 2)
        for (index, one) in all.enumerated() { #expect(one.at >= .seconds(max(0, index - 59)), "\(index)") }
    }

    @Test("A handler's replies go out in order; one that throws harms nothing, and that is told")
    func replies() async throws {
        struct Mistake: Error {}
        let network = SimulatedNetwork(seed: 1)
        let server = network.server("rpc.example")
        let heard = Mutex<[String]>([])
        let told = Mutex<[String]>([])
        server.onOpen = { connection in
            for word in ["one", "throw", "two"] { connection.send(word) }
        }
        let all = AsyncStream.makeStream(of: Void.self)
        server.onMessage = { connection, message in
            let count = heard.withLock { heard in
                heard.append(message.text)
                return heard.count
            }
            if count == 3 { all.continuation.finish() }
        }
        struct Parrot: MessageHandler {
            func sort(_ message: Message) -> Sorting { .other }
            func handle(_ message: Message, _ context: SessionContext) async throws -> Reaction {
                switch message.text {
                case "throw": throw Mistake()
                case "one": .reply(.text("1"))
                default: .replies([.text("2"), .text("2 again")])
                }
            }
        }
        let options = connections(network)
        try await network.run {
            let session = try Session(server.url, Handlers(messages: Parrot()), configure: options)
            let reports = session.handlerReports
            try await session.connect()
            for await _ in all.stream {}
            await session.close()
            for await report in reports { told.withLock { $0.append(report.description) } }
        }
        #expect(heard.withLock(\.self) == ["1", "2", "2 again"])
        #expect(told.withLock(\.self) == ["The handler of messages threw a Mistake."])
    }

    @Test(
        "A channel that is refused on a later connection ends its sequence with the server's reason; the others go on")
    func refusedLater() async throws {
        let network = SimulatedNetwork(seed: 1)
        let server = network.server("rpc.example")
        let service = RPCService(at: server)
        service.answers { connection, request in
            guard connection == 2, request.method == "subscribe" else { return nil }
            return [RPCService.result(["b"], of: request)]
        }
        let options = connections(network)
        try await network.run {
            let session = try Session(adapter: RPCAdapter(url: server.url), configure: options)
            try await session.connect()
            let a = try await session.subscribe(to: "a")
            let b = try await session.subscribe(to: "b")
            server.suffer(.reset)
            for await change in session.stateChanges where change.to == .ready { break }
            let failure = await #expect(throws: JSONRPC.Failure.self) { for try await _ in a {} }
            #expect(failure?.message == "no such channel")
            await session.close()
            for try await update in b { #expect(update.message == nil) }
        }
        #expect(service.calls == ["subscribe a", "subscribe b", "subscribe a b"])
    }

    @Test("Messages that stay away too long are told as that, and so is their return")
    func freshness() async throws {
        let network = SimulatedNetwork(seed: 1)
        let server = network.server("rpc.example")
        let service = RPCService(at: server)
        service.answers { _, request in
            guard request.method == "echo" else { return nil }
            return [RPCService.publication("a", 1), RPCService.result(Ask(number: 1), of: request)]
        }
        let options = connections(network)
        let words = Mutex<[String]>([])
        try await network.run {
            let session = try Session(adapter: RPCAdapter(url: server.url), configure: options)
            try await session.connect()
            let updates = try await session.subscribe(to: Channel("a"), freshness: .seconds(5))
            for try await update in updates {
                switch update {
                case .stale:
                    words.withLock { $0.append("stale") }
                    if words.withLock(\.count) > 3 { await session.close() }
                    _ = try? await session.request("echo", Ask(number: 1), as: Ask.self)
                case .fresh: words.withLock { $0.append("fresh") }
                case .message: words.withLock { $0.append("message") }
                case .interrupted, .gap: break
                }
            }
        }
        let heard = words.withLock(\.self)
        #expect(heard.prefix(4).sorted() == ["fresh", "message", "stale", "stale"])
        #expect(heard.first == "stale" && heard.prefix(4).last == "stale")
    }

    @Test("What came before a channel's first confirmation, on a connection that was lost then, is not given")
    func lostUnconfirmed() async throws {
        let network = SimulatedNetwork(seed: 1)
        let server = network.server("rpc.example")
        let service = RPCService(at: server)
        let asked = AsyncStream.makeStream(of: Void.self)
        // On the first connection messages come, and the confirmation does not.
        service.answers { connection, request in
            guard request.method == "subscribe" else { return nil }
            asked.continuation.yield()
            let messages = [1, 2].map { RPCService.publication("a", connection * 10 + $0) }
            return connection == 1 ? messages : [RPCService.result(["a"], of: request)] + messages
        }
        let options = connections(network)
        try await network.run {
            let session = try Session(adapter: RPCAdapter(url: server.url), configure: options)
            try await session.connect()
            async let subscribed = session.subscribe(to: "a")
            var calls = asked.stream.makeAsyncIterator()
            await calls.next()
            try await session.ping()  // the messages have come
            server.suffer(.reset)
            let subscription = try await subscribed
            try await session.ping()
            await session.close()
            var updates: [String] = []
            for try await update in subscription {
                updates.append(update.message?.published.map { "\($0)" } ?? "\(update)")
            }
            #expect(updates == ["21", "22"])
        }
    }

    @Test("A message that is no JSON is told, and given to the handler; its close ends the session in order")
    func unreadable() async throws {
        struct Strict: MessageHandler {
            func handle(_ message: Message, _ context: SessionContext) async throws -> Reaction {
                .close(.unsupportedData, reason: "not that")
            }
        }
        let network = SimulatedNetwork(seed: 1)
        let server = network.server("rpc.example")
        let closes = Mutex<[String]>([])
        server.onOpen = { $0.send("no json") }
        server.onClose = { _, code, reason in closes.withLock { $0.append("\(code?.rawValue ?? 0) \(reason)") } }
        let options = connections(network)
        let told = Mutex<[String]>([])
        try await network.run {
            let session = try Session(server.url, Handlers(messages: Strict()), configure: options)
            let reports = session.handlerReports
            try await session.connect()
            for await report in reports { told.withLock { $0.append(report.description) } }
            #expect(await session.termination?.cause.ending.detail == .closedByCaller)
        }
        #expect(closes.withLock(\.self) == ["1003 not that"])
        #expect(told.withLock(\.self).count == 1)
        #expect(told.withLock(\.self).first?.hasPrefix("A message can't be read: ") == true)
    }

    @Test("What a request costs is what the handler says: dear ones wait longer")
    func costs() async throws {
        let network = SimulatedNetwork(seed: 1)
        let server = network.server("rpc.example")
        _ = RPCService(at: server)
        let options = connections(network)
        let start = network.clock.now
        try await network.run {
            var adapter = RPCAdapter(url: server.url, rateLimit: RateLimit(capacity: 60, refill: 1))
            adapter.costs = ["echo": 50]
            let session = try Session(adapter: adapter, configure: options)
            try await session.connect()
            for number in 1...2 {
                let options = CallOptions(timeout: .seconds(100))
                _ = try await session.request("echo", Ask(number: number), as: Ask.self, options: options)
            }
            let error = await #expect(throws: WebSocketError.self) {
                try await session.request("echo", as: Int.self, options: CallOptions(cost: 61))
            }
            #expect(error?.refusal == .costTooHigh)
            await session.close()
        }
        let time = start.duration(to: network.clock.now)
        #expect(time >= .seconds(40) && time < .seconds(41))
    }

    @Test("A handler that never returns holds up its own connection only")
    func stuckHandler() async throws {
        struct Stuck: Adapter {
            var service: RPCAdapter
            var url: String { service.url }
            func subscribe(to channels: [Channel], _ context: SessionContext) async throws -> [SubscriptionVerdict] {
                if context.attempt.number == 1 {
                    let (stream, _) = AsyncStream.makeStream(of: Void.self)
                    for await _ in stream {}
                    withExtendedLifetime(stream) {}
                }
                return try await service.subscribe(to: channels, context)
            }
        }
        let network = SimulatedNetwork(seed: 1)
        let server = network.server("rpc.example")
        let service = RPCService(at: server)
        let options = connections(network)
        try await network.run {
            let session = try Session(adapter: Stuck(service: RPCAdapter(url: server.url)), configure: options)
            try await session.connect()
            async let subscription = session.subscribe(to: "a")
            try await network.sleep(for: .seconds(1))  // the handler hangs by now, and there is no event that says so
            server.suffer(.reset)
            #expect(try await subscription.channel.name == "a")
            await session.close()
        }
        #expect(service.calls == ["subscribe a"])
    }
}

extension RPCService {
    /// The service, as a simulated server.
    convenience init(at server: SimulatedServer) {
        self.init()
        server.onMessage = { connection, message in
            for answer in self.received(message.bytes, on: connection.number) { connection.send(answer) }
        }
    }
}
