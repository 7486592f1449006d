import Foundation
import NovaSocket
import NovaTestKit
import SessionSupport
import Synchronization
import Testing

/// Ways to send and to take messages, and what is known of a session, in virtual time.
@Suite("Messages and subscriptions of a session", .timeLimit(.minutes(4)))
struct SessionMessageTests {
    private let network = SimulatedNetwork(seed: 5)
    private let server: SimulatedServer
    private let service: RPCService

    init() {
        server = network.server("rpc.example")
        service = RPCService(at: server)
    }

    private func session(_ change: (inout WebSocketOptions) -> Void = { _ in }) throws -> Session {
        try Session(adapter: RPCAdapter(url: server.url)) { options in
            network.join(&options, retryingEachSecond: change)
        }
    }

    @Test("An answer without an id is known by the caller's own matcher; other messages and requests go their way")
    func matchers() async throws {
        server.onMessage = { connection, message in
            switch message.text {
            case "time?": for text in ["noise", "12:00", "12:01"] { connection.send(text) }
            case "date?": connection.send("2026-11-29")
            case "anyone?": break
            default: for answer in service.received(message.bytes, on: connection.number) { connection.send(answer) }
            }
        }
        try await network.run {
            let session = try session()
            try await session.connect()
            async let echo = session.request("echo", [7], as: [Int].self)
            async let date = session.ask(.text("date?")) { $0.text.contains("-") ? $0.text : nil }
            let time = try await session.ask(.text("time?")) {
                $0.text.hasPrefix("1") ? $0.text : nil
            }
            #expect(time == "12:00")
            #expect(try await date == "2026-11-29")
            #expect(try await echo == [7])
            let error = await #expect(throws: WebSocketError.self) {
                try await session.ask(.text("anyone?"), options: CallOptions(timeout: .seconds(3))) { $0.text }
            }
            #expect(error?.refusal == .timedOut)
            await session.close()
        }
    }

    @Test(
        "A batch is one message; its answers come in any order and in several, and are given in the order of its requests"
    )
    func batches() async throws {
        let messages = Mutex<[String]>([])
        server.onMessage = { connection, message in
            messages.withLock { $0.append(message.text) }
            let answers = service.received(message.bytes, on: connection.number)
            guard answers.count > 1 else { return answers.forEach { connection.send($0) } }
            connection.send(answers[2])
            connection.send("[\(answers[1]),\(answers[0])]")
        }
        try await network.run {
            let session = try session()
            try await session.connect()
            let answers = try await session.batch([
                .request("echo", [1]), .notification("note"), .request("nothing"), .request("echo", ["three"]),
            ])
            #expect(answers.count == 3)
            #expect(try session.decode([Int].self, from: answers[0]) == [1])
            #expect(throws: JSONRPC.Failure.self) { try session.decode(Int.self, from: answers[1]) }
            #expect(try session.decode([String].self, from: answers[2]) == ["three"])
            #expect(try await session.batch([.notification("note"), .notification("note")]).isEmpty)
            await #expect(throws: JSONRPC.WriteError.self) { try await session.batch([]) }
            #expect(try await session.request("echo", [5], as: [Int].self) == [5])
            await session.close()
        }
        #expect(messages.withLock(\.count) == 3)
        #expect(service.calls == ["echo", "nothing", "echo", "echo"])
    }

    @Test("A batch that is answered in part times out as a whole, and what comes then is told as late")
    func halfABatch() async throws {
        service.answers { _, request in request.method == "mute" ? [] : nil }
        try await network.run {
            let session = try session()
            try await session.connect()
            let error = await #expect(throws: WebSocketError.self) {
                try await session.batch(
                    [.request("echo", [1]), .request("mute")], options: CallOptions(timeout: .seconds(2)))
            }
            #expect(error?.refusal == .timedOut)
            #expect(try await session.request("echo", [5], as: [Int].self) == [5])
            await session.close()
        }
    }

    @Test("Any value goes out as JSON, bytes as they are")
    func sending() async throws {
        let (heard, feed) = AsyncStream.makeStream(of: ReceivedMessage.self)
        server.onMessage = { _, message in feed.yield(message) }
        try await network.run {
            let session = try session()
            try await session.connect()
            try await session.send(json: ["price": 12])
            try await session.send([0, 255])
            var messages = heard.makeAsyncIterator()
            let (first, second) = (await messages.next(), await messages.next())
            #expect(first?.kind == .text && first?.text == #"{"price":12}"#)
            #expect(second?.kind == .binary && second?.bytes == [0, 255])
            await session.close()
        }
    }

    final class Ear: SessionListener {
        let heard = Mutex<[String]>([])
        func received(_ message: Message) { heard.withLock { $0.append(message.text) } }
        func changed(_ change: StateChange) { heard.withLock { $0.append(change.to.name) } }
    }

    @Test("Listeners hear everything while they are there, whoever it is for; one that is let go of is forgotten")
    func listeners() async throws {
        server.onMessage = { connection, message in connection.send(message.text) }
        try await network.run {
            let session = try session()
            let stays = Ear()
            var goes: Ear? = Ear()
            weak let gone = goes
            session.addListener(stays)
            session.addListener(stays)
            if let goes { session.addListener(goes) }
            try await session.connect()
            let echo: (String) async throws -> Void = { text in
                _ = try await session.ask(.text(text)) { $0.text == text ? true : nil }
            }
            try await echo("a")
            #expect(gone?.heard.withLock { $0.last } == "a")
            goes = nil
            #expect(gone == nil)
            try await echo("b")
            session.removeListener(stays)
            try await echo("c")
            await session.close()
            let heard = stays.heard.withLock { $0 }
            #expect(heard.suffix(3) == ["open.ready", "a", "b"])
            #expect(heard.first == "connecting.resolving")
        }
    }

    struct Collector: MessageConsumer {
        let name: String
        let taken: Lines
        var onTake: @Sendable (String) -> Void = { _ in }

        func handle(_ message: Message, _ context: SessionContext) async throws -> Reaction {
            taken.append("\(name)\(message.text)")
            onTake(message.text)
            return .nothing
        }
    }

    @Test("A live session is handed to another consumer: no message is lost, none is taken twice")
    func handOver() async throws {
        server.onMessage = { connection, _ in for number in 1...100 { connection.send("\(number)") } }
        let taken = Lines()
        let (finished, feed) = AsyncStream.makeStream(of: Void.self)
        try await network.run {
            let session = try session()
            try await session.connect()
            let second = Collector(name: "b", taken: taken) { if $0 == "100" { feed.finish() } }
            session.handOver(to: Collector(name: "a", taken: taken) { if $0 == "40" { session.handOver(to: second) } })
            try await session.send("go")
            for await _ in finished {}
            await session.close()
        }
        #expect(taken.all == (1...100).map { ($0 <= 40 ? "a" : "b") + "\($0)" })
    }

    @Test("Subscriptions are listed with what became of them, found by name, kept as JSON and brought back in order")
    func lists() async throws {
        let channels = [Channel("a"), Channel("b", parameters: .object(["depth": .integer(5)])), Channel("forbidden")]
        try await network.run {
            let session = try session()
            try await session.connect()
            let results = await session.subscribe(to: channels, freshness: .seconds(60))
            #expect(service.calls == ["subscribe a b forbidden"])
            #expect(results.map { (try? $0.get()) != nil } == [true, true, false])
            let records = await session.subscriptions
            #expect(records.map(\.channel) == Array(channels.prefix(2)))  // whoever was refused holds nothing
            #expect(records.map(\.status) == [.confirmed, .confirmed])
            #expect(records[0].history.map(\.status) == [.intended, .requested, .confirmed])
            #expect(records[0].freshness == .seconds(60) && records[0].consumerCount == 1)
            server.suffer(.reset)
            for await change in session.stateChanges where change.to == .ready { break }
            let again = await session.subscriptions(named: "b")
            #expect(again.map(\.channel) == [channels[1]])
            #expect(again[0].history.suffix(3).map(\.status) == [.lost, .requested, .confirmed])
            let status = await session.status
            #expect(status.state == .ready && status.attempt == AttemptID(2))
            #expect(
                status.confirmedSubscriptions == 2 && status.wantedSubscriptions == 2 && status.pendingRequests == 0)
            #expect(status.termination?.cause.attempt == AttemptID(1))

            let list = await session.exportSubscriptions()
            let text = String(decoding: try JSONEncoder().encode(list), as: UTF8.self)
            await session.close()
            #expect(text.contains(#""version":1"#) && text.contains(#""freshness":60000"#))
            #expect(list.channels.map(\.freshness) == [.seconds(60), .seconds(60)])
            let other = try self.session()
            try await other.connect()
            let restored = await other.importSubscriptions(
                try JSONDecoder().decode(SubscriptionList.self, from: Data(text.utf8)))
            #expect(restored.count == 2)
            #expect(await other.exportSubscriptions() == list)
            #expect(await other.subscriptions.map(\.channel) == Array(channels.prefix(2)))
            await other.close()
        }
        #expect(throws: (any Error).self) {
            try JSONDecoder().decode(SubscriptionList.self, from: Data(#"{"version":2,"channels":[]}"#.utf8))
        }
    }
}

/// Lines that several may add to.
final class Lines: Sendable {
    private let lines = Mutex<[String]>([])
    var all: [String] { lines.withLock(\.self) }
    func append(_ line: String) { lines.withLock { $0.append(line) } }
}

/// Whose word an option is.
@Suite("Options in layers")
struct OptionLayerTests {
    struct Exacting: Adapter {
        var url = "wss://rpc.example/"
        var rateLimit: RateLimit? { RateLimit(capacity: 5, refill: 1) }
        var calls: CallOptions { CallOptions(timeout: .seconds(7), priority: 9) }
        func configure(_ options: inout WebSocketOptions) {
            options.policy.timeouts.dial = .seconds(3)
            options.policy.timeouts.close = .seconds(3)
            options.addHeader("X-Key", "hush")
        }
    }

    @Test("Each option is that of the last layer that had a word on it: library, adapter, client, call")
    func layers() throws {
        let session = try Session(adapter: Exacting(), calls: CallOptions(priority: 10)) { options in
            #expect(options.policy.timeouts.dial == .seconds(3))  // the adapter has spoken
            options.policy.timeouts.close = .seconds(4)
            options.subprotocols = ["v2"]
        }
        let explained = session.explainOptions(for: CallOptions(cost: 3))
        let expected: [(String, String, OptionLayer)] = [
            ("policy.timeouts.resolve", "10s", .library), ("policy.timeouts.dial", "3s", .adapter),
            ("policy.timeouts.close", "4s", .client), ("policy.reconnection.asksHandler", "yes", .adapter),
            ("headers", "X-Key", .adapter), ("subprotocols", "v2", .client), ("call.timeout", "7.0 seconds", .adapter),
            ("call.priority", "10", .client), ("call.cost", "3", .call),
            ("call.retention", "dropped with the connection", .library),
        ]
        for (name, value, layer) in expected {
            #expect(explained[name]?.value == value, "\(name)")
            #expect(explained[name]?.layer == layer, "\(name)")
        }
        #expect(explained.rows.count == Set(explained.rows.map(\.name)).count)
        #expect(session.explainOptions()["call.cost"]?.layer == .adapter)
        #expect(explained.description.contains("(client)") && !explained.description.contains("hush"))
        #expect(
            explained.rows.filter { $0.name.contains("rateLimit") || $0.name.contains("limit") }.contains {
                $0.layer == .adapter
            })
    }

    @Test("The client's word counts also where it takes the adapter's back, and the service feels it")
    func clientWins() async throws {
        let network = SimulatedNetwork(seed: 1)
        let server = network.server("rpc.example")
        try await network.run {
            let session = try Session(adapter: Exacting(url: server.url)) { options in
                network.join(&options)
                options.policy.rateLimit = nil
            }
            try await session.connect()
            let start = network.clock.now
            for number in 1...50 { try await session.send("\(number)") }
            #expect(start.duration(to: network.clock.now) < .seconds(1))
            await session.close()
        }
    }
}
