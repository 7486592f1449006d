import NovaKernel
import NovaSocket
import NovaTestKit
import SessionSupport
import Synchronization
import Testing

@Suite("Pools of sessions", .timeLimit(.minutes(4)))
struct SessionPoolTests {
    struct Ask: Codable, Sendable, Equatable { var number: Int }

    /// Three servers with a service each.
    private struct World {
        let network = SimulatedNetwork(seed: 11)
        let servers: [SimulatedServer]
        let services: [RPCService]

        init(_ count: Int = 3) {
            let network = network
            servers = (1...count).map { network.server("s\($0).example") }
            services = servers.map { RPCService(at: $0) }
        }

        func pool(
            _ change: (inout PoolOptions) -> Void = { _ in },
            configure: @escaping @Sendable (inout WebSocketOptions) -> Void = { _ in }
        ) throws -> SessionPool {
            var options = PoolOptions()
            options.replacementBackoff = .constant(.seconds(1))
            change(&options)
            let network = network
            return try SessionPool(servers.map(\.url), Handlers(), options: options) {
                network.join(&$0)
                $0.policy.reconnection.backoff = .constant(.seconds(2))
                configure(&$0)
            }
        }

        /// How often each service was asked.
        var calls: [Int] { services.map(\.calls.count) }

        /// Makes the service of that number reset its connection when it is asked, without an answer.
        func breakOff(_ number: Int) {
            let server = servers[number]
            services[number].answers { _, _ in
                server.suffer(.reset)
                return []
            }
        }

        /// Connects, and waits until all are ready.
        func connect(_ pool: SessionPool) async throws {
            let changes = pool.changes
            try await pool.connect()
            guard !pool.members.allSatisfy({ $0.health.state == .ready }) else { return }
            for await _ in changes where pool.members.allSatisfy({ $0.health.state == .ready }) { break }
        }
    }

    @Test("Requests go to the one that is expected to answer first, and the choice is explained")
    func healthiest() async throws {
        let world = World()
        world.servers[0].conditions.latency = .milliseconds(60)
        try await world.network.run {
            let pool = try world.pool()
            try await world.connect(pool)
            // Not measured yet, they are equal; then the first, the slowest, is known to be that.
            for number in 1...6 {
                let answer = try await pool.request("echo", Ask(number: number), as: Ask.self)
                #expect(answer == Ask(number: number))
            }
            #expect(world.calls == [1, 5, 0])
            #expect(pool.explain().index == 1)
            #expect(
                pool.explain().description.contains(
                    "→ 2: open.ready, 0 pending, 0.0 recent failures, round trip 20.0 ms"))
            // The second takes them until as many wait there as make it no better than the others.
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<12 {
                    group.addTask { _ = try await pool.request("echo", Ask(number: number), as: Ask.self) }
                }
                try await group.waitForAll()
            }
            #expect(world.calls == [2, 15, 1])
            #expect(pool.members.map(\.health.pendingRequests) == [0, 0, 0])
            await pool.close()
        }
    }

    @Test("A request whose connection is lost is tried on another only if it may be done twice")
    func failover() async throws {
        let world = World()
        try await world.network.run {
            let pool = try world.pool()
            try await world.connect(pool)
            world.breakOff(0)
            let error = await #expect(throws: WebSocketError.self) {
                try await pool.request("echo", Ask(number: 1), as: Ask.self)
            }
            #expect(error?.code == .connectionEnded && world.calls == [1, 0, 0])
            #expect(pool.members[0].health.recentFailures > 0.9)
            world.breakOff(1)
            let answer = try await pool.request("echo", Ask(number: 2), as: Ask.self, isIdempotent: true)
            #expect(answer == Ask(number: 2) && world.calls == [1, 1, 1])
            await pool.close()
        }
    }

    @Test("It is tried so often and no more, never twice on one, and what the server answers is an answer")
    func bounded() async throws {
        let world = World(4)
        try await world.network.run {
            let pool = try world.pool()
            try await world.connect(pool)
            for number in 0..<4 { world.breakOff(number) }
            await #expect(throws: WebSocketError.self) {
                try await pool.request("echo", Ask(number: 1), as: Ask.self, isIdempotent: true)
            }
            #expect(world.calls == [1, 1, 1, 0])
            // One is left: the others have lost their connections.
            await #expect(throws: WebSocketError.self) {
                try await pool.request("echo", Ask(number: 1), as: Ask.self, isIdempotent: true)
            }
            #expect(world.calls == [1, 1, 1, 1])
            let error = await #expect(throws: WebSocketError.self) { try await pool.notify("hello") }
            #expect(error?.refusal == .notOpen)
            for service in world.services { service.answers { _, _ in nil } }
            for await _ in pool.changes where pool.explain().index != nil { break }
            await #expect(throws: JSONRPC.Failure.self) {
                try await pool.request("nothing", as: Int.self, isIdempotent: true)
            }
            #expect(world.calls.reduce(0, +) == 5)
            await pool.close()
        }
    }

    @Test("No answer in time is a failure that counts, and is not tried again")
    func timeouts() async throws {
        let world = World(2)
        try await world.network.run {
            let pool = try world.pool()
            try await world.connect(pool)
            world.services[0].answers { _, _ in [] }
            let options = CallOptions(timeout: .seconds(3))
            let error = await #expect(throws: WebSocketError.self) {
                try await pool.request("echo", Ask(number: 1), as: Ask.self, options: options, isIdempotent: true)
            }
            #expect(error?.refusal == .timedOut && world.calls == [1, 0])
            #expect(pool.explain().index == 1)
            await pool.close()
        }
    }

    @Test("A kept request waits for a member where none is ready; notifications and messages go to one member, once")
    func kept() async throws {
        let world = World(2)
        try await world.network.run {
            let pool = try world.pool()
            async let answer = pool.request(
                "echo", Ask(number: 1), as: Ask.self, options: CallOptions(retention: .keep(for: .seconds(60))))
            try await pool.connect()
            #expect(try await answer == Ask(number: 1))
            try await pool.notify("hello")
            try await pool.send("no json")
            await pool.close()
        }
        #expect(world.calls.reduce(0, +) == 1)
    }

    @Test("What the pool's calls keep waits, too; what a call says otherwise counts more")
    func keptByDefault() async throws {
        let world = World(1)
        let network = world.network
        try await network.run {
            let pool = try SessionPool(
                1, adapter: RPCAdapter(url: world.servers[0].url),
                calls: CallOptions(retention: .keep(for: .seconds(60)))
            ) { network.join(&$0) }
            let error = await #expect(throws: WebSocketError.self) {
                try await pool.request("echo", Ask(number: 0), as: Ask.self, options: CallOptions(retention: .drop))
            }
            #expect(error?.refusal == .notOpen)
            async let answer = pool.request("echo", Ask(number: 1), as: Ask.self)
            try await pool.connect()
            #expect(try await answer == Ask(number: 1))
            await pool.close()
        }
        #expect(world.calls == [1])
    }

    @Test("A member that ends for good is replaced after the backoff, so often in a row, and then given up")
    func replacement() async throws {
        let world = World(2)
        let told = Mutex<[PoolChange]>([])
        try await world.network.run {
            let pool = try world.pool {
                $0.maximumReplacements = 2
            } configure: {
                $0.policy.reconnection = .never
            }
            try await world.connect(pool)
            let changes = pool.changes
            world.servers[0].suffer(.reset)
            for await change in changes {
                if case .state(0, .ready) = change { break }
                if case .replacing = change { told.withLock { $0.append(change) } }
            }
            #expect(told.withLock { $0 } == [.replacing(member: 0, after: .seconds(1))])
            #expect(pool.members[0].replacements == 0 && pool.members[0].termination != nil)
            #expect(world.servers[0].counts.accepted == 2)
            // Now it can't come back.
            world.servers[0].suffer(.refuse(for: .seconds(3600)))
            world.servers[0].suffer(.reset)
            for await change in pool.changes where change == .givenUp(member: 0) { break }
            #expect(pool.members[0].isGivenUp && pool.members[0].replacements == 2)
            #expect(world.servers[0].counts.dialed == 4)
            #expect(await pool.statuses.map { $0 == nil } == [true, false])
            #expect(try await pool.request("echo", Ask(number: 1), as: Ask.self) == Ask(number: 1))
            await pool.close()
        }
    }

    @Test("The user's code that makes a member anew runs away from the thread of the connections")
    func replacedElsewhere() async throws {
        let world = World(1)
        let isOnLoop = Mutex<[Bool]>([])
        try await world.network.run {
            let pool = try world.pool {
                $0.maximumReplacements = 2
            } configure: {
                $0.policy.reconnection = .never
                isOnLoop.withLock { $0.append(world.network.loop.isCurrent) }
            }
            try await world.connect(pool)
            let changes = pool.changes
            world.servers[0].suffer(.reset)
            for await change in changes where change == .state(member: 0, .ready) { break }
            await pool.close()
        }
        // The first is made where the pool is, which is on the loop in this test.
        #expect(isOnLoop.withLock(\.self) == [true, false])
    }

    @Test("Where all members are given up, connecting fails with the cause")
    func hopeless() async throws {
        let world = World(2)
        try await world.network.run {
            for server in world.servers { server.suffer(.refuse(for: .seconds(3600))) }
            let pool = try world.pool {
                $0.maximumReplacements = 1
            } configure: {
                $0.policy.reconnection = .never
            }
            let error = await #expect(throws: WebSocketError.self) { try await pool.connect() }
            #expect(error?.termination?.cause.ending.detail == .dialFailed(errno: 111))
            #expect(world.servers.map(\.counts.dialed) == [2, 2])
            await pool.close()
        }
    }

    @Test("Closing ends all in order; nothing is replaced, and the changes end")
    func closing() async throws {
        let world = World()
        let closes = Mutex<[String]>([])
        for server in world.servers {
            server.onClose = { _, code, reason in
                closes.withLock { $0.append("\(server.name) \(code?.rawValue ?? 0) \(reason)") }
            }
        }
        try await world.network.run {
            let pool = try world.pool()
            try await world.connect(pool)
            let changes = pool.changes
            await pool.close(code: .goingAway, reason: "done")
            for await change in changes {
                if case .replacing = change { Issue.record("a closed pool has replaced a member") }
            }
            #expect(pool.members.allSatisfy { $0.health.state == .closed })
            let error = await #expect(throws: WebSocketError.self) { try await pool.connect() }
            #expect(error?.refusal == .closed)
            for retention in [CallOptions.Retention.drop, .keep(for: .seconds(9))] {
                let options = CallOptions(retention: retention)
                let errors = [
                    await #expect(throws: WebSocketError.self) {
                        try await pool.request("echo", as: Int.self, options: options, isIdempotent: true)
                    },
                    await #expect(throws: WebSocketError.self) { try await pool.notify("echo", options: options) },
                    await #expect(throws: WebSocketError.self) { try await pool.send("echo", options: options) },
                ]
                #expect(errors.map { $0?.refusal } == [.closed, .closed, .closed])
            }
            try await world.network.sleep(for: .seconds(60))  // a replacement would have come by now
        }
        #expect(closes.withLock(\.self) == (1...3).map { "s\($0).example 1001 done" })
        #expect(world.servers.map(\.counts.accepted) == [1, 1, 1])
    }

    @Test("Bounds that make no sense are refused")
    func validation() {
        let network = SimulatedNetwork(seed: 1)
        for count in [-1, 0, 1025] {
            let error = #expect(throws: WebSocketError.self) {
                try SessionPool(count, adapter: RPCAdapter(url: "ws://a.example")) { network.join(&$0) }
            }
            #expect(error?.code == .invalidOptions)
        }
        var options = PoolOptions()
        options.maximumAttempts = 0
        #expect(throws: WebSocketError.self) {
            try SessionPool(1, adapter: RPCAdapter(url: "ws://a.example"), options: options) { network.join(&$0) }
        }
        options = PoolOptions()
        options.replacementBackoff = .custom(cap: .seconds(1))
        let error = #expect(throws: WebSocketError.self) {
            try SessionPool(1, adapter: RPCAdapter(url: "ws://a.example"), options: options) { network.join(&$0) }
        }
        #expect(error?.code == .invalidOptions && error?.description.contains("replacementBackoff") == true)
        #expect(throws: WebSocketError.self) { try SessionPool(["http://a"], Handlers()) { network.join(&$0) } }
    }
}
