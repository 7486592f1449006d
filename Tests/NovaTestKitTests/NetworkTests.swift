import NovaSocket
import NovaTestKit
import Testing

@Suite("A simulated network", .timeLimit(.minutes(1)))
struct NetworkTests {
    @Test("An echo, and no time passes")
    func echo() async throws {
        let network = SimulatedNetwork(seed: 1)
        let server = network.server("echo.example")
        let text = try await network.run {
            let socket = try await WebSocket.connect(to: server.url, options: network.options())
            try await socket.send("hello")
            var messages = socket.messages.makeAsyncIterator()
            let text = try await messages.next()?.text
            await socket.close()
            return text
        }
        #expect(text == "hello")
    }
}
