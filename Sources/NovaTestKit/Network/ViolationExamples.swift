import NovaWire

extension ProtocolViolation {
    /// What a server sends to break the protocol in this way, at a client with these limits. Empty for what only a client
    /// can do wrong.
    package func example(within limits: WireLimits) -> [UInt8] {
        switch self {
        case .reservedBits: [0xC1, 0]
        case .reservedOpcode: [0x83, 0]
        case .fragmentedControlFrame: [0x09, 0]
        case .oversizedControlFrame: [0x89, 126, 0, 126]
        case .maskedByServer: [0x81, 0x80, 1, 2, 3, 4]
        case .unmaskedByClient: []
        case .nonMinimalLength: [0x81, 126, 0, 1, 0x61]
        case .lengthOverflow: [0x82, 127, 0x80, 0, 0, 0, 0, 0, 0, 0]
        case .unexpectedContinuation: [0x80, 0]
        case .interruptedMessage: [0x01, 1, 0x61, 0x81, 1, 0x62]
        case .invalidUTF8: [0x81, 1, 0xFF]
        case .truncatedCloseStatus: [0x88, 1, 3]
        case .invalidCloseCode: [0x88, 2, 0x03, 0xED]
        case .invalidCloseReason: [0x88, 3, 0x03, 0xE8, 0xFF]
        case .frameTooBig: Self.header(0x82, limits.maximumFrameBytes + 1)
        case .messageTooBig:
            [0x02, 1, 0x61] + Self.header(0x80, min(limits.maximumFrameBytes, limits.maximumMessageBytes))
        case .tooManyFragments:
            [0x02, 0] + (0..<limits.maximumFragments).flatMap { _ -> [UInt8] in [0x00, 0] }
        }
    }

    private static func header(_ first: UInt8, _ count: Int) -> [UInt8] {
        [first, 127] + (0..<8).map { UInt8(truncatingIfNeeded: count >> (56 - 8 * $0)) }
    }
}
