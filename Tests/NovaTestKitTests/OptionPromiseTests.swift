import NovaSocket
import NovaTestKit
import Synchronization
import Testing

@Suite("What was promised of options, frames and observers", .timeLimit(.minutes(4)))
struct OptionPromiseTests {
    private let network = SimulatedNetwork(seed: 73)
    private let server: SimulatedServer

    init() { server = network.server("feed.example") }

    // MARK: Warnings

    @Test(
        "TLS on port 80 and none on port 443 are warned of, in the log too, and tried nevertheless",
        arguments: [
            ("wss://feed.example:80/", OptionsWarning.tlsOnPlainPort), ("ws://feed.example:443/", .plainOnTLSPort),
            ("wss://feed.example:443/", nil), ("ws://feed.example:80/", nil), ("wss://feed.example/", nil),
            ("ws://feed.example/", nil), ("wss://feed.example:8080/", nil), ("ws+unix:/run/feed:/", nil),
        ])
    func ports(_ url: String, _ warning: OptionsWarning?) async throws {
        let expected = warning.map { [$0] } ?? []
        #expect(try Endpoint(url).warnings == expected)
        guard url.contains("feed.example") else { return }
        let (network, server, lines, notes) = (network, server, Lines(), EventNotes())
        try await network.run {
            let session = try Session(url, Handlers()) { options in
                network.join(&options)
                options.policy.reconnection.backoff = .constant(.seconds(1))
                options.observers = [notes, Log(.plain, threshold: .warning, write: lines.append)]
            }
            let explained = session.explainOptions()
            #expect(explained.warnings == expected)
            #expect(explained.description.contains("Warning: ") == (warning != nil))
            #expect(lines.all.isEmpty)
            try await session.connect()
            server.suffer(.reset)
            for await change in session.stateChanges where change.to == .ready { break }
            await session.close()
        }
        // Once for the handle, ahead of all else, though there were two attempts.
        let told = notes.events.filter { $0.name == "warned" }
        #expect(told == expected.map { .warned($0) })
        #expect(notes.events.first?.name == (warning == nil ? "attempt_began" : "warned"))
        let warnings = lines.all.filter { $0.contains("event=warned") }
        #expect(warnings.count == expected.count)
        if let warning {
            let word = warning == .tlsOnPlainPort ? "tls_on_plain_port" : "plain_on_tls_port"
            #expect(warnings[0].contains("level=warning") && warnings[0].contains("warning=\(word)"))
            #expect(warnings[0].contains(warning.description))
            #expect(notes.all[0].context.attempt.number == 1)
        }
    }

    // MARK: Frames

    @Test(
        "A frame of a kind that no extension has given a meaning ends the connection with 1002",
        arguments: [3, 4, 5, 6, 7, 11, 12, 13, 14, 15] as [UInt8])
    func reservedOpcode(_ opcode: UInt8) async throws {
        let (network, server) = (network, server)
        let closes = Lines()
        server.onOpen = { $0.send(raw: [0x80 | opcode, 2, 0x68, 0x69]) }
        server.onClose = { _, code, _ in closes.append("\(code?.rawValue ?? 0)") }
        let options = network.options { $0.policy.reconnection = .never }
        try await network.run {
            let socket = try WebSocket.make(server.url, options)
            _ = try? await socket.connect()
            for await _ in socket.stateChanges {}
            let ending = try #require(await socket.termination?.cause.ending)
            #expect(ending.detail == .violation(.reservedOpcode))
            #expect(ending.sentCode == .protocolError)
        }
        #expect(closes.all == ["1002"])
    }

    /// Kinds of messages of one's own: the first byte of a binary message says which.
    private struct Kinds: MessageHandler {
        let seen: Lines

        func sort(_ message: Message) -> Sorting {
            guard message.kind == .binary, let kind = message.bytes.first else { return .other }
            return kind == 1 ? .channel("ticks") : .other
        }

        func handle(_ message: Message, _ context: SessionContext) async throws -> Reaction {
            seen.append("kind \(message.bytes.first ?? 0)")
            return .replies([.binary([9, 1]), .binary([9, 2])])
        }
    }

    /// Confirms what it is asked for without asking.
    private struct Blind: SubscriptionHandler {
        func subscribe(to channels: [Channel], _ context: SessionContext) async throws -> [SubscriptionVerdict] {
            channels.map { _ in .confirmed }
        }
        func unsubscribe(from channels: [Channel], _ context: SessionContext) async throws {}
    }

    private struct Pace: RateLimitHandler {
        var rateLimit: RateLimit? { RateLimit(capacity: 2, refill: 1) }
        func cost(of purpose: MessagePurpose) -> UInt32 { purpose == .reply ? 1 : 2 }
    }

    @Test("Kinds of messages of one's own are a handler's matter; what it replies keeps to the rate, and is observed")
    func kinds() async throws {
        let (network, server, seen, notes) = (network, server, Lines(), EventNotes())
        let replies = AsyncStream.makeStream(of: Duration.self)
        server.onMessage = { _, message in
            #expect(message.bytes.first == 9)
            replies.continuation.yield(network.elapsed)
        }
        server.onOpen = { connection in
            for kind in [2, 1, 3] as [UInt8] { connection.send([kind, 0]) }
        }
        try await network.run {
            let handlers = Handlers(messages: Kinds(seen: seen), subscriptions: Blind(), rateLimit: Pace())
            let session = try Session(server.url, handlers) { options in
                network.join(&options)
                options.observers = [notes]
            }
            let wanted = network.task { try await session.subscribe(to: "ticks") }
            try await session.connect()
            var times: [Duration] = []
            for await time in replies.stream {
                times.append(time)
                if times.count == 4 { break }
            }
            // Two at once, then one a second.
            let waits = times.map { ($0 - times[0]).components.seconds }
            #expect(waits == [0, 0, 1, 2])
            try await wanted.value.cancel()
            await session.close()
        }
        #expect(seen.all == ["kind 2", "kind 3"])
        #expect(notes.events.count { if case .messageSent(.binary, bytes: 2, _) = $0 { true } else { false } } == 4)
        #expect(notes.events.count { if case .rateLimitWaited = $0 { true } else { false } } == 2)
    }

    // MARK: Observers

    @Test("Where nobody observes nothing looks at the steps; two who do share one look, and are told the same")
    func unobserved() async throws {
        let (network, server) = (network, server)
        let looks = Mutex<[Int]>([])
        network.onConnection = { driver, _ in
            let count = driver.witnesses.count
            looks.withLock { $0.append(count) }
        }
        let (one, other) = (EventNotes(), EventNotes())
        for observers in [[], [one], [one, other]] as [[any Observer]] {
            try await network.run {
                let options = network.options { $0.observers = observers }
                let socket = try await WebSocket.connect(to: server.url, options: options)
                try await socket.send("hello")
                for try await message in socket.messages {
                    #expect(message.text == "hello")
                    break
                }
                await socket.close()
            }
        }
        #expect(looks.withLock(\.self) == [0, 1, 1])
        #expect(one.events.count { $0.name == "closed" } == 2 && other.events.count { $0.name == "closed" } == 1)
        #expect(Array(one.events.suffix(other.events.count)) == other.events)
    }
}
