import NovaWire

/// What the kernel is told of a frame that has arrived: its kind and its size, never its bytes.
@frozen
public enum Frame: Hashable, Sendable {
    /// A message is complete; `count` is the size of all its fragments together, in bytes.
    case message(MessageKind, count: Int)
    /// A frame that does not complete its message (RFC 6455 §5.4); `count` is its payload, in bytes.
    case fragment(count: Int)
    /// A ping with `count` bytes of application data (§5.5.2).
    case ping(count: Int)
    /// A pong; the token if it carried eight bytes, as our own pings do (§5.5.3).
    case pong(PingToken?)
    /// A close frame; no code if its body was empty (§5.5.1).
    case close(CloseCode?)
}

/// How the transport under a connection came to its end.
public enum TransportEnd: Hashable, Sendable {
    /// The peer ended its side in order (TCP FIN, or `close_notify` under TLS).
    case endOfStream
    /// The peer's side ended without TLS `close_notify`: what came may have been cut (RFC 8446 §6.1).
    case truncated
    /// The transport failed with this `errno`.
    case failed(errno: Int32)
    /// TLS failed after it had been set up.
    case tls(TLSFailure)
}
