import NovaWire

/// Something that may be meant, and mostly is not. Nothing is refused for it: it is told, and the connection is tried.
///
/// It is told by `Endpoint.warnings` before anything is made, by ``OptionsExplanation/warnings`` of a session, and
/// to observers by ``ConnectionEvent/warned(_:)``, once for each handle, as its first attempt begins; ``Log`` writes it as a
/// warning.
@nonexhaustive
public enum OptionsWarning: String, Hashable, Sendable, CaseIterable, CustomStringConvertible {
    /// `wss:` on port 80, where servers speak without TLS (RFC 6455 §3).
    case tlsOnPlainPort
    /// `ws:` on port 443, where servers speak TLS (RFC 6455 §3).
    case plainOnTLSPort

    /// The warning in a sentence, with what was probably meant.
    public var description: String {
        switch self {
        case .tlsOnPlainPort:
            "The URL has TLS on port 80, where servers speak without it: leave the port away, or write ws: for wss:."
        case .plainOnTLSPort:
            "The URL is without TLS on port 443, where servers speak it: leave the port away, or write wss: for ws:."
        }
    }

    /// In lower case with underlines, as facts of events are.
    var word: String {
        switch self {
        case .tlsOnPlainPort: "tls_on_plain_port"
        case .plainOnTLSPort: "plain_on_tls_port"
        }
    }
}

extension Endpoint {
    /// What about it may be meant, and mostly is not: the port of the other scheme. Empty for nearly every endpoint.
    public var warnings: [OptionsWarning] {
        guard case .tcp(_, let port) = transport else { return [] }
        switch (isSecure, port) {
        case (true, 80): return [.tlsOnPlainPort]
        case (false, 443): return [.plainOnTLSPort]
        default: return []
        }
    }
}
