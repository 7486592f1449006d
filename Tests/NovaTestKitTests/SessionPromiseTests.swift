import NovaSocket
import NovaTestKit
import SessionSupport
import Synchronization
import Testing

// The other half of `PromiseTests`: requests, credentials, subscriptions and the rate.

@Suite("What was promised of sessions", .timeLimit(.minutes(4)))
struct SessionPromiseTests {
    private let network = SimulatedNetwork(seed: 71)
    private let server: SimulatedServer
    private let service: RPCService
    private let heard = Lines()

    init() {
        server = network.server("rpc.example")
        service = RPCService(at: server)
    }

    private func session(
        _ handlers: Handlers? = nil, calls: CallOptions = CallOptions(),
        _ change: (inout WebSocketOptions) -> Void = { _ in }
    ) throws -> Session {
        try Session(server.url, handlers ?? Handlers(RPCAdapter(url: server.url)), calls: calls) { options in
            network.join(&options, retryingEachSecond: change)
        }
    }

    /// How long it takes, in the network's time.
    private func time(_ body: () async throws -> Void) async throws -> Duration {
        let start = network.clock.now
        try await body()
        return start.duration(to: network.clock.now)
    }

    private static func keep(_ seconds: Int = 600, cost: UInt32? = nil, priority: UInt8? = nil) -> CallOptions {
        CallOptions(retention: .keep(for: .seconds(seconds)), priority: priority, cost: cost)
    }

    // MARK: Requests

    @Test("An answer is awaited for thirty seconds, or as long as the session or the call says")
    func timeouts() async throws {
        service.answers { _, _ in [] }
        try await network.run {
            let cases: [(CallOptions, CallOptions, Int)] = [
                (CallOptions(), CallOptions(), 30), (CallOptions(timeout: .seconds(7)), CallOptions(), 7),
                (CallOptions(timeout: .seconds(7)), CallOptions(timeout: .seconds(3)), 3),
            ]
            for (calls, call, seconds) in cases {
                let session = try session(calls: calls)
                try await session.connect()
                let time = try await time {
                    let error = await #expect(throws: WebSocketError.self) {
                        try await session.request("mute", as: Int.self, options: call)
                    }
                    #expect(error?.refusal == .timedOut)
                }
                #expect(time >= .seconds(seconds) && time < .seconds(seconds) + .milliseconds(100), "\(time)")
                await session.close()
            }
        }
    }

    @Test(
        "Whoever waits for an answer is told at once that the connection has ended, whatever ends it",
        arguments: [.reset, .truncate, .violate(.reservedBits), .close(.goingAway), nil] as [Fault?])
    func lost(_ fault: Fault?) async throws {
        let (asked, feed) = AsyncStream.makeStream(of: Void.self)
        service.answers { _, request in
            feed.yield()
            return []
        }
        let network = network
        try await network.run {
            let session = try session()
            try await session.connect()
            let waiting = network.task { try await session.request("mute", as: Int.self) }
            for await _ in asked { break }
            let time = try await time {
                if let fault { server.suffer(fault) } else { _ = await session.close() }
                let error = await #expect(throws: WebSocketError.self) { try await waiting.value }
                #expect(error?.refusal != .timedOut)
            }
            #expect(time < .milliseconds(100), "\(time)")
            await session.close()
        }
        #expect(service.calls == ["mute"])
    }

    @Test("Without a connection a message is refused, or waits in its place: so many, and no longer than was said")
    func outbox() async throws {
        let (network, heard) = (network, heard)
        server.onMessage = { _, message in heard.append(message.text) }
        try await network.run {
            let session = try session {
                $0.policy.outbox.maximumMessages = 3
                $0.policy.reconnection.backoff = .constant(.seconds(20))
            }
            try await session.connect()
            let changes = session.stateChanges
            server.suffer(.reset)
            for await change in changes where change.to == .backingOff { break }
            let dropped = await #expect(throws: WebSocketError.self) { try await session.send("dropped") }
            #expect(dropped?.refusal == .notOpen)
            let kept = ["one", "brief", "two"].map { text in
                network.task { try await session.send(text, options: Self.keep(text == "brief" ? 5 : 60)) }
            }
            try await network.sleep(for: .seconds(1))  // they wait by then
            #expect(await session.status.waitingMessages == 3)
            let full = await #expect(throws: WebSocketError.self) {
                try await session.send("four", options: Self.keep())
            }
            #expect(full?.refusal == .tooManyWaiting)
            let late = await #expect(throws: WebSocketError.self) { try await kept[1].value }
            #expect(late?.refusal == .expired)
            for index in [0, 2] { try await kept[index].value }
            await session.close()
        }
        #expect(heard.all == ["one", "two"])
    }

    // MARK: Credentials and subscriptions

    /// Shows three bytes, and knows the answer.
    private struct Knock: AuthenticationHandler {
        let authentication: AuthenticationPolicy? = AuthenticationPolicy()

        func authenticate(_ context: SessionContext) async throws -> Duration? {
            let answer = try await context.ask(.binary([1, 2, 3])) { $0.kind == .binary ? $0.bytes : nil }
            guard answer == [0] else { throw AuthenticationError.refused("not today") }
            return .seconds(600)
        }
    }

    @Test("Credentials may be bytes, with an answer that only their handler knows, and are shown anew when asked")
    func credentials() async throws {
        let heard = heard
        server.onMessage = { connection, message in
            heard.append("\(message.bytes)")
            connection.send([heard.all.count < 3 ? 0 : 1])
        }
        try await network.run {
            let session = try session(Handlers(authentication: Knock()))
            let changes = session.stateChanges
            try await session.connect()
            try await session.authenticate()
            #expect(await session.state == .ready)
            await #expect(throws: WebSocketError.self) { try await session.authenticate() }
            for await _ in changes {}
            #expect(await session.termination?.cause.ending.detail == .authenticationFailed(.refused))
        }
        #expect(heard.all == Array(repeating: "[1, 2, 3]", count: 3))
    }

    @Test("A channel that the server does not answer for is given up after thirty seconds, by itself")
    func pendingSubscription() async throws {
        service.answers { _, request in request.method == "subscribe" ? [] : nil }
        try await network.run {
            let session = try session()
            try await session.connect()
            let time = try await time {
                let error = await #expect(throws: WebSocketError.self) { try await session.subscribe(to: "a") }
                #expect(error?.refusal == .timedOut)
            }
            #expect(time >= .seconds(30) && time < .seconds(30.1), "\(time)")
            #expect(await session.subscriptions.isEmpty)
            #expect(try await session.request("echo", [1], as: [Int].self) == [1])
            await session.close()
        }
    }

    // MARK: The rate

    @Test(
        "The bucket has sixty tokens and gets one back each second; its modes let all through, none, or each in its turn",
        arguments: RateLimit.Mode.allCases)
    func modes(_ mode: RateLimit.Mode) async throws {
        let heard = heard
        server.onMessage = { _, message in heard.append(message.text) }
        try await network.run {
            let session = try session { $0.policy.rateLimit = RateLimit(mode: mode) }
            try await session.connect()
            let time = try await time {
                for number in 0..<62 {
                    do {
                        try await session.send("\(number)", options: Self.keep())
                    } catch let error as WebSocketError {
                        #expect(error.refusal == .rateLimited && mode == .reject)
                    }
                }
            }
            switch mode {
            case .normal, .queue: #expect(time >= .seconds(2) && time < .seconds(2.1), "\(time)")
            case .allow, .reject: #expect(time < .milliseconds(1), "\(time)")
            }
            await session.close()
        }
        #expect(heard.all == (mode == .reject ? [] : (0..<62).map { "\($0)" }))
    }

    @Test("Nobody overtakes, however cheap; a higher priority goes ahead, and of equals the first")
    func order() async throws {
        let (network, server, heard) = (network, server, heard)
        let seconds = Mutex<[Int64]>([])
        try await network.run {
            let session = try session { $0.policy.rateLimit = RateLimit(capacity: 10, refill: 1, initial: 0) }
            try await session.connect()
            let start = network.clock.now
            server.onMessage = { _, message in
                heard.append(message.text)
                seconds.withLock { $0.append(start.duration(to: network.clock.now).components.seconds) }
            }
            let messages: [(String, UInt32, UInt8)] = [
                ("dear", 5, 128), ("cheap", 1, 128), ("urgent", 1, 200), ("urgent too", 1, 200), ("idle", 1, 0),
                ("cheap too", 1, 128),
            ]
            let sending = messages.map { text, cost, priority in
                network.task {
                    try await session.send(text, options: Self.keep(cost: cost, priority: priority))
                }
            }
            for task in sending { try await task.value }
            await session.close()
        }
        #expect(heard.all == ["urgent", "urgent too", "dear", "cheap", "cheap too", "idle"])
        #expect(seconds.withLock(\.self) == [1, 2, 7, 8, 9, 10])
    }

    @Test("No fraction of a token is lost: what is posted at odd times goes at even ones, to the nanosecond")
    func fractions() async throws {
        let network = network
        let times = Mutex<[SimulatedClock.Instant]>([])
        server.onMessage = { _, _ in times.withLock { $0.append(network.clock.now) } }
        try await network.run {
            let session = try session { $0.policy.rateLimit = RateLimit(capacity: 10, refill: 1, initial: 0) }
            try await session.connect()
            var sending: [Task<Void, any Error>] = []
            for number in 0..<20 {
                sending.append(network.task { try await session.send("\(number)", options: Self.keep()) })
                try await network.sleep(for: .milliseconds(900))
            }
            for task in sending { try await task.value }
            await session.close()
        }
        let heard = times.withLock(\.self)
        #expect(heard.count == 20)
        for (number, time) in heard.enumerated() { #expect(heard[0].duration(to: time) == .seconds(number)) }
    }
}
