import Foundation
import NovaTrace
import NovaWire
import Testing

/// A capture, read back by the rules of its format.
private struct Capture {
    struct Packet {
        var t: UInt64
        var source: [UInt8]
        var port: UInt16
        var sequence: UInt32
        var acknowledged: UInt32
        var flags: UInt8
        var payload: [UInt8]
        var isSent: Bool { source == [10, 0, 0, 1] }
        /// How far it moves the sequence.
        var length: UInt32 { UInt32(payload.count) + (flags & 3 == 0 ? 0 : 1) }
    }

    var packets: [Packet] = []

    init(_ file: [UInt8]) throws {
        func little(_ at: Int, _ count: Int) -> UInt64 {
            (0..<count).reduce(0) { $0 | UInt64(file[at + $1]) << (8 * $1) }
        }
        var at = 0
        var types: [UInt64] = []
        while at < file.count {
            let length = Int(little(at + 4, 4))
            try #require(length >= 12 && length.isMultiple(of: 4) && at + length <= file.count)
            #expect(little(at + length - 4, 4) == UInt64(length))
            types.append(little(at, 4))
            if types.last == 6 {
                #expect(little(at + 20, 4) == little(at + 24, 4))
                let packet = Array(file[(at + 28)..<(at + 28 + Int(little(at + 20, 4)))])
                packets.append(try Self.packet(packet, at: little(at + 12, 4) << 32 | little(at + 16, 4)))
            }
            at += length
        }
        #expect(Array(types.prefix(2)) == [0x0A0D_0D0A, 1])
        #expect(types.dropFirst(2).allSatisfy { $0 == 6 })
    }

    private static func packet(_ bytes: [UInt8], at t: UInt64) throws -> Packet {
        func big(_ at: Int, _ count: Int) -> UInt64 { (0..<count).reduce(0) { $0 << 8 | UInt64(bytes[at + $1]) } }
        try #require(bytes.count >= 40 && bytes[0] == 0x45 && bytes[9] == 6)
        #expect(Int(big(2, 2)) == bytes.count)
        #expect(sum(Array(bytes[..<20])) == 0xFFFF)
        let segment = Array(bytes[20...])
        let pseudo = Array(bytes[12..<20]) + [0, 6, UInt8(segment.count >> 8), UInt8(segment.count & 0xFF)]
        #expect(sum(pseudo + segment) == 0xFFFF)
        let isSent = bytes[15] == 1
        return Packet(
            t: t, source: Array(bytes[12..<16]), port: UInt16(big(isSent ? 20 : 22, 2)), sequence: UInt32(big(24, 4)),
            acknowledged: UInt32(big(28, 4)), flags: bytes[33], payload: Array(segment[(Int(bytes[32] >> 4) * 4)...]))
    }

    private static func sum(_ bytes: [UInt8]) -> UInt32 {
        let words = stride(from: 0, to: bytes.count, by: 2).map {
            UInt32(bytes[$0]) << 8 | ($0 + 1 < bytes.count ? UInt32(bytes[$0 + 1]) : 0)
        }
        return words.reduce(0) { sum, word in
            (sum + word) % 0xFFFF == 0 && sum + word > 0 ? 0xFFFF : (sum + word) % 0xFFFF
        }
    }
}

@Suite("Captures")
struct CaptureTests {
    @Test("Every connection begins with its handshake, counts its bytes, and ends as the attempt did")
    func connections() throws {
        let wire = try RecordedWire()
        let capture = try Capture(try Export.pcapng(wire.life.trace(began: 1_000), wire.traffic))
        let connections = Dictionary(grouping: capture.packets, by: \.port).sorted { $0.key < $1.key }.map(\.value)
        #expect(connections.count == 2)
        for (number, packets) in connections.enumerated() {
            #expect(packets.prefix(3).map(\.flags) == [0x02, 0x12, 0x10])
            var next: [Bool: UInt32] = [true: packets[0].sequence, false: packets[1].sequence]
            for packet in packets {
                #expect(packet.sequence == next[packet.isSent])
                next[packet.isSent] = packet.sequence &+ packet.length
                if packet.flags & 0x10 != 0 { #expect(packet.acknowledged == next[!packet.isSent]) }
                #expect(packet.payload.count <= 16_384)
            }
            #expect(zip(packets, packets.dropFirst()).allSatisfy { $0.t <= $1.t })
            for direction in [Traffic.Direction.sent, .received] {
                let bytes = packets.filter { $0.isSent == (direction == .sent) }.flatMap(\.payload)
                let pieces = wire.traffic.filter { $0.attempt == number + 1 && $0.direction == direction }
                let isSame = bytes == pieces.flatMap(\.bytes)  // not told byte by byte
                #expect(isSame, "\(direction), connection \(number)")
            }
        }
        #expect(connections[0][0].t == 12_001_000)
        #expect(connections[0][1].t == 24_001_000)
        #expect(connections[0].last?.flags == 0x14)
        #expect(connections[0].last?.t == 1_700_001_000)
        #expect(connections[1].suffix(3).map(\.flags) == [0x11, 0x11, 0x10])
        #expect(connections[1].suffix(3).map(\.isSent) == [false, true, false])
    }

    @Test("A reset is drawn only where one came: a network that is lost says nothing", arguments: [32, 104, 110, 113])
    func lost(_ errno: Int32) throws {
        let wire = try RecordedWire(errno: errno)
        let capture = try Capture(try Export.pcapng(wire.life.trace(), wire.traffic))
        let first = capture.packets.filter { $0.port == capture.packets[0].port }
        #expect(first.contains { $0.flags & 4 != 0 } == (errno == 32 || errno == 104))
        #expect(!first.contains { $0.flags & 1 != 0 })
    }

    /// The scripts in `Tests/Judges` read what this writes, and hold it against the list beside it.
    @Test("The capture and the archive for the judges, where one asks")
    func judged() throws {
        guard let folder = ProcessInfo.processInfo.environment["NOVA_CAPTURE"] else { return }
        let wire = try RecordedWire()
        let place = URL(fileURLWithPath: folder)
        try Data(try Export.pcapng(wire.life.trace(began: 1_700_000_000_000_000_000), wire.traffic))
            .write(to: place.appendingPathComponent("capture.pcapng"))
        try Export.har(wire.life.trace(began: 1_700_000_000_000_000_000), wire.traffic)
            .write(to: place.appendingPathComponent("archive.har"))
        // The stream, who sent it, opcode, FIN, length, close code.
        let lines = wire.frames.map { frame in
            let code = frame.opcode == .close ? "\(Int(frame.payload[0]) << 8 | Int(frame.payload[1]))" : "-"
            let source = frame.direction == .sent ? "10.0.0.1" : "10.0.0.2"
            return "\(frame.attempt - 1) \(source) \(frame.opcode.rawValue) \(frame.isFinal ? 1 : 0) "
                + "\(frame.payload.count) \(code)"
        }
        try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: place.appendingPathComponent("frames"))
    }
}
