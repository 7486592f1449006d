import FoundationEssentials
import NovaSocket

/// GraphQL over a WebSocket, by the subprotocol `graphql-transport-ws`.
///
/// A query or a mutation is a request whose method is `subscribe`: see ``NovaSocket/Session/run(_:as:)``. A channel is a
/// subscription: its parameters are the operation, and its name is what we call it, here and to the server.
struct GraphQL: Adapter {
    let url: String
    /// What goes with `connection_init`: who we are.
    var credentials: [String: String] = [:]

    /// What is asked for.
    struct Operation: Codable, Sendable {
        var query: String
        var variables: [String: JSONValue] = [:]
    }

    /// What the server answers in place of data, or beside it.
    struct Errors: Error, Sendable, CustomStringConvertible {
        struct Item: Decodable, Sendable { var message: String }
        var items: [Item]
        var description: String { items.map(\.message).joined(separator: "; ") }
    }

    /// One of the protocol's messages.
    struct Envelope<Payload> {
        var type: String
        var id: String?
        var payload: Payload?
    }

    /// Of the protocol's own codes, one only tells of something that may pass; the standard table takes all for final.
    func configure(_ options: inout WebSocketOptions) {
        options.subprotocols = ["graphql-transport-ws"]
        let timeout = Closure.initialisationTimeout.rawValue
        options.policy.reconnection.table.rows.insert(RetryTable.Row(.closeCode(timeout...timeout), .retry), at: 0)
    }

    // MARK: Who we are

    let authentication: AuthenticationPolicy? = AuthenticationPolicy()

    init(url: String, credentials: [String: String] = [:]) { (self.url, self.credentials) = (url, credentials) }

    /// Neither `connection_init` nor its answer has an id. A server that refuses closes with 4403.
    func authenticate(_ context: SessionContext) async throws -> Duration? {
        let message = try Self.text(Envelope(type: "connection_init", payload: credentials))
        _ = try await context.ask(message) { Self.head(of: $0)?.type == "connection_ack" ? true : nil }
        return nil
    }

    // MARK: Messages

    func encode(
        _ method: String, _ parameters: (any Encodable & Sendable)?, id: RequestID
    ) throws -> OutgoingMessage {
        let payload = try parameters.map { try JSONValue(encoding: $0) }
        return try Self.text(Envelope(type: method, id: "\(id.number)", payload: payload))
    }

    func sort(_ message: Message) -> Sorting {
        guard let head = Self.head(of: message) else { return .invalid(reason: "It is no message of the protocol.") }
        let channel = head.id.flatMap(Self.channel)
        let request = head.id.flatMap { UInt64($0) }.map { RequestID($0) }
        switch (head.type, channel, request) {
        case ("next", let name?, _): return .channel(name)
        case ("error", let name?, _): return .channelEnded(name, reason: Self.errors(in: message))
        case ("complete", let name?, _): return .channelEnded(name)
        // The `complete` behind a `next` is known as the second answer to its request, and dropped.
        case ("next", _, let id?), ("error", _, let id?), ("complete", _, let id?): return .answer(id)
        default: return .other
        }
    }

    /// The server asks for a sign of life in a message, too.
    func handle(_ message: Message, _ context: SessionContext) async throws -> Reaction {
        guard Self.head(of: message)?.type == "ping" else { return .nothing }
        return .reply(try Self.text(Envelope<JSONValue>(type: "pong")))
    }

    func decode<Value: Decodable & Sendable>(_ type: Value.Type, from answer: Answer) throws -> Value {
        try Self.data(in: answer.message)
    }

    private struct Result<Value: Decodable>: Decodable {
        var data: Value?
        var errors: [Errors.Item]?
    }

    /// The data of a `next`. Throws ``Errors`` if there are any.
    static func data<Value: Decodable>(in message: Message, as type: Value.Type = Value.self) throws -> Value {
        guard head(of: message)?.type == "next" else { throw errors(in: message) }
        let result = try JSONDecoder().decode(Envelope<Result<Value>>.self, from: Data(message.bytes)).payload
        guard let data = result?.data, result?.errors == nil else { throw Errors(items: result?.errors ?? []) }
        return data
    }

    private static func errors(in message: Message) -> Errors {
        let envelope = try? JSONDecoder().decode(Envelope<[Errors.Item]>.self, from: Data(message.bytes))
        return Errors(items: envelope?.payload ?? [])
    }

    private struct Nothing: Decodable { init(from decoder: any Decoder) {} }

    private static func head(of message: Message) -> Envelope<Nothing>? {
        try? JSONDecoder().decode(Envelope<Nothing>.self, from: Data(message.bytes))
    }

    static func text(_ envelope: Envelope<some Encodable>) throws -> OutgoingMessage {
        .text(utf8: Array(try JSONEncoder().encode(envelope)))
    }

    // MARK: Subscriptions

    /// The names of channels and the numbers of requests share one space on the server: this keeps them apart.
    private static let prefix = "channel "

    private static func channel(_ id: String) -> String? {
        id.hasPrefix(prefix) ? String(id.dropFirst(prefix.count)) : nil
    }

    /// The protocol has no word for "subscribed": the server sends, or says `error`, whenever that is.
    func subscribe(to channels: [Channel], _ context: SessionContext) async throws -> [SubscriptionVerdict] {
        for channel in channels {
            let id = Self.prefix + channel.name
            let message = Envelope(type: "subscribe", id: id, payload: channel.parameters)
            try await context.send(try Self.text(message))
        }
        return channels.map { _ in .confirmed }
    }

    func unsubscribe(from channels: [Channel], _ context: SessionContext) async throws {
        for channel in channels {
            let id = Self.prefix + channel.name
            try await context.send(try Self.text(Envelope<JSONValue>(type: "complete", id: id)))
        }
    }
}

extension GraphQL.Envelope: Decodable where Payload: Decodable {}
extension GraphQL.Envelope: Encodable where Payload: Encodable {}

extension Session {
    /// Runs a query or a mutation.
    func run<Value: Decodable & Sendable>(_ query: String, as type: Value.Type = Value.self) async throws -> Value {
        try await request("subscribe", GraphQL.Operation(query: query))
    }

    /// Subscribes; `name` is what the subscription is called.
    func subscribe(_ name: String, _ query: String) async throws -> Subscription {
        let operation = try JSONValue(encoding: GraphQL.Operation(query: query))
        return try await subscribe(to: Channel(name, parameters: operation))
    }
}
