import NovaWire

/// A control frame that came from the server (RFC 6455 §5.5). The library has answered it already, or will.
public enum ControlFrame: Hashable, Sendable, CustomStringConvertible, CustomReflectable {
    /// A ping, with at most 125 bytes.
    case ping([UInt8])
    /// A pong, with at most 125 bytes.
    case pong([UInt8])
    /// A close frame; the code is nil if it has none.
    case close(CloseCode?, reason: String)

    /// The kind, the size and the code; never the content.
    public var description: String {
        switch self {
        case .ping(let bytes): "ping of \(bytes.count) bytes"
        case .pong(let bytes): "pong of \(bytes.count) bytes"
        case .close(let code, _): "close frame" + (code.map { " with code \($0.rawValue)" } ?? " without a code")
        }
    }

    /// Nothing: the content may be secret, and ``description`` says the rest.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
