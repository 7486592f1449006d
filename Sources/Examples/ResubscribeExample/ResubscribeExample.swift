import NovaEcho
import NovaSocket

/// A subscription that outlives its connections: three times the network fails, three times the session comes back and
/// subscribes anew, and what was missed meanwhile stands in the output as a gap.
///
///     swift run ResubscribeExample
@main
enum ResubscribeExample {
    static func main() async throws {
        let feed = Feed()
        let server = try await EchoServer.start(on: try EventLoop.shared(), script: feed.script)
        let session = try Session(adapter: Ticks(url: server.url)) { options in
            options.policy.reconnection.backoff = .constant(.milliseconds(20))
        }
        try await session.connect()
        let ticks = try await session.subscribe(to: "ticks")
        try await feed.tick(2, on: server)

        var (ticksOnThis, gaps) = (0, 0)
        for try await update in ticks {
            switch update {
            case .message(let message):
                print("tick \(try count(in: message)) on connection \(message.attempt.number)")
                ticksOnThis += 1
                guard ticksOnThis == 2 else { continue }
                if gaps < 3 {
                    await server.forEachConnection { $0.reset() }  // the network fails
                } else {
                    await session.close()  // and the sequence ends
                }
            case .interrupted:
                print("the connection is lost")
                feed.goOn(by: 3)  // nobody hears these
            case .gap(let gap):
                print("a gap: what follows came through connection \(gap.attempt.number)")
                (ticksOnThis, gaps) = (0, gaps + 1)
                try await feed.tick(2, on: server)
            case .stale, .fresh: break  // told only to those who ask for freshness
            }
        }
        print("\(gaps) gaps.", await session.termination?.description ?? "")
        await server.stop()
    }

    private static func count(in message: Message) throws -> Int {
        struct Tick: Decodable { var count: Int }
        guard case .notification(let notification)? = JSONRPC.read(message.bytes).first else { return 0 }
        return try notification.params(as: Tick.self).count
    }
}

/// The service as the session sees it: everything is JSON-RPC 2.0, which is the default; only how channels are asked for is
/// its own.
struct Ticks: Adapter {
    struct Names: Codable, Sendable { var channels: [String] }

    let url: String

    func subscribe(to channels: [Channel], _ context: SessionContext) async throws -> [SubscriptionVerdict] {
        let names = Names(channels: channels.map(\.name))
        let confirmed = try await context.request("subscribe", names, as: [String].self)
        return channels.map { channel in
            confirmed.contains(channel.name)
                ? .confirmed : .refused(JSONRPC.Failure(.invalidParams, "no such channel"))
        }
    }
}
