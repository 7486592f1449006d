import NovaSocket
import NovaTestKit
import SessionSupport
import Synchronization
import Testing

/// Sessions on simulated connections: the real driver and kernel, in virtual time.
@Suite("Sessions in a simulated network")
struct SessionTests {
    struct Ask: Codable, Sendable, Equatable { var number: Int }

    private func connections(_ network: SimulatedNetwork, _ change: (inout WebSocketOptions) -> Void = { _ in })
        -> WebSocketOptions
    {
        network.options { options in
            options.policy.reconnection = Reconnection(backoff: .constant(.seconds(1)))
            change(&options)
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
            let session = try Session(adapter: RPCAdapter(url: server.url), options: options)
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
            let session = try Session(adapter: RPCAdapter(url: server.url), options: options)
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
        service.answers { connection, _ in connection == 1 ? [] : nil }
        let options = connections(network)
        try await network.run {
            let session = try Session(adapter: RPCAdapter(url: server.url), options: options)
            try await session.connect()
            async let lost = session.request("echo", Ask(number: 1), as: Ask.self)
            async let kept = session.request(
                "echo", Ask(number: 2), as: Ask.self, options: CallOptions(retention: .keep(for: .seconds(60))))
            try await Task.sleep(for: .seconds(1), clock: network.clock)
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
        service.answers { connection, request in
            guard request.method == "subscribe" else { return nil }
            let names = (try? request.params(as: RPCService.Channels.self))?.channels ?? []
            return [RPCService.result(names, of: request)] + names.map { RPCService.publication($0, connection) }
        }
        let options = connections(network)
        let updates = Mutex<[String]>([])
        try await network.run {
            let session = try Session(adapter: RPCAdapter(url: server.url, secret: "sesame"), options: options)
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
            try await Task.sleep(for: .seconds(1), clock: network.clock)
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
                "interrupted", "gap before 4", "message 4", "interrupted",
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
            let session = try Session(adapter: RPCAdapter(url: server.url), options: options)
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
            let session = try Session(adapter: RPCAdapter(url: server.url, secret: "wrong"), options: options)
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
            let session = try Session(adapter: RPCAdapter(url: server.url, secret: "sesame"), options: options)
            try await session.connect()
            try await Task.sleep(for: .seconds(3600), clock: network.clock)
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
            let session = try Session(adapter: adapter, options: options)
            try await session.connect()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<70 {
                    group.addTask {
                        let options = CallOptions(retention: .keep(for: .seconds(300)))
                        try await session.send("\(number)", options: options)
                    }
                }
                group.addTask {
                    try await Task.sleep(for: .milliseconds(2500), clock: network.clock)
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
        server.onMessage = { connection, message in
            heard.withLock { $0.append(String(decoding: message.bytes, as: UTF8.self)) }
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
            let session = try Session(server.url, Handlers(messages: Parrot()), options: options)
            let reports = session.handlerReports
            try await session.connect()
            try await Task.sleep(for: .seconds(1), clock: network.clock)
            await session.close()
            for await report in reports { told.withLock { $0.append(report.description) } }
        }
        #expect(heard.withLock(\.self) == ["1", "2", "2 again"])
        #expect(told.withLock(\.self) == ["The handler of messages threw a Mistake."])
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
