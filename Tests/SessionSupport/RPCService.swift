import NovaSocket
import Synchronization

/// A service of the tests that speaks JSON-RPC: says what it is asked, publishes, wants credentials. It knows no socket.
package final class RPCService: Sendable {
    private struct Book {
        var calls: [String] = []
        /// What a request is answered with instead of the usual; nil for the usual.
        var override: (@Sendable (_ connection: Int, JSONRPC.Request) -> [String]?)?
    }

    package struct Channels: Codable, Sendable { package var channels: [String] }
    package struct Credentials: Codable, Sendable { var secret: String }
    package struct Token: Codable, Sendable { var expires_in: Int }

    private let book = Mutex(Book())

    /// A service that answers as usual.
    package init() {}

    /// What it was asked, in order: the methods, and the channels that were named.
    package var calls: [String] { book.withLock(\.calls) }

    /// Answers otherwise from now on; what `body` returns nil for is answered as usual.
    package func answers(_ body: @escaping @Sendable (_ connection: Int, JSONRPC.Request) -> [String]?) {
        book.withLock { $0.override = body }
    }

    /// A message has come on the connection of that number: what is sent back.
    package func received(_ bytes: [UInt8], on connection: Int) -> [String] {
        JSONRPC.read(bytes).flatMap { part -> [String] in
            guard case .request(let request) = part else { return [] }
            let names = (try? request.params(as: Channels.self))?.channels ?? []
            let override = book.withLock { book in
                book.calls.append(([request.method] + names).joined(separator: " "))
                return book.override
            }
            return override?(connection, request) ?? [usual(request, names)]
        }
    }

    private func usual(_ request: JSONRPC.Request, _ names: [String]) -> String {
        switch request.method {
        case "echo": return Self.result((try? request.params(as: JSONValue.self)) ?? .null, of: request)
        case "subscribe", "unsubscribe": return Self.result(names.filter { $0 != "forbidden" }, of: request)
        case "auth" where (try? request.params(as: Credentials.self))?.secret == "sesame":
            return Self.result(Token(expires_in: 600), of: request)
        case "auth": return Self.failure(JSONRPC.Failure(13004, "invalid_credentials"), of: request)
        default: return Self.failure(JSONRPC.Failure(.methodNotFound, "no such method"), of: request)
        }
    }

    /// A response with a result.
    package static func result(_ value: some Encodable & Sendable, of request: JSONRPC.Request) -> String {
        String(decoding: (try? JSONRPC.response(result: value, id: request.id)) ?? [], as: UTF8.self)
    }

    /// A response with a failure.
    package static func failure(_ failure: JSONRPC.Failure, of request: JSONRPC.Request) -> String {
        String(decoding: (try? JSONRPC.response(failure: failure, id: request.id)) ?? [], as: UTF8.self)
    }

    /// A message of a channel.
    package static func publication(_ channel: String, _ value: Int) -> String {
        let parameters = JSONValue.object(["channel": .string(channel), "data": .integer(Int64(value))])
        return String(
            decoding: (try? JSONRPC.notification("subscription", params: parameters)) ?? [], as: UTF8.self)
    }
}

/// How the tests speak to it.
package struct RPCAdapter: Adapter {
    package var url: String
    package var secret: String?
    package var rateLimit: RateLimit?
    /// What methods cost; others cost 1.
    package var costs: [String: UInt32] = [:]

    /// A client of the service at `url`.
    package init(url: String, secret: String? = nil, rateLimit: RateLimit? = nil) {
        (self.url, self.secret, self.rateLimit) = (url, secret, rateLimit)
    }

    package var authentication: AuthenticationPolicy? { secret == nil ? nil : AuthenticationPolicy() }

    package func cost(of purpose: MessagePurpose) -> UInt32 {
        if case .request(let method) = purpose { costs[method] ?? 1 } else { 1 }
    }

    package func authenticate(_ context: SessionContext) async throws -> Duration? {
        let token = try await context.request(
            "auth", RPCService.Credentials(secret: secret ?? ""), as: RPCService.Token.self)
        return .seconds(token.expires_in)
    }

    package func subscribe(
        to channels: [Channel], _ context: SessionContext
    ) async throws -> [SubscriptionVerdict] {
        let names = channels.map(\.name)
        let confirmed = try await context.request(
            "subscribe", RPCService.Channels(channels: names), as: [String].self)
        return names.map { name in
            confirmed.contains(name) ? .confirmed : .refused(JSONRPC.Failure(.invalidParams, "no such channel"))
        }
    }

    package func unsubscribe(from channels: [Channel], _ context: SessionContext) async throws {
        let names = channels.map(\.name)
        _ = try await context.request("unsubscribe", RPCService.Channels(channels: names), as: JSONValue.self)
    }
}

extension Message {
    /// The number that a message of a channel carries.
    package var published: Int? {
        guard case .notification(let notification)? = JSONRPC.read(bytes).first else { return nil }
        return (try? notification.params(as: JSONValue.self))?["data"]?.int.map { Int($0) }
    }
}
