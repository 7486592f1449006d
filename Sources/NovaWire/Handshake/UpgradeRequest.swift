/// Why an opening handshake can't be sent as it was asked for. Tells where the fault is, never what was given: it may be
/// secret.
public enum UpgradeRequestError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The name of the header at this index is not a token (RFC 9110 §5.6.2).
    case illegalHeaderName(index: Int)
    /// The value of this header has a line break or another control character in it.
    case illegalHeaderValue(name: String)
    /// This header belongs to the handshake itself.
    case reservedHeader(name: String)
    /// The subprotocol at this index is not a token (RFC 6455 §4.1).
    case illegalSubprotocol(index: Int)
    /// The subprotocol at this index is one that was offered before (§4.1).
    case duplicateSubprotocol(index: Int)
    /// The origin has characters that no header value may have.
    case illegalOrigin
    /// The key is not 16 bytes in base64 (§4.1).
    case illegalKey
    /// The request would be larger than 64 KiB.
    case tooLarge

    /// The error in a sentence.
    public var description: String {
        switch self {
        case .illegalHeaderName(let index): "The name of header \(index + 1) is not a token."
        case .illegalHeaderValue(let name): "The value of the header '\(name)' has control characters in it."
        case .reservedHeader(let name): "The header '\(name)' belongs to the opening handshake and can't be set."
        case .illegalSubprotocol(let index): "Subprotocol \(index + 1) is not a token."
        case .duplicateSubprotocol(let index): "Subprotocol \(index + 1) is offered twice."
        case .illegalOrigin: "The origin has characters that no header value may have."
        case .illegalKey: "The key is not 16 bytes in base64."
        case .tooLarge: "The opening handshake would be larger than 64 KiB."
        }
    }
}

/// The client's half of the opening handshake (RFC 6455 §4.1). One that exists may be sent: nothing in it can break
/// out of its line.
public struct UpgradeRequest: Hashable, Sendable {
    /// The request as it goes over the wire.
    public let bytes: [UInt8]

    private static let reserved: Set<String> = [
        "upgrade", "connection", "sec-websocket-key", "sec-websocket-version", "sec-websocket-extensions",
        "sec-websocket-protocol", "sec-websocket-accept", "content-length", "transfer-encoding",
    ]

    /// The request for `endpoint`. `key` is 16 random bytes in base64. A `Host` among `headers` takes the place of
    /// the endpoint's.
    public init(
        to endpoint: Endpoint, key: String, origin: String? = nil, subprotocols: [String] = [],
        headers: [HeaderField] = []
    ) throws(UpgradeRequestError) {
        guard key.utf8.count == 24, key.hasSuffix("=="), key.utf8.allSatisfy(Self.isBase64) else { throw .illegalKey }
        var lines = [
            HeaderField("Host", headers.values(of: "Host").first ?? endpoint.authority),
            HeaderField("Upgrade", "websocket"),
            HeaderField("Connection", "Upgrade"), HeaderField("Sec-WebSocket-Key", key),
            HeaderField("Sec-WebSocket-Version", "13"),
        ]
        if let origin {
            guard HeaderField("Origin", origin).hasLegalValue else { throw .illegalOrigin }
            lines.append(HeaderField("Origin", origin))
        }
        if !subprotocols.isEmpty { lines.append(try Self.offer(subprotocols)) }
        for (index, header) in headers.enumerated() {
            guard header.hasLegalName else { throw .illegalHeaderName(index: index) }
            guard header.hasLegalValue else { throw .illegalHeaderValue(name: header.name) }
            let isTaken = origin != nil && header.isNamed("Origin")
            guard !isTaken, !Self.reserved.contains(header.name.lowercased()) else {
                throw .reservedHeader(name: header.name)
            }
            if !header.isNamed("Host") { lines.append(header) }
        }
        let text = "GET \(endpoint.target) HTTP/1.1\r\n" + lines.map { "\($0.name): \($0.value)\r\n" }.joined() + "\r\n"
        bytes = Array(text.utf8)
        guard bytes.count <= 64 << 10 else { throw .tooLarge }
    }

    private static func offer(_ subprotocols: [String]) throws(UpgradeRequestError) -> HeaderField {
        var seen: Set<String> = []
        for (index, name) in subprotocols.enumerated() {
            guard name.isToken else { throw .illegalSubprotocol(index: index) }
            guard seen.insert(name).inserted else { throw .duplicateSubprotocol(index: index) }
        }
        return HeaderField("Sec-WebSocket-Protocol", subprotocols.joined(separator: ", "))
    }

    static func isBase64(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "="):
            true
        default: false
        }
    }
}

// Cookies and tokens are in it: it is never printed.
extension UpgradeRequest: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// How long it is.
    public var description: String { "an opening handshake of \(bytes.count) bytes" }

    /// The same as ``description``.
    public var debugDescription: String { description }

    /// Nothing.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
