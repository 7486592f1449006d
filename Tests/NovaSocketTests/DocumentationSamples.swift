import Foundation
import NovaEcho
import NovaSocket
import TestTurns
import Testing

// The samples of the documentation, as they stand there. `DocumentationTests` sees to it that none is missing.

/// Samples that go to hosts which do not exist: they must compile.
enum Samples {
    // MARK: NovaSocket.md

    static func landing() async throws {
        var options = WebSocketOptions()
        options.policy.reconnection = .standard

        try await WebSocket.withConnection(to: "wss://example.com/feed", options: options) { socket in
            try await socket.send("hello")
            for try await message in socket.messages {
                print(message.text)
            }
        }
    }

    // MARK: Sessions.md

    static func sessions(exchange: Exchange) async throws {
        do {
            let session = try Session("wss://example.com/api", Handlers())
            try await session.connect()
            let time: Int = try await session.request("get_time")
            let (price, volume): (Double, Double) = try await (
                session.request("get_price", ["of": "GOLD"]), session.request("get_volume", ["of": "GOLD"])
            )
            await session.close()
            _ = (time, price, volume)
        }
        let session = try Session(adapter: exchange)
        try await session.connect()
        let trades = try await session.subscribe(to: Channel("trades.GOLD"), freshness: .seconds(30))
        for try await update in trades {
            switch update {
            case .message(let message): print(message.text)
            case .interrupted: print("the connection is lost")
            case .gap(let gap): print("messages were missed:", gap.cause)
            case .stale: print("nothing for half a minute")
            case .fresh: print("here they are again")
            }
        }
        let order = ["amount": 10]
        try await session.notify("cancel_all", options: CallOptions(retention: .keep(for: .seconds(60))))
        let id: String = try await session.request(
            "buy", order, options: CallOptions(timeout: .seconds(5), priority: 200))
        _ = id
    }

    static func credentials() async throws {
        let handlers = Handlers(authentication: RequestAuthentication(token: .environment("API_TOKEN")))
        let session = try Session("wss://example.com/api", handlers)
        try await session.connect()
        let trades = try await session.subscribe(to: "trades.GOLD")
        print(await session.status.authentication)
        _ = trades
    }

    struct TradeNumbers: PositionHandler {
        struct Trade: Decodable { var number: UInt64 }

        func position(of message: Message, in channel: Channel) -> MessagePosition? {
            guard case .notification(let notification)? = JSONRPC.read(message.bytes).first,
                let trade = try? notification.params(as: Trade.self)
            else { return nil }
            return .sequence(trade.number, after: trade.number - 1)
        }
    }

    static func changedConnections() async throws {
        let session = try Session("wss://example.com/api", Handlers(positions: TradeNumbers()))
        try await session.connect()
        let trades = try await session.subscribe(to: "trades.GOLD")
        try await session.rollOver()
        _ = trades
    }

    static func openedAgain(_ session: Session) async throws {
        if await session.termination?.cause.finality == .attemptsExhausted {
            let reopened = try await session.reopened()
            print(await reopened.session.status.confirmedSubscriptions, "of", reopened.subscriptions.count)
        }
    }

    static func lists(_ session: Session, _ other: Session) async throws {
        let results = await session.subscribe(to: [Channel("trades.GOLD"), Channel("trades.SILVER")])
        for record in await session.subscriptions where record.status != .confirmed {
            print(record.channel.name, record.status, record.history.count)
        }
        let list = await session.exportSubscriptions()
        let restored = await other.importSubscriptions(list)
        _ = (results, restored)
    }

    static func asking(_ session: Session) async throws {
        let answers = try await session.batch([.request("get_time"), .request("get_price", ["of": "GOLD"])])
        let (now, gold) = (
            try session.decode(Int.self, from: answers[0]), try session.decode(Double.self, from: answers[1])
        )
        let version = try await session.ask(.text("version?")) { $0.text.hasPrefix("version ") ? $0.text : nil }
        _ = (now, gold, version)
    }

    struct Judge: ErrorHandler {
        func severity(of error: any Error, from handler: HandlerReport.Handler) -> ErrorSeverity {
            error is JSONError ? .transient : .harmless
        }

        func decide(_ termination: Termination, failures: UInt32) async -> RetryDecision {
            failures > 20 ? .stop : .standard
        }
    }

    static func layers(_ exchange: Exchange) throws {
        let session = try Session(adapter: exchange, calls: CallOptions(timeout: .seconds(5))) { options in
            options.policy.keepalive = KeepalivePolicy(interval: .seconds(10), timeout: .seconds(5))
        }
        print(session.explainOptions()["policy.keepalive.interval"]?.layer ?? .library)
    }

    // MARK: README.md

    static func readme() async throws {
        var options = WebSocketOptions()
        options.policy.reconnection = .standard
        options.policy.keepalive = KeepalivePolicy(interval: .seconds(10), timeout: .seconds(5))
        options.recording = .file(path: "connection.trace")

        let socket = try await WebSocket.connect(to: "wss://example.com/feed", options: options)
        let roundTrip = try await socket.ping()
        let termination = await socket.close(code: .normalClosure, reason: "done")
        print(termination?.description ?? "")
        _ = roundTrip
    }

    // MARK: GettingStarted.md

    static func structured() async throws {
        try await WebSocket.withConnection(to: "wss://example.com/feed") { socket in
            try await socket.send("hello")
            for try await message in socket.messages {
                print(message.text)
            }
        }
    }

    static func handle() async throws {
        let socket = try await WebSocket.connect(to: "wss://example.com/feed")
        try await socket.send("hello")
        for try await message in socket.messages {
            print(message.text)
            if message.text == "bye" { break }
        }
        let termination = await socket.close()
        print(termination?.description ?? "")
    }

    static func options(_ token: String) async throws {
        var options = WebSocketOptions()
        options.addHeader("Authorization", "Bearer \(token)")
        options.subprotocols = ["chat.v2", "chat.v1"]
        options.policy.reconnection = .standard
        options.policy.timeouts.open = .seconds(15)

        let socket = try await WebSocket.connect(to: "wss://example.com/chat", options: options)
        print(await socket.response?.subprotocol ?? "none")
    }

    static func send(_ socket: WebSocket, _ lines: AsyncStream<String>) async throws {
        try await socket.send("text")
        try await socket.send([0x01, 0x02, 0x03])
        try await socket.send(fragments: lines)
        try await socket.flush()
    }

    static func batches(_ socket: WebSocket) async throws {
        var messages = socket.messages.makeAsyncIterator()
        while let batch = try await messages.nextBatch() {
            for message in batch { print(message) }
        }
    }

    static func errors(_ socket: WebSocket) async throws {
        do {
            try await socket.send("hello")
        } catch let error as WebSocketError {
            switch error.code {
            case .refused: print("not now: \(error)")
            case .connectionEnded: print(error.termination?.cause.description ?? "")
            default: throw error
            }
        }
    }

    static func watch() async throws {
        let socket = try WebSocket.make("wss://example.com/feed")
        let changes = socket.stateChanges
        let watching = Task {
            for await change in changes { print(change) }
        }
        try await socket.connect()
        await socket.close()
        await watching.value
    }

    // MARK: Backpressure.md

    static func bounds() -> WebSocketOptions {
        var options = WebSocketOptions()
        options.policy.inbound.maximumBytes = 8 << 20
        options.policy.inbound.maximumMessages = 1000
        options.policy.outbound.maximumBytes = 256 << 10
        return options
    }

    // MARK: Reconnection.md

    static func reconnection() -> WebSocketOptions {
        var options = WebSocketOptions()
        options.policy.reconnection = Reconnection(
            backoff: .exponentialFullJitter(base: .milliseconds(500), cap: .seconds(30)),
            maximumAttempts: 10,
            maximumOutage: .seconds(600),
            reset: .whenStable(for: .seconds(10)))
        return options
    }

    static func custom(_ options: inout WebSocketOptions) {
        options.policy.reconnection = Reconnection(backoff: .custom(cap: .seconds(60)))
        options.chooseDelay = { failures, last in
            if failures > 20 { return nil }
            return last.closeReason == "maintenance" ? .seconds(60) : .seconds(min(failures, 30))
        }
    }

    static func table(_ options: inout WebSocketOptions) {
        var reconnection = Reconnection.standard
        reconnection.table.rows.insert(RetryTable.Row(.closeCode(4000...4099), .retry), at: 0)
        reconnection.table.rows.insert(RetryTable.Row(.status(404...404), .retry), at: 0)
        options.policy.reconnection = reconnection
    }

    static func subscribe(_ socket: WebSocket) async throws {
        for await change in socket.stateChanges where change.to == .ready {
            try await socket.send("subscribe feed")
        }
    }

    // MARK: WhyItEnded.md

    static func explain(_ socket: WebSocket) async {
        guard let termination = await socket.termination else { return }
        print(termination)
        switch termination.cause.ending.detail {
        case .closedByCaller: break
        case .closedByPeer(let code): print(code, termination.closeReason)
        case .upgradeRefused(let status, _): print(status, String(decoding: termination.responseBody, as: UTF8.self))
        case .tlsFailed(let failure): print(failure.explanation, termination.words)
        default: print(termination.cause)
        }
    }

    // MARK: LimitsAndTimeouts.md

    static func limits() -> WebSocketOptions {
        var options = WebSocketOptions()
        options.policy.timeouts.open = .seconds(15)
        options.policy.keepalive = KeepalivePolicy(interval: .seconds(10), timeout: .seconds(5))
        options.policy.wire.maximumMessageBytes = 64 << 20
        options.policy.wire.maximumFrameBytes = 64 << 20
        return options
    }

    static func words(_ options: inout WebSocketOptions) throws {
        try options.policy.set("keepalive.interval", to: "10s")
        try options.policy.set("outbound.maximumBytes", to: "4194304")
        for (name, value) in options.policy.words { print("\(name) = \(value)") }
    }

    // MARK: WhyItEnded.md

    static func story(_ socket: WebSocket) async throws {
        do {
            try await socket.send("hello")
        } catch let error as WebSocketError {
            if let termination = error.termination { print(termination.explanation) }
        }
    }

    // MARK: TLS.md

    static func tls(_ password: String) -> WebSocketOptions {
        var options = WebSocketOptions()
        options.tls.trustRoots = .file("/etc/feed/ca.pem")
        options.tls.identity = TLSConfiguration.Identity(
            certificateChain: .file("/etc/feed/client.pem"),
            privateKey: .file("/etc/feed/client.key"),
            password: password)
        options.tls.minimumVersion = .tls13
        return options
    }

    // MARK: Traces.md

    static func record(_ url: String, _ path: String) async throws {
        var options = WebSocketOptions()
        options.recording = .file(path: path)
        try await WebSocket.withConnection(to: url, options: options) { socket in
            try await socket.send("hello")
        }
    }

    static func recordWholly(_ path: String) -> WebSocketOptions {
        var options = WebSocketOptions()
        options.recording = .file(path: path, .whole())
        return options
    }

    static func recordReadably(_ path: String) throws -> WebSocketOptions {
        var options = WebSocketOptions()
        let account = try JSONPath("$.params.account")
        options.recording = .file(path: path, .whole(.values(at: JSONPath.credentials + [account])))
        return options
    }

    static func replayWholly(_ path: String) throws -> Replay.Result {
        let trace = try Trace(reading: Data(contentsOf: URL(fileURLWithPath: path)))
        let result = try Replay.wholly(trace)
        if let difference = result.difference { print(difference) }
        return result
    }

    static func replay(_ path: String) throws -> Replay.Result {
        let trace = try Trace(reading: Data(contentsOf: URL(fileURLWithPath: path)))
        let result = try Replay.run(trace)
        print(result.agreed, "steps agree")
        if let difference = result.difference { print(difference) }
        print(result.kernel.lifecycle.stateText)
        return result
    }

    static func explain(recorded path: String) throws {
        let trace = try Trace(reading: Data(contentsOf: URL(fileURLWithPath: path)))
        for end in try Explanation.of(trace) { print(end) }
    }

    static func search(_ path: String) throws {
        let trace = try Trace(reading: Data(contentsOf: URL(fileURLWithPath: path)))
        var query = TraceQuery()
        query.states = ["open"]
        query.text = "ping"
        for step in trace.steps(matching: query) { print(step.n, step.event) }
    }

    static func lookBack(_ socket: WebSocket) async {
        for record in await socket.flightRecord { print(record) }
    }
}

@Suite("The samples of the documentation do what they say", .live, .timeLimit(.minutes(20)))
struct SampleTests {
    @Test("A recording is replayed to its end without a difference")
    func recording() async throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try await withServer { try await Samples.record($0.url, path) }
        try Samples.explain(recorded: path)
        let result = try Samples.replay(path)
        #expect(result.difference == nil)
        #expect(result.kernel.standing == .closed)
    }

    @Test("A whole recording is replayed to the byte")
    func wholeRecording() async throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try await withServer { server in
            try await WebSocket.withConnection(to: server.url, options: Samples.recordWholly(path)) { socket in
                try await socket.send("hello")
            }
        }
        let result = try Samples.replayWholly(path)
        #expect(result.difference == nil && result.agreed > 10)
    }

    @Test("Sends, errors, the flight record and the cause of the end")
    func calls() async throws {
        try await withServer { server in
            let socket = try await WebSocket.connect(to: server.url)
            let lines = AsyncStream { continuation in
                for line in ["one", "two"] { continuation.yield(line) }
                continuation.finish()
            }
            try await Samples.send(socket, lines)
            await Samples.lookBack(socket)
            await socket.close()
            try await Samples.errors(socket)
            try await Samples.story(socket)
            await Samples.explain(socket)
            #expect(await socket.termination?.isOrderly == true)
        }
    }

    @Test("Options that are shown are valid")
    func options() throws {
        var custom = Samples.bounds()
        Samples.custom(&custom)
        var table = Samples.reconnection()
        Samples.table(&table)
        #expect(
            table.policy.reconnection.table.verdict(on: Ending(.closedByPeer(CloseCode(rawValue: 4001)), in: .ready))
                == .retry)
        var words = Samples.limits()
        try Samples.words(&words)
        for options in [custom, table, words, Samples.reconnection()] {
            _ = try WebSocket.make("ws://localhost/", options)
        }
        #expect(throws: WebSocketError.self) { try WebSocket.make("wss://localhost/", Samples.tls("")) }
    }
}

struct Exchange: Adapter {
    let url = "wss://example.com/api"
    let secret: @Sendable () async throws -> String

    struct Login: Codable { var secret: String }
    struct Token: Codable { var seconds: Int }
    struct Names: Codable { var channels: [String] }

    let authentication: AuthenticationPolicy? = AuthenticationPolicy()
    let rateLimit: RateLimit? = RateLimit(capacity: 100, refill: 20)

    func authenticate(_ context: SessionContext) async throws -> Duration? {
        let token = try await context.request("auth", Login(secret: secret()), as: Token.self)
        return .seconds(token.seconds)
    }

    func subscribe(to channels: [Channel], _ context: SessionContext) async throws -> [SubscriptionVerdict] {
        let names = Names(channels: channels.map(\.name))
        let confirmed = try await context.request("subscribe", names, as: [String].self)
        return channels.map { channel in
            confirmed.contains(channel.name)
                ? .confirmed : .refused(JSONRPC.Failure(.invalidParams, "no such channel"))
        }
    }

    func cost(of purpose: MessagePurpose) -> UInt32 {
        if case .request("auth") = purpose { 10 } else { 1 }
    }
}
