import NovaEcho
import NovaSocket

/// Sends three messages to a server that echoes, takes them back, and closes in order.
///
///     swift run EchoExample [URL]
///
/// Without a URL it speaks to a server of its own, on loopback.
@main
enum EchoExample {
    static func main() async throws {
        if let url = CommandLine.arguments.dropFirst().first { return try await talk(to: url) }
        let server = try await EchoServer.start(on: try EventLoop.shared())
        try await talk(to: server.url)
        await server.stop()
    }

    private static func talk(to url: String) async throws {
        let end = try await WebSocket.withConnection(to: url) { socket in
            var messages = socket.messages.makeAsyncIterator()
            for word in ["hello", "Grüße", "世界"] {
                try await socket.send(word)
                if let echo = try await messages.next() { print("echo: \(echo.text)") }
            }
            let roundTrip = try await socket.ping()
            print("the pong came:", roundTrip > .zero)
            return await socket.close(code: .normalClosure, reason: "that was all")
        }
        print(end?.description ?? "There was no connection.")
    }
}
