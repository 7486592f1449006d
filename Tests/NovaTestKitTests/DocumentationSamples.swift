import NovaKernel
import NovaSocket
import NovaTestKit
import SessionSupport
import TestTurns
import Testing

// The samples of the documentation, as they stand there. `DocumentationTests` sees to it that none is missing.

@Suite("The samples of the kit's documentation do what they say", .timeLimit(.minutes(4)))
struct KitSampleTests {
    // MARK: NovaTestKit.md

    @Test func landing() async throws {
        let network = SimulatedNetwork(seed: 1)
        let server = network.server("echo.example")
        let text = try await network.run {
            let socket = try await WebSocket.connect(to: server.url, options: network.options())
            try await socket.send("hello")
            var messages = socket.messages.makeAsyncIterator()
            return try await messages.next()?.text
        }
        #expect(text == "hello")
    }

    // MARK: LocalServers.md

    @Test(.live) func local() async throws {
        let certificate = try LocalCertificate()
        let server = try await LocalServer.start(certificate: certificate)
        server.onMessage { connection, message in connection.send("You said: \(message.text)") }

        var options = WebSocketOptions()
        options.tls.trustRoots = certificate.trustRoots
        try await WebSocket.withConnection(to: server.url, options: options) { socket in
            try await socket.send("hello")
            for try await message in socket.messages {
                print(message.text)
                break
            }
        }
        await server.stop()
        #expect(await server.counts == (now: 0, ever: 1))
    }

    @Test func certificates() throws {
        let elsewhere = try LocalCertificate(names: ["elsewhere.example"])
        let ended = try LocalCertificate(from: .seconds(-7200), validFor: .seconds(3600))
        #expect("\(elsewhere)" == "\(ended)")
    }

    // MARK: TestAnOutage.md, README.md

    @Test func outage() async throws {
        let network = SimulatedNetwork(seed: 1)
        let server = network.server("feed.example")
        let options = network.options { $0.policy.reconnection = .standard }
        try await network.run {
            let socket = try await WebSocket.connect(to: server.url, options: options)
            server.suffer(.refuse(for: .seconds(30)))
            server.suffer(.reset)
            for await change in socket.stateChanges where change.to == .ready { break }
            try await socket.send("still there")
        }
        #expect(server.counts.accepted == 2)
    }

    // MARK: TestAnOutage.md

    @Test func time() async throws {
        let network = SimulatedNetwork(seed: 1)
        try await network.run {
            try await network.sleep(for: .seconds(3600))
            #expect(network.elapsed == .seconds(3600))
        }
    }

    @Test func script() async throws {
        let network = SimulatedNetwork(seed: 1)
        let server = network.server("feed.example")
        server.onOpen = { connection in connection.send("welcome") }
        server.onMessage = { connection, message in
            if message.text == "bye" { connection.close(.normalClosure, reason: "as asked") }
        }
        server.onRequest = { target in
            target.hasPrefix("/v1/") ? .refuse(status: 410, body: "use v2") : nil
        }
        let (first, reason) = try await network.run {
            let socket = try await WebSocket.connect(to: server.url, options: network.options())
            try await socket.send("bye")
            var messages = socket.messages.makeAsyncIterator()
            let first = try await messages.next()?.text
            while try await messages.next() != nil {}
            return (first, await socket.termination?.closeReason)
        }
        #expect(first == "welcome" && reason == "as asked")
        let error = await #expect(throws: WebSocketError.self) {
            try await network.run {
                _ = try await WebSocket.connect(to: server.url + "v1/feed", options: network.options())
            }
        }
        #expect(error?.termination?.responseBody == Array("use v2".utf8))
    }

    @Test func conditions() async throws {
        let network = SimulatedNetwork(seed: 1)
        let server = network.server("feed.example")
        server.addresses = [.ignores, .refuses(errno: 111), .answers]
        server.conditions.latency = .milliseconds(80)
        server.conditions.jitter = .milliseconds(40)
        server.conditions.pieces = .each(bytes: 1)
        let ending = try await network.run {
            let socket = try await WebSocket.connect(to: server.url, options: network.options())
            #expect(network.elapsed > .milliseconds(4 * 80))
            network.schedule(.close(.serviceRestart), after: .seconds(10), at: server)
            do { for try await _ in socket.messages {} } catch is WebSocketError {}
            return await socket.termination?.cause.ending.detail
        }
        #expect(ending == .closedByPeer(.serviceRestart))
        #expect(server.counts.dialed == 3)
    }

    // MARK: Faults.md

    @Test func faults() async throws {
        let network = SimulatedNetwork(seed: 1)
        let server = network.server("feed.example")
        let options = network.options { $0.policy.reconnection = .standard }
        try await network.run {
            let socket = try await WebSocket.connect(to: server.url, options: options)
            server.suffer(.refuseUpgrade(status: 503, retryAfter: 5, for: .seconds(20)))
            server.suffer(.close(.serviceRestart))
            try await network.sleep(for: .seconds(10))
            server.recover()
            for await change in socket.stateChanges where change.to == .ready { break }
            // Not after twenty seconds, but at the next attempt.
            #expect(network.elapsed < .seconds(16))
        }
    }

    // MARK: Simulations.md

    @Test func simulation() {
        let report = Simulation.run(SimulationPlan(seed: 17))
        print(report.steps, "steps,", report.attempts, "attempts in", report.elapsed)
        for violation in report.violations { print(violation) }
        #expect(report.violations.isEmpty && report.steps > 0)
    }

    @Test func events() {
        let plan = SimulationPlan(
            seed: 17,
            events: [
                .at(.seconds(1), .send(bytes: 70_000) as Deed),
                .at(.seconds(5), .stall(for: .seconds(10)) as Fault),
                .at(.seconds(6), .ping as Deed, givingUpAfter: .seconds(1)),
                .at(.seconds(20), .reset as Fault),
            ])
        #expect(Simulation.run(plan).violations.isEmpty)
    }

    @Test func shrinking() throws {
        let report = Simulation.run(try SimulationTests.hopeless())
        if !report.violations.isEmpty {
            print(Shrinker().shrink(report).testCode)
        }
        #expect(!report.violations.isEmpty)
    }

    // MARK: Storms.md

    @Test func storm() throws {
        let storm = Storm(clients: 200, outage: .refuse, lasting: .seconds(30))
        let constant = try storm.run(Reconnection(backoff: .constant(.seconds(1))))
        let jitter = try storm.run(Reconnection(backoff: .exponentialFullJitter(base: .seconds(1), cap: .seconds(30))))
        print(StormReport.table([constant, jitter]))
        let (most, least) = (try #require(constant.peakAfter), try #require(jitter.peakAfter))
        #expect(least.attempts < most.attempts / 5)
    }

    @Test func standard() throws {
        let report = try Storm(clients: 500).run(.standard)
        #expect(try #require(report.peakAfter).attempts <= 50)
        #expect(try #require(report.timeUntilBack(percent: 100)) < .seconds(31))
        #expect(report.gaveUp == 0)
    }

    // MARK: LintingAdapters.md

    @Test func adapterLint() async {
        let exchange = RPCAdapter(url: "wss://rpc.example/")
        let service = RPCService()
        var told: [AdapterLint.Report] = []
        do {
            let lint = AdapterLint { message in service.received(message.bytes, on: 1) }
            let report = await lint.run(exchange)
            print(report)
            #expect(report.isClean)
            told.append(report)
        }
        var lint = AdapterLint { message in service.received(message.bytes, on: 1) }
        lint.channels = [Channel("trades.GOLD"), Channel("trades.SILVER")]
        lint.refusedChannels = [Channel("forbidden")]
        lint.publication = { RPCService.publication($0, 1) }
        lint.refusal = { message in ["no \(message.text)"] }
        lint.answerer = { message in ["yes \(message.text)"] }
        lint.method = "get_time"
        lint.methods = ["buy", "sell"]
        lint.secrets = ["sesame"]
        lint.hostilities = [.honest]
        told.append(await lint.run(exchange))
        #expect(told.map(\.isClean) == [true, true], "\(told)")
    }

    // MARK: RegistryAndPools.md

    @Test func registry() async throws {
        let network = SimulatedNetwork(seed: 1)
        let server = network.server("rpc.example")
        try await network.run {
            let session = try Session(server.url, Handlers()) { network.join(&$0) }
            let registry = Registry()
            let id = try registry.register(session, as: "trading")
            let found = registry["trading"]
            for entry in registry.entries { print(entry.id, entry.name, await entry.status) }
            #expect(found === session && registry.entries.map(\.id) == [id])
            await session.close()
            #expect(registry["trading"] == nil)
        }
    }

    /// Those that go to hosts which do not exist: they must compile.
    private static func several(exchange: some Adapter, registry: Registry) async throws {
        do {
            let pool = try SessionPool(3, adapter: exchange)
            try await pool.connect()
            let time: Int = try await pool.request("get_time", isIdempotent: true)
            try await pool.notify("heartbeat")
            print(pool.explain())
            await pool.close()
            _ = time
        }
        do {
            let limits = ShardLimits(channelsPerConnection: 50, maximumConnections: 4, idleTime: .seconds(60))
            let feed = try ShardedSession(adapter: exchange, limits: limits)
            let trades = try await feed.subscribe(to: Channel("trades.GOLD"))
            for try await update in trades { print(update) }
            await feed.close()
        }
        for await change in registry.changes {
            switch change {
            case .added(let id, let name): print(id, name, "is there")
            case .removed(let id, let name): print(id, name, "is gone")
            case .missed(let count): print(count, "changes were missed")
            }
        }
    }
}
