import NovaWire

/// A message that is to go out.
public struct OutgoingMessage: Sendable, CustomStringConvertible, CustomReflectable {
    /// Text or binary.
    public let kind: MessageKind
    let payload: Payload

    /// A text message.
    public static func text(_ text: String) -> OutgoingMessage { OutgoingMessage(kind: .text, payload: .text(text)) }

    /// A text message whose text is encoded already. The bytes must be UTF-8 (RFC 6455 §5.6).
    public static func text(utf8 bytes: [UInt8]) -> OutgoingMessage {
        OutgoingMessage(kind: .text, payload: .bytes(bytes))
    }

    /// A binary message.
    public static func binary(_ bytes: [UInt8]) -> OutgoingMessage {
        OutgoingMessage(kind: .binary, payload: .bytes(bytes))
    }

    /// A message as it came.
    public static func copy(of message: Message) -> OutgoingMessage {
        OutgoingMessage(kind: message.kind, payload: .view(message.view))
    }

    /// The payload.
    public var bytes: [UInt8] { payload.withBytes { Array($0) } }

    /// The payload's size in bytes.
    public var count: Int { payload.count }

    /// The kind and the size; never the content, which may be secret.
    public var description: String { "\(kind) message of \(count) bytes" }

    /// The kind and the size; never the content.
    public var customMirror: Mirror { Mirror(self, children: ["kind": kind, "count": count], displayStyle: .struct) }

    /// The same, as the driver takes it.
    var outgoing: Driver.Outgoing { Driver.Outgoing(opcode: kind.opcode, isFinal: true, payload: payload) }
}
