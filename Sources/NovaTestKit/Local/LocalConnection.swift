import NovaEcho
import NovaTransport
import NovaWire

/// One client of a ``LocalServer``, as the server sees it. What it is told to do is done in the order in which it was told;
/// once the connection is gone, nothing is.
public final class LocalConnection: @unchecked Sendable {
    // Sendable: the session is touched on the loop only.
    private weak var session: ServerSession?
    private let loop: EventLoop
    /// 1 for the server's first client, one more for each that follows.
    public let number: Int

    init(_ session: ServerSession, _ loop: EventLoop, number: Int) {
        (self.session, self.loop, self.number) = (session, loop, number)
    }

    /// Sends a text message.
    public func send(_ text: String) { send(.text, Array(text.utf8)) }
    /// Sends a binary message.
    public func send(_ bytes: [UInt8]) { send(.binary, bytes) }
    /// Sends a message as it came.
    public func send(_ message: ReceivedMessage) { send(message.kind.opcode, message.bytes) }
    /// Sends a ping, of at most 125 bytes.
    public func ping(_ payload: [UInt8] = []) { send(.ping, payload) }
    /// Sends bytes that may be anything.
    public func send(raw bytes: [UInt8]) { onLoop { $0.send(raw: bytes) } }
    /// Begins the closing handshake.
    public func close(_ code: CloseCode = .normalClosure, reason: String = "") {
        onLoop { $0.sendClose(code, reason: reason) }
    }
    /// Ends the connection without a close frame.
    public func end() { onLoop { $0.end() } }
    /// Resets it.
    public func reset() { onLoop { $0.reset() } }

    private func send(_ opcode: Opcode, _ bytes: [UInt8]) { onLoop { $0.send(opcode, ByteView(copying: bytes)) } }

    private func onLoop(_ body: @escaping @Sendable (ServerSession) -> Void) {
        loop.execute { if let session = self.session { body(session) } }
    }
}
