import NovaEcho
import NovaSocket
import NovaWire
import SessionSupport
import Synchronization
import TestTurns
import Testing

/// Several sessions over real sockets, each recorded whole and replayed to the byte.
@Suite("Pools and shards on loopback", .live, .replayed, .timeLimit(.minutes(20)))
struct PoolTests {
    struct Ask: Codable, Sendable, Equatable { var number: Int }

    /// A service on loopback; a request of `drop` resets its connection. Closed connections are told.
    private func script(_ service: RPCService, _ closed: AsyncStream<Void>.Continuation? = nil) -> ServerScript {
        var script = ServerScript()
        script.message = { session, _, view in
            if String(validated: view).contains("\"drop\"") { return session.reset() }
            for answer in service.received(Array(view), on: 1) {
                session.send(.text, ByteView(copying: Array(answer.utf8)))
            }
        }
        script.closed = { _, _, _ in closed?.yield() }
        return script
    }

    @Test("Requests of many tasks go on while connections are lost, and each gets its own answer")
    func requests() async throws {
        let service = RPCService()
        let settings = sessionSettings()
        try await withServer(script(service)) { server in
            let adapter = RPCAdapter(url: server.url, secret: "sesame")
            let pool = try SessionPool(
                3, adapter: adapter, calls: CallOptions(timeout: .seconds(200)), configure: settings)
            try await pool.connect()
            try await withThrowingTaskGroup(of: Bool.self) { group in
                for number in 0..<100 {
                    group.addTask {
                        let ask = Ask(number: number)
                        while true {
                            do {
                                return try await pool.request("echo", ask, as: Ask.self, isIdempotent: true) == ask
                            } catch let error as WebSocketError where error.code != .system {
                                try await pool.connect()  // none was ready, for a moment
                            }
                        }
                    }
                }
                group.addTask {
                    for _ in 0..<5 {
                        try await pool.connect()
                        try? await pool.notify("drop")
                    }
                    return true
                }
                for try await isRight in group { #expect(isRight) }
            }
            await pool.close()
            #expect(pool.members.allSatisfy { $0.health.state == .closed && $0.health.pendingRequests == 0 })
        }
    }

    @Test("A member that has ended for good is replaced in real time, too")
    func replacement() async throws {
        let service = RPCService()
        let settings = sessionSettings()
        try await withServer(script(service)) { server in
            var options = PoolOptions()
            options.replacementBackoff = .constant(.milliseconds(1))
            let pool = try SessionPool(1, adapter: RPCAdapter(url: server.url), options: options) {
                settings(&$0)
                $0.policy.reconnection = .never
            }
            try await pool.connect()
            let changes = pool.changes
            try await pool.notify("drop")
            var seen: [PoolChange] = []
            for await change in changes {
                seen.append(change)
                if change == .state(member: 0, .ready) { break }
            }
            #expect(seen.contains(.replacing(member: 0, after: .milliseconds(1))))
            let answer = try await pool.request(
                "echo", Ask(number: 1), as: Ask.self, options: CallOptions(timeout: .seconds(200)))
            #expect(answer == Ask(number: 1))
            await pool.close()
        }
    }

    @Test("Channels are spread, and a connection without any is closed after its time")
    func shards() async throws {
        let service = RPCService()
        let settings = sessionSettings()
        let closed = AsyncStream.makeStream(of: Void.self)
        try await withServer(script(service, closed.continuation)) { server in
            let sharded = try ShardedSession(
                adapter: RPCAdapter(url: server.url),
                limits: ShardLimits(channelsPerConnection: 2, maximumConnections: 3, idleTime: .milliseconds(1)),
                calls: CallOptions(timeout: .seconds(200)), configure: settings)
            let names = (0..<6).map { Channel("c\($0)") }
            let subscriptions = try await sharded.subscribe(to: names).map { try $0.get() }
            #expect(sharded.shards.map(\.channelCount) == [2, 2, 2])
            subscriptions[2].cancel()
            subscriptions[3].cancel()
            var closes = closed.stream.makeAsyncIterator()
            _ = await closes.next()
            #expect(sharded.shard(of: names[5]) == ShardID(3))
            withExtendedLifetime(subscriptions) {}
            await sharded.close()
        }
    }

    @Test("The registry of the process is there for everybody")
    func registry() async throws {
        let settings = sessionSettings()
        try await withServer(script(RPCService())) { server in
            let session = try Session(adapter: RPCAdapter(url: server.url), configure: settings)
            let name = "PoolTests \(server.url)"
            let id = try Registry.shared.register(session, as: name)
            try await session.connect()
            #expect(Registry.shared[name] === session && Registry.shared[id] === session)
            let changes = Registry.shared.changes
            await session.close()
            for await change in changes where change == .removed(id, name: name) { break }
            #expect(Registry.shared[name] == nil)
        }
    }
}
