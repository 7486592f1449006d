import Foundation
import NovaTestKit
import Synchronization
import Testing

@testable import NovaSocket

@Suite("Whole recordings", .timeLimit(.minutes(4)))
struct WholeReplayTests {
    /// The lines of a life with an outage in it.
    static func recorded(_ contents: Recording.Contents = .whole(.nothing)) async throws -> [String] {
        let lines = Mutex<[String]>([])
        let network = SimulatedNetwork(seed: 11)
        let server = network.server("feed.example")
        server.onOpen = { $0.send("welcome") }
        let options = network.options {
            $0.policy.reconnection = Reconnection(backoff: .constant(.seconds(1)))
            $0.policy.keepalive = KeepalivePolicy(interval: .seconds(5), timeout: .seconds(5))
            $0.recording = .lines(contents) { line in lines.withLock { $0.append(line) } }
            $0.addHeader("Authorization", "Bearer secret-token")
        }
        try await network.run {
            let socket = try await WebSocket.connect(to: server.url + "feed?token=secret-query", options: options)
            try await socket.send("first secret-message")
            try await socket.ping()
            try await network.sleep(for: .seconds(12))
            server.suffer(.reset)
            for await change in socket.stateChanges where change.to == .ready { break }
            try await socket.send([UInt8](repeating: 7, count: 3_000))
            try await socket.flush()
            server.suffer(.close(.goingAway))
            for await change in socket.stateChanges where change.to == .ready { break }
            await socket.close(reason: "secret-reason")
        }
        return lines.withLock(\.self)
    }

    static func replay(_ lines: [String]) throws -> Replay.Result {
        try Replay.wholly(try Trace(reading: Data(lines.joined().utf8)))
    }

    @Test("It is replayed to the byte")
    func toTheByte() async throws {
        let lines = try await Self.recorded()
        let trace = try Trace(reading: Data(lines.joined().utf8))
        #expect(trace.isComplete && trace.steps.count > 40)
        let result = try Replay.wholly(trace)
        #expect(result.difference == nil && result.agreed == trace.steps.count)
        #expect(trace.traffic.contains { $0.direction == .sent && $0.bytes.starts(with: "GET /feed?token=".utf8) })
    }

    @Test(
        "The recording that the emitted test replays is one of this machine",
        .enabled(if: ProcessInfo.processInfo.environment["NOVA_REWRITE"] == "1"))
    func rewrite() async throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Emitted")
        let lines = try await Self.recorded(.whole(.all))
        try Data(lines.joined().utf8).write(to: folder.appendingPathComponent("outage.trace"))
    }

    @Test("The lifecycle of it replays too, and a recording of steps says that it is not whole")
    func lifecycle() async throws {
        let trace = try Trace(reading: Data(try await Self.recorded().joined().utf8))
        #expect(try Replay.run(trace).difference == nil)
        let steps = try Trace(reading: Data(try await Self.recorded(.steps).joined().utf8))
        #expect(steps.steps == trace.steps)
        #expect(throws: TraceError.self) { try Replay.wholly(steps) }
    }

    @Test("A replay leaves nothing behind")
    func leaks() async throws {
        let trace = try Trace(reading: Data(try await Self.recorded().joined().utf8))
        weak var replay: WholeReplay?
        do {
            let running = try WholeReplay(trace, try #require(trace.header.opening))
            replay = running
            #expect(try running.run().difference == nil)
        }
        #expect(replay == nil)
    }

    @Test("One flipped byte of what came is found")
    func flippedInbound() async throws {
        var lines = try await Self.recorded()
        // The welcome: its first byte becomes another letter, so only the delivery differs.
        let index = try #require(lines.firstIndex { $0.contains("\"k\":\"got\"") })
        let read = try #require(lines[..<index].lastIndex { $0.contains("\"k\":\"in\"") })
        let welcome = Data("welcome".utf8)
        let entry = try Self.change(&lines[read]) { bytes in
            let range = try #require(bytes.range(of: welcome))
            bytes[range.lowerBound] ^= 0x20
        }
        #expect(entry)
        let difference = try #require(try Self.replay(lines).difference)
        #expect(difference.part == "delivery")
    }

    @Test("One flipped byte of what was written is found, with both values")
    func flippedOutbound() async throws {
        var lines = try await Self.recorded()
        let index = try #require(lines.lastIndex { $0.contains("\"k\":\"out\"") })
        _ = try Self.change(&lines[index]) { $0[$0.startIndex + 3] ^= 1 }
        let difference = try #require(try Self.replay(lines).difference)
        #expect(difference.part == "bytes written")
        #expect(difference.recorded.hasPrefix("byte 3 is ") && difference.recorded != difference.replayed)
    }

    @Test("One dropped input is found, whichever it is")
    func dropped() async throws {
        let lines = try await Self.recorded()
        let kinds = ["in", "do", "event", "turn", "mask", "key", "out", "got"]
        for kind in kinds {
            let places = lines.indices.filter { lines[$0].contains("\"k\":\"\(kind)\"") }
            #expect(!places.isEmpty, "\(kind)")
            for place in [places.first, places.last].compactMap(\.self) where place != lines.count - 2 {
                var fewer = lines
                fewer.remove(at: place)
                // The last turn of a life may have had nothing to do.
                if kind == "turn", !lines[place + 1].contains("\"k\":\"out\"") { continue }
                #expect(try Self.replay(fewer).difference != nil, "\(kind) at \(place)")
            }
        }
    }

    @Test("What never happened is found, and so are another attempt and a route that is not the URL's")
    func added() async throws {
        let lines = try await Self.recorded()
        let turn = try #require(lines.firstIndex { $0.contains("\"k\":\"turn\"") })
        var more = lines
        more.insert("{\"k\":\"job\"}\n", at: turn)
        #expect(try Self.replay(more).difference?.recorded == "work that was put off")
        more = lines
        more.insert("{\"k\":\"turn\"}\n", at: lines.count - 1)
        #expect(try Self.replay(more).difference?.recorded == "the end of a turn")
        var other = lines
        let out = try #require(lines.lastIndex { $0.contains("\"k\":\"out\"") })
        other[out] = lines[out].replacingOccurrences(of: "\"a\":3", with: "\"a\":1")
        #expect(try Self.replay(other).difference?.recorded == "attempt 1")
        other = lines
        other[0] = other[0].replacingOccurrences(of: "\"route\":2", with: "\"route\":0")
        #expect(other != lines)
        let error = #expect(throws: TraceError.self) { try Self.replay(other) }
        #expect(error?.line == 1 && error?.reason.contains("the route 0") == true)
    }

    @Test("A timer that fires before what came before it is found, and named")
    func reordered() async throws {
        var lines = try await Self.recorded()
        let timer = try #require(
            lines.firstIndex { $0.contains("\"k\":\"event\"") && $0.contains("fired 1 keepalive") })
        let read = try #require(lines[..<timer].lastIndex { $0.contains("\"k\":\"in\"") })
        lines.swapAt(timer, read)
        let difference = try #require(try Self.replay(lines).difference)
        #expect(difference.step > 0)
        #expect("\(difference)".contains("keepalive") || difference.part == "event", "\(difference)")
    }

    @Test("A recording that breaks off anywhere replays as far as it goes")
    func breaksOff() async throws {
        let lines = try await Self.recorded()
        for count in stride(from: 1, to: lines.count, by: 7) {
            #expect(try Self.replay(Array(lines.prefix(count))).difference == nil, "after \(count) lines")
        }
    }

    @Test("A damaged recording is refused or differs, and never harms its reader")
    func hostile() async throws {
        let lines = try await Self.recorded()
        var random = SeededRandom(seed: 5)
        for _ in 0..<300 {
            var damaged = lines
            let index = Int.random(in: damaged.indices, using: &random)
            var bytes = Array(damaged[index].utf8)
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: 32...126, using: &random)
            }
            damaged[index] = String(decoding: bytes, as: UTF8.self)
            do { _ = try Self.replay(damaged) } catch let error as TraceError { #expect(error.line > 0) }
        }
    }

    /// Changes the bytes of an entry's line.
    private static func change(_ line: inout String, _ body: (inout Data) throws -> Void) throws -> Bool {
        var object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        var bytes = try #require((object["b"] as? String).flatMap { Data(base64Encoded: $0) })
        try body(&bytes)
        object["b"] = bytes.base64EncodedString()
        line =
            String(
                decoding: try JSONSerialization.data(withJSONObject: object, options: [.sortedKeys]), as: UTF8.self)
            + "\n"
        return true
    }
}
