import NovaSocket
import NovaTestKit
import SessionSupport
import Synchronization

/// Lives that together have every kind of event in them.
enum ObservedLives {
    struct Ask: Codable, Sendable, Equatable { var number = 1 }

    /// Waits until the connection is ready again.
    private static func outage(_ session: Session, _ server: SimulatedServer) async {
        server.suffer(.reset)
        for await change in session.stateChanges where change.to == .ready { break }
    }

    /// A session with credentials and a subscription, an outage, an end in order.
    static func session() async throws -> Watched {
        try await .live {
            $0.policy.keepalive = KeepalivePolicy(interval: .seconds(5), timeout: .seconds(5))
            $0.policy.reconnection.reset = .whenStable(for: .seconds(3))
        } _: { network, server, options in
            _ = RPCService(at: server)
            let session = try Session(adapter: RPCAdapter(url: server.url, secret: "sesame"), configure: options.layer)
            try await session.connect()
            let subscription = try await session.subscribe(to: "a")
            try await session.ping()
            try await session.send("hello")
            try await network.sleep(for: .seconds(6))
            await outage(session, server)
            try await network.sleep(for: .seconds(4))
            subscription.cancel()
            _ = try await session.request("echo", Ask(), as: Ask.self)
            await session.close()
        }
    }

    /// Three messages with two tokens, one that costs too much.
    static func rateLimit() async throws -> Watched {
        try await .live { _, server, options in
            server.onMessage = { _, _ in }
            let limit = RateLimit(capacity: 2, refill: 1, every: .seconds(2))
            let session = try Session(adapter: RPCAdapter(url: server.url, rateLimit: limit), configure: options.layer)
            try await session.connect()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for size in 1...4 {
                    let kept = CallOptions(retention: .keep(for: .seconds(60)))
                    group.addTask { try await session.send(String(repeating: "x", count: size), options: kept) }
                }
                try await group.waitForAll()
            }
            _ = try? await session.send("dear", options: CallOptions(cost: 3))
            await session.close()
        }
    }

    /// Requests that end in every way, and answers that nobody waits for.
    static func requests() async throws -> Watched {
        try await .live { network, server, options in
            let service = RPCService(at: server)
            service.answers { connection, request in
                switch request.method {
                case "silence": []
                case "twice": [RPCService.result(1, of: request), RPCService.result(1, of: request)]
                case "stranger":
                    [#"{"jsonrpc":"2.0","id":99999,"result":1}"#, RPCService.result(1, of: request)]
                default: nil
                }
            }
            let session = try Session(adapter: RPCAdapter(url: server.url), configure: options.layer)
            _ = try? await session.request("early", as: Int.self)
            try await session.connect()
            for method in ["twice", "stranger"] { _ = try await session.request(method, as: Int.self) }
            let short = CallOptions(timeout: .seconds(2))
            _ = try? await session.request("silence", as: Int.self, options: short)
            let given = network.task { _ = try await session.request("silence", as: Int.self) }
            try await network.sleep(for: .seconds(1))
            given.cancel()
            _ = await given.result
            let lost = network.task { _ = try await session.request("silence", as: Int.self) }
            let kept = network.task {
                try await session.request(
                    "echo", Ask(), as: Ask.self, options: CallOptions(retention: .keep(for: .seconds(9))))
            }
            try await network.sleep(for: .milliseconds(5))
            await outage(session, server)
            _ = await lost.result
            _ = await kept.result
            await session.close()
        }
    }

    /// Pings of both sides; one without an answer.
    static func pings() async throws -> Watched {
        try await .live {
            $0.policy.timeouts.pong = .seconds(3)
        } _: { network, server, options in
            let socket = try await WebSocket.connect(to: server.url, options: options)
            server.suffer(.pings(2))
            try await network.sleep(for: .seconds(1))
            server.suffer(.ignorePings(for: .seconds(1)))
            _ = try? await socket.ping()
            await socket.close()
        }
    }

    /// A consumer that is slow, and then gone.
    static func consumer() async throws -> Watched {
        try await .live {
            $0.policy.inbound.maximumMessages = 4
        } _: { network, server, options in
            let socket = try await WebSocket.connect(to: server.plainURL, options: options)
            server.suffer(.flood(messages: 6, bytes: 100))
            try await network.sleep(for: .seconds(2))
            var messages = socket.messages.makeAsyncIterator()
            for _ in 1...6 { _ = try await messages.next() }
            try await socket.send("more")
            try await network.sleep(for: .seconds(1))
            await socket.close()
        }
    }

    /// A consumer that leaves messages behind.
    static func leaving() async throws -> Watched {
        try await .live { network, server, options in
            server.onOpen = { connection in for word in ["one", "two"] { connection.send(word) } }
            try await WebSocket.withConnection(to: server.plainURL, options: options) { _ in
                try await network.sleep(for: .seconds(1))
            }
        }
    }

    /// Messages that find no room, and are lost with the connection; one after its end.
    static func losses() async throws -> Watched {
        try await .live {
            $0.policy.reconnection = .never
            $0.policy.outbound.maximumBytes = 20_000
        } _: { network, server, options in
            server.conditions.capacity = 4_000
            let socket = try await WebSocket.connect(to: server.plainURL, options: options)
            try await socket.send("whole")
            try await socket.send(
                fragments: AsyncStream { continuation in
                    for word in ["frag", "men", "ts"] { continuation.yield(word) }
                    continuation.finish()
                })
            try await network.sleep(for: .seconds(1))
            server.suffer(.stopReading(for: .seconds(60)))
            try await socket.send([UInt8](repeating: 1, count: 3_000))
            try await network.sleep(for: .seconds(1))
            try await socket.send([UInt8](repeating: 1, count: 9_000))
            try await socket.send([UInt8](repeating: 1, count: 9_000))
            let waiting = network.task { try await socket.send([UInt8](repeating: 1, count: 8_000)) }
            try await network.sleep(for: .seconds(1))
            server.suffer(.reset)
            _ = await waiting.result
            _ = try? await socket.send("late")
        }
    }

    /// A subscription that is refused, one that falls silent, a handler that throws.
    static func subscriptions() async throws -> Watched {
        struct Mistake: Error {}
        struct Careless: Adapter {
            var service: RPCAdapter
            var url: String { service.url }
            func subscribe(to channels: [Channel], _ context: SessionContext) async throws -> [SubscriptionVerdict] {
                try await service.subscribe(to: channels, context)
            }
            func handle(_ message: Message, _ context: SessionContext) async throws -> Reaction { throw Mistake() }
        }
        return try await .live { network, server, options in
            let service = RPCService(at: server)
            service.answers { _, request in
                guard request.method == "echo" else { return nil }
                return [RPCService.publication("a", 1), "\"no envelope\"", RPCService.result(Ask(), of: request)]
            }
            let session = try Session(adapter: Careless(service: RPCAdapter(url: server.url)), configure: options.layer)
            try await session.connect()
            _ = try? await session.subscribe(to: "forbidden")
            let updates = try await session.subscribe(to: Channel("a"), freshness: .seconds(5))
            try await network.sleep(for: .seconds(6))
            _ = try await session.request("echo", Ask(), as: Ask.self)
            try await network.sleep(for: .milliseconds(50))
            await session.close()
            withExtendedLifetime(updates) {}
        }
    }

    /// Credentials that the server refuses; and some that are asked for as the connection goes.
    static func credentials() async throws -> Watched {
        try await .live { network, server, options in
            let service = RPCService(at: server)
            service.answers { connection, request in
                if connection == 1 { server.suffer(.reset) }
                return nil
            }
            let session = try Session(adapter: RPCAdapter(url: server.url, secret: "wrong"), configure: options.layer)
            _ = try? await session.connect()
        }
    }

    /// Waits that are over, cut short, and given up.
    static func waits() async throws -> Watched {
        try await .live {
            $0.policy.reconnection = Reconnection(backoff: .constant(.seconds(8)))
        } _: { network, server, options in
            let socket = try WebSocket.make(server.plainURL, options)
            server.suffer(.refuse(for: .seconds(10)))
            let connecting = network.task { try await socket.connect() }
            try await network.sleep(for: .seconds(2))
            let hurrying = network.task { try await socket.connect() }
            try await network.sleep(for: .seconds(10))
            _ = await connecting.result
            _ = await hurrying.result
            server.suffer(.refuseUpgrade(status: 503, retryAfter: nil, for: .seconds(60)))
            server.suffer(.reset)
            try await network.sleep(for: .seconds(1))
            await socket.close()
        }
    }

    static var all: [@Sendable () async throws -> Watched] {
        [session, rateLimit, requests, pings, consumer, leaving, losses, subscriptions, credentials, waits]
    }
}

extension WebSocketOptions {
    /// All of these as a client's layer, but what the adapter says of its rate and its credentials.
    var layer: (inout WebSocketOptions) -> Void {
        { base in
            let adapted = base.policy
            base = self
            base.policy.authentication = adapted.authentication
            base.policy.rateLimit = adapted.rateLimit
            base.policy.reconnection.asksHandler = adapted.reconnection.asksHandler
        }
    }
}
