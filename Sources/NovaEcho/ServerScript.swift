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
    package var message: @Sendable (ServerConnection, MessageKind, ByteView) -> Void = { $0.send($1.opcode, $2) }
    /// Whether pings get their pongs.
    package var answersPings = true
    /// Whether a close frame gets its own, and the transport its end.
    package var answersClose = true
    /// How the end of the connection is told.
    package var ended: @Sendable (StreamEnd) -> Void = { _ in }

    /// An echo server.
    package init() {}
}
