/// Why a connection is closed: the code in a close frame (RFC 6455 §7.4).
@frozen
public struct CloseCode: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// The number.
    public let rawValue: UInt16

    /// The code of that number.
    @inlinable
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// 1000: its purpose is fulfilled.
    public static let normalClosure = CloseCode(rawValue: 1000)
    /// 1001: the endpoint goes away.
    public static let goingAway = CloseCode(rawValue: 1001)
    /// 1002: the other end broke the protocol.
    public static let protocolError = CloseCode(rawValue: 1002)
    /// 1003: data of a kind that can't be accepted.
    public static let unsupportedData = CloseCode(rawValue: 1003)
    /// 1005: the close frame had no code. Never on the wire.
    public static let noStatusReceived = CloseCode(rawValue: 1005)
    /// 1006: there was no close frame. Never on the wire.
    public static let abnormalClosure = CloseCode(rawValue: 1006)
    /// 1007: a payload that does not fit its kind, such as text that is not UTF-8.
    public static let invalidFramePayloadData = CloseCode(rawValue: 1007)
    /// 1008: a message that breaks the endpoint's policy.
    public static let policyViolation = CloseCode(rawValue: 1008)
    /// 1009: a message too big to process.
    public static let messageTooBig = CloseCode(rawValue: 1009)
    /// 1010: the server did not accept an extension the client needs.
    public static let mandatoryExtension = CloseCode(rawValue: 1010)
    /// 1011: the endpoint met a condition it did not expect.
    public static let internalError = CloseCode(rawValue: 1011)
    /// 1012: the service restarts.
    public static let serviceRestart = CloseCode(rawValue: 1012)
    /// 1013: the service is overloaded.
    public static let tryAgainLater = CloseCode(rawValue: 1013)
    /// 1014: a gateway got an invalid answer.
    public static let badGateway = CloseCode(rawValue: 1014)
    /// 1015: TLS could not be set up. Never on the wire.
    public static let tlsHandshake = CloseCode(rawValue: 1015)

    /// Whether a close frame may carry it: 1000–1003, 1007–1014, 3000–4999 (§7.4.2).
    public var mayAppearOnWire: Bool {
        switch rawValue {
        case 1000...1003, 1007...1014, 3000...4999: true
        default: false
        }
    }

    /// The number.
    public var description: String { "\(rawValue)" }

    /// The longest reason a close frame has room for, in bytes of UTF-8 (§5.5).
    public static let maximumReasonBytes = 123

    /// A close frame's payload: empty for 1005, else the code and the reason, cut to whole characters that fit.
    package func payload(reason: [UInt8]) -> [UInt8] {
        if self == .noStatusReceived { return [] }
        return [UInt8(truncatingIfNeeded: rawValue >> 8), UInt8(truncatingIfNeeded: rawValue)]
            + reason.prefix(Self.maximumReasonBytes)
    }
}
