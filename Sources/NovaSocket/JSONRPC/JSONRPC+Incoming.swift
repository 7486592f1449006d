import FoundationEssentials
import NovaTrace

extension JSONRPC {
    /// What came.
    public enum Incoming: Sendable {
        /// What a request of ours led to.
        case response(Response)
        /// Something the server tells, and wants no answer to.
        case notification(Notification)
        /// Something the server asks, and wants an answer to.
        case request(Request)
        /// Something that breaks the specification.
        case invalid(Problem)
    }

    /// What a request led to: a result or a failure.
    public struct Response: Sendable {
        /// Whose response it is; nil for a failure of which the server could not tell (§5).
        public let id: ID?
        /// The failure, if it is one.
        public let failure: Failure?
        let content: Content

        /// The result. Throws the failure if there is none, and what doesn't fit if it has another shape than the type.
        ///
        /// A decoder of your own, for dates or names in another style, reads the whole message: a strategy for names
        /// sees `result` too, and must leave it alone.
        public func result<Value: Decodable>(
            as type: Value.Type = Value.self, with decoder: JSONDecoder? = nil
        ) throws(ResultError) -> Value {
            if let failure { throw .failure(failure) }
            do throws(JSONError) {
                return try content.read(type, at: .result, decoder)
            } catch {
                throw .shape(error)
            }
        }
    }

    /// Why a response gave no result.
    public enum ResultError: Error, Hashable, Sendable {
        /// The server refused, or failed.
        case failure(Failure)
        /// The result came, but doesn't have the shape of the type it was read as.
        case shape(JSONError)

        /// The server's failure, if it is one.
        public var failure: Failure? { if case .failure(let failure) = self { failure } else { nil } }
    }

    /// Something a peer tells, without an answer (§4.1).
    public struct Notification: Sendable {
        /// What it is about.
        public let method: String
        /// Whether there are parameters.
        public let hasParams: Bool
        let content: Content

        /// The parameters. Throws what doesn't fit if they have another shape than the type, or if there are none.
        ///
        /// A decoder of your own reads the whole message: a strategy for names sees `params` too, and must leave it
        /// alone.
        public func params<Value: Decodable>(
            as type: Value.Type = Value.self, with decoder: JSONDecoder? = nil
        ) throws(JSONError) -> Value {
            try content.read(type, at: .params, decoder)
        }
    }

    /// Something a peer asks, for an answer with the same id (§4).
    public struct Request: Sendable {
        /// What the answer must have as its id.
        public let id: ID
        /// What shall be done.
        public let method: String
        /// Whether there are parameters.
        public let hasParams: Bool
        let content: Content

        /// The parameters. Throws what doesn't fit if they have another shape than the type, or if there are none.
        ///
        /// A decoder of your own reads the whole message: a strategy for names sees `params` too, and must leave it
        /// alone.
        public func params<Value: Decodable>(
            as type: Value.Type = Value.self, with decoder: JSONDecoder? = nil
        ) throws(JSONError) -> Value {
            try content.read(type, at: .params, decoder)
        }
    }
}

/// A message, of which not more is known than its envelope.
struct Content: Sendable {
    let text: PaddedText
    let peeked: Peeked

    func read<Value: Decodable>(
        _ type: Value.Type, at name: MemberName, _ decoder: JSONDecoder?
    ) throws(JSONError) -> Value {
        try JSONText.read(type, at: name, from: text, with: decoder ?? JSONText.decoder)
    }
}

// MARK: The bytes, and what was peeked at

extension JSONRPC.Response {
    /// The whole message, or its element of a batch.
    public var bytes: [UInt8] { content.text.bytes }
    /// The string or the integer at a path that the reader was told of; nil if there is nothing, or something else.
    public subscript(path: JSONRPC.Path) -> JSONRPC.ID? { content.peeked[path] }
}

extension JSONRPC.Notification {
    /// The whole message, or its element of a batch.
    public var bytes: [UInt8] { content.text.bytes }
    /// The string or the integer at a path that the reader was told of; nil if there is nothing, or something else.
    public subscript(path: JSONRPC.Path) -> JSONRPC.ID? { content.peeked[path] }
}

extension JSONRPC.Request {
    /// The whole message, or its element of a batch.
    public var bytes: [UInt8] { content.text.bytes }
    /// The string or the integer at a path that the reader was told of; nil if there is nothing, or something else.
    public subscript(path: JSONRPC.Path) -> JSONRPC.ID? { content.peeked[path] }
}

// MARK: Descriptions, in which there is no value

extension JSONRPC.Incoming: CustomStringConvertible {
    /// What it is, in a few words: ids, methods, and failures without their data.
    public var description: String {
        switch self {
        case .response(let response): response.description
        case .notification(let notification): notification.description
        case .request(let request): request.description
        case .invalid(let problem): problem.description
        }
    }
}

extension JSONRPC.Response: CustomStringConvertible, CustomReflectable {
    /// Whose response it is, and its failure if it has one; never the result.
    public var description: String {
        "response to \(id.map(\.description) ?? "nobody"): \(failure.map(\.description) ?? "a result")"
    }

    /// The id and the failure.
    public var customMirror: Mirror { Mirror(self, children: ["id": id as Any, "failure": failure as Any]) }
}

extension JSONRPC.Notification: CustomStringConvertible, CustomReflectable {
    /// The method; never the parameters.
    public var description: String { "notification \(method.printable)" }

    /// The method.
    public var customMirror: Mirror { Mirror(self, children: ["method": method.printable]) }
}

extension JSONRPC.Request: CustomStringConvertible, CustomReflectable {
    /// The method and the id; never the parameters.
    public var description: String { "request \(method.printable) with id \(id)" }

    /// The id and the method.
    public var customMirror: Mirror { Mirror(self, children: ["id": id, "method": method.printable]) }
}

extension JSONRPC.ResultError: CustomStringConvertible {
    /// The failure, or what doesn't fit, in a line.
    public var description: String {
        switch self {
        case .failure(let failure): failure.description
        case .shape(let error): error.description
        }
    }
}
