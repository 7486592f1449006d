import NovaSocket
import NovaTestKit
import Testing

@testable import DevToolsExample

/// What the example's adapter makes of a browser's messages.
@Suite("The adapter of DevTools", .timeLimit(.minutes(4)))
struct DevToolsTests {
    @Test("Events go to the page that they are of; a domain that is refused refuses its events")
    func events() async throws {
        let network = SimulatedNetwork(seed: 12)
        let server = network.server("browser.example")
        server.onMessage = { connection, message in
            guard let command = try? JSONValue(json: message.text), let id = command["id"]?.int else { return }
            let session = command["sessionId"]?.string.map { #","sessionId":"\#($0)""# } ?? ""
            if command["method"]?.string == "Nothing.enable" {
                return connection.send(#"{"id":\#(id),"error":{"code":-32601,"message":"no"}\#(session)}"#)
            }
            connection.send(#"{"method":"Page.loaded","params":{"of":"B"},"sessionId":"B"}"#)
            connection.send(#"{"id":\#(id),"result":{}\#(session)}"#)
            connection.send(#"{"method":"Page.loaded","params":{"of":"A"},"sessionId":"A"}"#)
        }
        try await network.run {
            let session = try Session(adapter: DevTools(url: server.url)) { network.join(&$0) }
            try await session.connect()
            var updates = try await session.subscribe(to: DevTools.channel("Page.loaded", in: "A")).makeAsyncIterator()
            #expect(try await updates.next()?.message?.text.contains(#""of":"A""#) == true)
            let failure = await #expect(throws: JSONRPC.Failure.self) {
                try await session.subscribe(to: DevTools.channel("Nothing.happened", in: "A"))
            }
            #expect(failure?.code == .methodNotFound)
            await session.close()
        }
    }
}
