import NovaKernel
import NovaSocket
import NovaTestKit
import TestTurns
import Testing

@Suite("The attempts of an hour", .heavy, .timeLimit(.minutes(30)))
struct AttemptsOfAnHourTests {
    /// What a server can do to make a client come back as often as may be.
    enum Adversary: String, CaseIterable, CustomTestStringConvertible {
        case knowsNoName, refuses, answers503, closesAtOnce, breaksTheProtocol, resetsAtOnce
        /// The count of failures is forgotten again and again: just stable, then gone, when that costs it least.
        case isStableEveryFourthTime

        var testDescription: String { rawValue }

        func meet(_ server: SimulatedServer, in network: SimulatedNetwork) {
            let long = Duration.seconds(100_000)
            switch self {
            case .knowsNoName: server.suffer(.resolveFailure(code: -2, for: long))
            case .refuses: server.suffer(.refuse(for: long))
            case .answers503: server.suffer(.refuseUpgrade(status: 503, retryAfter: 0, for: long))
            case .closesAtOnce: server.onOpen = { $0.close(.serviceRestart) }
            case .breaksTheProtocol: server.onOpen = { $0.send(raw: [0xFF, 0x7F]) }
            case .resetsAtOnce: server.onOpen = { $0.reset() }
            case .isStableEveryFourthTime:
                server.onOpen = { connection in
                    guard connection.number % 4 == 0 else { return connection.reset() }
                    network.task {
                        try await network.sleep(for: .seconds(10.1))
                        connection.reset()
                    }
                }
            }
        }
    }

    /// A policy, and the least that it may wait after so many failures in a row, in seconds.
    struct Courtesy: CustomTestStringConvertible {
        let backoff: Backoff
        let testDescription: String
        let leastWait: @Sendable (Int) -> Double

        static let all = [
            Courtesy(backoff: .constant(.seconds(2)), testDescription: "constant", leastWait: { _ in 2 }),
            Courtesy(
                backoff: .linear(step: .seconds(1), cap: .seconds(20), jitter: 200), testDescription: "linear",
                leastWait: { min(Double($0), 20) * 0.8 }),
            Courtesy(
                backoff: .exponentialEqualJitter(base: .milliseconds(500), cap: .seconds(30)),
                testDescription: "equal jitter", leastWait: { min(0.25 * Double(1 << min($0 - 1, 20)), 15) }),
        ]

        /// The most attempts in an hour, if failures go on for ever.
        var mostWithoutUse: Double {
            var spent = 0.0
            var count = 1
            while spent < 3600 {
                spent += leastWait(count)
                count += 1
            }
            return Double(count)
        }

        /// The most, if a server pays 10 seconds of stability to have failures forgotten, after as many as serve it best.
        var mostWithUse: Double {
            let most = (1...50).map { count -> Double in
                let cycle = 10 + (1...count).reduce(0) { $0 + leastWait($1) }
                return (3600 / cycle + 1) * Double(count)
            }
            return max(mostWithoutUse, most.max() ?? 0)
        }
    }

    private static func attemptsInAnHour(_ adversary: Adversary, _ backoff: Backoff, seed: UInt64) async throws -> Int {
        let network = SimulatedNetwork(seed: seed)
        let server = network.server("feed.example")
        adversary.meet(server, in: network)
        let options = network.options {
            $0.policy.reconnection = Reconnection(
                backoff: backoff, reset: .whenStable(for: .seconds(10)), table: RetryTable([.init(.any, .retry)]))
        }
        return try await network.run {
            let socket = try WebSocket.make(server.url, options)
            let changes = socket.stateChanges
            let connecting = network.task { try await socket.connect() }
            network.task {
                try await network.sleep(for: .seconds(3600))
                await socket.close()
            }
            var attempts = 0
            for await change in changes where change.to == .resolving { attempts += 1 }
            _ = await connecting.result
            return attempts
        }
    }

    @Test("No server makes them more than the policy's", arguments: Courtesy.all, Adversary.allCases)
    func bounded(_ courtesy: Courtesy, _ adversary: Adversary) async throws {
        let isForgiven = adversary == .isStableEveryFourthTime
        let most = isForgiven ? courtesy.mostWithUse : courtesy.mostWithoutUse
        for seed in UInt64(0)..<2 {
            let attempts = try await Self.attemptsInAnHour(adversary, courtesy.backoff, seed: seed)
            #expect(Double(attempts) <= most, "seed \(seed)")
            // There is an hour of them: a client that gave up would pass, too.
            #expect(attempts > 100, "seed \(seed)")
        }
    }

    @Test(
        "The default waits 15 seconds on average when a server is away, whatever the chance",
        arguments: Adversary.allCases)
    func fullJitter(_ adversary: Adversary) async throws {
        for seed in UInt64(0)..<2 {
            let attempts = try await Self.attemptsInAnHour(adversary, Reconnection.standard.backoff, seed: seed)
            // Four attempts for each 10 seconds of stability are the most that the last one can have.
            #expect((150...(adversary == .isStableEveryFourthTime ? 1300 : 350)).contains(attempts), "\(attempts)")
        }
    }
}
