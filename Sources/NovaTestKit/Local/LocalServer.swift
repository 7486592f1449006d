import NovaEcho
import NovaKernel
import NovaTransport
import NovaWire
import Synchronization

/// A WebSocket server on this machine's loopback, over real sockets, plain or with TLS: for tests of what a
/// ``SimulatedNetwork`` can't show. It echoes, unless it is told otherwise.
///
/// ```swift
/// let certificate = try LocalCertificate()
/// let server = try await LocalServer.start(certificate: certificate)
/// server.onMessage { connection, message in connection.send("You said: \(message.text)") }
///
/// var options = WebSocketOptions()
/// options.tls.trustRoots = certificate.trustRoots
/// try await WebSocket.withConnection(to: server.url, options: options) { socket in
///     try await socket.send("hello")
///     for try await message in socket.messages {
///         print(message.text)
///         break
///     }
/// }
/// await server.stop()
/// ```
///
/// Everything may be called from any task. What it is told to do is called on the thread of all loopback connections, the
/// clients' too: it must not block. A server that is let go of stops.
public final class LocalServer: Sendable {
    /// What the server does.
    struct Book {
        var request: @Sendable (_ target: String) -> RequestAnswer? = { _ in nil }
        var open: @Sendable (LocalConnection) -> Void = { _ in }
        var message: @Sendable (LocalConnection, ReceivedMessage) -> Void = { $0.send($1) }
        var close: @Sendable (LocalConnection, CloseCode?, _ reason: String) -> Void = { _, _, _ in }
        var lastNumber = 0
    }

    /// Shared with what the loop calls, which does not hold the server.
    final class Register: Sendable {
        let book = Mutex(Book())
    }

    private let server: EchoServer
    private let register: Register

    private init(_ server: EchoServer, _ register: Register) { (self.server, self.register) = (server, register) }

    deinit {
        let server = server
        Task { await server.stop() }
    }

    /// Begins to listen on 127.0.0.1.
    ///
    /// Throws ``/NovaTransport/SystemError`` if the port is taken, and ``/NovaTransport/TLSConfigurationError`` if the
    /// certificate can't be used.
    ///
    /// - Parameters:
    ///   - certificate: with what TLS is spoken; nil: without TLS.
    ///   - port: where it listens; 0, the default, takes any port that is free.
    public static func start(certificate: LocalCertificate? = nil, port: UInt16 = 0) async throws -> LocalServer {
        var tls: TLSContext?
        if let certificate {
            var configuration = TLSConfiguration()
            configuration.identity = certificate.identity
            tls = try TLSContext(.server, configuration)
        }
        let (register, loop) = (Register(), try EventLoop.shared())
        let server = try await EchoServer.start(
            at: .loopback(port: port), tls: tls, on: loop, script: register.script(on: loop))
        return LocalServer(server, register)
    }

    /// Where clients find it, by the loopback's address: `ws://127.0.0.1:49152/`, or `wss:` with TLS.
    public var url: String { server.url }
    /// The port it listens on.
    public var port: UInt16 { server.address.port }
    /// How many connections there are, and how many there have been; those that have not shaken hands are among them.
    public var counts: (now: Int, ever: Int) { get async { await server.counts } }

    // MARK: What it does

    /// From now on, a request for this path and query is answered like this; nil: with 101 and the first subprotocol that the
    /// client offers.
    public func onRequest(_ body: @escaping @Sendable (_ target: String) -> RequestAnswer?) {
        register.book.withLock { $0.request = body }
    }

    /// From now on, this happens when an opening handshake is done.
    public func onOpen(_ body: @escaping @Sendable (LocalConnection) -> Void) {
        register.book.withLock { $0.open = body }
    }

    /// From now on, this happens when a message comes, in place of its echo.
    public func onMessage(_ body: @escaping @Sendable (LocalConnection, ReceivedMessage) -> Void) {
        register.book.withLock { $0.message = body }
    }

    /// From now on, this happens when a close frame comes, with this code, or nil if it has none. It is answered by itself.
    public func onClose(_ body: @escaping @Sendable (LocalConnection, CloseCode?, _ reason: String) -> Void) {
        register.book.withLock { $0.close = body }
    }

    /// Sends a text message to every client.
    public func push(_ text: String) async {
        await server.forEachConnection { if $0.isOpen { $0.send(.text, ByteView(copying: Array(text.utf8))) } }
    }

    /// Sends a binary message to every client.
    public func push(_ bytes: [UInt8]) async {
        await server.forEachConnection { if $0.isOpen { $0.send(.binary, ByteView(copying: bytes)) } }
    }

    /// Begins the closing handshake with every client.
    public func disconnect(_ code: CloseCode = .normalClosure, reason: String = "") async {
        await server.forEachConnection { if $0.isOpen { $0.sendClose(code, reason: reason) } }
    }

    /// Resets every connection: clients see a transport that has failed.
    public func reset() async { await server.forEachConnection { $0.reset() } }

    /// Waits until there are no connections.
    public func untilEmpty() async { await server.untilEmpty() }

    /// Takes no more connections, and resets those it has.
    public func stop() async { await server.stop() }
}

extension LocalServer.Register {
    /// Asks the book each time: what it says may have changed.
    fileprivate func script(on loop: EventLoop) -> ServerScript {
        var script = ServerScript()
        script.upgrade = { [self] request in
            let answer = book.withLock(\.request)
            return answer(request.target)?.scripted ?? .accept(subprotocol: request.subprotocols.first)
        }
        script.opened = { [self] session in
            let (number, open) = book.withLock { book in
                book.lastNumber += 1
                return (book.lastNumber, book.open)
            }
            let connection = LocalConnection(session, loop, number: number)
            // The session holds its own script, and with it the connection, which does not hold the session.
            session.script.message = { [self] _, kind, view in
                let body = book.withLock(\.message)
                body(connection, ReceivedMessage(kind: kind, bytes: view.array))
            }
            session.script.closed = { [self] _, code, reason in
                let body = book.withLock(\.close)
                body(connection, code, String(decoding: reason.array, as: UTF8.self))
            }
            open(connection)
        }
        return script
    }
}
