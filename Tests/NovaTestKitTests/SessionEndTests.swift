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
            network.join(&options, retryingEachSecond: change)
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

    /// Takes down what no subscription takes.
    private final class Notes: MessageConsumer {
        let numbers = Mutex<[Int]>([])
        let came = AsyncStream.makeStream(of: Void.self)

        func handle(_ message: Message, _ context: SessionContext) async throws -> Reaction {
            numbers.withLock { $0.append(message.published ?? -1) }
            came.continuation.finish()
            return .nothing
        }
    }

    @Test("A session that has given up tells why, and is opened again: same parts, same subscriptions, counted anew")
    func reopened() async throws {
        let notes = Notes()
        service.answers { _, request in
            guard request.method == "shout" else { return nil }
            return [RPCService.publication("nobody's", 3), RPCService.result(1, of: request)]
        }
        try await network.run {
            let old = try session { options in
                options.policy.reconnection.maximumAttempts = 2
                options.addHeader("X-Client", "same")
                options.name = "feed"
            }
            old.handOver(to: notes)
            try await old.connect()
            let changes = old.stateChanges
            let first = try await old.subscribe(to: Channel("a", parameters: ["depth": 5]), freshness: .seconds(9))
            let second = try await old.subscribe(to: "b")
            try await old.subscribe(to: "c").cancel()
            try await network.sleep(for: .seconds(1))  // the server has heard of it
            let early = await #expect(throws: WebSocketError.self) { try await old.reopened() }
            #expect(early?.code == .notEnded)

            server.suffer(.refuse(for: .seconds(60)))
            server.suffer(.reset)
            #expect(await words(first) == ["interrupted", "attemptsExhausted"])
            #expect(await words(second) == ["interrupted", "attemptsExhausted"])
            var last: Termination?
            for await change in changes { last = change.termination ?? last }
            #expect(last?.cause.finality == .attemptsExhausted && last?.cause.failures == 2)
            #expect(last?.cause.ending.detail == .dialFailed(errno: 111))
            #expect(await old.status.termination?.cause == last?.cause)

            // It is still refused: that is thrown, as from any session, and nothing is lost by it.
            let refused = await #expect(throws: WebSocketError.self) { try await old.reopened() }
            #expect(refused?.termination?.cause.failures == 2)
            let list = await old.exportSubscriptions()
            #expect(list.channels.map(\.name) == ["a", "b"])
            #expect(list.channels.map(\.freshness) == [.seconds(9), nil])

            try await network.sleep(for: .seconds(60))
            let reopened = try await old.reopened()
            let session = reopened.session
            #expect(await old.state == .closed)
            #expect(await session.state == .ready)
            #expect(await session.status.failures == 0)
            #expect(session.number != old.number)
            #expect(session.explainOptions()["headers"]?.value == "X-Client")
            #expect(session.explainOptions()["name"]?.value == "feed")
            #expect(
                try reopened.subscriptions.map { try $0.get().channel } == [
                    Channel("a", parameters: ["depth": 5]), Channel("b"),
                ])
            #expect(await session.exportSubscriptions() == list)
            #expect(try await session.request("shout", as: Int.self) == 1)
            for await _ in notes.came.stream {}
            await session.close()
        }
        #expect(notes.numbers.withLock(\.self) == [3])
        #expect(
            service.calls == [
                "auth", "subscribe a", "subscribe b", "subscribe c", "unsubscribe c", "auth", "subscribe a b", "shout",
            ])
    }

    @Test("What was closed in order may be opened again too, with options of its own")
    func reopenedWithOtherOptions() async throws {
        try await network.run {
            let old = try session()
            try await old.connect()
            await old.close()
            let reopened = try await old.reopened { $0.name = "second" }
            #expect(reopened.subscriptions.isEmpty)
            #expect(reopened.session.explainOptions()["name"]?.value == "second")
            #expect(reopened.session.explainOptions()["name"]?.layer == .client)
            #expect(try await reopened.session.request("echo", ["number": 7], as: [String: Int].self) == ["number": 7])
            await reopened.session.close()
        }
        #expect(server.counts.accepted == 2)
    }
}
