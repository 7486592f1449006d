import NovaSocket
import NovaTestKit
import Synchronization
import Testing

@testable import GraphQLExample

/// What the example's adapter does that its real server never asks for.
@Suite("The adapter of GraphQL", .timeLimit(.minutes(4)))
struct GraphQLTests {
    private let network = SimulatedNetwork(seed: 11)
    private let server: SimulatedServer

    init() {
        server = network.server("graphql.example")
        server.onMessage = { connection, message in
            if message.text.contains("connection_init") { connection.send(#"{"type":"connection_ack"}"#) }
        }
    }

    private func session() throws -> Session {
        try Session(adapter: GraphQL(url: server.url)) { options in
            network.join(&options)
            options.policy.reconnection.backoff = .constant(.seconds(1))
        }
    }

    @Test("A ping of the protocol's own gets its pong, also while an answer is awaited")
    func ping() async throws {
        let (heard, feed) = AsyncStream.makeStream(of: String.self)
        server.onMessage = { connection, message in
            feed.yield(message.text)
            if message.text.contains("connection_init") {
                connection.send(#"{"type":"connection_ack","payload":{}}"#)
                connection.send(#"{"type":"ping","payload":{}}"#)
            }
        }
        try await network.run {
            let session = try session()
            try await session.connect()
            var texts: [String] = []
            for await text in heard {
                texts.append(text)
                if texts.count == 2 { break }
            }
            #expect(texts.last == #"{"type":"pong"}"#)
            await session.close()
        }
    }

    @Test("The ids of requests and of channels are kept apart; of two answers the first counts")
    func ids() async throws {
        struct Data: Decodable, Sendable { var n: Int }
        server.onMessage = { connection, message in
            if message.text.contains("connection_init") { return connection.send(#"{"type":"connection_ack"}"#) }
            guard let id = try? JSONValue(json: message.text)["id"]?.string else { return }
            connection.send(#"{"type":"next","id":"\#(id)","payload":{"data":{"n":1}}}"#)
            connection.send(#"{"type":"complete","id":"\#(id)"}"#)
        }
        try await network.run {
            let session = try session()
            try await session.connect()
            #expect(try await session.run("{ n }", as: Data.self).n == 1)
            var count = 0
            for try await update in try await session.subscribe("1", "subscription { n }") {
                if let message = update.message { count += try GraphQL.data(in: message, as: Data.self).n }
            }
            #expect(count == 1)
            #expect(try await session.run("{ n }", as: Data.self).n == 1)
            await session.close()
        }
    }

    @Test(
        "Each close code is what it says; after 4408 alone there is another attempt",
        arguments: GraphQL.Closure.allCases)
    func closures(_ closure: GraphQL.Closure) async throws {
        let count = Mutex(0)
        server.onMessage = { connection, _ in
            let number = count.withLock { count in
                count += 1
                return count
            }
            if number > 1 { return connection.send(#"{"type":"connection_ack"}"#) }
            connection.close(CloseCode(rawValue: closure.rawValue))
        }
        try await network.run {
            let session = try session()
            do {
                try await session.connect()
                #expect(closure == .initialisationTimeout)
            } catch let error as WebSocketError {
                #expect(closure != .initialisationTimeout)
                #expect(GraphQL.Closure(error.termination) == closure)
            }
            #expect(GraphQL.Closure(await session.termination) == closure)
            await session.close()
        }
    }
}
