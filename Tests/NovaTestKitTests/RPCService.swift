import NovaSocket
import NovaTestKit
import Synchronization

/// A service of the tests that speaks JSON-RPC: says what it is asked, publishes, wants credentials.
final class RPCService: Sendable {
    /// What has come, in its order: methods, with what matters of their parameters.
    struct Book {
        var calls: [String] = []
        var subscribed: [Int: [String]] = [:]
        var tokens = 0
    }

    let book = Mutex(Book())
    /// What a method is answered with instead of the usual; nil for the usual, an empty list for nothing.
    let override = Mutex<(@Sendable (SimulatedConnection, JSONRPC.Request) -> [[UInt8]]?)?>(nil)

    struct Channels: Codable, Sendable { var channels: [String] }
    struct Credentials: Codable, Sendable { var secret: String }
    struct Token: Codable, Sendable { var expires_in: Int }

    var calls: [String] { book.withLock(\.calls) }

    init(_ server: SimulatedServer) {
        server.onMessage = { connection, message in
            for case .request(let request) in JSONRPC.read(message.bytes) { self.answer(request, connection) }
        }
    }

    private func answer(_ request: JSONRPC.Request, _ connection: SimulatedConnection) {
        let names = (try? request.params(as: Channels.self))?.channels ?? []
        book.withLock { $0.calls.append(([request.method] + names).joined(separator: " ")) }
        let answers = override.withLock(\.self)?(connection, request) ?? usual(request, names)
        for answer in answers { connection.send(String(decoding: answer, as: UTF8.self)) }
    }

    private func usual(_ request: JSONRPC.Request, _ names: [String]) -> [[UInt8]] {
        let id = request.id
        switch request.method {
        case "echo":
            let value = (try? request.params(as: JSONValue.self)) ?? .null
            return [(try? JSONRPC.response(result: value, id: id)) ?? []]
        case "subscribe": return [(try? JSONRPC.response(result: names, id: id)) ?? []]
        case "unsubscribe": return [(try? JSONRPC.response(result: names, id: id)) ?? []]
        case "auth":
            let isKnown = (try? request.params(as: Credentials.self))?.secret == "sesame"
            guard isKnown else {
                return [(try? JSONRPC.response(failure: JSONRPC.Failure(13004, "invalid_credentials"), id: id)) ?? []]
            }
            return [(try? JSONRPC.response(result: Token(expires_in: 600), id: id)) ?? []]
        default:
            return [(try? JSONRPC.response(failure: JSONRPC.Failure(.methodNotFound, "no such method"), id: id)) ?? []]
        }
    }

    /// A message of a channel.
    static func publication(_ channel: String, _ value: Int) -> String {
        let parameters = JSONValue.object(["channel": .string(channel), "data": .integer(Int64(value))])
        let bytes = (try? JSONRPC.notification("subscription", params: parameters)) ?? []
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// How the tests speak to it.
struct RPCAdapter: Adapter {
    var url: String
    var secret: String?
    var rateLimit: RateLimit?
    var reaction: @Sendable (Message) -> Reaction = { _ in .nothing }

    var authentication: AuthenticationPolicy? { secret == nil ? nil : AuthenticationPolicy() }

    func authenticate(_ context: SessionContext) async throws -> Duration? {
        let token = try await context.request(
            "auth", RPCService.Credentials(secret: secret ?? ""), as: RPCService.Token.self)
        return .seconds(token.expires_in)
    }

    func subscribe(to channels: [Channel], _ context: SessionContext) async throws -> [SubscriptionVerdict] {
        let names = channels.map(\.name)
        let confirmed = try await context.request(
            "subscribe", RPCService.Channels(channels: names), as: [String].self)
        return names.map { name in
            confirmed.contains(name) ? .confirmed : .refused(JSONRPC.Failure(.invalidParams, "no such channel"))
        }
    }

    func unsubscribe(from channels: [Channel], _ context: SessionContext) async throws {
        let names = channels.map(\.name)
        _ = try await context.request("unsubscribe", RPCService.Channels(channels: names), as: JSONValue.self)
    }

    func handle(_ message: Message, _ context: SessionContext) async throws -> Reaction { reaction(message) }
}
