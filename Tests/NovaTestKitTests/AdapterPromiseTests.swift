import NovaSocket
import NovaTestKit
import SessionSupport
import Synchronization
import Testing

// What was promised of adapters and of errors, and no other test says: see `WhatWasPromised.md`.

/// An adapter that overrides everything, and notes what is called.
private final class WholeAdapter: Adapter {
    struct Strange: Error {}

    private let service: RPCAdapter
    private let counts = Mutex<[String: Int]>([:])
    private let (stream, feed) = AsyncStream.makeStream(of: String.self)

    init(_ url: String) { service = RPCAdapter(url: url, secret: "sesame") }

    static let functions: Set<String> = [
        "url", "configure", "calls", "encode", "encode batch", "encode notification", "sort", "decode", "handle",
        "authentication", "authenticate", "subscribe", "unsubscribe", "rateLimit", "sharedRateLimit", "cost",
        "wantsPingsAndPongs",
        "connecting", "connected", "disconnected", "stateChanged", "received", "statusNote", "severity", "decide",
        "decide retry",
    ]

    private func note(_ name: String) {
        counts.withLock { $0[name, default: 0] += 1 }
        feed.yield(name)
    }

    func count(_ name: String) -> Int { counts.withLock { $0[name] ?? 0 } }

    /// Waits until all have been called.
    func untilComplete() async {
        var seen: Set<String> = []
        for await name in stream {
            seen.insert(name)
            if seen == Self.functions { return }
        }
    }

    var url: String { note("url"); return service.url }
    func configure(_ options: inout WebSocketOptions) { note("configure") }
    var calls: CallOptions { note("calls"); return CallOptions() }

    func encode(
        _ method: String, _ parameters: (any Encodable & Sendable)?, id: RequestID
    ) throws -> OutgoingMessage {
        note("encode")
        return try service.encode(method, parameters, id: id)
    }
    func encode(batch: [BatchElement], ids: [RequestID?]) throws -> OutgoingMessage {
        note("encode batch")
        return try service.encode(batch: batch, ids: ids)
    }
    func encode(_ method: String, _ parameters: (any Encodable & Sendable)?) throws -> OutgoingMessage {
        note("encode notification")
        return try service.encode(method, parameters)
    }
    func sort(_ message: Message) -> Sorting { note("sort"); return service.sort(message) }
    func decode<Value: Decodable & Sendable>(_ type: Value.Type, from answer: Answer) throws -> Value {
        note("decode")
        return try service.decode(type, from: answer)
    }
    func handle(_ message: Message, _ context: SessionContext) async throws -> Reaction {
        note("handle")
        throw Strange()
    }

    var authentication: AuthenticationPolicy? { note("authentication"); return service.authentication }
    func authenticate(_ context: SessionContext) async throws -> Duration? {
        note("authenticate")
        return try await service.authenticate(context)
    }
    func subscribe(to channels: [Channel], _ context: SessionContext) async throws -> [SubscriptionVerdict] {
        note("subscribe")
        return try await service.subscribe(to: channels, context)
    }
    func unsubscribe(from channels: [Channel], _ context: SessionContext) async throws {
        note("unsubscribe")
        try await service.unsubscribe(from: channels, context)
    }
    var rateLimit: RateLimit? { note("rateLimit"); return RateLimit(capacity: 1000) }
    var sharedRateLimit: SharedRateLimit? { note("sharedRateLimit"); return nil }
    func cost(of purpose: MessagePurpose) -> UInt32 { note("cost"); return 1 }

    var wantsPingsAndPongs: Bool { note("wantsPingsAndPongs"); return true }
    func connecting(_ attempt: AttemptID) async { note("connecting") }
    func connected(_ context: SessionContext) async throws -> Reaction { note("connected"); return .nothing }
    func disconnected(_ termination: Termination) async { note("disconnected") }
    func stateChanged(_ change: StateChange) async { note("stateChanged") }
    func received(_ frame: ControlFrame, _ context: SessionContext) async throws -> Reaction {
        note("received")
        return .nothing
    }
    func statusNote() async -> String? {
        note("statusNote")
        return "\(count("authenticate")) logins"
    }

    func severity(of error: any Error, from handler: HandlerReport.Handler) -> ErrorSeverity {
        note("severity")
        return .harmless
    }
    func decide(
        _ error: any Error, from handler: HandlerReport.Handler, _ context: SessionContext
    ) async -> ErrorDecision {
        note("decide")
        return severity(of: error, from: handler) == .harmless ? .ignore : .stop()
    }
    func decide(_ termination: Termination, failures: UInt32) async -> RetryDecision {
        note("decide retry")
        return .retry(after: .seconds(1))
    }
}

@Suite("What was promised of adapters", .timeLimit(.minutes(4)))
struct AdapterPromiseTests {
    private let network = SimulatedNetwork(seed: 73)
    private let server: SimulatedServer

    init() { server = network.server("rpc.example") }

    @Test("Every function of an adapter that can be overridden is called; it is configured once, and is one over all")
    func everyFunction() async throws {
        let (network, server) = (network, server)
        _ = RPCService(at: server)
        server.onOpen = { connection in
            connection.send("strange")
            connection.ping()
        }
        let adapter = WholeAdapter(server.url)
        try await network.run {
            let session = try Session(adapter: adapter) { network.join(&$0) }
            try await session.connect()
            #expect(try await session.request("echo", [1], as: [Int].self) == [1])
            #expect(try await session.batch([.request("echo", [2])]).count == 1)
            try await session.notify("note")
            try await session.subscribe(to: "a").cancel()
            let changes = session.stateChanges
            server.suffer(.reset)
            for await change in changes where change.to == .ready { break }
            #expect(await session.status.note == "2 logins")
            await adapter.untilComplete()
            await session.close()
        }
        #expect(adapter.count("configure") == 1 && adapter.count("rateLimit") == 1)
    }

    /// One function overridden, the others left as they are.
    private struct Strict: Adapter {
        let url: String
        func handle(_ message: Message, _ context: SessionContext) async throws -> Reaction {
            throw WholeAdapter.Strange()
        }
        func severity(of error: any Error, from handler: HandlerReport.Handler) -> ErrorSeverity { .fatal }
    }

    @Test("What is left as it is asks what was overridden: a severity alone decides what an error leads to")
    func severityAlone() async throws {
        let server = server
        let network = network
        server.onOpen = { $0.send("strange") }
        try await network.run {
            let session = try Session(adapter: Strict(url: server.url)) { network.join(&$0) }
            let changes = session.stateChanges
            try await session.connect()
            for await _ in changes {}
            #expect(await session.termination?.cause.ending.detail == .failedByCaller)
            #expect(await session.termination?.cause.finality == .asked)
        }
        #expect(server.counts.accepted == 1)
    }

    /// A protocol of bytes: eight of the request's number, and then whatever there is.
    private struct Octets: MessageHandler {
        struct Misfit: Error {}

        func encode(
            _ method: String, _ parameters: (any Encodable & Sendable)?, id: RequestID
        ) throws -> OutgoingMessage {
            guard let bytes = parameters as? [UInt8] else { throw Misfit() }
            return .binary((0..<8).map { UInt8(truncatingIfNeeded: id.number >> (56 - 8 * UInt64($0))) } + bytes)
        }

        func sort(_ message: Message) -> Sorting {
            guard message.count >= 8 else { return .invalid(reason: "It is shorter than its number.") }
            return .answer(RequestID(message.bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }))
        }

        func decode<Value: Decodable & Sendable>(_ type: Value.Type, from answer: Answer) throws -> Value {
            guard let value = Array(answer.message.bytes.dropFirst(8)) as? Value else { throw Misfit() }
            return value
        }
    }

    @Test("A protocol may be one of bytes: written, sorted, checked and read by its handler, and none is touched")
    func binary() async throws {
        let (network, server) = (network, server)
        server.onMessage = { connection, message in
            connection.send([1, 2])
            connection.send(message)
        }
        try await network.run {
            let session = try Session(server.url, Handlers(messages: Octets())) { network.join(&$0) }
            let reports = session.handlerReports
            try await session.connect()
            let bytes = (0...255).map { UInt8($0) }
            #expect(try await session.request("echo", bytes, as: [UInt8].self) == bytes)
            await #expect(throws: Octets.Misfit.self) { try await session.request("echo", "text", as: [UInt8].self) }
            await #expect(throws: Octets.Misfit.self) { try await session.request("echo", bytes, as: Int.self) }
            await session.close()
            var told: [String] = []
            for await report in reports { told.append(report.description) }
            #expect(told == Array(repeating: "A message can't be read: It is shorter than its number.", count: 2))
        }
    }

    /// Knows answers, and makes nothing of them.
    private struct Vague: MessageHandler {
        func sort(_ message: Message) -> Sorting {
            guard case .answer(let id, _) = JSONRPCMessages().sort(message) else { return .other }
            return .answer(id)
        }
    }

    @Test("Every code of an error is met by somebody")
    func codes() async throws {
        let (network, server) = (network, server)
        _ = RPCService(at: server)
        let met = Mutex<Set<WebSocketError.Code>>([])
        let meet: @Sendable (() async throws -> Void) async -> Void = { body in
            let error = await #expect(throws: WebSocketError.self) { try await body() }
            if let error { met.withLock { _ = $0.insert(error.code) } }
        }
        let never = network.options { $0.policy.reconnection = .never }
        try await network.run {
            await meet { _ = try WebSocket.make("http://rpc.example/") }
            await meet { _ = try WebSocket.make(server.url, network.options { $0.policy.maximumWaiters = 0 }) }
            await meet {
                _ = try WebSocket.make(server.url, network.options { $0.recording = .file(path: "/no/where") })
            }
            await meet { _ = try await WebSocket.connect(to: "wss://nobody.example/", options: never) }
            let socket = try WebSocket.make(server.url, never)
            await meet { try await socket.send("early") }
            try await socket.connect()
            let reading = network.task { for try await _ in socket.messages {} }
            try await network.sleep(for: .seconds(1))  // it waits by then
            await meet { for try await _ in socket.messages {} }
            await socket.close()
            _ = await reading.result

            let session = try Session(server.url, Handlers(messages: Vague())) { network.join(&$0) }
            try await session.connect()
            await meet { _ = try await session.request("echo", [1], as: [Int].self) }
            let registry = Registry()
            try registry.register(session, as: "one")
            let other = try Session(server.url, Handlers()) { network.join(&$0) }
            await meet { try registry.register(other, as: "one") }
            await meet { _ = try await session.reopened() }
            await session.close()

            let limits = ShardLimits(channelsPerConnection: 1, maximumConnections: 1)
            let sharded = try ShardedSession(adapter: RPCAdapter(url: server.url), limits: limits) { network.join(&$0) }
            let first = try await sharded.subscribe(to: "a")
            await meet { _ = try await sharded.subscribe(to: "b") }
            withExtendedLifetime(first) {}
            await sharded.close()
        }
        #expect(
            met.withLock(\.self) == [
                .invalidURL, .invalidOptions, .system, .connectionEnded, .refused, .alreadyConsumed, .unreadable,
                .nameTaken, .notEnded, .limitReached,
            ])
    }
}
