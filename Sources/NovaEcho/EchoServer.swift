import NovaTransport
import NovaWire

/// A WebSocket server made of the client's own wire code: it echoes, or does what its script says. For demonstrations
/// and tests.
package final class EchoServer: @unchecked Sendable {
    // Sendable: what can change is touched on the loop only.
    private let loop: EventLoop
    private let script: ServerScript
    private let tls: TLSContext?
    private var listener: Listener?
    private var connections: [ObjectIdentifier: ServerConnection] = [:]
    private var acceptedCount = 0
    private var waitingForEmpty: [CheckedContinuation<Void, Never>] = []

    /// Where it listens.
    package let address: SocketAddress

    private init(_ loop: EventLoop, _ address: SocketAddress, _ tls: TLSContext?, _ script: ServerScript)
        throws(SystemError)
    {
        self.loop = loop
        self.script = script
        self.tls = tls
        final class Box { weak var server: EchoServer? }
        let box = Box()
        let listener = try Listener(at: address, on: loop) { box.server?.accept($0) }
        self.listener = listener
        self.address = listener.address
        box.server = self
    }

    /// A server on `loop`; port 0 takes any that is free.
    package static func start(
        at address: SocketAddress = .loopback(port: 0), tls: TLSContext? = nil, on loop: EventLoop,
        script: ServerScript = ServerScript()
    ) async throws -> EchoServer {
        try await withCheckedThrowingContinuation { continuation in
            loop.execute {
                continuation.resume(with: Result { try EchoServer(loop, address, tls, script) })
            }
        }
    }

    /// The URL of its echo.
    package var url: String {
        if case .unix(let path) = address { return "ws+unix:\(path)" }
        return "\(tls == nil ? "ws" : "wss")://127.0.0.1:\(address.port)/"
    }

    /// How many connections there are, and how many there have been.
    package var counts: (now: Int, ever: Int) {
        get async { await onLoop { ($0.connections.count, $0.acceptedCount) } }
    }

    /// Waits until there are no connections.
    package func untilEmpty() async {
        await withCheckedContinuation { continuation in
            loop.execute {
                self.waitingForEmpty.append(continuation)
                self.tellIfEmpty()
            }
        }
    }

    private func tellIfEmpty() {
        guard connections.isEmpty else { return }
        for continuation in waitingForEmpty { continuation.resume() }
        waitingForEmpty = []
    }

    /// Takes no more connections, and resets those it has.
    package func stop() async {
        await onLoop { server in
            server.listener?.close()
            server.listener = nil
            for connection in server.connections.values { connection.reset() }
        }
    }

    /// Does something with every connection there is.
    package func forEachConnection(_ body: @escaping @Sendable (ServerSession) -> Void) async {
        await onLoop { server in server.connections.values.map(\.session).forEach(body) }
    }

    private func onLoop<Value: Sendable>(_ body: @escaping @Sendable (EchoServer) -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            loop.execute { continuation.resume(returning: body(self)) }
        }
    }

    private func accept(_ socket: consuming Socket) {
        let connection = ServerConnection(loop, script) { [weak self] connection in
            self?.connections[ObjectIdentifier(connection)] = nil
            self?.tellIfEmpty()
        }
        acceptedCount += 1
        connections[ObjectIdentifier(connection)] = connection
        do {
            try connection.start(socket, tls)
        } catch {
            connections[ObjectIdentifier(connection)] = nil
        }
    }
}
