import Foundation
import NovaSocket
import Testing

@Suite(
    "With servers that we did not write", .serialized, .enabled(if: Server.folder != nil), .runningServers,
    .timeLimit(.minutes(3)))
struct InteropTests {
    private static let lengths = [0, 1, 125, 126, 65_535, 65_536]

    @Test("Bytes of every length that is written in another way come back as they went", arguments: Server.all)
    func binary(_ server: Server) async throws {
        try await withSocket(server) { socket in
            var messages = socket.messages.makeAsyncIterator()
            for count in Self.lengths {
                let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
                try await socket.send(bytes)
                let echo = try await messages.next()
                #expect(echo?.kind == .binary)
                #expect(echo?.bytes == bytes)
            }
        }
    }

    @Test("Text comes back as text, whatever it is made of", arguments: Server.all)
    func text(_ server: Server) async throws {
        try await withSocket(server) { socket in
            var messages = socket.messages.makeAsyncIterator()
            let texts = Self.lengths.map { String(repeating: "x", count: $0) }
            for text in texts + ["Grüße, 世界 🌍", "\0", String(repeating: "é", count: 70_000)] {
                try await socket.send(text)
                let echo = try await messages.next()
                #expect(echo?.kind == .text)
                #expect(echo?.text == text)
            }
        }
    }

    @Test("Fragments that we send are one message, and a ping may go between them", arguments: Server.all)
    func fragmentsOut(_ server: Server) async throws {
        try await withSocket(server) { socket in
            let parts = AsyncThrowingStream<String, any Error> { continuation in
                let task = Task {
                    for number in 0..<100 {
                        continuation.yield("part \(number), ")
                        if number == 50 { _ = try await socket.ping() }
                    }
                    continuation.finish()
                }
                continuation.onTermination = { _ in task.cancel() }
            }
            try await socket.send(fragments: parts)
            var messages = socket.messages.makeAsyncIterator()
            #expect(try await messages.next()?.text == (0..<100).map { "part \($0), " }.joined())
        }
    }

    @Test(
        "Fragments that come are one message", arguments: Server.all,
        [(count: 2, size: 1), (count: 100, size: 126), (count: 3, size: 65_536)])
    func fragmentsIn(_ server: Server, _ fragments: (count: Int, size: Int)) async throws {
        try await withSocket(server, "/fragments/\(fragments.count)/\(fragments.size)") { socket in
            var messages = socket.messages.makeAsyncIterator()
            let message = try await messages.next()
            let letters = (0..<fragments.count).map { Character(UnicodeScalar(UInt8(97 + $0 % 26))) }
            #expect(message?.kind == .text)
            #expect(message?.text == letters.map { String(repeating: $0, count: fragments.size) }.joined())
            try await socket.send("and on")
            #expect(try await messages.next()?.text == "and on")
        }
    }

    @Test("A ping is answered by its own pong", arguments: Server.all)
    func ping(_ server: Server) async throws {
        try await withSocket(server) { socket in
            for _ in 0..<3 {
                let roundTrip = try await socket.ping()
                #expect(roundTrip > .zero && roundTrip < .seconds(5))
            }
        }
    }

    @Test("Our code and our reason reach the server", arguments: Server.all)
    func closedByCaller(_ server: Server) async throws {
        let end = try await withSocket(server, "/expect-close") { socket in
            await socket.close(code: CloseCode(rawValue: 4001), reason: "until next time, 世界")
        }
        #expect(end?.cause.ending.detail == .closedByCaller)
        #expect(end?.cause.ending.closure == .clean)
        #expect(end?.cause.ending.sentCode == CloseCode(rawValue: 4001))
        // Most answer with what they got (RFC 6455 §5.5.1); aiohttp always says 1000.
        let answer = CloseCode(rawValue: server.library == .aiohttp ? 1000 : 4001)
        #expect(end?.cause.ending.receivedCode == answer)
        #expect(try await RunningServers[server].line() == "closed 4001 until next time, 世界")
    }

    @Test("The server's code and its reason are told", arguments: Server.all, [1000, 1001, 1008, 4000] as [UInt16])
    func closedByPeer(_ server: Server, _ code: UInt16) async throws {
        let path = "/close/\(code)/so%20long%2C%20%E4%B8%96%E7%95%8C"
        let (thrown, end) = try await withSocket(server, path) { socket in
            try await socket.send("go")
            do throws {
                for try await _ in socket.messages {}
                return (nil as WebSocketError?, await socket.termination)
            } catch let error as WebSocketError {
                return (error, await socket.termination)
            }
        }
        #expect(end?.cause.ending.detail == .closedByPeer(CloseCode(rawValue: code)))
        #expect(end?.cause.ending.closure == .clean)
        #expect(end?.cause.ending.receivedCode == CloseCode(rawValue: code))
        #expect(end?.closeReason == "so long, 世界")
        #expect(end?.isOrderly == (code < 1008))
        #expect((thrown == nil) == (code < 1008))
        #expect(thrown?.termination?.cause == (code < 1008 ? nil : end?.cause))
    }

    @Test("A message of 64 MiB goes and comes back", arguments: Server.all)
    func large(_ server: Server) async throws {
        let raise: (inout WebSocketOptions) -> Void = {
            $0.policy.wire.maximumFrameBytes = 64 << 20
            $0.policy.wire.maximumMessageBytes = 64 << 20
        }
        try await withSocket(server, "/", raise) { socket in
            var word: UInt64 = 1
            let words = (0..<(8 << 20)).map { _ in
                word = word &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return word
            }
            let bytes = words.withUnsafeBytes { Array($0) }
            try await socket.send(bytes)
            var messages = socket.messages.makeAsyncIterator()
            let echo = try #require(try await messages.next())
            #expect(echo.kind == .binary)
            // Not `==`, which takes its time where nothing is optimised.
            let isSame = echo.withUnsafeBytes { echo in
                bytes.withUnsafeBytes { sent in
                    guard let one = echo.baseAddress, let other = sent.baseAddress else { return false }
                    return echo.count == sent.count && memcmp(one, other, sent.count) == 0
                }
            }
            #expect(isSame)
        }
    }
}
