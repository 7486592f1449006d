/// What messages mean: how a request is written, what a message is that comes, what is in an answer, and what is done
/// about everything else. Its defaults speak JSON-RPC 2.0.
public protocol MessageHandler: MessageConsumer {
    /// Writes a request; its answer must be known by `id` again. Whatever it throws, the caller of the request gets.
    func encode(_ method: String, _ parameters: (any Encodable & Sendable)?, id: RequestID) throws -> OutgoingMessage

    /// Writes several requests and messages as one; each request's answer must be known by its id again.
    func encode(batch: [BatchElement], ids: [RequestID?]) throws -> OutgoingMessage

    /// Writes a message that wants no answer.
    func encode(_ method: String, _ parameters: (any Encodable & Sendable)?) throws -> OutgoingMessage

    /// What a message is. It is asked as the message comes, on the connection's own thread, before the next one is looked
    /// at: it must not block. The time it takes is measured, and told if it is long.
    func sort(_ message: Message) -> Sorting

    /// What is in an answer. Runs in the task of whoever asked.
    func decode<Value: Decodable & Sendable>(_ type: Value.Type, from answer: Answer) throws -> Value
}

/// Takes the messages of a session that are neither answers nor of a subscription.
public protocol MessageConsumer: Sendable {
    /// Takes a message. One at a time, in their order, away from the connection's thread; as long as it takes, messages
    /// wait, and at last the server does. What it throws is told, and goes to the handler of errors.
    func handle(_ message: Message, _ context: SessionContext) async throws -> Reaction
}

extension MessageHandler {
    /// A request of JSON-RPC 2.0, whose id is the number.
    public func encode(
        _ method: String, _ parameters: (any Encodable & Sendable)?, id: RequestID
    ) throws -> OutgoingMessage { try JSONRPCMessages.standard.encode(method, parameters, id: id) }

    /// A notification of JSON-RPC 2.0.
    public func encode(_ method: String, _ parameters: (any Encodable & Sendable)?) throws -> OutgoingMessage {
        try JSONRPCMessages.standard.encode(method, parameters)
    }

    /// A batch of JSON-RPC 2.0 (§6).
    public func encode(batch: [BatchElement], ids: [RequestID?]) throws -> OutgoingMessage {
        try JSONRPCMessages.standard.encode(batch: batch, ids: ids)
    }

    /// A response of JSON-RPC 2.0 is an answer; a notification belongs to the channel that its parameters name in
    /// `channel`, if they do.
    public func sort(_ message: Message) -> Sorting { JSONRPCMessages.standard.sort(message) }

    /// The result of a response of JSON-RPC 2.0. Throws ``JSONRPC/Failure`` if it is one, and ``JSONError`` if the result
    /// has another shape.
    public func decode<Value: Decodable & Sendable>(_ type: Value.Type, from answer: Answer) throws -> Value {
        try JSONRPCMessages.standard.decode(type, from: answer)
    }

    /// Nothing is done about it.
    public func handle(_ message: Message, _ context: SessionContext) async throws -> Reaction { .nothing }
}
