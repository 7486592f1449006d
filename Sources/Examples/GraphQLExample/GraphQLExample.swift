import NovaSocket

/// A query, a mutation and subscriptions over `graphql-transport-ws`; one of them outlives two connections. Then everything
/// for which a server of that protocol closes a connection.
///
///     python Tests/Examples/graphql_server.py
///     swift run GraphQLExample ws://127.0.0.1:PORT/graphql
///
/// The server needs strawberry-graphql and aiohttp, and says its URL on stdout.
@main
enum GraphQLExample {
    static func main() async throws {
        guard let url = CommandLine.arguments.dropFirst().first else { return print("usage: GraphQLExample URL") }
        let session = try Session(adapter: GraphQL(url: url, credentials: ["token": "sesame"])) { options in
            options.policy.reconnection.backoff = .constant(.milliseconds(20))
        }
        try await session.connect()
        try await ask(session)
        try await count(session)
        try await finish(session)
        let alive = try await session.ask(.text(#"{"type":"ping"}"#)) { $0.text.contains(#""pong""#) ? true : nil }
        print("a ping of the protocol's own is answered:", alive)
        print(await session.close()?.description ?? "")
        try await provoke(url)
    }

    private static func ask(_ session: Session) async throws {
        struct Hello: Decodable, Sendable { var hello: String }
        struct Tick: Decodable, Sendable { var tick: Int }
        print(try await session.run("{ hello }", as: Hello.self).hello)
        print("ticked to", try await session.run("mutation { tick }", as: Tick.self).tick)
        do {
            _ = try await session.run("{ goodbye }", as: Hello.self)
        } catch let errors as GraphQL.Errors {
            print("refused:", errors)
        }
    }

    /// Counts through two outages. The server says where it is as soon as it is subscribed to.
    private static func count(_ session: Session) async throws {
        struct Ticks: Decodable { var ticks: Int }
        let ticks = try await session.subscribe("ticks", "subscription { ticks }")
        var (isNew, outages) = (true, 0)
        for try await update in ticks {
            switch update {
            case .message(let message):
                print("tick", try GraphQL.data(in: message, as: Ticks.self).ticks)
                if !isNew, outages == 2 { return }
                do {
                    _ = try await session.run(isNew ? "mutation { tick }" : "mutation { hangUp }", as: JSONValue.self)
                } catch let error as WebSocketError where error.termination != nil {
                    outages += 1  // as asked: the connection went, and the answer with it
                }
                isNew = false
            case .interrupted: print("the connection is lost")
            case .gap:
                print("a gap")
                isNew = true
            case .stale, .fresh: break
            }
        }
    }

    /// What the server ends in order ends the sequence; what it refuses throws.
    private static func finish(_ session: Session) async throws {
        struct Countdown: Decodable { var countdown: Int }
        var numbers: [Int] = []
        for try await update in try await session.subscribe("countdown", "subscription { countdown(start: 3) }") {
            guard let message = update.message else { continue }
            numbers.append(try GraphQL.data(in: message, as: Countdown.self).countdown)
        }
        print("the countdown is over:", numbers)
        do {
            for try await _ in try await session.subscribe("nothing", "subscription { nothing }") {}
        } catch let errors as GraphQL.Errors {
            print("refused:", errors)
        }
    }

    // MARK: Why servers close

    private static func provoke(_ url: String) async throws {
        do {
            try await Session(adapter: GraphQL(url: url, credentials: ["token": "wrong"])).connect()
        } catch let error as WebSocketError {
            print(closure(error.termination))
        }
        // As the adapter keeps to the protocol, these go past it.
        let (hello, subscribe) = (
            #"{"type":"connection_init","payload":{"token":"sesame"}}"#,
            #"{"type":"subscribe","id":"1","payload":{"query":"subscription { ticks }"}}"#
        )
        for faults in [[hello, "?"], [subscribe], [hello, subscribe, subscribe], [hello, hello]] {
            var options = WebSocketOptions()
            options.subprotocols = ["graphql-transport-ws"]
            let socket = try await WebSocket.connect(to: url, options: options)
            for fault in faults { try await socket.send(fault) }
            do {
                for try await _ in socket.messages {}
            } catch is WebSocketError {}  // that is what it is about
            print(closure(await socket.termination))
        }
    }

    private static func closure(_ termination: Termination?) -> String {
        GraphQL.Closure(termination)?.description ?? termination?.description ?? "still open"
    }
}
