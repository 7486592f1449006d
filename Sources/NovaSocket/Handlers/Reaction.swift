import NovaWire

/// What a handler wants done about a message.
public enum Reaction: Sendable {
    /// Nothing.
    case nothing
    /// To send this, through the rate limit as everything else.
    case reply(OutgoingMessage)
    /// To send these, in their order.
    case replies([OutgoingMessage])
    /// To end the session in order (RFC 6455 §7).
    case close(CloseCode, reason: String = "")
}
