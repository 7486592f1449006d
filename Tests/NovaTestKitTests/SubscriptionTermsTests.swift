import NovaSocket
import NovaTestKit
import SessionSupport
import Synchronization
import Testing

/// By which terms channels are subscribed to, where several want one, and where the server is slow, in virtual time.
@Suite("Terms of subscriptions", .timeLimit(.minutes(4)))
struct SubscriptionTermsTests {
    /// A server with the service, whose connection may be spoken on.
    private final class World: Sendable {
        let network = SimulatedNetwork(seed: 5)
        let server: SimulatedServer
        let service = RPCService()
        private let connection = Mutex<SimulatedConnection?>(nil)

        init() {
            server = network.server("rpc.example")
            server.onMessage = { [self] connection, message in
                self.connection.withLock { $0 = connection }
                for answer in service.received(message.bytes, on: connection.number) { connection.send(answer) }
            }
        }

        func publish(_ number: Int) { connection.withLock(\.self)?.send(RPCService.publication("a", number)) }

        func session(_ calls: CallOptions = CallOptions(), patience: Duration? = nil) throws -> Session {
            let adapter = Asking(service: RPCAdapter(url: server.url), patience: patience)
            return try Session(adapter: adapter, calls: calls) { network.join(&$0) }
        }
    }

    /// Asks for channels, and waits for the answer as long as it likes; nil: as the session's calls say.
    private struct Asking: Adapter {
        struct Names: Codable, Sendable { var channels: [String] }

        let service: RPCAdapter
        let patience: Duration?
        var url: String { service.url }

        func subscribe(to channels: [Channel], _ context: SessionContext) async throws -> [SubscriptionVerdict] {
            let names = channels.map(\.name)
            let confirmed = try await context.request(
                "subscribe", Names(channels: names), as: [String].self, options: CallOptions(timeout: patience))
            return names.map { confirmed.contains($0) ? .confirmed : .refused(CancellationError()) }
        }

        func unsubscribe(from channels: [Channel], _ context: SessionContext) async throws {
            try await service.unsubscribe(from: channels, context)
        }
    }

    @Test("Whoever comes later may be stricter about silence: then that counts for all, and each message breaks it")
    func strictest() async throws {
        let world = World()
        try await world.network.run {
            let session = try world.session()
            try await session.connect()
            let patient = try await session.subscribe(to: "a")
            let strict = try await session.subscribe(to: Channel("a"), freshness: .seconds(5))
            let lax = try await session.subscribe(to: Channel("a"), freshness: .seconds(60))
            #expect(await session.subscriptions.first?.freshness == .seconds(5))
            for number in 1...5 {
                try await world.network.sleep(for: .seconds(4))  // a silence that may be
                world.publish(number)
            }
            try await world.network.sleep(for: .seconds(6))  // one that may not
            world.publish(6)
            try await session.ping()
            await session.close()
            for subscription in [patient, strict, lax] {
                var words: [String] = []
                for try await update in subscription {
                    switch update {
                    case .message(let message): words.append("\(message.published ?? 0)")
                    case .stale: words.append("stale")
                    case .fresh: words.append("fresh")
                    case .interrupted, .gap: break
                    }
                }
                #expect(words.filter { $0 != "fresh" } == ["1", "2", "3", "4", "5", "stale", "6"])
                #expect(words.contains("fresh"))
            }
        }
    }

    @Test(
        "A subscription that the server did not confirm in time is withdrawn: what it confirms late it must not go on with",
        arguments: [false, true])
    func withdrawn(isHasty: Bool) async throws {
        let world = World()
        let left = AsyncStream.makeStream(of: Void.self)
        world.service.answers { _, request in
            switch request.method {
            case "subscribe":
                return []
            case "unsubscribe":
                left.continuation.yield()
                return nil
            default: return nil
            }
        }
        try await world.network.run {
            let session = try world.session(CallOptions(timeout: .seconds(3)), patience: isHasty ? .seconds(1) : nil)
            try await session.connect()
            let start = world.network.clock.now
            let error = await #expect(throws: WebSocketError.self) { try await session.subscribe(to: "a") }
            #expect(error?.refusal == .timedOut)
            let time = start.duration(to: world.network.clock.now)
            #expect(time >= .seconds(isHasty ? 1 : 3) && time < .seconds(isHasty ? 2 : 4))
            var leaving = left.stream.makeAsyncIterator()
            await leaving.next()
            // Whoever wants it again gets it, and nothing of the first wish harms the second.
            world.service.answers { _, _ in nil }
            let again = try await session.subscribe(to: "a")
            world.publish(1)
            try await session.ping()
            await session.close()
            var numbers: [Int] = []
            for try await update in again { if let number = update.message?.published { numbers.append(number) } }
            #expect(numbers == [1])
        }
        #expect(world.service.calls == ["subscribe a", "unsubscribe a", "subscribe a"])
    }
}
