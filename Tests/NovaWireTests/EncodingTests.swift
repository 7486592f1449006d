import Testing

@testable import NovaWire

@Suite("Masks and UTF-8")
struct EncodingTests {
    @Test("Masking is what RFC 6455 §5.3 says, at every length and phase")
    func masking() {
        let key: UInt32 = 0xD4C3_B2A1
        let source = (0..<80).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        for count in 0...67 {
            for phase in 0..<9 {
                var masked = [UInt8](repeating: 0, count: count)
                source.withUnsafeBytes { from in
                    masked.withUnsafeMutableBytes { to in
                        guard let from = from.baseAddress, let to = to.baseAddress else { return }
                        Masking.copy(from: from, to: to, count: count, key: key, phase: phase)
                    }
                }
                let expected = (0..<count).map {
                    source[$0] ^ UInt8(truncatingIfNeeded: key >> UInt32(8 * (($0 + phase) % 4)))
                }
                #expect(masked == expected)
                masked.withUnsafeMutableBytes { Masking.apply(to: $0, key: key, phase: phase) }
                #expect(masked == Array(source.prefix(count)))
            }
        }
    }

    /// Byte strings, and the number of bytes after which it is known that no UTF-8 begins like this.
    static let invalid: [([UInt8], Int)] = [
        ([0x80], 1), ([0xBF], 1), ([0xC0], 1), ([0xC1], 1), ([0xF5], 1), ([0xFF], 1), ([0xC2, 0x41], 2),
        ([0xE0, 0x9F], 2),
        ([0xED, 0xA0], 2), ([0xE2, 0x82, 0x41], 3), ([0xF0, 0x8F], 2), ([0xF4, 0x90], 2),
        ([0xF0, 0x9F, 0x98, 0xC0], 4),
        ([0x41, 0x42, 0xFE], 3),
    ]

    @Test("What is not UTF-8 is refused at its first bad byte, wherever it is cut", arguments: invalid)
    func failsAtOnce(_ bytes: [UInt8], _ at: Int) {
        for prefix in [[], Array("abcdefgh€".utf8)] as [[UInt8]] {
            let all = prefix + bytes
            for cut in 0...all.count {
                var validator = UTF8Validator()
                let first = all[..<cut].withUnsafeBytes { validator.feed($0) }
                #expect(first == (cut < prefix.count + at))
                if first { #expect(!all[cut...].withUnsafeBytes { validator.feed($0) }) }
            }
        }
    }

    @Test("Every scalar is UTF-8, however it is cut; and not before its last byte")
    func scalars() {
        let values: [UInt32] = [
            0, 0x7F, 0x80, 0x7FF, 0x800, 0xFFF, 0x1000, 0xD7FF, 0xE000, 0xFFFF, 0x10000, 0x3FFFF, 0x10FFFF,
        ]
        for scalar in values.compactMap(Unicode.Scalar.init) {
            let bytes = Array(String(scalar).utf8)
            for cut in 0...bytes.count {
                var validator = UTF8Validator()
                #expect(bytes[..<cut].withUnsafeBytes { validator.feed($0) })
                #expect(validator.isComplete == (cut == 0 || cut == bytes.count))
                #expect(bytes[cut...].withUnsafeBytes { validator.feed($0) })
                #expect(validator.isComplete)
            }
        }
    }
}
