/// The ways in which an answer to the opening handshake can be wrong: the client must fail the connection (RFC 6455
/// §4.1).
@frozen
public enum HandshakeFault: String, Hashable, Sendable, CaseIterable {
    /// The options made no request that may be sent, or there was no randomness for its key.
    case requestImpossible
    /// The first line is not that of an HTTP/1.1 response.
    case malformedStatusLine
    /// A header line is malformed.
    case malformedHeader
    /// The head is larger than 16 KiB or has more than 128 headers.
    case headTooLarge
    /// There is no `Upgrade: websocket`.
    case upgradeMissing
    /// There is no `Connection: Upgrade`.
    case connectionMissing
    /// There is no `Sec-WebSocket-Accept`, or more than one.
    case acceptMissing
    /// `Sec-WebSocket-Accept` does not belong to our key: whoever answered did not understand the question.
    case acceptMismatch
    /// A subprotocol was chosen that was not offered, or several were.
    case subprotocolNotOffered
    /// An extension was chosen that was not offered.
    case extensionNotOffered
    /// The answer's body is not what its head says.
    case malformedBody

    /// The fault in a sentence.
    public var explanation: String {
        switch self {
        case .requestImpossible: "The opening handshake could not be written."
        case .malformedStatusLine: "The server's answer is not an HTTP/1.1 response."
        case .malformedHeader: "The server's answer has a malformed header."
        case .headTooLarge: "The head of the server's answer is too large."
        case .upgradeMissing: "The server's answer lacks \"Upgrade: websocket\"."
        case .connectionMissing: "The server's answer lacks \"Connection: Upgrade\"."
        case .acceptMissing: "The server's answer lacks a single Sec-WebSocket-Accept."
        case .acceptMismatch: "The server's Sec-WebSocket-Accept does not belong to the key of this handshake."
        case .subprotocolNotOffered: "The server chose a subprotocol that was not offered."
        case .extensionNotOffered: "The server chose an extension that was not offered."
        case .malformedBody: "The body of the server's answer is malformed."
        }
    }
}
