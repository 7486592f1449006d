import NovaKernel
import NovaSocket
import NovaTestKit
import NovaWire
import SessionSupport
import Synchronization
import Testing

@Suite("Sharded sessions", .timeLimit(.minutes(4)))
struct ShardedSessionTests {
    private struct World {
        let network = SimulatedNetwork(seed: 21)
        let server: SimulatedServer

        init() { server = network.server("feed.example") }

        func sharded(_ limits: ShardLimits) throws -> ShardedSession {
            let network = network
            return try ShardedSession(adapter: RPCAdapter(url: server.url), limits: limits) {
                network.join(&$0)
                $0.policy.reconnection.backoff = .constant(.seconds(1))
            }
        }
    }

    /// The service, with what was asked on which connection.
    private final class Feed: Sendable {
        let service = RPCService()
        private let book = Mutex<(asked: [String], connections: [Int: SimulatedConnection])>(([], [:]))

        init(at server: SimulatedServer) {
            service.answers { connection, request in
                guard let names = try? request.params(as: RPCService.Channels.self) else { return nil }
                self.book.withLock {
                    $0.asked.append("\(connection): \(request.method) \(names.channels.joined(separator: " "))")
                }
                return nil
            }
            server.onMessage = { connection, message in
                self.book.withLock { $0.connections[connection.number] = connection }
                for answer in self.service.received(message.bytes, on: connection.number) { connection.send(answer) }
            }
        }

        var asked: [String] { book.withLock(\.asked) }

        func publish(_ channel: String, _ value: Int, on connection: Int) {
            book.withLock { $0.connections[connection] }?.send(RPCService.publication(channel, value))
        }
    }

    private func numbers(_ subscription: Subscription) async throws -> [Int] {
        var numbers: [Int] = []
        for try await update in subscription { if let number = update.message?.published { numbers.append(number) } }
        return numbers
    }

    @Test("Connections are added as they are needed; each channel's messages come as with a session")
    func spreading() async throws {
        let world = World()
        let feed = Feed(at: world.server)
        try await world.network.run {
            let sharded = try world.sharded(ShardLimits(channelsPerConnection: 2, maximumConnections: 2))
            #expect(sharded.shards.isEmpty && world.server.counts.accepted == 0)
            var subscriptions: [Subscription] = []
            for name in ["a", "b", "c", "d"] { subscriptions.append(try await sharded.subscribe(to: name)) }
            #expect(feed.asked == ["1: subscribe a", "1: subscribe b", "2: subscribe c", "2: subscribe d"])
            #expect(sharded.shards.map(\.channelCount) == [2, 2])
            #expect(sharded.shard(of: Channel("c")) == ShardID(2))
            let again = try await sharded.subscribe(to: "a")
            #expect(feed.asked.count == 4)
            let error = await #expect(throws: WebSocketError.self) { try await sharded.subscribe(to: "e") }
            #expect(error?.code == .limitReached)
            for (number, name) in ["a", "b", "c", "d"].enumerated() { feed.publish(name, number, on: number / 2 + 1) }
            try await world.network.sleep(for: .seconds(1))  // they have arrived by then
            let records = await sharded.subscriptions
            #expect(records.map(\.shard.number) == [1, 1, 2, 2])
            #expect(records.map(\.record.channel.name) == ["a", "b", "c", "d"])
            #expect(records.first?.record.consumerCount == 2)
            #expect(await sharded.subscriptions(named: "d").map(\.shard) == [ShardID(2)])
            #expect(await sharded.statuses.map(\.status.confirmedSubscriptions) == [2, 2])
            await sharded.close()
            for (number, subscription) in subscriptions.enumerated() {
                #expect(try await numbers(subscription) == [number])
            }
            #expect(try await numbers(again) == [0])
            #expect(sharded.shards.isEmpty)
            let late = await #expect(throws: WebSocketError.self) { try await sharded.subscribe(to: "a") }
            #expect(late?.refusal == .closed)
        }
        #expect(world.server.counts.accepted == 2)
    }

    @Test("A channel stays on its connection while that is lost and made again, and its gap is told")
    func staying() async throws {
        let world = World()
        let feed = Feed(at: world.server)
        try await world.network.run {
            let sharded = try world.sharded(ShardLimits(channelsPerConnection: 1, maximumConnections: 2))
            let results = await sharded.subscribe(to: [Channel("a"), Channel("forbidden"), Channel("c")])
            let a = try results[0].get()
            #expect(throws: JSONRPC.Failure.self) { try results[1].get() }
            #expect(throws: WebSocketError.self) { try results[2].get() }
            world.server.suffer(.reset)
            var words: [String] = []
            for try await update in a {
                if case .interrupted = update { words.append("interrupted") }
                if case .gap = update { words.append("gap") }
                if words.count == 2 { break }
            }
            #expect(words == ["interrupted", "gap"])
            #expect(sharded.shard(of: Channel("a")) == ShardID(1))
            #expect(sharded.shards.map(\.channelCount) == [1, 0])
            await sharded.close()
        }
        #expect(feed.asked.filter { $0.hasSuffix("subscribe a") }.count == 2)
    }

    @Test("A connection that is empty for a while is closed, not before; what comes in time keeps it")
    func idle() async throws {
        let world = World()
        let feed = Feed(at: world.server)
        let closes = Mutex<[UInt16?]>([])
        world.server.onClose = { _, code, _ in closes.withLock { $0.append(code?.rawValue) } }
        try await world.network.run {
            let sharded = try world.sharded(ShardLimits(channelsPerConnection: 1, maximumConnections: 2))
            let a = try await sharded.subscribe(to: "a")
            let b = try await sharded.subscribe(to: "b")
            b.cancel()
            b.cancel()
            try await world.network.sleep(for: .seconds(29))  // not long enough to be idle
            #expect(sharded.shards.map(\.channelCount) == [1, 0] && closes.withLock(\.isEmpty))
            let c = try await sharded.subscribe(to: "c")
            try await world.network.sleep(for: .seconds(10))  // the first wait would be over
            #expect(sharded.shards.map(\.channelCount) == [1, 1])
            c.cancel()
            try await world.network.sleep(for: .seconds(31))  // long enough to be idle
            #expect(sharded.shards.map(\.id) == [ShardID(1)])
            #expect(closes.withLock(\.self) == [1000])
            let d = try await sharded.subscribe(to: "d")
            #expect(sharded.shard(of: d.channel) == ShardID(3))
            withExtendedLifetime(a) {}
            await sharded.close()
        }
        #expect(
            feed.asked == [
                "1: subscribe a", "2: subscribe b", "2: unsubscribe b", "2: subscribe c", "2: unsubscribe c",
                "3: subscribe d",
            ])
    }

    @Test("A connection that ends for good takes its channels along, and another has room for them")
    func ended() async throws {
        let world = World()
        _ = Feed(at: world.server)
        try await world.network.run {
            let sharded = try world.sharded(ShardLimits(channelsPerConnection: 5, maximumConnections: 1))
            let old = try await sharded.subscribe(to: "a")
            world.server.suffer(.close(.policyViolation))
            await #expect(throws: WebSocketError.self) { for try await _ in old {} }
            #expect(sharded.shards.isEmpty)
            let new = try await sharded.subscribe(to: "a")
            old.cancel()
            try await world.network.sleep(for: .seconds(60))  // the old one's leaving would have closed it by now
            #expect(sharded.shard(of: new.channel) == ShardID(2))
            await sharded.close()
        }
        #expect(world.server.counts.accepted == 2)
    }

    /// The network, as a place that counts what is still to be done later.
    private final class Counting: Habitat {
        private let network: SimulatedNetwork
        private let counts = Mutex((now: 0, most: 0, all: 0))
        init(_ network: SimulatedNetwork) { self.network = network }

        /// How many waited at once at most, and how many there were in all.
        var waits: (most: Int, all: Int) { counts.withLock { ($0.most, $0.all) } }

        func makePort(to endpoint: Endpoint, _ options: WebSocketOptions) throws -> any Port & Sendable {
            try network.makePort(to: endpoint, options)
        }
        func makeSeed() -> UInt64 { network.makeSeed() }
        var now: Instant { network.now }
        var handlerExecutor: any TaskExecutor { network.handlerExecutor }
        func execute(after time: Duration, _ work: @escaping @Sendable () -> Void) {
            counts.withLock {
                $0.now += 1
                $0.all += 1
                $0.most = max($0.most, $0.now)
            }
            network.execute(after: time) { [self] in
                counts.withLock { $0.now -= 1 }
                work()
            }
        }
    }

    @Test("However many channels come and go, one look at what is idle is to come at a time")
    func oneTimer() async throws {
        let world = World()
        _ = Feed(at: world.server)
        let place = Counting(world.network)
        try await world.network.run {
            let sharded = try ShardedSession(
                adapter: RPCAdapter(url: world.server.url),
                limits: ShardLimits(channelsPerConnection: 1, maximumConnections: 3)
            ) { $0.habitat = place }
            for number in 1...50 {
                for name in ["a", "b", "c"] { try await sharded.subscribe(to: "\(name)\(number)").cancel() }
                try await world.network.sleep(for: .milliseconds(100))  // they have gone by then
            }
            #expect(place.waits == (1, 1))
            try await world.network.sleep(for: .seconds(40))  // all are idle by then
            #expect(sharded.shards.isEmpty && place.waits.most == 1)
            await sharded.close()
        }
    }

    @Test("A session is made where no lock is held: its maker may look at the sharded one, and may fail")
    func makers() async throws {
        let world = World()
        _ = Feed(at: world.server)
        let whole = Mutex<ShardedSession?>(nil)
        let made = Mutex(0)
        try await world.network.run {
            let sharded = try ShardedSession(
                adapter: RPCAdapter(url: world.server.url),
                limits: ShardLimits(channelsPerConnection: 1, maximumConnections: 2)
            ) { options in
                world.network.join(&options)
                if let sharded = whole.withLock(\.self) {
                    #expect(sharded.shards.map(\.channelCount) == [1])
                    made.withLock { $0 += 1 }
                }
                if made.withLock(\.self) == 1 { options.policy.timeouts.dial = .zero }
            }
            whole.withLock { $0 = sharded }
            let a = try await sharded.subscribe(to: "a")
            let error = await #expect(throws: WebSocketError.self) { try await sharded.subscribe(to: "b") }
            #expect(error?.code == .invalidOptions && sharded.shard(of: Channel("b")) == nil)
            let b = try await sharded.subscribe(to: "b")
            #expect(sharded.shard(of: b.channel) == ShardID(2) && made.withLock(\.self) == 2)
            withExtendedLifetime(a) {}
            whole.withLock { $0 = nil }
            await sharded.close()
        }
    }

    @Test("Bounds that make no sense are refused")
    func validation() {
        let network = SimulatedNetwork(seed: 1)
        for limits in [ShardLimits(channelsPerConnection: 0), ShardLimits(maximumConnections: 0)] {
            let error = #expect(throws: WebSocketError.self) {
                try ShardedSession(adapter: RPCAdapter(url: "ws://a.example"), limits: limits) { network.join(&$0) }
            }
            #expect(error?.code == .invalidOptions)
        }
        #expect(throws: WebSocketError.self) {
            try ShardedSession(adapter: RPCAdapter(url: "http://a.example")) { network.join(&$0) }
        }
    }
}
