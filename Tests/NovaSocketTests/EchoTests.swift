import NovaEcho
import NovaSocket
import TestTurns
import Testing

@Suite("A live connection", .live, .replayed, .timeLimit(.minutes(20)))
struct EchoTests {
    @Test("Messages of every length that is written in another way come back as they went")
    func lengths() async throws {
        try await withServer { server in
            try await WebSocket.withConnection(to: server.url, options: options()) { socket in
                var messages = socket.messages.makeAsyncIterator()
                for count in [0, 1, 125, 126, 65_535, 65_536, 300_000, 1 << 20] {
                    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
                    try await socket.send(bytes)
                    let echo = try await messages.next()
                    #expect(echo?.bytes == bytes)
                    #expect(echo?.kind == .binary)
                }
            }
        }
    }

    @Test("Text comes back as text, whatever it is made of")
    func text() async throws {
        try await withServer { server in
            try await WebSocket.withConnection(to: server.url, options: options()) { socket in
                var messages = socket.messages.makeAsyncIterator()
                for text in ["", "hello", "Grüße, 世界 🌍", String(repeating: "é", count: 70_000)] {
                    try await socket.send(text)
                    let echo = try await messages.next()
                    #expect(echo?.text == text)
                    #expect(echo?.kind == .text)
                }
            }
        }
    }

    @Test("From any task: many senders, one order for each of them, nothing lost")
    func manySenders() async throws {
        try await withServer { server in
            let socket = try await WebSocket.connect(to: server.url, options: options())
            async let received: [String] = {
                var texts: [String] = []
                for try await message in socket.messages {
                    texts.append(message.text)
                    if texts.count == 2000 { break }
                }
                return texts
            }()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for sender in 0..<8 {
                    group.addTask { for number in 0..<250 { try await socket.send("\(sender) \(number)") } }
                }
                try await group.waitForAll()
            }
            let texts = try await received
            for sender in 0..<8 {
                #expect(texts.filter { $0.hasPrefix("\(sender) ") } == (0..<250).map { "\(sender) \($0)" })
            }
            await socket.close()
        }
    }

    @Test("A stream of fragments is one message")
    func fragments() async throws {
        try await withServer { server in
            try await WebSocket.withConnection(to: server.url, options: options()) { socket in
                let parts = AsyncStream { continuation in
                    for number in 0..<100 { continuation.yield("part \(number); ") }
                    continuation.finish()
                }
                try await socket.send(fragments: parts)
                var messages = socket.messages.makeAsyncIterator()
                let expected = (0..<100).map { "part \($0); " }.joined()
                #expect(try await messages.next()?.text == expected)
            }
        }
    }

    @Test("A ping is answered by its own pong")
    func ping() async throws {
        try await withServer { server in
            try await WebSocket.withConnection(to: server.url, options: options()) { socket in
                let roundTrip = try await socket.ping()
                #expect(roundTrip > .zero)
            }
        }
    }

    @Test("Frames in the same segment as the 101 are not lost")
    func earlyFrames() async throws {
        var script = ServerScript()
        script.upgrade = { _ in .acceptThen([0x81, 2, 0x68, 0x69]) }
        let text = try await withServer(script) { server in
            try await WebSocket.withConnection(to: server.url, options: options()) { socket in
                var messages = socket.messages.makeAsyncIterator()
                return try await messages.next()?.text
            }
        }
        #expect(text == "hi")
    }

    @Test("The first subprotocol that both sides know is told")
    func subprotocol() async throws {
        let settings = options {
            $0.subprotocols = ["chat.v2", "chat.v1"]
        }
        let chosen = try await withServer { server in
            try await WebSocket.withConnection(to: server.url, options: settings) { await $0.response?.subprotocol }
        }
        #expect(chosen == "chat.v2")
    }

    @Test("What a slow consumer does not take stays with the server, and nothing is lost")
    func backpressure() async throws {
        var script = ServerScript()
        script.message = { connection, _, _ in
            for _ in 0..<64 { connection.send(.binary, ByteView(copying: [UInt8](repeating: 7, count: 65_536))) }
        }
        let settings = options {
            $0.policy.inbound.maximumBytes = 128 << 10
        }
        let (count, pauses) = try await withServer(script) { server in
            try await WebSocket.withConnection(to: server.url, options: settings) { socket in
                try await socket.send("go")
                var count = 0
                for try await message in socket.messages {
                    #expect(message.count == 65_536)
                    count += 1
                    if count == 64 { break }
                }
                return (count, await socket.flightRecord.filter { $0.rule == .inbound(.pause) }.count)
            }
        }
        #expect(count == 64)
        #expect(pauses > 0)
    }

    @Test("A consumer that leaves early leaves the rest to the next")
    func handOver() async throws {
        try await withServer { server in
            let socket = try await WebSocket.connect(to: server.url, options: options())
            for number in 0..<10 { try await socket.send("\(number)") }
            var texts: [String] = []
            while texts.count < 10 {
                for try await message in socket.messages {
                    texts.append(message.text)
                    break
                }
            }
            #expect(texts == (0..<10).map { "\($0)" })
            await socket.close()
        }
    }
}
