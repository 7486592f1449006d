import NovaKernel
import NovaTrace
import NovaWire

/// A connection with its bytes: two attempts, the first reset by the server, the second closed in order.
struct RecordedWire {
    /// A frame that crossed the wire, as a judge counts it.
    struct Sent: Hashable {
        var attempt: UInt32
        var direction: Traffic.Direction
        var opcode: Opcode
        var isFinal: Bool
        var payload: [UInt8]
    }

    private(set) var life = Life("with bytes") { $0.reconnection = Reconnection(backoff: .constant(.seconds(2))) }
    private(set) var traffic: [Traffic] = []
    private(set) var frames: [Sent] = []
    private var attempt: UInt32 = 1
    private var key: UInt32 = 0x1234_5678

    static let token = "token=secret"

    /// The first attempt's transport fails with `errno`.
    init(errno: Int32 = 104) throws {
        life = life.upTo(.upgrading)
        try upgrade(at: 24)
        life = life.withTraffic(1000)
        send(1000, .text, Array("hello".utf8))
        receive(1004, .text, Array("hello".utf8))
        life.command(1500, .ping)
        send(1500, .ping, [1, 2, 3, 4, 5, 6, 7, 8])
        receive(1520, .pong, [1, 2, 3, 4, 5, 6, 7, 8])
        life.heard(1520, 10)
        life.fact(1520, .received(.pong(PingTable(maximum: 1, timeout: .zero, seed: 7).nextToken)))
        send(1600, .binary, (0..<70_000).map { UInt8(truncatingIfNeeded: $0) })
        life.command(1600, .send(.whole, .binary, count: 70_000))
        life.wrote(1600, 70_014)
        life.fact(1700, .transportEnded(.failed(errno: errno)))
        life.nextAttempt(3700)
        attempt = 2
        life.fact(3701, .resolved)
        life.fact(3710, .dialed)
        try upgrade(at: 3710)
        receive(4000, .text, Array("frag".utf8), isFinal: false)
        receive(4010, .ping, Array("are you there".utf8))
        receive(4020, .continuation, Array("ments".utf8), cut: 3)
        life.heard(4000, 6)
        life.fact(4000, .received(.fragment(count: 4)))
        life.heard(4010, 15)
        life.fact(4010, .received(.ping(count: 13)))
        send(4010, .pong, Array("are you there".utf8))
        life.wrote(4010, 19)
        life.heard(4020, 7)
        life.fact(4020, .received(.message(.text, count: 9)))
        life.add(4020, .consumed(messages: 1, bytes: 9))
        life.command(5000, .close(CloseCode(rawValue: 4001), reasonCount: 4))
        send(5000, .close, CloseCode(rawValue: 4001).bytes + Array("done".utf8))
        life.wrote(5000, 12)
        receive(5030, .close, CloseCode(rawValue: 4001).bytes)
        life.heard(5030, 4)
        life.fact(5030, .received(.close(CloseCode(rawValue: 4001))))
        life.fact(5031, .transportEnded(.endOfStream))
    }

    private mutating func upgrade(at: Int64) throws {
        let key = "dGhlIHNhbXBsZSBub25jZQ=="
        let endpoint = try Endpoint("ws://feed.example/stream?\(Self.token)&depth=5")
        cross(at, .sent, try UpgradeRequest(to: endpoint, key: key).bytes)
        cross(at + 30, .received, UpgradeAnswer(accept: "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=").bytes)
        life.wrote(at, 200)
        life.heard(at + 30, 129)
        life.fact(at + 30, .upgraded)
    }

    private mutating func cross(_ at: Int64, _ direction: Traffic.Direction, _ bytes: [UInt8]) {
        traffic.append(Traffic(direction, t: UInt64(at) * 1_000_000, attempt: attempt, bytes))
    }

    private mutating func send(_ at: Int64, _ opcode: Opcode, _ payload: [UInt8]) {
        key = key &* 1_664_525 &+ 1_013_904_223
        cross(at, .sent, Self.encode(opcode, true, payload, key))
        frames.append(Sent(attempt: attempt, direction: .sent, opcode: opcode, isFinal: true, payload: payload))
    }

    /// A frame of the server; its last bytes may come a little later.
    private mutating func receive(
        _ at: Int64, _ opcode: Opcode, _ payload: [UInt8], isFinal: Bool = true, cut: Int = 0
    ) {
        let bytes = Self.encode(opcode, isFinal, payload, nil)
        cross(at, .received, Array(bytes.dropLast(cut)))
        if cut > 0 { cross(at + 1, .received, Array(bytes.suffix(cut))) }
        frames.append(Sent(attempt: attempt, direction: .received, opcode: opcode, isFinal: isFinal, payload: payload))
    }

    private static func encode(_ opcode: Opcode, _ isFinal: Bool, _ payload: [UInt8], _ key: UInt32?) -> [UInt8] {
        let header = FrameHeader(
            opcode: opcode, isFinal: isFinal, payloadCount: payload.count, isMasked: key != nil)
        var bytes = [UInt8](repeating: 0, count: header.encodedCount + payload.count)
        bytes.withUnsafeMutableBytes { target in
            guard let base = target.baseAddress else { return }
            let count = header.encode(into: base, maskKey: key ?? 0)
            payload.withUnsafeBytes { source in
                guard let from = source.baseAddress else { return }
                Masking.copy(from: from, to: base + count, count: payload.count, key: key ?? 0, phase: 0)
            }
        }
        return bytes
    }
}

extension CloseCode {
    /// The code as it begins a close frame's payload.
    var bytes: [UInt8] { [UInt8(rawValue >> 8), UInt8(rawValue & 0xFF)] }
}
