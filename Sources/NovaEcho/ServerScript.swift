import NovaTransport
import NovaWire

/// What a server does. The default is an echo server that keeps every rule.
package struct ServerScript: Sendable {
    /// What an opening handshake is answered with.
    package enum Answer: Sendable {
        /// 101, with this subprotocol.
        case accept(subprotocol: String?)
        /// 101, and these bytes behind it in the same write.
        case acceptThen([UInt8])
        /// These bytes, whatever they are.
        case bytes([UInt8])
        /// These bytes, and the end of the transport.
        case bytesThenEnd([UInt8])
        /// Nothing at all.
        case silence
    }

    /// Answers an opening handshake.
    package var upgrade: @Sendable (ReceivedUpgradeRequest) -> Answer = { .accept(subprotocol: $0.subprotocols.first) }
    /// A message has come.
    package var message: @Sendable (ServerSession, MessageKind, ByteView) -> Void = { $0.send($1.opcode, $2) }
    /// The opening handshake was accepted.
    package var opened: @Sendable (ServerSession) -> Void = { _ in }
    /// A pong has come.
    package var pong: @Sendable (ServerSession, ByteView) -> Void = { _, _ in }
    /// A close frame has come, with this code and reason.
    package var closed: @Sendable (ServerSession, CloseCode?, ByteView) -> Void = { _, _, _ in }
    /// The client broke the protocol.
    package var violated: @Sendable (ProtocolViolation) -> Void = { _ in }
    /// Whether pings get their pongs.
    package var answersPings: @Sendable () -> Bool = { true }
    /// Whether a close frame gets its own, and the transport its end.
    package var answersClose: @Sendable () -> Bool = { true }
    /// How the end of the connection is told.
    package var ended: @Sendable (StreamEnd) -> Void = { _ in }

    /// An echo server.
    package init() {}
}
