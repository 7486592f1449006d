/// The ways in which TLS can fail, as far as the cause is known. Plain data: it travels in events and traces.
public enum TLSFailure: Hashable, Sendable {
    /// The server's certificate, or one it rests on, has expired.
    case certificateExpired
    /// The certificate is not valid yet.
    case certificateNotYetValid
    /// The certificate is for another host.
    case hostnameMismatch
    /// The certificate is signed by itself, and is not among the trusted ones.
    case selfSigned
    /// Nobody who is trusted has signed it.
    case unknownIssuer
    /// It was revoked.
    case certificateRevoked
    /// It was rejected for another reason; with OpenSSL's X509_V_ERR code.
    case certificateInvalid(code: Int32)
    /// The two ends have no version of TLS in common.
    case protocolVersion
    /// The peer sent this alert (RFC 8446 §6).
    case alert(UInt8)
    /// What came is not TLS at all.
    case notTLS
    /// The transport ended in the middle of the handshake.
    case truncated
    /// Anything else; with the TLS library's reason code.
    case library(code: UInt32)

    /// Whether it is about the server's certificate: trying again won't help.
    public var isAboutCertificate: Bool {
        switch self {
        case .certificateExpired, .certificateNotYetValid, .hostnameMismatch, .selfSigned, .unknownIssuer,
            .certificateRevoked, .certificateInvalid:
            true
        case .protocolVersion, .alert, .notTLS, .truncated, .library: false
        }
    }

    /// Whether it is about our own certificate, or the lack of one (RFC 8446 §6.2).
    public var isAboutClientCertificate: Bool {
        switch self {
        case .alert(42), .alert(43), .alert(44), .alert(45), .alert(46), .alert(48), .alert(49), .alert(116): true
        default: false
        }
    }

    /// Whether the two ends have nothing in common: no version, no cipher, no protocol, or no TLS at all.
    public var isIncompatibility: Bool {
        switch self {
        case .protocolVersion, .notTLS, .alert(40), .alert(70), .alert(71), .alert(120): true
        default: false
        }
    }

    /// The failure in the middle of a sentence.
    public var explanation: String {
        switch self {
        case .certificateExpired: "the server's certificate has expired"
        case .certificateNotYetValid: "the server's certificate is not valid yet"
        case .hostnameMismatch: "the server's certificate is for another host"
        case .selfSigned: "the server's certificate is self-signed and not trusted"
        case .unknownIssuer: "the issuer of the server's certificate is not trusted"
        case .certificateRevoked: "the server's certificate was revoked"
        case .certificateInvalid(let code): "the server's certificate was rejected (X.509 error \(code))"
        case .protocolVersion: "the server speaks no version of TLS that is allowed here"
        case .alert(let code): "the server sent alert \(code), \(Self.alertName(code))"
        case .notTLS: "the server's answer is not TLS"
        case .truncated: "the connection ended in the middle of the handshake"
        case .library(let code): "the TLS library reports reason \(code)"
        }
    }

    /// The alert's name (RFC 8446 §6).
    private static func alertName(_ code: UInt8) -> String { alertNames[code] ?? "unknown" }

    private static let alertNames: [UInt8: String] = [
        0: "close notify", 10: "unexpected message", 20: "bad record MAC", 22: "record overflow",
        40: "handshake failure", 42: "bad certificate", 43: "unsupported certificate", 44: "certificate revoked",
        45: "certificate expired", 46: "certificate unknown", 47: "illegal parameter", 48: "unknown CA",
        49: "access denied", 50: "decode error", 51: "decrypt error", 70: "protocol version",
        71: "insufficient security", 80: "internal error", 86: "inappropriate fallback", 90: "user canceled",
        109: "missing extension", 110: "unsupported extension", 112: "unrecognized name",
        116: "certificate required", 120: "no application protocol",
    ]

    private static let plain: [(String, TLSFailure)] = [
        ("certificateExpired", .certificateExpired), ("certificateNotYetValid", .certificateNotYetValid),
        ("hostnameMismatch", .hostnameMismatch), ("selfSigned", .selfSigned), ("unknownIssuer", .unknownIssuer),
        ("certificateRevoked", .certificateRevoked), ("protocolVersion", .protocolVersion), ("notTLS", .notTLS),
        ("truncated", .truncated),
    ]

    /// The failure as one word, for traces: `unknownIssuer`, `alert.48`.
    public var word: String {
        switch self {
        case .certificateInvalid(let code): "certificateInvalid.\(code)"
        case .alert(let code): "alert.\(code)"
        case .library(let code): "library.\(code)"
        default: Self.plain.first { $0.1 == self }?.0 ?? ""
        }
    }

    /// Reads what ``word`` writes.
    public init?(word: some StringProtocol) {
        if let plain = Self.plain.first(where: { $0.0 == word }) {
            self = plain.1
            return
        }
        let halves = word.split(separator: ".")
        guard halves.count == 2 else { return nil }
        switch halves[0] {
        case "certificateInvalid":
            guard let code = Int32(halves[1]) else { return nil }
            self = .certificateInvalid(code: code)
        case "alert":
            guard let code = UInt8(halves[1]) else { return nil }
            self = .alert(code)
        case "library":
            guard let code = UInt32(halves[1]) else { return nil }
            self = .library(code: code)
        default: return nil
        }
    }
}
