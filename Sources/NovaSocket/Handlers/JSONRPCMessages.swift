import NovaKernel
import NovaWire

/// Messages of JSON-RPC 2.0, as the defaults of ``MessageHandler`` speak it; for those who want another dialect, or
/// whose channels stand elsewhere.
public struct JSONRPCMessages: MessageHandler {
    private let reader: JSONRPC.Reader
    private let channelPaths: [JSONRPC.Path]

    /// - Parameters:
    ///   - dialect: which deviations are no problem.
    ///   - channelPaths: where a notification names its channel; the first that has a string or an integer counts.
    public init(dialect: JSONRPC.Dialect = .lenient, channelPaths: [JSONRPC.Path] = ["params.channel"]) {
        reader = JSONRPC.Reader(dialect: dialect, peeking: channelPaths)
        self.channelPaths = channelPaths
    }

    /// Lenient, with the channel in `params.channel`.
    static let standard = JSONRPCMessages()

    /// A request whose id is the number.
    public func encode(
        _ method: String, _ parameters: (any Encodable & Sendable)?, id: RequestID
    ) throws -> OutgoingMessage {
        let id = JSONRPC.ID.number(Int64(bitPattern: id.number))
        guard let parameters else { return .text(utf8: try JSONRPC.request(method, id: id, dialect: reader.dialect)) }
        return .text(utf8: try JSONRPC.request(method, params: Written(parameters), id: id, dialect: reader.dialect))
    }

    /// A notification.
    public func encode(_ method: String, _ parameters: (any Encodable & Sendable)?) throws -> OutgoingMessage {
        guard let parameters else { return .text(utf8: try JSONRPC.notification(method, dialect: reader.dialect)) }
        return .text(utf8: try JSONRPC.notification(method, params: Written(parameters), dialect: reader.dialect))
    }

    /// A batch (§6).
    public func encode(batch: [BatchElement], ids: [RequestID?]) throws -> OutgoingMessage {
        let parts = try zip(batch, ids).map { element, id in
            if let id { return try encode(element.method, element.parameters, id: id).bytes }
            return try encode(element.method, element.parameters).bytes
        }
        return .text(utf8: try JSONRPC.batch(parts))
    }

    /// A response is an answer, a notification belongs to its channel.
    public func sort(_ message: Message) -> Sorting {
        let parts = reader.read(message).map(sort)
        return parts.count == 1 ? parts[0] : .several(parts)
    }

    private func sort(_ part: JSONRPC.Incoming) -> Sorting {
        switch part {
        case .response(let response):
            guard let number = response.id?.number else { return .other }
            return .answer(RequestID(UInt64(bitPattern: number)), content: response)
        case .notification(let notification):
            let names = channelPaths.lazy.compactMap { notification[$0] }
            return names.first.map { .channel($0.string ?? $0.description) } ?? .other
        case .request: return .other
        case .invalid(let problem):
            guard let number = problem.id?.number else { return .invalid(reason: problem.description) }
            return .answer(RequestID(UInt64(bitPattern: number)), content: problem)
        }
    }

    /// The result of a response.
    public func decode<Value: Decodable & Sendable>(_ type: Value.Type, from answer: Answer) throws -> Value {
        switch answer.content {
        case let response as JSONRPC.Response:
            do throws(JSONRPC.ResultError) {
                return try response.result(as: type)
            } catch {
                switch error {
                case .failure(let failure): throw failure
                case .shape(let problem): throw problem
                }
            }
        case let problem as JSONRPC.Problem: throw problem
        default: throw WebSocketError(.unreadable, "The answer is no response of JSON-RPC.")
        }
    }

    /// Parameters of a type that is not known here.
    private struct Written: Encodable, Sendable {
        let value: any Encodable & Sendable
        init(_ value: any Encodable & Sendable) { self.value = value }
        func encode(to encoder: any Encoder) throws { try value.encode(to: encoder) }
    }
}
