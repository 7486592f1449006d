import NovaWire

/// Makes stand-ins for the payload of one message, piece by piece. Each byte's follows from its place alone; only what is
/// not ASCII keeps its kind, so that text stays UTF-8, or not, at the same byte.
struct StandIn {
    private let isText: Bool
    private var offset: Int
    /// How many bytes of the present scalar are missing, and between which bounds the next one lies.
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
        guard let next = UTF8Scalar.following(byte) else { return byte }
        (missing, bounds) = (Int(next.count), next.bounds)
        guard next.bounds == 0x80...0xBF else { return byte }
        return next.count == 1 ? 0xC3 : next.count == 2 ? 0xE4 : 0xF1
    }

    /// What stands in for all of `bytes`.
    mutating func all(_ bytes: some Sequence<UInt8>) -> [UInt8] { bytes.map { next($0) } }
}
