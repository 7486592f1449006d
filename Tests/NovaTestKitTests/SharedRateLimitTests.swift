import Foundation
import NovaSocket
import NovaTestKit
import SessionSupport
import Synchronization
import Testing

/// Sessions that share one bucket, in virtual time.
@Suite("A rate limit that several sessions share")
struct SharedRateLimitTests {
    private let network = SimulatedNetwork(seed: 45)
    private let server: SimulatedServer
    private let heard = Heard()

    /// What the server was told: by whom, and when.
    private final class Heard: Sendable {
        let all = Mutex<[(at: Duration, text: String)]>([])
        var texts: [String] { all.withLock { $0.map(\.text) } }
    }

    init() {
        server = network.server("rpc.example")
        let (network, heard) = (network, heard)
        let start = network.clock.now
        server.onMessage = { _, message in
            heard.all.withLock { $0.append((start.duration(to: network.clock.now), message.text)) }
        }
    }

    private func session(
        _ limit: SharedRateLimit, _ change: (inout WebSocketOptions) -> Void = { _ in }
    ) throws -> Session {
        try Session(server.url, Handlers()) { options in
            network.join(&options)
            options.policy.reconnection.backoff = .constant(.seconds(1))
            options.sharedRateLimit = limit
            change(&options)
        }
    }

    private static let kept = CallOptions(retention: .keep(for: .seconds(600)))

    /// So many messages, each named after its sender, all at once.
    private func send(_ count: Int, _ name: String, _ session: Session) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<count {
                group.addImmediateTask { try await session.send("\(name)\(number)", options: Self.kept) }
            }
            try await group.waitForAll()
        }
    }

    /// Whether what came at these moments never exceeds a bucket of five tokens that gets back ten a second.
    private func keepsTheLimit(_ moments: [Duration]) -> Bool {
        moments.indices.allSatisfy { last in
            moments[...last].enumerated().allSatisfy { first, begin in
                last - first + 1 <= 5 + Int((moments[last] - begin) / .milliseconds(100))
            }
        }
    }

    @Test("Three sessions never exceed the bucket together, each keeps its order, and none starves")
    func three() async throws {
        let limit = SharedRateLimit(RateLimit(capacity: 5, refill: 10))
        try await network.run {
            let sessions = try (0..<3).map { _ in try session(limit) }
            for session in sessions { try await session.connect() }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (session, name) in zip(sessions, ["a", "b", "c"]) {
                    group.addTask { try await send(20, name, session) }
                }
                group.addTask {
                    try await network.sleep(for: .milliseconds(1550))
                    #expect(limit.waitingConnections == 3 && limit.tokens == 0)
                    server.suffer(.reset)  // what waits for tokens goes on with the next connections
                }
                try await group.waitForAll()
            }
            for session in sessions { await session.close() }
            #expect(limit.waitingConnections == 0)
        }
        let all = heard.all.withLock(\.self)
        #expect(all.count == 60)
        for name in ["a", "b", "c"] {
            #expect(all.map(\.text).filter { $0.hasPrefix(name) } == (0..<20).map { "\(name)\($0)" })
        }
        #expect(keepsTheLimit(all.map(\.at)))
        // Not slower than it must be, but for the second of the outage, in which the bucket fills up.
        let (begin, end) = (all.first?.at ?? .zero, all.last?.at ?? .zero)
        #expect(end - begin <= .milliseconds(5500 + 1100))
        // Whoever waits is served in turn: of any six in a row while all wait, each has two.
        let done = try #require(all.firstIndex { $0.text.hasSuffix("19") })
        let waiting = all.map { String($0.text.prefix(1)) }[24..<done]
        #expect(waiting.count > 20)
        for window in waiting.indices.dropLast(5) {
            #expect(Set(waiting[window..<window + 6]).count == 3, "\(waiting[window..<window + 6])")
        }
    }

    @Test("Who leaves gives back what it asked for; the others do not wait for it")
    func leaving() async throws {
        let limit = SharedRateLimit(RateLimit(capacity: 4, refill: 1, every: .seconds(1)))
        try await network.run {
            let (first, second) = (try session(limit), try session(limit))
            try await first.connect()
            try await second.connect()
            try await first.send("dear", options: CallOptions(cost: 4))
            let dear = network.task { try await first.send("never", options: CallOptions(cost: 4)) }
            try await network.sleep(for: .milliseconds(500))
            let cheap = network.task { try await second.send("cheap", options: CallOptions(cost: 1)) }
            try await network.sleep(for: .seconds(1))
            #expect(limit.waitingConnections == 2)  // it is not overtaken, however cheap the other is
            await first.close()
            try await cheap.value
            await #expect(throws: WebSocketError.self) { try await dear.value }
            await second.close()
        }
        #expect(heard.texts == ["dear", "cheap"])
        let moments = heard.all.withLock { $0.map(\.at) }
        #expect(moments[1] - moments[0] < .seconds(2))
    }

    @Test("Tokens that were on their way when nobody wanted them any more are back in the bucket")
    func givenBack() async throws {
        let limit = SharedRateLimit(RateLimit(capacity: 3, refill: 1, every: .seconds(1000)))
        let steps = Mutex("")
        try await network.run {
            let session = try session(limit) { options in
                options.recording = .lines(.whole(.nothing)) { line in steps.withLock { $0 += line } }
            }
            try await session.connect()
            // The urgent one takes the turn of the other in the moment in which tokens are on their way to it.
            async let ordinary: Void = session.send("ordinary", options: Self.kept)
            async let urgent: Void = session.send(
                "urgent", options: CallOptions(retention: .keep(for: .seconds(9)), priority: 200))
            try await ordinary
            try await urgent
            #expect(limit.tokens == 1)
            await session.close()
        }
        #expect(heard.texts == ["urgent", "ordinary"])
        let isLate = steps.withLock { $0.contains(#""rule":"limiter.stale""#) }
        #expect(isLate, "The tokens did not come too late.")
        // What the bucket said is in the recording: it is replayed without one, to the byte.
        let trace = try Trace(reading: Data(steps.withLock(\.self).utf8))
        let replay = try Replay.wholly(trace)
        #expect(replay.difference == nil && replay.agreed == trace.steps.count && trace.isComplete)
    }

    @Test("The modes are those of every limit, and what can never be paid is refused at once")
    func modes() async throws {
        try await network.run {
            for (mode, cost, refusal) in [
                (RateLimit.Mode.normal, UInt32(3), Refusal?.some(.costTooHigh)), (.allow, 3, nil),
                (.reject, 1, .rateLimited), (.queue, 1, nil),
            ] {
                let limit = SharedRateLimit(RateLimit(capacity: 2, refill: 1, mode: mode))
                let session = try session(limit)
                try await session.connect()
                do {
                    try await session.send("\(mode)", options: CallOptions(cost: cost))
                    #expect(refusal == nil, "\(mode)")
                } catch let error as WebSocketError {
                    #expect(error.refusal == refusal, "\(mode)")
                }
                #expect(limit.tokens == (mode == .queue ? 1 : 2), "\(mode)")
                await session.close()
            }
            let broken = #expect(throws: WebSocketError.self) {
                try session(SharedRateLimit(RateLimit(capacity: 0)))
            }
            #expect(broken?.code == .invalidOptions)
        }
        #expect(heard.texts == ["allow", "queue"])
    }

    @Test("A forced drain lets all that waits go at once, in its order, for nothing", arguments: [true, false])
    func drain(_ isShared: Bool) async throws {
        let bucket = RateLimit(capacity: 1, refill: 1, every: .seconds(60))
        let limit = SharedRateLimit(bucket)
        try await network.run {
            let session = try session(limit) { options in
                guard !isShared else { return }
                options.sharedRateLimit = nil
                options.policy.rateLimit = bucket
            }
            let early = await #expect(throws: WebSocketError.self) { try await session.drain() }
            #expect(early?.refusal == .notOpen)
            try await session.connect()
            let sending = network.task { try await send(6, "n", session) }
            try await network.sleep(for: .seconds(1))
            #expect(await session.status.waitingMessages == 5)
            let urgent = network.task {
                try await session.send("urgent", options: CallOptions(priority: 200))
            }
            try await network.sleep(for: .seconds(1))
            #expect(heard.texts == ["n0"])
            try await session.drain()
            try await sending.value
            try await urgent.value
            #expect(await session.status.waitingMessages == 0)
            #expect(limit.waitingConnections == 0)
            await session.close()
        }
        #expect(heard.texts == ["n0", "urgent"] + (1..<6).map { "n\($0)" })
    }
}
