import NovaSocket
import NovaTestKit
import SessionSupport
import Synchronization
import Testing

/// What subscribers are told when a session ends for good, and how another takes its place.
@Suite("Sessions that end for good")
struct SessionEndTests {
    private let network = SimulatedNetwork(seed: 28)
    private let server: SimulatedServer
    private let service: RPCService

    init() {
        server = network.server("rpc.example")
        service = RPCService(at: server)
    }

    private func session(_ change: (inout WebSocketOptions) -> Void = { _ in }) throws -> Session {
        try Session(adapter: RPCAdapter(url: server.url, secret: "sesame")) { options in
            network.join(&options)
            options.policy.reconnection.backoff = .constant(.seconds(1))
            change(&options)
        }
    }

    /// What comes of a subscription until its end, and the end.
    private func words(_ subscription: Subscription) async -> [String] {
        var words: [String] = []
        do {
            for try await update in subscription {
                switch update {
                case .message: words.append("message")
                case .interrupted: words.append("interrupted")
                case .gap: words.append("gap")
                case .stale: words.append("stale")
                case .fresh: words.append("fresh")
                }
            }
            words.append("end")
        } catch {
            words.append("\((error as? WebSocketError)?.termination?.cause.finality?.rawValue ?? "\(error)")")
        }
        return words
    }

    @Test("Who ends for good interrupts nobody: subscribers are told the end alone")
    func noInterruption() async throws {
        try await network.run {
            let orderly = try session()
            try await orderly.connect()
            let first = try await orderly.subscribe(to: "a")
            await orderly.close()
            #expect(await words(first) == ["end"])

            let once = try session { $0.policy.reconnection = .never }
            try await once.connect()
            let second = try await once.subscribe(to: "a")
            server.suffer(.reset)
            #expect(await words(second) == ["reconnectionOff"])
        }
    }

    @Test("A gap that had begun when the end was asked for was told as one")
    func interruptedBefore() async throws {
        try await network.run {
            let session = try session()
            try await session.connect()
            let subscription = try await session.subscribe(to: "a")
            let changes = session.stateChanges
            server.suffer(.reset)
            for await change in changes where change.to == .backingOff { break }
            await session.close()
            #expect(await words(subscription) == ["interrupted", "end"])
        }
    }
}
