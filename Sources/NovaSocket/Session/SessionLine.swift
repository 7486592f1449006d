import NovaKernel
import NovaWire

/// How messages of a session go out, and answers come back: the same for callers and for handlers.
struct SessionLine: Sendable {
    let caller: Caller
    let handlers: Handlers
    let options: CallOptions

    /// Sends a message.
    nonisolated(nonsending) func send(
        _ message: OutgoingMessage, _ call: CallOptions, _ purpose: MessagePurpose, _ place: MessagePlace
    ) async throws {
        let terms = call.over(options).terms(cost: handlers.rateLimit.cost(of: purpose), place, awaitsAnswer: false)
        _ = try await caller.perform(
            .post(terms, message.kind, count: message.count), message.outgoing, caller.nextOperation())
    }

    /// Sends a request, and waits for its answer.
    nonisolated(nonsending) func ask(
        _ method: String, _ parameters: (any Encodable & Sendable)?, _ call: CallOptions, _ place: MessagePlace
    ) async throws -> Answer {
        let operation = caller.nextOperation()
        let message = try handlers.messages.encode(method, parameters, id: operation)
        return try await ask(message, operation, .request(method: method), call, place)
    }

    /// Sends a message that is the request of that number, and waits for its answer.
    nonisolated(nonsending) func ask(
        _ message: OutgoingMessage, _ operation: OperationID, _ purpose: MessagePurpose, _ call: CallOptions,
        _ place: MessagePlace
    ) async throws -> Answer {
        let cost = handlers.rateLimit.cost(of: purpose)
        let terms = call.over(options).terms(cost: cost, place, awaitsAnswer: true)
        let settlement = try await caller.perform(
            .post(terms, message.kind, count: message.count), message.outgoing, operation)
        guard case .answer(let answer) = settlement else {
            throw WebSocketError(.unreadable, "The request was settled without its answer.")
        }
        return answer
    }

    /// Sends a message whose answer has no id, and waits for the first message that `answer` makes something of.
    nonisolated(nonsending) func ask<Value: Sendable>(
        _ message: OutgoingMessage, _ call: CallOptions, _ place: MessagePlace,
        answer: @escaping @Sendable (Message) -> Value?
    ) async throws -> Value {
        let (driver, operation) = (caller.driver, caller.nextOperation())
        await caller.onDriver { ($0.desk as? SessionCore)?.matchers.append((operation, answer)) }
        defer { caller.port.execute { (driver.desk as? SessionCore)?.forget(operation) } }
        let settled = try await ask(message, operation, .message, call, place)
        guard let value = settled.content as? Value else {
            throw WebSocketError(.unreadable, "The request was settled without its answer.")
        }
        return value
    }
}
