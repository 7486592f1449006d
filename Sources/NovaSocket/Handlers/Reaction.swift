import NovaWire

/// What a handler wants done about a message.
public enum Reaction: Sendable {
    /// Nothing.
    case nothing
    /// To send this, through the rate limit as everything else, on the connection that the handler was called for: if that
    /// has ended, ``Session/handlerReports`` tells that the reply was lost with it.
    case reply(OutgoingMessage)
    /// To send these, in their order.
    case replies([OutgoingMessage])
    /// To end this connection, as what came on it is of no use: nothing that waits is sent, our close frame says why, and
    /// the retry table's row `failedByCaller` decides whether another connection follows (RFC 6455 §7.1.7).
    case fail(CloseCode = .policyViolation, reason: String = "")
    /// To end the session in order (RFC 6455 §7).
    case close(CloseCode, reason: String = "")
}
