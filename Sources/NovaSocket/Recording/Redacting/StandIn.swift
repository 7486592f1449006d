/// Makes stand-ins for the payload of one message, piece by piece. Each byte's follows from its place alone; only what is
/// not ASCII keeps its kind, so that text stays UTF-8, or not, at the same byte.
struct StandIn {
    private let isText: Bool
    private var offset: Int
    /// How many bytes of the present scalar are missing, and between which bounds the next one lies (RFC 3629 §4).
    private var missing = 0
    private var bounds: ClosedRange<UInt8> = 0x80...0xBF

    /// For a message from its byte `offset` on.
    init(isText: Bool, from offset: Int = 0) {
        self.isText = isText
        self.offset = offset
    }

    /// What stands in for the next byte.
    mutating func next(_ byte: UInt8) -> UInt8 {
        defer { offset += 1 }
        guard isText, byte >= 0x80 else {
            missing = 0
            return UInt8(ascii: "a") + UInt8(offset % 26)
        }
        return missing > 0 ? continuation(byte) : lead(byte)
    }

    private mutating func continuation(_ byte: UInt8) -> UInt8 {
        guard bounds.contains(byte) else {
            missing = 0
            return byte  // not UTF-8: it must be wrong in the same place
        }
        missing -= 1
        defer { bounds = 0x80...0xBF }
        return bounds.lowerBound + UInt8(offset % bounds.count)
    }

    /// The first byte of a scalar says how long it is, and no more than that where it needn't.
    private mutating func lead(_ byte: UInt8) -> UInt8 {
        switch byte {
        case 0xC2...0xDF: return expect(1, 0x80...0xBF, 0xC3)
        case 0xE0: return expect(2, 0xA0...0xBF, byte)
        case 0xED: return expect(2, 0x80...0x9F, byte)
        case 0xE1...0xEF: return expect(2, 0x80...0xBF, 0xE4)
        case 0xF0: return expect(3, 0x90...0xBF, byte)
        case 0xF1...0xF3: return expect(3, 0x80...0xBF, 0xF1)
        case 0xF4: return expect(3, 0x80...0x8F, byte)
        default: return byte
        }
    }

    private mutating func expect(_ count: Int, _ bounds: ClosedRange<UInt8>, _ byte: UInt8) -> UInt8 {
        (missing, self.bounds) = (count, bounds)
        return byte
    }

    /// What stands in for all of `bytes`.
    mutating func all(_ bytes: some Sequence<UInt8>) -> [UInt8] { bytes.map { next($0) } }
}
