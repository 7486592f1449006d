import NovaSocket
import NovaTestKit
import SessionSupport
import Synchronization
import Testing

@Suite("What batches cost", .timeLimit(.minutes(4)))
struct BatchCostTests {
    /// Notes what it is asked about; every request costs a token, wherever it stands.
    private final class Meter: RateLimitHandler, Sendable {
        let asked = Mutex<[MessagePurpose]>([])
        let rateLimit: RateLimit? = RateLimit(capacity: 10, refill: 1)

        func cost(of purpose: MessagePurpose) -> UInt32 {
            asked.withLock { $0.append(purpose) }
            return if case .batch(let requests, _) = purpose { UInt32(requests) } else { 1 }
        }
    }

    @Test("A batch is no request with a method: its cost is asked for with how many requests and notifications it has")
    func purposes() async throws {
        let network = SimulatedNetwork(seed: 2)
        let server = network.server("rpc.example")
        let service = RPCService()
        server.onMessage = { connection, message in
            for answer in service.received(message.bytes, on: connection.number) { connection.send(answer) }
        }
        let meter = Meter()
        try await network.run {
            let session = try Session(server.url, Handlers(rateLimit: meter)) { network.join(&$0) }
            try await session.connect()
            let eight = Array(repeating: BatchElement.request("echo", [1]), count: 8)
            #expect(try await session.batch(eight + [.notification("note")]).count == 8)
            #expect(try await session.batch([.notification("note"), .notification("note")]).isEmpty)
            let start = network.clock.now
            #expect(try await session.batch(eight).count == 8)
            // Two tokens were left: the other six come one a second.
            let time = start.duration(to: network.clock.now)
            #expect(time > .seconds(5) && time < .seconds(7))
            let error = await #expect(throws: WebSocketError.self) {
                try await session.batch(eight + [.request("echo", [2]), .request("echo", [3]), .request("echo", [4])])
            }
            #expect(error?.refusal == .costTooHigh)
            await session.close()
        }
        #expect(
            meter.asked.withLock { $0 } == [
                .batch(requests: 8, notifications: 1), .batch(requests: 0, notifications: 2),
                .batch(requests: 8, notifications: 0), .batch(requests: 11, notifications: 0),
            ])
    }
}
