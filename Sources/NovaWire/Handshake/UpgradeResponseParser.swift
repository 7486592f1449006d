/// The server's half of a completed opening handshake.
public struct UpgradeResponse: Hashable, Sendable {
    /// The response.
    public var head: ResponseHead
    /// The subprotocol the server chose, if it chose one (RFC 6455 §1.9).
    public var subprotocol: String?
}

/// Reads the answer to an opening handshake, however it is cut, and holds it against what was asked (RFC 6455 §4.1).
///
/// Interim answers (100, 103) are skipped. What follows a 101 is left unread: it is frames.
public struct UpgradeResponseParser {
    /// What the bytes say.
    public enum Output: Sendable {
        /// Nothing more; all bytes are read.
        case needMore
        /// The handshake is complete.
        case upgraded(UpgradeResponse)
        /// Another status than 101: the body follows.
        case refused(ResponseHead)
        /// The body of a refusal is complete, or as much of it as is kept.
        case refusalBody([UInt8])
        /// The answer is not one to this handshake.
        case invalid(HandshakeFault)
    }

    private enum Mode {
        case head
        case body(BodyReader)
        case over
    }

    private let expectedAccept: String
    private let subprotocols: [String]
    private let maximumBodyBytes: Int
    private var reader = HeadReader(prefix: "HTTP/1.")
    private var mode = Mode.head

    /// A parser of the answer to a request whose key must be answered with `expectedAccept`, and which offered
    /// `subprotocols`.
    public init(expectedAccept: String, subprotocols: [String], maximumBodyBytes: Int = 16 << 10) {
        self.expectedAccept = expectedAccept
        self.subprotocols = subprotocols
        self.maximumBodyBytes = maximumBodyBytes
    }

    /// As much of a refusal's body as has come.
    public var body: [UInt8] {
        if case .body(let reader) = mode { reader.bytes } else { [] }
    }

    /// The next thing the bytes say; to be called until it is ``Output/needMore``.
    public mutating func next(_ input: inout DecoderInput) -> Output {
        switch mode {
        case .head: return readHead(&input)
        case .body(var reader):
            mode = .over
            switch reader.next(&input) {
            case .complete: return .refusalBody(reader.bytes)
            case .malformed: return .invalid(.malformedBody)
            case .needMore:
                mode = .body(reader)
                return .needMore
            }
        case .over: return .needMore
        }
    }

    private mutating func readHead(_ input: inout DecoderInput) -> Output {
        while true {
            switch reader.next(&input) {
            case .needMore: return .needMore
            case .tooLarge: return fail(.headTooLarge)
            case .startLineMalformed: return fail(.malformedStatusLine)
            case .fieldMalformed: return fail(.malformedHeader)
            case .head(let line, let fields):
                guard let head = ResponseHead(statusLine: line, fields) else { return fail(.malformedStatusLine) }
                if head.status == 101 { return judge(head) }
                if head.status >= 200 { return refuse(head) }
                reader.startOver()
            }
        }
    }

    private mutating func fail(_ fault: HandshakeFault) -> Output {
        mode = .over
        return .invalid(fault)
    }

    private mutating func refuse(_ head: ResponseHead) -> Output {
        guard let body = BodyReader(head, maximum: maximumBodyBytes) else { return fail(.malformedBody) }
        mode = .body(body)
        return .refused(head)
    }

    private mutating func judge(_ head: ResponseHead) -> Output {
        mode = .over
        if let fault = fault(head) { return .invalid(fault) }
        return .upgraded(UpgradeResponse(head: head, subprotocol: head["Sec-WebSocket-Protocol"]))
    }

    /// The checks of §4.1, in their order.
    private func fault(_ head: ResponseHead) -> HandshakeFault? {
        let fields = head.fields
        if !head.isCurrentVersion { return .malformedStatusLine }
        let upgrades = fields.values(of: "Upgrade")
        guard upgrades.count == 1, upgrades[0].isSameToken(as: "websocket") else { return .upgradeMissing }
        if !fields.elements(of: "Connection").contains(where: { $0.isSameToken(as: "upgrade") }) {
            return .connectionMissing
        }
        let accepts = fields.values(of: "Sec-WebSocket-Accept")
        if accepts.count != 1 { return .acceptMissing }
        if accepts != [expectedAccept] { return .acceptMismatch }
        if !fields.values(of: "Sec-WebSocket-Extensions").isEmpty { return .extensionNotOffered }
        let chosen = fields.values(of: "Sec-WebSocket-Protocol")
        if chosen.count > 1 || !chosen.allSatisfy(subprotocols.contains) { return .subprotocolNotOffered }
        return nil
    }
}
