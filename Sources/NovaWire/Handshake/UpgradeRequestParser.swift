/// A client's opening handshake, as a server sees it (RFC 6455 §4.2.1).
public struct ReceivedUpgradeRequest: Hashable, Sendable {
    /// The path and query that were asked for.
    public var target: String
    /// The fields, in their order.
    public var fields: [HeaderField]
    /// `Sec-WebSocket-Key`.
    public var key: String
    /// The subprotocols offered, in the client's order.
    public var subprotocols: [String]
}

/// Reads a client's opening handshake, however it is cut, and holds it against RFC 6455 §4.2.1. What follows it is
/// left unread.
public struct UpgradeRequestParser {
    /// What the bytes say.
    public enum Output: Sendable {
        /// Nothing more; all bytes are read.
        case needMore
        /// The request is complete and as it should be.
        case request(ReceivedUpgradeRequest)
        /// It is not; to be answered with this status.
        case invalid(status: UInt16)
    }

    private var reader = HeadReader(prefix: "GET ")

    /// A parser of one request.
    public init() {}

    /// Reads on.
    public mutating func next(_ input: inout DecoderInput) -> Output {
        switch reader.next(&input) {
        case .needMore: return .needMore
        case .tooLarge: return .invalid(status: 431)
        case .startLineMalformed, .fieldMalformed: return .invalid(status: 400)
        case .head(let line, let fields): return judge(line, fields)
        }
    }

    private func judge(_ line: String, _ fields: [HeaderField]) -> Output {
        let parts = line.split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[2] == "HTTP/1.1", parts[1].hasPrefix("/") else { return .invalid(status: 400) }
        guard fields.values(of: "Host").count == 1 else { return .invalid(status: 400) }
        let keys = fields.values(of: "Sec-WebSocket-Key")
        guard fields.elements(of: "Upgrade").contains(where: { $0.lowercased() == "websocket" }),
            fields.elements(of: "Connection").contains(where: { $0.lowercased() == "upgrade" })
        else { return .invalid(status: 400) }
        guard fields.values(of: "Sec-WebSocket-Version") == ["13"] else { return .invalid(status: 426) }
        guard keys.count == 1, let key = keys.first, key.utf8.count == 24, key.hasSuffix("=="),
            key.utf8.allSatisfy(UpgradeRequest.isBase64)
        else { return .invalid(status: 400) }
        return .request(
            ReceivedUpgradeRequest(
                target: String(parts[1]), fields: fields, key: key,
                subprotocols: fields.elements(of: "Sec-WebSocket-Protocol")))
    }
}

/// A server's answer to an opening handshake, ready to be sent (RFC 6455 §4.2.2).
public struct UpgradeAnswer: Hashable, Sendable {
    /// The answer as it goes over the wire.
    public let bytes: [UInt8]

    /// Accepts: 101, with the accept value of the client's key.
    public init(accept: String, subprotocol: String? = nil) {
        let chosen = subprotocol.map { "Sec-WebSocket-Protocol: \($0)\r\n" } ?? ""
        bytes = Array(
            """
            HTTP/1.1 101 Switching Protocols\r
            Upgrade: websocket\r
            Connection: Upgrade\r
            Sec-WebSocket-Accept: \(accept)\r
            \(chosen)\r\n
            """.utf8)
    }

    /// Refuses with this status.
    public init(refusing status: UInt16, reason: String = "", headers: [HeaderField] = [], body: String = "") {
        let lines = headers.map { "\($0.name): \($0.value)\r\n" }.joined()
        let version = status == 426 ? "Sec-WebSocket-Version: 13\r\n" : ""
        bytes = Array(
            """
            HTTP/1.1 \(status) \(reason)\r
            Connection: close\r
            Content-Length: \(body.utf8.count)\r
            \(version)\(lines)\r
            \(body)
            """.utf8)
    }
}
