import NovaSocket
import NovaTestKit
import NovaTransport
import Synchronization
import Testing

@Suite("A simulated network", .timeLimit(.minutes(4)))
struct NetworkTests {
    private static func reconnecting(_ network: SimulatedNetwork) -> WebSocketOptions {
        network.options { $0.policy.reconnection = Reconnection(backoff: .constant(.seconds(1))) }
    }

    @Test("An echo, and no time passes", arguments: ["wss", "ws"])
    func echo(_ scheme: String) async throws {
        let network = SimulatedNetwork(seed: 1)
        _ = network.server("echo.example")
        let text = try await network.run {
            try await WebSocket.withConnection(to: "\(scheme)://echo.example/", options: network.options()) { socket in
                try await socket.send("hello")
                var messages = socket.messages.makeAsyncIterator()
                return try await messages.next()?.text
            }
        }
        #expect(text == "hello")
    }

    @Test("Of two times without reading the one that ends later counts", arguments: [(10, 30), (35, 5)])
    func notReading(_ first: Int, _ second: Int) async throws {
        let network = SimulatedNetwork(seed: 1)
        let server = network.server("feed.example")
        let options = network.options { $0.policy.keepalive = nil }
        let elapsed = try await network.run {
            let socket = try await WebSocket.connect(to: server.url, options: options)
            server.suffer(.stopReading(for: .seconds(first)))
            try await network.sleep(for: .seconds(5))
            server.suffer(.stopReading(for: .seconds(second)))
            try await socket.send("there?")
            var messages = socket.messages.makeAsyncIterator()
            _ = try await messages.next()
            return network.elapsed
        }
        #expect(elapsed > .seconds(35) && elapsed < .seconds(36), "\(elapsed)")
    }

    @Test(
        "What lasts for ever does",
        arguments: [Fault.refuse(for: .seconds(Int64.max)), .stall(for: .seconds(Int64.max))])
    func forEver(_ fault: Fault) async throws {
        let network = SimulatedNetwork(seed: 1)
        let server = network.server("feed.example")
        server.suffer(fault)
        server.suffer(.stopReading(for: .seconds(Int64.max)))
        let options = network.options()
        await #expect(throws: WebSocketError.self) {
            try await network.run { _ = try await WebSocket.connect(to: server.url, options: options) }
        }
    }

    @Test("What TLS has encrypted of a close frame leaves as it is, whatever ends the connection then")
    func closeInRecord() async throws {
        let network = SimulatedNetwork(seed: 1)
        let server = network.server("feed.example")
        (server.conditions.capacity, server.conditions.latency) = (500, .microseconds(100))
        let codes = Mutex<[CloseCode?]>([])
        server.onClose = { _, code, _ in codes.withLock { $0.append(code) } }
        let options = network.options()
        let termination = try await network.run {
            let socket = try await WebSocket.connect(to: server.url, options: options)
            // The first message fills the link. When there is room again, its rest and the second one leave 5 bytes: of the
            // close frame's 8 the last 3 stay in their record.
            server.suffer(.stopReading(for: .milliseconds(100)))
            let closing = network.task {
                for count in [600, 379] { try await socket.send([UInt8](repeating: 0, count: count)) }
                return await socket.close(code: .goingAway)
            }
            try await network.sleep(for: .microseconds(100_150))
            server.suffer(.stopReading(for: .milliseconds(100)))
            try await network.sleep(for: .milliseconds(10))
            server.suffer(.violate(.reservedBits))
            return try await closing.value
        }
        #expect(termination?.cause.ending.detail == .violation(.reservedBits))
        #expect(termination?.cause.ending.sentCode == .goingAway)
        #expect(codes.withLock(\.self) == [.goingAway])
    }

    @Test("What is under way for ever never comes")
    func endlessWay() async throws {
        let network = SimulatedNetwork(seed: 1)
        let server = network.server("feed.example")
        server.conditions.latency = .seconds(Int64.max)
        server.conditions.jitter = .seconds(Int64.max)
        let options = network.options()
        let error = await #expect(throws: WebSocketError.self) {
            try await network.run { _ = try await WebSocket.connect(to: server.plainURL, options: options) }
        }
        #expect(error?.termination?.cause.ending.detail == .timedOut(.dial))
    }

    @Test("Half a minute without the server: the connection comes back, and half a minute is what it took")
    func outage() async throws {
        let network = SimulatedNetwork(seed: 1)
        let server = network.server("feed.example")
        let options = Self.reconnecting(network)
        let (elapsed, text) = try await network.run {
            let socket = try await WebSocket.connect(to: server.url, options: options)
            server.suffer(.refuse(for: .seconds(30)))
            server.suffer(.reset)
            for await change in socket.stateChanges where change.to == .ready { break }
            try await socket.send("back")
            var messages = socket.messages.makeAsyncIterator()
            let text = try await messages.next()?.text
            await socket.close()
            return (network.elapsed, text)
        }
        #expect(text == "back")
        #expect(elapsed > .seconds(30) && elapsed < .seconds(32))
        #expect(server.counts.accepted == 2)
    }

    @Test("A connection that hears nothing is found dead by its keepalive, when it should be")
    func halfOpen() async throws {
        let network = SimulatedNetwork(seed: 2)
        let server = network.server("feed.example")
        let options = network.options {
            $0.policy.keepalive = KeepalivePolicy(interval: .seconds(20), timeout: .seconds(10))
        }
        let (termination, elapsed) = try await network.run {
            let socket = try await WebSocket.connect(to: server.url, options: options)
            server.suffer(.halfOpen)
            do { for try await _ in socket.messages {} } catch is WebSocketError {}
            return (await socket.termination, network.elapsed)
        }
        #expect(termination?.cause.ending.detail == .keepaliveExpired)
        #expect(elapsed > .seconds(30) && elapsed < .seconds(31))
    }

    @Test("Every fault has its true ending")
    func endings() async throws {
        let long = Duration.seconds(60)
        let faults: [(Fault, Ending.Detail)] = [
            (.resolveFailure(code: -3, for: long), .resolveFailed(code: -3)),
            (.resolveDelay(long, for: long), .timedOut(.resolve)),
            (.refuse(for: long), .dialFailed(errno: 111)), (.ignore(for: long), .timedOut(.dial)),
            (.tlsFailure(.certificateExpired, for: long), .tlsFailed(.certificateExpired)),
            (.stall(for: long), .timedOut(.secure)),
            (.refuseUpgrade(status: 503, retryAfter: 7, for: long), .upgradeRefused(status: 503, retryAfter: 7)),
            (.garbleUpgrade(for: long), .upgradeInvalid(.malformedStatusLine)),
            (.ignoreUpgrade(for: long), .timedOut(.upgrade)),
        ]
        for (fault, detail) in faults {
            let network = SimulatedNetwork(seed: 3)
            let server = network.server("feed.example")
            server.suffer(fault)
            let error = await #expect(throws: WebSocketError.self) {
                try await network.run { _ = try await WebSocket.connect(to: server.url, options: network.options()) }
            }
            #expect(error?.termination?.cause.ending.detail == detail, "\(fault)")
        }
    }

    @Test("Every way to end an open connection has its true ending")
    func openEndings() async throws {
        let faults: [(Fault, Ending.Detail)] =
            [
                (.reset, .transportEnded(.failed(errno: 104))), (.truncate, .transportEnded(.truncated)),
                (.close(.goingAway), .closedByPeer(.goingAway)), (.cutMidFrame, .transportEnded(.endOfStream)),
            ]
            + ProtocolViolation.allCases.filter { $0 != .unmaskedByClient }.map { (.violate($0), .violation($0)) }
        for (fault, detail) in faults {
            let network = SimulatedNetwork(seed: 4)
            let server = network.server("feed.example")
            let termination = try await network.run {
                let socket = try await WebSocket.connect(to: server.url, options: network.options())
                server.suffer(fault)
                do { for try await _ in socket.messages {} } catch is WebSocketError {}
                return await socket.termination
            }
            #expect(termination?.cause.ending.detail == detail, "\(fault)")
        }
    }

    @Test("The second address takes over where the first one is silent")
    func addresses() async throws {
        let network = SimulatedNetwork(seed: 5)
        let server = network.server("feed.example")
        server.addresses = [.ignores, .refuses(errno: 111), .answers]
        try await network.run {
            let socket = try await WebSocket.connect(to: server.url, options: network.options())
            await socket.close()
        }
        #expect(server.counts.dialed == 3 && server.counts.accepted == 1)
    }

    @Test("An address that is taken away while it is tried refuses")
    func addressGone() async throws {
        let network = SimulatedNetwork(seed: 5)
        let server = network.server("feed.example")
        server.addresses = [.ignores, .answers]
        let error = await #expect(throws: WebSocketError.self) {
            try await network.run {
                let options = network.options()
                let connecting = network.task { try await WebSocket.connect(to: server.url, options: options) }
                try await network.sleep(for: .milliseconds(500))
                server.addresses = [.answers]
                _ = try await connecting.value
            }
        }
        #expect(error?.termination?.cause.ending.detail == .dialFailed(errno: 111))
        #expect(server.counts.dialed == 2 && server.counts.accepted == 0)
    }

    @Test("A server does what it is told; nobody of another name answers")
    func scripted() async throws {
        let network = SimulatedNetwork(seed: 6)
        let server = network.server("feed.example")
        server.onOpen = { $0.send("welcome") }
        server.onMessage = { connection, message in connection.close(.goingAway, reason: message.text) }
        let (first, reason) = try await network.run {
            let socket = try await WebSocket.connect(to: server.plainURL, options: network.options())
            var messages = socket.messages.makeAsyncIterator()
            let first = try await messages.next()?.text
            try await socket.send("enough")
            while try await messages.next() != nil {}
            return (first, await socket.termination?.closeReason)
        }
        #expect(first == "welcome" && reason == "enough")
        let error = await #expect(throws: WebSocketError.self) {
            try await network.run {
                _ = try await WebSocket.connect(to: "ws://other.example/", options: network.options())
            }
        }
        #expect(error?.termination?.cause.ending.detail == .resolveFailed(code: -2))
    }

    @Test("Sleepers wake in the order of their times, and a cancelled one at once")
    func clock() async throws {
        let network = SimulatedNetwork(seed: 7)
        let order = Mutex<[Int]>([])
        try await network.run {
            let sleepers = [3, 1, 2].map { seconds in
                network.task {
                    try await Task.sleep(for: .seconds(seconds), clock: network.clock)
                    order.withLock { $0.append(seconds) }
                }
            }
            let cancelled = network.task { try await network.sleep(for: .seconds(1_000_000)) }
            cancelled.cancel()
            await #expect(throws: CancellationError.self) { try await cancelled.value }
            for sleeper in sleepers { try await sleeper.value }
            #expect(network.elapsed == .seconds(3))
        }
        #expect(order.withLock { $0 } == [1, 2, 3])
    }

    @Test("A body that waits for what can't happen is told so")
    func stuck() async throws {
        let network = SimulatedNetwork(seed: 8)
        await #expect(throws: SimulationError.stuck) {
            try await network.run {
                let (never, _) = AsyncStream.makeStream(of: Void.self)
                for await _ in never {}
            }
        }
    }

    @Test("Two runs of one seed are the same, to the digest; another seed is another run")
    func determinism() {
        let plans = (0..<20).map { SimulationPlan(seed: $0) }
        let digests = plans.map { Simulation.run($0).digest }
        #expect(plans.map { Simulation.run($0).digest } == digests)
        #expect(Set(digests).count == digests.count)
    }
}
