import Testing

@testable import NovaWire

@Suite("The decoder")
struct DecoderTests {
    /// Messages, fragments with control frames between them, and an end.
    static let conversation: [UInt8] =
        Stream.frame(.text, Array("hé€🌍".utf8)) + Stream.frame(.binary, [])
        + Stream.frame(.text, Array("ab".utf8) + [0xE2], isFinal: false) + Stream.frame(.ping, [1, 2, 3])
        + Stream.frame(.continuation, [0x82], isFinal: false) + Stream.frame(.pong, [])
        + Stream.frame(.continuation, [0xAC] + Array("c".utf8))
        + Stream.frame(.binary, [UInt8](repeating: 9, count: 126))
        + Stream.frame(.close, [0x03, 0xE9] + Array("bye".utf8))

    static let meaning: [Said] = [
        .message(.text, Array("hé€🌍".utf8)), .message(.binary, []), .fragment(.text, 3), .ping([1, 2, 3]),
        .fragment(.text, 1), .pong([]), .message(.text, Array("ab€c".utf8)),
        .message(.binary, [UInt8](repeating: 9, count: 126)), .close(.goingAway, Array("bye".utf8)),
    ]

    @Test("A conversation says the same however it is cut: nowhere, at every byte, at every two bytes")
    func everySplit() {
        let bytes = Self.conversation
        #expect(decode([bytes]) == Self.meaning)
        #expect(decode(bytes.map { [$0] }) == Self.meaning)
        for first in 0...bytes.count {
            for second in first...bytes.count {
                let pieces = [Array(bytes[..<first]), Array(bytes[first..<second]), Array(bytes[second...])]
                if decode(pieces) != Self.meaning { Issue.record("cut at \(first) and \(second)") }
            }
        }
    }

    @Test("A server reads the same from masked frames")
    func masked() {
        let frames =
            Stream.frame(.text, Array("hello, world".utf8), key: 0xA1B2_C3D4)
            + Stream.frame(.binary, [UInt8](0...200), isFinal: false, key: 0xFFFF_0001)
            + Stream.frame(.continuation, [7], key: 3) + Stream.frame(.ping, [1, 2, 3, 4, 5], key: 77)
        let meaning: [Said] = [
            .message(.text, Array("hello, world".utf8)), .fragment(.binary, 201),
            .message(.binary, [UInt8](0...200) + [7]), .ping([1, 2, 3, 4, 5]),
        ]
        #expect(decode([frames], role: .server) == meaning)
        for cut in 0...frames.count {
            #expect(decode([Array(frames[..<cut]), Array(frames[cut...])], role: .server) == meaning)
        }
    }

    @Test("Every length that is written in another way", arguments: [0, 1, 125, 126, 127, 65_535, 65_536, 65_537])
    func lengths(_ count: Int) {
        let payload = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
        let frame = Stream.frame(.binary, payload)
        #expect(decode([frame]) == [.message(.binary, payload)])
        #expect(decode([Array(frame.prefix(3)), Array(frame.dropFirst(3))]) == [.message(.binary, payload)])
        #expect(frame.count == FrameHeader.encodedCount(payloadCount: count, isMasked: false) + count)
    }

    static let violations: [([UInt8], ProtocolViolation)] = [
        ([0x91], .reservedBits), ([0xA1], .reservedBits), ([0xC1], .reservedBits), ([0x83], .reservedOpcode),
        ([0x87], .reservedOpcode), ([0x8B], .reservedOpcode), ([0x8F], .reservedOpcode),
        ([0x08], .fragmentedControlFrame),
        ([0x09], .fragmentedControlFrame), ([0x89, 0x7E], .oversizedControlFrame),
        ([0x88, 0x7F], .oversizedControlFrame),
        ([0x81, 0x80], .maskedByServer), ([0x81, 0x7E, 0x00, 0x7D], .nonMinimalLength),
        ([0x81, 0x7F, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF], .nonMinimalLength),
        ([0x81, 0x7F, 0x80, 0, 0, 0, 0, 0, 0, 0], .lengthOverflow), ([0x80, 0x00], .unexpectedContinuation),
        ([0x01, 0x00, 0x81, 0x00], .interruptedMessage), ([0x01, 0x00, 0x82, 0x00], .interruptedMessage),
        ([0x88, 0x01, 0x03], .truncatedCloseStatus), ([0x88, 0x02, 0x03, 0xE7], .invalidCloseCode),
        ([0x88, 0x02, 0x03, 0xEC], .invalidCloseCode), ([0x88, 0x02, 0x03, 0xEE], .invalidCloseCode),
        ([0x88, 0x02, 0x0B, 0xB7], .invalidCloseCode), ([0x88, 0x02, 0x13, 0x88], .invalidCloseCode),
        ([0x88, 0x03, 0x03, 0xE8, 0xC0], .invalidCloseReason), ([0x81, 0x01, 0xE2], .invalidUTF8),
    ]

    @Test(
        "Every violation, noticed at the byte that makes it one, and nothing is said afterwards", arguments: violations)
    func violation(_ bytes: [UInt8], _ violation: ProtocolViolation) {
        let rest = Stream.frame(.text, Array("never".utf8))
        #expect(decode([bytes, rest]).last == .violation(violation))
        #expect(decode(bytes.map { [$0] } + [rest]).last == .violation(violation))
        #expect(decode([Array(bytes.dropLast())]).contains { if case .violation = $0 { true } else { false } } == false)
    }

    @Test("A server is not sent unmasked frames")
    func unmasked() {
        #expect(decode([[0x81, 0x00]], role: .server) == [.violation(.unmaskedByClient)])
    }

    @Test("Every close code that may be sent, and no other, is taken")
    func closeCodes() {
        for number in UInt16(0)...5100 {
            let said = decode([Stream.frame(.close, [UInt8(number >> 8), UInt8(number & 0xFF)])])
            let code = CloseCode(rawValue: number)
            #expect(said == [code.mayAppearOnWire ? .close(code, []) : .violation(.invalidCloseCode)])
        }
    }

    @Test("Limits hold at the limit, and are known from the header")
    func limits() {
        let limits = WireLimits(maximumFrameBytes: 200, maximumMessageBytes: 300, maximumFragments: 3)
        let full = [UInt8](repeating: 1, count: 200)
        #expect(decode([Stream.frame(.binary, full)], limits: limits) == [.message(.binary, full)])
        #expect(
            decode([Array(Stream.frame(.binary, full + [1]).prefix(4))], limits: limits) == [.violation(.frameTooBig)])
        let begun = Stream.frame(.binary, full, isFinal: false)
        let hundred = [UInt8](repeating: 1, count: 100)
        #expect(
            decode([begun + Stream.frame(.continuation, hundred)], limits: limits).last
                == .message(.binary, full + hundred))
        #expect(
            decode([begun + Stream.frame(.continuation, hundred + [1]).prefix(2)], limits: limits).last
                == .violation(.messageTooBig))
        let empty = Stream.frame(.continuation, [], isFinal: false)
        #expect(decode([begun + empty + empty], limits: limits).last == .fragment(.binary, 0))
        #expect(decode([begun + empty + empty + empty], limits: limits).last == .violation(.tooManyFragments))
    }

    @Test("A message in 65,536 fragments")
    func manyFragments() {
        var bytes = Stream.frame(.binary, [0], isFinal: false)
        for _ in 0..<65_534 { bytes += Stream.frame(.continuation, [0], isFinal: false) }
        bytes += Stream.frame(.continuation, [0])
        #expect(decode([bytes]).last == .message(.binary, [UInt8](repeating: 0, count: 65_536)))
    }

    @Test("A header that promises the moon costs no memory for it")
    func hostileLength() {
        let said = decode([[0x82, 0x7F, 0x40, 0, 0, 0, 0, 0, 0, 0], [1, 2, 3]], limits: .none)
        #expect(said.isEmpty)
    }

    @Test("Bytes at random never lead beyond the limits", arguments: 0..<40 as Range<UInt64>)
    func mutations(_ seed: UInt64) {
        var random = Seeded(state: seed)
        for _ in 0..<250 {
            var bytes = Self.conversation
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            let cut = Int.random(in: 0...bytes.count, using: &random)
            let limits = WireLimits(maximumFrameBytes: 128, maximumMessageBytes: 256, maximumFragments: 8)
            let whole = decode([bytes], limits: limits)
            #expect(whole == decode([Array(bytes[..<cut]), Array(bytes[cut...])], limits: limits))
            for case .message(_, let payload) in whole { #expect(payload.count <= 256) }
        }
    }
}
