import Foundation
import NovaKernel
import NovaTrace
import Synchronization
import Testing

@Suite("The lines of whole recordings")
struct EntryTests {
    private static let opening = TraceOpening(
        url: "ws://feed.example/?token=hunter2", origin: nil, subprotocols: ["chat"],
        headers: [["Authorization", "Bearer hunter2"]], maximumRefusalBody: 16)

    private static let entries: [TraceEntry] = [
        .command(OperationID(2), words: "send whole text 7", payload: Array("hunter2".utf8)), .turnEnded, .job,
        .writable, .event(words: "fired 1 close"), .maskKey(0xFFFF_FFFF), .handshakeKey("key"),
        .received(AttemptID(1), Array(repeating: 7, count: 1 << 20 | 3)), .received(AttemptID(1), []),
        .wrote(AttemptID(1), Array("hunter2".utf8), offered: 9), .delivered(count: 7, digest: .max),
    ]

    private static func lines(_ entries: [TraceEntry] = entries) -> [String] {
        let lines = Mutex<[String]>([])
        let header = TraceHeader(seed: 7, route: [], policy: Policy(), chart: Kernel.chartDigest, opening: opening)
        let writer = TraceWriter(header: header, origin: .zero) { line in lines.withLock { $0.append(line) } }
        for entry in entries { writer.note(entry) }
        writer.finish()
        return lines.withLock(\.self)
    }

    private static func read(_ lines: [String]) throws -> Trace { try Trace(reading: Data(lines.joined().utf8)) }

    @Test("What is written is read again, however many lines it takes")
    func roundTrip() throws {
        let lines = Self.lines()
        #expect(lines.count > Self.entries.count + 2)
        #expect(try Self.read(lines).entries.map(\.entry) == Self.entries)
    }

    private static let damages: [(lines: [String], reason: String)] = [
        (["{\"b\":\"aGk=\",\"k\":\"part\"}", "{\"k\":\"turn\"}"], "'turn' wants"),
        (["{\"b\":\"aGk=\",\"k\":\"part\"}", "{\"end\":0}"], "not followed by the rest"),
        (["{\"b\":\"aGk=\",\"k\":\"got\",\"n\":2,\"x\":\"0\"}"], "'got' wants"),
        (["{\"b\":\"aGk=\",\"k\":\"do\",\"n\":2,\"w\":\"send whole text 5\"}"], "has 2 bytes, not 5"),
        (["{\"b\":\"aGk=\",\"k\":\"do\",\"n\":2,\"w\":\"close 1000 0\"}"], "has 2 bytes, not 0"),
        (["{\"b\":\"aGk=\",\"k\":\"do\",\"n\":2,\"w\":\"ping\"}"], "has 2 bytes, not 0"),
        (["{\"b\":\"aGk\",\"k\":\"in\"}"], "not a step"), (["{\"b\":\"aGk=\",\"k\":\"in\"}"], "attempt"),
        (["{\"a\":1,\"b\":\"aGk=\",\"k\":\"out\",\"n\":1}"], "incomplete"),
        (["{\"k\":\"mask\",\"x\":\"1ffffffff\"}"], "key"),
    ]

    @Test("Bytes that belong to nothing, and lines that contradict themselves, are refused", arguments: damages.indices)
    func damaged(_ index: Int) throws {
        let (damage, reason) = Self.damages[index]
        let lines = [Self.lines()[0]] + damage.map { $0 + "\n" }
        let error = try #require(#expect(throws: TraceError.self) { try Self.read(lines) })
        #expect(error.line == lines.count)
        #expect(error.reason.contains(reason), "\(error)")
    }

    @Test("A header of the opening handshake is a name and a value")
    func headers() throws {
        var lines = Self.lines([])
        lines[0] = lines[0].replacingOccurrences(of: "[\"Authorization\",", with: "[\"Authorization\",\"\",")
        let error = try #require(#expect(throws: TraceError.self) { try Self.read(lines) })
        #expect(error.line == 1 && error.reason.contains("a name and a value"))
    }

    @Test("Nothing that was said is printed in any way")
    func secrets() throws {
        let trace = try Self.read(Self.lines())
        for value in [trace, trace.header, Self.opening, trace.entries, trace.traffic] as [Any] {
            var dumped = ""
            dump(value, to: &dumped)
            for text in ["\(value)", String(reflecting: value), dumped] { #expect(!text.contains("hunter2")) }
        }
    }
}
