/// The ways in which the other end can break the protocol; each fails the connection (RFC 6455 §7.1.7).
@frozen
public enum ProtocolViolation: String, Hashable, Sendable, CaseIterable, Error {
    /// A reserved bit is set without an extension that gives it a meaning (§5.2).
    case reservedBits
    /// The opcode is none that exists (§5.2).
    case reservedOpcode
    /// A control frame is fragmented (§5.5).
    case fragmentedControlFrame
    /// A control frame's payload is longer than 125 bytes (§5.5).
    case oversizedControlFrame
    /// A server masks its frames (§5.1).
    case maskedByServer
    /// A client doesn't (§5.1).
    case unmaskedByClient
    /// The length could have been written with fewer bytes (§5.2).
    case nonMinimalLength
    /// The length's highest bit is set (§5.2).
    case lengthOverflow
    /// A continuation frame without a message to go on with (§5.4).
    case unexpectedContinuation
    /// A message begins before the last one has ended (§5.4).
    case interruptedMessage
    /// Text that is not UTF-8 (§8.1).
    case invalidUTF8
    /// A close frame with one byte (§5.5.1).
    case truncatedCloseStatus
    /// A close frame with a code that may not be sent (§7.4).
    case invalidCloseCode
    /// A close frame whose reason is not UTF-8 (§5.5.1).
    case invalidCloseReason
    /// A frame beyond the limit (§10.4).
    case frameTooBig
    /// A message beyond the limit (§10.4).
    case messageTooBig
    /// A message in more frames than the limit (§10.4).
    case tooManyFragments

    /// The code with which the connection is failed (§7.4.1).
    public var closeCode: CloseCode {
        switch self {
        case .invalidUTF8, .invalidCloseReason: .invalidFramePayloadData
        case .frameTooBig, .messageTooBig, .tooManyFragments: .messageTooBig
        case .reservedBits, .reservedOpcode, .fragmentedControlFrame, .oversizedControlFrame, .maskedByServer,
            .unmaskedByClient, .nonMinimalLength, .lengthOverflow, .unexpectedContinuation, .interruptedMessage,
            .truncatedCloseStatus, .invalidCloseCode:
            .protocolError
        }
    }

    /// The violation in a sentence.
    public var explanation: String {
        switch self {
        case .reservedBits: "A frame has a reserved bit set."
        case .reservedOpcode: "A frame has an opcode that does not exist."
        case .fragmentedControlFrame: "A control frame is fragmented."
        case .oversizedControlFrame: "A control frame is longer than 125 bytes."
        case .maskedByServer: "The server masks its frames."
        case .unmaskedByClient: "The client does not mask its frames."
        case .nonMinimalLength: "A frame's length is not written in the shortest way."
        case .lengthOverflow: "A frame's length has its highest bit set."
        case .unexpectedContinuation: "A continuation frame came without a message to go on with."
        case .interruptedMessage: "A message began before the last one had ended."
        case .invalidUTF8: "A text message is not valid UTF-8."
        case .truncatedCloseStatus: "A close frame has a body of one byte."
        case .invalidCloseCode: "A close frame has a code that may not be sent."
        case .invalidCloseReason: "A close frame's reason is not valid UTF-8."
        case .frameTooBig: "A frame is larger than the limit."
        case .messageTooBig: "A message is larger than the limit."
        case .tooManyFragments: "A message came in more frames than the limit."
        }
    }
}
