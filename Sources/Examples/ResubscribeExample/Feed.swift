import NovaEcho
import NovaSocket
import Synchronization

/// The service of the example: JSON-RPC 2.0 on loopback. Time goes on there whether somebody listens or not: it counts, and
/// tells the count to whoever is subscribed.
final class Feed: Sendable {
    private struct Names: Codable { var channels: [String] }
    private struct Tick: Codable { var channel: String, count: Int }

    private let count = Mutex(0)

    /// Counts on, and tells those who are there.
    func tick(_ times: Int, on server: EchoServer) async throws {
        for _ in 0..<times {
            let tick = Tick(channel: "ticks", count: goOn(by: 1))
            let message = ByteView(copying: try JSONRPC.notification("tick", params: tick))
            await server.forEachConnection { if $0.isOpen { $0.send(.text, message) } }
        }
    }

    /// Counts on while nobody is there.
    @discardableResult
    func goOn(by times: Int) -> Int {
        count.withLock { count in
            count += times
            return count
        }
    }

    /// How it answers: `subscribe` with the channels that there are, anything else with a failure.
    var script: ServerScript {
        var script = ServerScript()
        script.message = { session, _, view in
            for case .request(let request) in JSONRPC.read(Array(view)) {
                guard let answer = try? Self.answer(to: request) else { continue }
                session.send(.text, ByteView(copying: answer))
            }
        }
        return script
    }

    private static func answer(to request: JSONRPC.Request) throws -> [UInt8] {
        guard request.method == "subscribe" else {
            return try JSONRPC.response(failure: JSONRPC.Failure(.methodNotFound), id: request.id)
        }
        let names = try request.params(as: Names.self).channels
        return try JSONRPC.response(result: names.filter { $0 == "ticks" }, id: request.id)
    }
}
