import NovaEcho
import NovaSocket

/// A server on loopback for the time of a test.
func withServer<Result: Sendable>(
    _ script: ServerScript = ServerScript(), _ body: @Sendable (EchoServer) async throws -> Result
) async throws -> Result {
    let server = try await EchoServer.start(on: try EventLoop.shared(), script: script)
    do {
        let result = try await body(server)
        await server.stop()
        return result
    } catch {
        await server.stop()
        throw error
    }
}

/// How a connection to such a server ends if its messages are read until then.
func ending(
    _ script: ServerScript, _ change: (inout WebSocketOptions) -> Void = { _ in },
    _ body: @escaping @Sendable (WebSocket) async throws -> Void = { _ in }
) async throws -> Termination? {
    var options = WebSocketOptions()
    change(&options)
    let settings = options
    return try await withServer(script) { server in
        let socket = try WebSocket.make(server.url, settings)
        do {
            try await socket.connect()
            try await body(socket)
            for try await _ in socket.messages {}
        } catch is WebSocketError {}
        return await socket.termination
    }
}
