@testable import NovaWire

/// Frames as bytes, for decoders to read.
enum Stream {
    /// One frame. A key masks it, as a client must.
    static func frame(_ opcode: Opcode, _ payload: [UInt8], isFinal: Bool = true, key: UInt32? = nil) -> [UInt8] {
        let header = FrameHeader(
            opcode: opcode, isFinal: isFinal, payloadCount: payload.count, isMasked: key != nil)
        var bytes = [UInt8](repeating: 0, count: FrameHeader.maximumEncodedCount)
        let count = bytes.withUnsafeMutableBytes { buffer in
            buffer.baseAddress.map { header.encode(into: $0, maskKey: key ?? 0) } ?? 0
        }
        var body = payload
        if let key {
            for index in body.indices { body[index] ^= UInt8(truncatingIfNeeded: key >> UInt32(8 * (index % 4))) }
        }
        return Array(bytes.prefix(count)) + body
    }
}

/// What a decoder says, in a form that can be compared.
enum Said: Equatable {
    case message(MessageKind, [UInt8])
    case fragment(MessageKind, Int)
    case ping([UInt8])
    case pong([UInt8])
    case close(CloseCode?, [UInt8])
    case violation(ProtocolViolation)

    init?(_ output: MessageDecoder.Output, _ payload: [UInt8]) {
        switch output {
        case .needMore: return nil
        case .message(let kind, let count): self = .message(kind, Array(payload.prefix(count)))
        case .fragment(let kind, let count): self = .fragment(kind, count)
        case .ping(let count): self = .ping(Array(payload.prefix(count)))
        case .pong(let count): self = .pong(Array(payload.prefix(count)))
        case .close(let code): self = .close(code, payload)
        case .violation(let violation): self = .violation(violation)
        }
    }
}

/// Everything that a decoder says of bytes that come in these pieces.
func decode(_ pieces: [[UInt8]], role: WireRole = .client, limits: WireLimits = WireLimits()) -> [Said] {
    var decoder = MessageDecoder(role: role, limits: limits)
    var said: [Said] = []
    for piece in pieces {
        var input = DecoderInput(copying: piece)
        while let next = Said(decoder.next(&input), decoder.takePayload().array) { said.append(next) }
    }
    return said
}

/// A generator whose numbers are the same each time (SplitMix64).
struct Seeded: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
