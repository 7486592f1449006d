/// A frame's header as far as it can be read.
package enum ParsedHeader {
    /// More bytes are needed.
    case incomplete
    /// Whatever follows, this is no frame that may come.
    case violation(ProtocolViolation)
    /// The header, how many bytes it takes, and the key of its mask.
    case header(FrameHeader, encodedCount: Int, maskKey: UInt32)
}

/// Reads frame headers strictly (RFC 6455 §5.2): every byte is judged as soon as it is there.
package struct FrameHeaderParser {
    let role: WireRole

    /// A parser of what is sent to `role`.
    package init(role: WireRole) { self.role = role }

    /// Reads a header from the first `count` bytes at `bytes`.
    @inline(__always)
    package func parse(_ bytes: UnsafeRawPointer, count: Int) -> ParsedHeader {
        guard count >= 1 else { return .incomplete }
        let first = bytes.load(as: UInt8.self)
        guard first & 0x70 == 0 else { return .violation(.reservedBits) }
        guard let opcode = Opcode(rawValue: first & 0x0F) else { return .violation(.reservedOpcode) }
        let isFinal = first & 0x80 != 0
        guard isFinal || !opcode.isControl else { return .violation(.fragmentedControlFrame) }
        guard count >= 2 else { return .incomplete }

        let second = bytes.load(fromByteOffset: 1, as: UInt8.self)
        let isMasked = second & 0x80 != 0
        guard isMasked == (role == .server) else {
            return .violation(isMasked ? .maskedByServer : .unmaskedByClient)
        }
        let short = Int(second & 0x7F)
        guard short < 126 || !opcode.isControl else { return .violation(.oversizedControlFrame) }
        let lengthCount = short < 126 ? 2 : short == 126 ? 4 : 10
        guard count >= lengthCount else { return .incomplete }
        var length = short
        if short >= 126 {
            switch Self.length(bytes, short) {
            case .success(let long): length = long
            case .failure(let violation): return .violation(violation)
            }
        }
        guard isMasked else {
            let header = FrameHeader(opcode: opcode, isFinal: isFinal, payloadCount: length, isMasked: false)
            return .header(header, encodedCount: lengthCount, maskKey: 0)
        }
        guard count >= lengthCount + 4 else { return .incomplete }
        let key = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: lengthCount, as: UInt32.self))
        let header = FrameHeader(opcode: opcode, isFinal: isFinal, payloadCount: length, isMasked: true)
        return .header(header, encodedCount: lengthCount + 4, maskKey: key)
    }

    /// A length in two or eight bytes; it must need them (§5.2).
    private static func length(_ bytes: UnsafeRawPointer, _ short: Int) -> Result<Int, ProtocolViolation> {
        if short == 126 {
            let length = Int(UInt16(bigEndian: bytes.loadUnaligned(fromByteOffset: 2, as: UInt16.self)))
            return length < 126 ? .failure(.nonMinimalLength) : .success(length)
        }
        let length = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 2, as: UInt64.self))
        guard length < 1 << 63 else { return .failure(.lengthOverflow) }
        return length < 65_536 ? .failure(.nonMinimalLength) : .success(Int(length))
    }
}
