import NovaEcho
import NovaSocket
import SessionSupport
import Synchronization
import TestTurns
import Testing

/// Many tasks on many threads share one session. For the thread sanitizer, which `Tests/ThreadSanitizer/run` asks: alone it
/// does not see how a contended `Mutex` is taken, and reports what the lock guards.
@Suite("A crowd", .live, .timeLimit(.minutes(20)))
struct CrowdTests {
    struct Ask: Codable, Sendable, Equatable { var number: Int }

    private final class Ear: SessionListener {
        let count = Atomic(0)
        func received(_ message: Message) { count.add(1, ordering: .relaxed) }
    }

    private static let tasks = 1000
    private static let reconnections = 5

    private func session(_ url: String) throws -> Session {
        let calls = CallOptions(timeout: .seconds(600), retention: .keep(for: .seconds(600)))
        return try Session(adapter: RPCAdapter(url: url, secret: "sesame"), calls: calls) { options in
            options.policy.reconnection.backoff = .constant(.milliseconds(1))
            options.policy.requests.maximumPending = 4096
            options.policy.outbox.maximumMessages = 4096
            options.policy.timeouts.authenticate = .seconds(300)
            options.policy.timeouts.restore = .seconds(300)
        }
    }

    @Test(
        "A thousand tasks share a session over five connections lost, or changed: nothing is lost, nothing is mixed up",
        arguments: [false, true])
    func shared(isPlanned: Bool) async throws {
        let service = RPCService()
        try await withServer(SessionTests.script(service)) { server in
            let session = try session(server.url)
            let ear = Ear()
            session.addListener(ear)
            try await session.connect()
            let (answered, feed) = AsyncStream.makeStream(of: Bool.self)
            let subscription = try await session.subscribe(to: "a")
            try await withThrowingTaskGroup(of: Void.self) { group in
                for task in 0..<Self.tasks {
                    group.addTask {
                        for round in 0...Self.reconnections {
                            let ask = Ask(number: task * 10 + round)
                            feed.yield(try await session.request("echo", ask, as: Ask.self) == ask)
                            if round == task % 6 { _ = await session.status }
                        }
                    }
                }
                group.addTask { try await Self.disturb(session, isPlanned, answered) }
                try await group.waitForAll()
            }
            #expect(ear.count.load(ordering: .relaxed) >= Self.tasks * (Self.reconnections + 1))
            let status = await session.status
            #expect(status.attempt.number == UInt32(Self.reconnections + 1))
            #expect(status.pendingRequests == 0 && status.waitingMessages == 0)
            #expect(await session.close()?.isOrderly == true)
            var gaps = 0
            for try await update in subscription { if case .gap = update { gaps += 1 } }
            // Nothing was published: losses with nothing between them are one.
            #expect(gaps == (isPlanned ? Self.reconnections : 1))
        }
        let asked = service.calls.count { $0 == "echo" }
        let wanted = Self.tasks * (Self.reconnections + 1)
        #expect(isPlanned ? asked == wanted : asked >= wanted)
        let calls = service.calls.filter { $0 != "echo" }
        #expect(calls == Array(repeating: ["auth", "subscribe a"], count: Self.reconnections + 1).flatMap(\.self))
    }

    /// Takes the connection away, or changes it, each time another thousand is half answered; ends when all are.
    private static func disturb(
        _ session: Session, _ isPlanned: Bool, _ answers: AsyncStream<Bool>
    ) async throws {
        var count = 0
        for await isRight in answers {
            #expect(isRight)
            count += 1
            if count % tasks == tasks / 2, count / tasks < reconnections {
                guard !isPlanned else {
                    try await session.rollOver()
                    continue
                }
                let changes = session.stateChanges
                try await session.send("drop", options: CallOptions(priority: 255))
                for await change in changes where change.to == .ready { break }
            }
            if count == tasks * (reconnections + 1) { return }
        }
    }
}
