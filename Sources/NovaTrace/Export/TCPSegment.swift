/// The bits of a TCP header that a made-up connection needs (RFC 9293 §3.1).
struct TCPFlags: OptionSet {
    let rawValue: UInt8
    static let fin = TCPFlags(rawValue: 1)
    static let syn = TCPFlags(rawValue: 2)
    static let rst = TCPFlags(rawValue: 4)
    static let psh = TCPFlags(rawValue: 8)
    static let ack = TCPFlags(rawValue: 16)
}

/// A TCP segment and what its packet needs to know.
struct TCPSegment {
    var source: [UInt8]
    var target: [UInt8]
    var sourcePort: UInt16
    var targetPort: UInt16
    var sequence: UInt32
    var acknowledged: UInt32
    var flags: TCPFlags
    var payload: ArraySlice<UInt8>

    /// MSS, and a window that is scaled by 7: never too small for what one read brings.
    private static let options: [UInt8] =
        [2, 4] + [UInt8(SyntheticConnection.segment >> 8), UInt8(SyntheticConnection.segment & 0xFF)] + [3, 3, 7, 0]

    /// The segment in an IPv4 packet, both with their checksums.
    func packet(_ identification: UInt16) -> [UInt8] {
        let segment = bytes
        var header: [UInt8] = [0x45, 0]
        header.append(big: UInt16(20 + segment.count))
        header.append(big: identification)
        header += [0x40, 0, 64, 6, 0, 0] + source + target  // not to be fragmented; 64 hops; TCP
        header.replaceSubrange(10..<12, with: header.checksum.bigEndianBytes)
        return header + segment
    }

    private var bytes: [UInt8] {
        let options = flags.contains(.syn) ? Self.options : []
        var bytes: [UInt8] = []
        bytes.append(big: sourcePort)
        bytes.append(big: targetPort)
        bytes.append(big: sequence)
        bytes.append(big: acknowledged)
        bytes += [UInt8((20 + options.count) / 4) << 4, flags.rawValue, 0xFF, 0xFF, 0, 0, 0, 0] + options
        bytes += payload
        var pseudo = source + target + [0, 6]
        pseudo.append(big: UInt16(bytes.count))
        bytes.replaceSubrange(16..<18, with: (pseudo + bytes).checksum.bigEndianBytes)
        return bytes
    }
}

extension [UInt8] {
    /// The checksum of the Internet (RFC 1071).
    var checksum: UInt16 {
        var sum: UInt32 = 0
        for index in stride(from: 0, to: count, by: 2) {
            sum += UInt32(self[index]) << 8 | (index + 1 < count ? UInt32(self[index + 1]) : 0)
            sum = (sum & 0xFFFF) + (sum >> 16)
        }
        return ~UInt16(sum)
    }

    mutating func append(big number: some FixedWidthInteger) { append(contentsOf: number.bigEndianBytes) }

    mutating func append(little number: some FixedWidthInteger) {
        append(contentsOf: number.bigEndianBytes.reversed())
    }
}

extension FixedWidthInteger {
    /// The number's bytes, the highest first.
    fileprivate var bigEndianBytes: [UInt8] {
        stride(from: Self.bitWidth - 8, through: 0, by: -8).map { UInt8(truncatingIfNeeded: self >> $0) }
    }
}
