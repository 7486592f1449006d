import NovaSocket
import NovaTestKit
import Synchronization
import Testing

/// Handlers that take long, or never return, in virtual time.
@Suite("Slow handlers", .timeLimit(.minutes(4)))
struct SlowHandlerTests {
    struct Bad: Error {}

    /// Takes its time where it is told to; no time: it never returns.
    private struct Sluggish: Adapter {
        let url: String
        let network: SimulatedNetwork
        let slow: String
        let time: Duration?
        var authentication: AuthenticationPolicy? { slow == "authenticate" ? AuthenticationPolicy() : nil }

        private func act(_ name: String) async {
            guard name == slow else { return }
            if let time {
                try? await network.sleep(for: time)
            } else {
                let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
                for await _ in stream {}
                continuation.finish()
            }
        }

        func sort(_ message: Message) -> Sorting { .other }
        func handle(_ message: Message, _ context: SessionContext) async throws -> Reaction {
            await act("handle")
            if slow.hasPrefix("decide") { throw Bad() }
            return .nothing
        }
        func authenticate(_ context: SessionContext) async throws -> Duration? {
            await act("authenticate")
            return nil
        }
        func subscribe(to channels: [Channel], _ context: SessionContext) async throws -> [SubscriptionVerdict] {
            await act("subscribe")
            return channels.map { _ in .confirmed }
        }
        func unsubscribe(from channels: [Channel], _ context: SessionContext) async throws { await act("unsubscribe") }
        func stateChanged(_ change: StateChange) async { if change.to == .ready { await act("stateChanged") } }
        func statusNote() async -> String? {
            await act("statusNote")
            return nil
        }
        func decide(
            _ error: any Error, from handler: HandlerReport.Handler, _ context: SessionContext
        ) async -> ErrorDecision {
            await act("decide")
            return .ignore
        }
        func decide(_ termination: Termination, failures: UInt32) async -> RetryDecision {
            await act("decideRetry")
            return .standard
        }
    }

    private static let functions: [(String, HandlerReport.Handler)] = [
        ("handle", .messages), ("authenticate", .authentication), ("subscribe", .subscriptions),
        ("unsubscribe", .subscriptions), ("stateChanged", .connection), ("statusNote", .connection),
        ("decide", .errors), ("decideRetry", .errors),
    ]

    /// Does all that a session can be asked for, then gives it time; returns the reports of what was slow.
    private func reports(slow: String, time: Duration?) async throws -> [(HandlerReport.Handler, Duration)] {
        let network = SimulatedNetwork(seed: 9)
        let server = network.server("rpc.example")
        server.onOpen = { for _ in 1...3 { $0.send("something") } }
        let found = Mutex<[(HandlerReport.Handler, Duration)]>([])
        try await network.run {
            let adapter = Sluggish(url: server.url, network: network, slow: slow, time: time)
            let session = try Session(adapter: adapter) { options in
                network.join(&options)
                options.policy.reconnection.backoff = .constant(.seconds(1))
            }
            let reports = session.handlerReports
            network.task {
                for await report in reports {
                    if case .slow(let time) = report.event { found.withLock { $0.append((report.handler, time)) } }
                }
            }
            network.task { try await session.connect() }
            network.task { try await session.subscribe(to: "a").cancel() }
            network.task { _ = await session.status }
            try await network.sleep(for: .milliseconds(900))  // ready by then, and nothing has been slow
            #expect(found.withLock { $0.isEmpty })
            server.suffer(.reset)
            try await network.sleep(for: .milliseconds(4000))  // whatever is slow has been so for longer than it may
            network.task { await session.close() }
            try await network.sleep(for: .seconds(20))
        }
        return found.withLock(\.self)
    }

    @Test("One that never returns is told of once, a second after it was called", arguments: functions)
    func stuck(function: String, handler: HandlerReport.Handler) async throws {
        let found = try await reports(slow: function, time: nil)
        // What is called again on the next connection is slow again.
        #expect(found.count >= 1 && found.allSatisfy { $0 == (handler, .seconds(1)) })
        if ["handle", "stateChanged", "statusNote"].contains(function) { #expect(found.count == 1) }
    }

    @Test("One that takes less than a second is not told of, one that takes more is told of once each time")
    func bounds() async throws {
        #expect(try await reports(slow: "handle", time: .milliseconds(999)).isEmpty)
        let found = try await reports(slow: "handle", time: .milliseconds(1500))
        #expect(found.count > 1 && found.allSatisfy { $0 == (.messages, .seconds(1)) })
    }
}
