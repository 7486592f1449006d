import NovaKernel

/// A part of a batch: a request, or a message that wants no answer.
public struct BatchElement: Sendable {
    /// What is asked for.
    public let method: String
    /// With what.
    public let parameters: (any Encodable & Sendable)?
    /// Whether an answer is awaited.
    public let awaitsAnswer: Bool

    /// A request.
    public static func request(_ method: String, _ parameters: (any Encodable & Sendable)? = nil) -> BatchElement {
        BatchElement(method: method, parameters: parameters, awaitsAnswer: true)
    }

    /// A message that wants no answer.
    public static func notification(_ method: String, _ parameters: (any Encodable & Sendable)? = nil) -> BatchElement {
        BatchElement(method: method, parameters: parameters, awaitsAnswer: false)
    }
}

extension Session {
    /// Sends any value as JSON in a text message.
    public nonisolated(nonsending) func send(
        json value: some Encodable & Sendable, options: CallOptions = CallOptions()
    ) async throws { try await send(.text(utf8: Array(try JSONText.write(value))), options: options) }

    /// Sends bytes in a binary message.
    public nonisolated(nonsending) func send(
        _ bytes: [UInt8], options: CallOptions = CallOptions()
    ) async throws { try await send(.binary(bytes), options: options) }

    /// Sends several requests as one message, and returns their answers in the order of the requests, in whatever order and
    /// in however many messages the server gives them. `decode(_:from:)` reads each.
    ///
    /// To the rate limit the batch is one message, a ``MessagePurpose/batch(requests:notifications:)``, and its requests have
    /// one time together: it throws as
    /// ``request(_:_:as:options:)`` does if not all of them are answered in it. A batch without a request returns as soon
    /// as it is accepted.
    public nonisolated(nonsending) func batch(
        _ elements: [BatchElement], options: CallOptions = CallOptions()
    ) async throws -> [Answer] {
        let caller = line.caller
        let ids = elements.map { $0.awaitsAnswer ? caller.nextOperation() : nil }
        let message = try line.handlers.messages.encode(batch: elements, ids: ids)
        let wanted = ids.compactMap(\.self)
        let purpose = MessagePurpose.batch(requests: wanted.count, notifications: elements.count - wanted.count)
        guard !wanted.isEmpty else {
            try await line.send(message, options, purpose, .anywhere)
            return []
        }
        let operation = caller.nextOperation()
        let answer = try await line.ask(message, operation, purpose, options, .anywhere) {
            $0.batches.await(wanted, for: operation)
        }
        guard let answers = answer.content as? [Answer] else {
            throw WebSocketError(.unreadable, "The batch was settled without its answers.")
        }
        return answers
    }

    /// What is in an answer, as the handler of messages reads it.
    public func decode<Value: Decodable & Sendable>(_ type: Value.Type = Value.self, from answer: Answer) throws
        -> Value
    {
        try line.handlers.messages.decode(type, from: answer)
    }

    /// Sends a message whose answer has no id: it is the first message from then on that `answer` makes something of.
    ///
    /// `answer` is asked about every message that comes while the answer is awaited, before anybody else sees it, on the
    /// connection's own thread: it must not block. Throws as ``request(_:_:as:options:)``.
    public nonisolated(nonsending) func ask<Value: Sendable>(
        _ message: OutgoingMessage, options: CallOptions = CallOptions(),
        answer: @escaping @Sendable (Message) -> Value?
    ) async throws -> Value {
        try await line.ask(message, options, .anywhere, answer: answer)
    }

    /// Lets go at once of all messages that wait for tokens of the rate limit, whatever the bucket holds, in their order and
    /// for nothing; returns when those that found room are written. The server's own limit is the caller's business then.
    ///
    /// Throws ``WebSocketError`` with the refusal `.notOpen` if the session is not ready.
    public nonisolated(nonsending) func drain() async throws {
        _ = try await line.caller.perform(.drain, nil, line.caller.nextOperation())
    }

    /// Hands the session's messages to another consumer, without losing one or giving one twice: the message that is being
    /// handled stays with the one before, and the next is the new one's. Answers and subscriptions are not concerned.
    ///
    /// Whatever the handler of messages did with them is the new one's to do: where a service asks in messages whether we
    /// are there, it must answer.
    public func handOver(to consumer: any MessageConsumer) {
        core.consumer.withLock { $0 = consumer }
    }
}
