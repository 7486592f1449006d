import NovaKernel
import NovaWire

/// A message of the server: a view of the bytes as they came, with a kind.
///
/// Nothing was copied to make it, and the text of a text message was validated when it came (RFC 6455 §8.1). The view
/// keeps the memory it looks into alive, which may be a receive buffer of 256 KiB: keep ``text`` or ``bytes`` of a
/// message rather than the message itself if you keep it for long.
public struct Message: Sendable {
    /// Text or binary.
    public let kind: MessageKind
    /// The payload.
    public let view: ByteView
    /// Which connection it came through: 1 for the first, one more after each reconnection.
    public let attempt: AttemptID

    package init(kind: MessageKind, view: ByteView, attempt: AttemptID) {
        (self.kind, self.view, self.attempt) = (kind, view, attempt)
    }

    /// The same message, whose bytes lie elsewhere now.
    func moved(to view: ByteView) -> Message { Message(kind: kind, view: view, attempt: attempt) }

    /// The payload's size in bytes.
    public var count: Int { view.count }

    /// The payload as a string: a copy, made here. A binary message that is not UTF-8 is repaired.
    public var text: String {
        kind == .text ? String(validated: view) : view.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
    }

    /// The payload as an array: a copy, made here.
    public var bytes: [UInt8] { Array(view) }

    /// Lends the payload for the time of `body`, without a copy.
    @inlinable
    public func withUnsafeBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try view.withUnsafeBytes(body)
    }
}

extension Message: CustomStringConvertible, CustomReflectable {
    /// The kind and the size; never the content, which may be secret.
    public var description: String { "\(kind) message of \(count) bytes" }

    /// The kind, the size and the connection; never the content: a `dump` looks into everything that it finds.
    public var customMirror: Mirror {
        Mirror(self, children: ["kind": kind, "count": count, "attempt": attempt], displayStyle: .struct)
    }
}
