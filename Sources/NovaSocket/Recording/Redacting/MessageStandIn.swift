import NovaWire

/// Makes what is recorded of one message, piece by piece: stand-ins for all of it, or for what is secret in it.
struct MessageStandIn {
    private static let digit = UInt8(ascii: "1")

    private var standIn: StandIn
    private var scan: SecretScan?

    /// For a message of this kind; of JSON only what is at these paths is secret, if there are any.
    init(_ kind: MessageKind, secretsAt paths: [JSONPath]?) {
        standIn = StandIn(isText: kind == .text)
        scan = paths.map { SecretScan($0) }
    }

    /// What is recorded of the next byte.
    mutating func next(_ byte: UInt8) -> UInt8 {
        let hidden = standIn.next(byte)
        return switch scan?.next(byte) {
        case .shown: byte
        case .hiddenNumber: Self.digit
        case .hidden, nil: hidden
        }
    }

    /// What is recorded of all of `bytes`.
    mutating func all(_ bytes: some Sequence<UInt8>) -> [UInt8] { bytes.map { next($0) } }
}
