import Foundation
import NovaSocket
import NovaTestKit
import NovaWire
import Synchronization
import TestTurns
import Testing

@Suite("Redaction", .heavy, .timeLimit(.minutes(30)))
struct RedactionTests {
    /// Everything that a recording holds, its bytes unpacked.
    static func contents(_ lines: [String]) throws -> Data {
        var contents = Data(lines.joined().utf8)
        for line in lines {
            guard let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any],
                let bytes = (object["b"] as? String).flatMap({ Data(base64Encoded: $0) })
            else { continue }
            contents += bytes + Data("\n".utf8) + unmasked(bytes)
        }
        return contents
    }

    /// The payloads of masked frames, if that is what it is.
    private static func unmasked(_ bytes: Data) -> Data {
        var payloads = Data()
        var decoder = MessageDecoder(role: .server, limits: .none)
        var input = DecoderInput(copying: bytes)
        while true {
            switch decoder.next(&input) {
            case .needMore, .violation: return payloads
            case .message, .ping, .pong, .close: payloads += Data(decoder.takePayload().array)
            case .fragment: break
            }
        }
    }

    @Test("No secret is in a redacted recording, which replays to the byte and took the same steps")
    func redacted() async throws {
        let open = try await WholeReplayTests.recorded(.whole(.nothing))
        let redacted = try await WholeReplayTests.recorded(.whole(.all))
        let secrets = ["secret-token", "secret-query", "secret-message", "secret-reason", "welcome"]
        let (shown, hidden) = (try Self.contents(open), try Self.contents(redacted))
        for secret in secrets {
            #expect(shown.range(of: Data(secret.utf8)) != nil, "\(secret)")
            #expect(hidden.range(of: Data(secret.utf8)) == nil, "\(secret)")
        }
        let traces = try [open, redacted].map { try Trace(reading: Data($0.joined().utf8)) }
        #expect(traces[0].steps == traces[1].steps)
        #expect(traces[0].entries.count == traces[1].entries.count)
        #expect(try Replay.wholly(traces[1]).difference == nil)
    }

    @Test("Eight bytes in a pong that answers no ping are the server's own, and nobody writes them down")
    func unsolicitedPong() async throws {
        for contents in [Recording.Contents.steps, .whole(.all)] {
            let lines = Mutex<[String]>([])
            let network = SimulatedNetwork(seed: 3)
            let server = network.server("feed.example")
            server.conditions.pieces = .each(bytes: 3)
            server.onOpen = { $0.send(raw: [0x8A, 8] + Array("SECRPONG".utf8)) }
            let options = network.options {
                $0.recording = .lines(contents) { line in lines.withLock { $0.append(line) } }
            }
            let (record, roundTrip) = try await network.run {
                let socket = try await WebSocket.connect(to: server.url, options: options)
                let roundTrip = try await socket.ping()
                await socket.close()
                return (await socket.flightRecord.map(\.description).joined(), roundTrip)
            }
            #expect(roundTrip > .zero)
            let held = String(decoding: try Self.contents(lines.withLock(\.self)), as: UTF8.self) + record
            let number = "SECRPONG".utf8.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            for secret in ["SECRPONG", "SECR", String(number, radix: 16), "\(number)"] {
                #expect(!held.contains(secret), "\(secret)")
            }
            let trace = try Trace(reading: Data(lines.withLock { $0.joined() }.utf8))
            #expect(try trace.header.opening == nil || Replay.wholly(trace).difference == nil)
        }
    }

    @Test("Behind a close frame nothing is read, so nothing of it passes for a header", arguments: [0, 2])
    func behindClose(_ count: UInt8) async throws {
        let lines = Mutex<[String]>([])
        let network = SimulatedNetwork(seed: 3)
        let server = network.server("feed.example")
        let close = [0x88, count] + [0x03, 0xE8].prefix(Int(count))
        server.onOpen = { $0.send(raw: close + [0x82, 0x7F, 0] + Array("SECRETS".utf8)) }
        let options = network.options {
            $0.recording = .lines(.whole(.all)) { line in lines.withLock { $0.append(line) } }
        }
        try await network.run {
            let socket = try WebSocket.make(server.url, options)
            try? await socket.connect()
            await socket.close()
        }
        let held = try Self.contents(lines.withLock(\.self))
        #expect(held.range(of: Data([0x88, count])) != nil)
        #expect(held.range(of: Data("SECRETS".utf8)) == nil)
        let trace = try Trace(reading: Data(lines.withLock { $0.joined() }.utf8))
        #expect(try Replay.wholly(trace).difference == nil)
    }

    /// A life full of secrets, made of a seed.
    private struct Life {
        var random: SeededRandom
        var secrets: [String] = []

        mutating func secret() -> String {
            let letters = (0..<12).map { _ in
                "BCDFGHJKLMNPQRSTVWZбвгджзклмнпрсту漢字🙂".randomElement(using: &random) ?? "B"
            }
            secrets.append(String(letters))
            return String(letters)
        }

        /// What a server sends: frames, cut into fragments or broken, and secrets in all of them.
        mutating func frames() -> [UInt8] {
            (0..<Int.random(in: 1...5, using: &random)).flatMap { _ -> [UInt8] in
                let bytes = Array(secret().utf8)
                let half = Int.random(in: 0...bytes.count, using: &random)
                switch Int.random(in: 0..<9, using: &random) {
                case 0, 1: return [0x81, UInt8(bytes.count)] + bytes
                case 2: return [0x82, UInt8(bytes.count)] + bytes
                case 3:
                    return [0x01, UInt8(half)] + bytes[..<half] + [0x89, UInt8(bytes.count)] + bytes
                        + [0x80, UInt8(bytes.count - half)] + bytes[half...]
                case 4: return [0x89, UInt8(bytes.count)] + bytes
                case 5: return [0x8A, UInt8(bytes.count)] + bytes
                case 6: return [0x88, UInt8(bytes.count + 2), 0x03, 0xE9] + bytes
                case 7: return [0x81, UInt8(bytes.count + 1)] + bytes[..<half] + [0xFF] + bytes[half...]
                default: return [0x81, 0x80 | UInt8(bytes.count), 0, 0, 0, 0] + bytes
                }
            }
        }
    }

    private static func live(_ seed: UInt64, _ redaction: Redaction) async throws -> (
        lines: [String], secrets: [String]
    ) {
        let lines = Mutex<[String]>([])
        let life = Mutex(Life(random: SeededRandom(seed: seed)))
        let network = SimulatedNetwork(seed: seed)
        let server = network.server("feed.example")
        server.conditions.pieces = [.whole, .each(bytes: 1), .random][Int(seed % 3)]
        if seed % 5 == 0 {
            let (cookie, body) = life.withLock { ($0.secret(), $0.secret()) }
            let chunked = "\(String(body.utf8.count, radix: 16))\r\n\(body)\r\n0\r\n\r\n"
            server.onRequest = { _ in
                .raw(
                    Array(
                        """
                        HTTP/1.1 401 \(cookie)\r\nSet-Cookie: id=\(cookie); Path=/\r\nRetry-After: 2\r
                        Transfer-Encoding: chunked\r\n\r\n\(chunked)
                        """.utf8))
            }
        }
        server.onOpen = { connection in connection.send(raw: life.withLock { $0.frames() }) }
        server.onMessage = { connection, _ in connection.send(raw: life.withLock { $0.frames() }) }
        let (header, query) = life.withLock {
            ($0.secret(), "q\(UInt64.random(in: 1 << 40...(.max), using: &$0.random))")
        }
        life.withLock { $0.secrets.append(query) }
        let options = network.options {
            $0.addHeader("Authorization", "Bearer \(header)")
            $0.policy.reconnection = Reconnection(backoff: .constant(.seconds(1)), maximumAttempts: 3)
            $0.recording = .lines(.whole(redaction)) { line in lines.withLock { $0.append(line) } }
        }
        try await network.run {
            let socket = try WebSocket.make(server.url + "?key=\(query)&other", options)
            let reading = network.task { for try await _ in socket.messages {} }
            for index in 0..<4 {
                try? await socket.connect()
                let text = life.withLock { $0.secret() }
                if index % 2 == 0 { try? await socket.send(text) } else { try? await socket.send(Array(text.utf8)) }
                try await network.sleep(for: .seconds(1))
            }
            await socket.close(reason: life.withLock { $0.secret() })
            _ = await reading.result
        }
        return (lines.withLock(\.self), life.withLock(\.secrets))
    }

    @Test("Whatever is said, and however it is cut: no secret survives, and the steps are the same", arguments: 0..<30)
    func property(_ seed: UInt64) async throws {
        let (open, secrets) = try await Self.live(seed, .nothing)
        let (redacted, _) = try await Self.live(seed, .all)
        let traces = try [open, redacted].map { try Trace(reading: Data($0.joined().utf8)) }
        #expect(traces[0].steps == traces[1].steps)
        let replayed = try traces.map { try Replay.wholly($0) }
        #expect(replayed.allSatisfy { $0.difference == nil }, "\(replayed.compactMap(\.difference))")
        let hidden = try Self.contents(redacted)
        // Half of one would be enough to be sorry.
        let halves = secrets.flatMap { [String($0.prefix(6)), String($0.suffix(6))] }
        #expect(halves.filter { hidden.range(of: Data($0.utf8)) != nil } == [])
    }
}
