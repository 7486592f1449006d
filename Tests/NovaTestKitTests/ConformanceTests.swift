import NovaSocket
import NovaTestKit
import Synchronization
import Testing

/// What Autobahn asks of a client, as far as it can be said in a line: its groups 1 to 7, in small. Every case is met in whole
/// reads and byte by byte. The whole of it is `Tests/Autobahn/run`, with somebody else's server and judge.
@Suite("Conformance to RFC 6455, case by case", .timeLimit(.minutes(5)))
struct ConformanceTests {
    /// What a server sends, and what a client that echoes must do.
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var frames: [[UInt8]]
        /// The messages that come back.
        var echoes: [[UInt8]] = []
        /// The payloads of the pongs.
        var pongs: [[UInt8]] = []
        /// The code that the client closes with. Where it is none of the frames' doing, it is the server's own 1000.
        var close: UInt16? = 1000
        var testDescription: String { name }
    }

    /// A frame of a server's.
    private static func frame(
        _ opcode: UInt8, _ payload: [UInt8] = [], isFinal: Bool = true, reserved: UInt8 = 0
    ) -> [UInt8] {
        let first = (isFinal ? 0x80 : 0) | reserved << 4 | opcode
        let count = payload.count
        let length: [UInt8] =
            switch count {
            case ..<126: [UInt8(count)]
            case ..<65_536: [126, UInt8(count >> 8), UInt8(count & 255)]
            default: [127] + (0..<8).map { UInt8(truncatingIfNeeded: count >> (56 - 8 * $0)) }
            }
        return [first] + length + payload
    }

    private static func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }
    private static func close(_ code: UInt16, _ reason: String = "") -> [UInt8] {
        frame(8, [UInt8(code >> 8), UInt8(code & 255)] + bytes(reason))
    }

    /// Group 1: texts and bytes of every form of length. Group 2: pings and pongs.
    private static var payloads: [Case] {
        let sizes = [0, 125, 126, 127, 128, 65_535, 65_536]
        let kinds: [(opcode: UInt8, filler: UInt8)] = [(1, 0x2A), (2, 0xFE)]
        var messages: [Case] = []
        for size in sizes {
            for kind in kinds {
                let payload = [UInt8](repeating: kind.filler, count: size)
                messages.append(
                    Case(
                        name: "1: \(size) bytes, opcode \(kind.opcode)", frames: [frame(kind.opcode, payload)],
                        echoes: [payload]))
            }
        }
        let pings = [0, 1, 125].map { size -> Case in
            let payload = [UInt8](repeating: 0xFE, count: size)
            return Case(name: "2: a ping of \(size) bytes", frames: [frame(9, payload)], pongs: [payload])
        }
        return messages + pings + [
            Case(name: "2: a ping of 126 bytes", frames: [frame(9, [UInt8](repeating: 0xFE, count: 126))], close: 1002),
            Case(
                name: "2: pongs that nobody waits for", frames: [frame(10), frame(10, [1]), frame(9, [2])], pongs: [[2]]
            ),
            Case(name: "2: ten pings", frames: (0..<10).map { frame(9, [$0]) }, pongs: (0..<10).map { [$0] }),
        ]
    }

    /// Group 3: reserved bits. Group 4: reserved opcodes. Each behind a message that is in order, and ahead of a ping.
    private static var reserved: [Case] {
        var bits: [Case] = []
        for set in 1...7 as ClosedRange<UInt8> {
            for opcode in [1, 2, 9, 10, 8] as [UInt8] {
                bits.append(
                    Case(
                        name: "3: reserved bits \(set), opcode \(opcode)",
                        frames: [frame(1, bytes("fine")), frame(opcode, reserved: set), frame(9)],
                        echoes: [bytes("fine")], close: 1002))
            }
        }
        let opcodes = ([3, 4, 5, 6, 7, 11, 12, 13, 14, 15] as [UInt8]).map { opcode in
            Case(
                name: "4: opcode \(opcode)", frames: [frame(1, bytes("fine")), frame(opcode, [1]), frame(9)],
                echoes: [bytes("fine")], close: 1002)
        }
        return bits + opcodes
    }

    /// Group 5: fragments.
    private static var fragments: [Case] {
        let (one, two) = (bytes("frag"), bytes("ments"))
        return [
            Case(name: "5: a ping in fragments", frames: [frame(9, one, isFinal: false), frame(0, two)], close: 1002),
            Case(name: "5: a pong in fragments", frames: [frame(10, one, isFinal: false), frame(0, two)], close: 1002),
            Case(name: "5: two", frames: [frame(1, one, isFinal: false), frame(0, two)], echoes: [one + two]),
            Case(
                name: "5: two, a ping between", frames: [frame(1, one, isFinal: false), frame(9, [7]), frame(0, two)],
                echoes: [one + two], pongs: [[7]]),
            Case(name: "5: the end of nothing", frames: [frame(0, one), frame(1, two)], close: 1002),
            Case(name: "5: the middle of nothing", frames: [frame(0, one, isFinal: false)], close: 1002),
            Case(
                name: "5: a message inside another", frames: [frame(1, one, isFinal: false), frame(1, two)], close: 1002
            ),
            Case(
                name: "5: a third behind the end",
                frames: [frame(2, one, isFinal: false), frame(0, two), frame(0, one)], echoes: [one + two], close: 1002),
            Case(
                name: "5: empty ones",
                frames: [frame(1, isFinal: false), frame(0, isFinal: false), frame(0)], echoes: [[]]),
        ]
    }

    /// Group 6: UTF-8; invalid as soon as it is.
    private static var texts: [Case] {
        let valid: [[UInt8]] = [
            bytes("κόσμε"), bytes("\u{10FFFF}"), [0xED, 0x9F, 0xBF], [0xEE, 0x80, 0x80], [0xEF, 0xBF, 0xBF], [0],
        ]
        let invalid: [[UInt8]] = [
            [0x80], [0xC0, 0xAF], [0xE0, 0x80, 0xAF], [0xF0, 0x80, 0x80, 0xAF], [0xED, 0xA0, 0x80],
            [0xF4, 0x90, 0x80, 0x80],
            [0xFE], [0xFF], [0xC3], [0xF8, 0x88, 0x80, 0x80, 0x80],
            bytes("κόσμε") + [0xED, 0xA0, 0x80] + bytes("edited"),
        ]
        let cut = bytes("κ")
        return valid.map { Case(name: "6: \($0)", frames: [frame(1, $0)], echoes: [$0]) }
            + invalid.map { Case(name: "6: \($0)", frames: [frame(1, $0)], close: 1007) }
            + [
                Case(
                    name: "6: a letter in two fragments",
                    frames: [frame(1, [cut[0]], isFinal: false), frame(0, [cut[1]])], echoes: [cut]),
                // Its end never comes: what came of it is enough.
                Case(name: "6: at once", frames: [frame(1, [0xF4, 0x90], isFinal: false)], close: 1007),
                Case(name: "6: bytes are no text", frames: [frame(2, [0xFF])], echoes: [[0xFF]]),
            ]
    }

    /// Group 7: closing.
    private static var closes: [Case] {
        let valid: [UInt16] = [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999]
        let invalid: [UInt16] = [0, 999, 1004, 1005, 1006, 1016, 1100, 2000, 2999, 5000, 65_535]
        let long = String(repeating: "*", count: 123)
        return valid.map {
            Case(name: "7: code \($0)", frames: [close($0, "bye"), frame(1, bytes("late"))], close: $0)
        }
            + invalid.map { Case(name: "7: code \($0)", frames: [close($0)], close: 1002) }
            + [
                Case(name: "7: no code", frames: [frame(8)], close: nil),
                Case(name: "7: half a code", frames: [frame(8, [3])], close: 1002),
                Case(name: "7: the longest reason", frames: [close(1000, long)], close: 1000),
                Case(name: "7: a longer reason", frames: [close(1000, long + "*")], close: 1002),
                Case(name: "7: a reason that is no text", frames: [frame(8, [3, 0xE8, 0xFF])], close: 1007),
                Case(
                    name: "7: within a message", frames: [frame(1, bytes("frag"), isFinal: false), close(1000)],
                    close: 1000),
            ]
    }

    private final class Seen: Sendable {
        let book = Mutex<(echoes: [[UInt8]], pongs: [[UInt8]], closes: [UInt16?])>(([], [], []))
    }

    @Test(
        "Each is answered as the RFC says, and a violation ends the connection at once with its code",
        arguments: payloads + reserved + fragments + texts + closes)
    func conforms(_ wanted: Case) async throws {
        let longest = wanted.frames.map(\.count).max() ?? 0
        // A piece of a byte each: so many as a link makes of a write.
        for pieces in [LinkConditions.Pieces.whole] + (longest <= 100 ? [.each(bytes: 1)] : [.random]) {
            let network = SimulatedNetwork(seed: 68)
            let (server, seen) = (network.server("fuzzing.example"), Seen())
            server.conditions.pieces = pieces
            server.onMessage = { _, message in seen.book.withLock { $0.echoes.append(message.bytes) } }
            server.onPong = { _, payload in seen.book.withLock { $0.pongs.append(payload) } }
            server.onClose = { _, code, _ in seen.book.withLock { $0.closes.append(code?.rawValue) } }
            server.onOpen = { connection in
                for frame in wanted.frames { connection.send(raw: frame) }
            }
            let options = network.options {
                $0.policy.keepalive = nil
                $0.policy.reconnection = .never
            }
            try await network.run {
                let socket = try WebSocket.make(server.url, options)
                let connections = socket.stateChanges
                let echoing = network.task {
                    for try await message in socket.messages { try await socket.send(message) }
                }
                try? await socket.connect()
                // What it does it has done by then; what goes on, its server's 1000 ends.
                try await network.sleep(for: .seconds(1))
                server.suffer(.close(.normalClosure))
                for await _ in connections {}
                _ = await echoing.result
            }
            let book = seen.book.withLock { ($0.echoes, $0.pongs, $0.closes) }
            #expect(book.0 == wanted.echoes, "\(pieces)")
            #expect(book.1 == wanted.pongs, "\(pieces)")
            #expect(book.2 == [wanted.close], "\(pieces)")
        }
    }
}
