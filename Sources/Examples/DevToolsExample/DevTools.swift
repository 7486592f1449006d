import FoundationEssentials
import NovaSocket

/// Chrome's DevTools Protocol: JSON-RPC without its version, with a `sessionId` beside `id` and `method` in what concerns one
/// of the browser's pages.
///
/// A channel is an event's name, in a page behind the page's session: see ``Page``. Asking for it enables its domain.
struct DevTools: Adapter {
    let url: String
    private let reader = JSONRPC.Reader(dialect: .devTools, peeking: ["sessionId"])

    init(url: String) { self.url = url }

    /// Parameters of a method for one of the pages.
    struct InPage: Encodable, Sendable {
        let sessionId: String
        let parameters: (any Encodable & Sendable)?

        func encode(to encoder: any Encoder) throws { try parameters?.encode(to: encoder) }
    }

    /// Screenshots are long, and a page's sessions end with the connection: to come back would not bring them back.
    func configure(_ options: inout WebSocketOptions) {
        options.policy.wire.maximumMessageBytes = 64 << 20
        options.policy.wire.maximumFrameBytes = 64 << 20
        options.policy.reconnection = .never
    }

    // MARK: Messages

    private struct Command: Encodable {
        enum Key: CodingKey { case id, method, params, sessionId }
        let id: RequestID, method: String, sessionId: String?, parameters: (any Encodable & Sendable)?

        func encode(to encoder: any Encoder) throws {
            var members = encoder.container(keyedBy: Key.self)
            try members.encode(id.number, forKey: .id)
            try members.encode(method, forKey: .method)
            try members.encodeIfPresent(sessionId, forKey: .sessionId)
            if let parameters { try parameters.encode(to: members.superEncoder(forKey: .params)) }
        }
    }

    func encode(
        _ method: String, _ parameters: (any Encodable & Sendable)?, id: RequestID
    ) throws -> OutgoingMessage {
        let page = parameters as? InPage
        let command = Command(
            id: id, method: method, sessionId: page?.sessionId, parameters: page == nil ? parameters : page?.parameters)
        return .text(utf8: Array(try JSONEncoder().encode(command)))
    }

    /// A response is an answer, an event belongs to the channel of its name.
    func sort(_ message: Message) -> Sorting {
        guard let part = reader.read(message).first else { return .other }
        switch part {
        case .response(let response):
            guard let number = response.id?.number else { return .other }
            return .answer(RequestID(UInt64(bitPattern: number)), content: response)
        case .notification(let event):
            return .channel(Self.channel(event.method, in: event["sessionId"]?.string).name)
        case .request: return .other
        case .invalid(let problem): return .invalid(reason: problem.description)
        }
    }

    // MARK: Events

    static func channel(_ event: String, in session: String?) -> Channel {
        guard let session else { return Channel(event) }
        return Channel("\(session) \(event)", parameters: ["sessionId": .string(session), "event": .string(event)])
    }

    /// What a channel stands for: the event, and the page's session.
    private static func parts(of channel: Channel) -> (event: String, session: String?) {
        (channel.parameters?["event"]?.string ?? channel.name, channel.parameters?["sessionId"]?.string)
    }

    func subscribe(to channels: [Channel], _ context: SessionContext) async throws -> [SubscriptionVerdict] {
        var verdicts: [SubscriptionVerdict] = []
        for channel in channels {
            let (event, session) = Self.parts(of: channel)
            let enable = (event.split(separator: ".").first ?? "") + ".enable"
            let parameters = session.map { InPage(sessionId: $0, parameters: nil) }
            do {
                _ = try await context.request(String(enable), parameters, as: JSONValue.self)
                verdicts.append(.confirmed)
            } catch let failure as JSONRPC.Failure {
                verdicts.append(.refused(failure))
            }
        }
        return verdicts
    }
}
