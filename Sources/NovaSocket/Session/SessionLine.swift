import NovaKernel
import NovaWire

/// How messages of a session go out, and answers come back: the same for callers and for handlers.
struct SessionLine: Sendable {
    let caller: Caller
    let core: SessionCore

    init(_ caller: Caller, _ core: SessionCore) { (self.caller, self.core) = (caller, core) }

    var handlers: Handlers { core.handlers }
    var options: CallOptions { core.options }
    /// The number of the session, which no other of this process has or had.
    var sessionNumber: UInt64 { core.number }

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

    /// Sends a message that is the request of that number, and waits for its answer. `willAsk` is told, on the thread of the
    /// connection that it goes to, before it does; what it prepares there is forgotten in the end.
    nonisolated(nonsending) func ask(
        _ message: OutgoingMessage, _ operation: OperationID, _ purpose: MessagePurpose, _ call: CallOptions,
        _ place: MessagePlace, willAsk: (@Sendable (SessionLeg) -> Void)? = nil
    ) async throws -> Answer {
        let cost = handlers.rateLimit.cost(of: purpose)
        let terms = call.over(options).terms(cost: cost, place, awaitsAnswer: true)
        let (post, outgoing) = (Command.post(terms, message.kind, count: message.count), message.outgoing)
        let settlement: Driver.Settlement
        if let willAsk {
            defer { forget(operation) }
            settlement = try await caller.perform(operation) { driver in
                if let leg = driver.desk as? SessionLeg { willAsk(leg) }
                return (post, outgoing)
            }
        } else {
            settlement = try await caller.perform(post, outgoing, operation)
        }
        guard case .answer(let answer) = settlement else {
            throw WebSocketError(.unreadable, "The request was settled without its answer.")
        }
        return answer
    }

    private func forget(_ operation: OperationID) {
        let (caller, core) = (caller, core)
        caller.port.execute {
            for driver in [caller.driver] + (core.seat?.drivers ?? []) {
                (driver.desk as? SessionLeg)?.forget(operation)
            }
        }
    }

    /// Sends a message whose answer has no id, and waits for the first message that `answer` makes something of.
    nonisolated(nonsending) func ask<Value: Sendable>(
        _ message: OutgoingMessage, _ call: CallOptions, _ place: MessagePlace,
        answer: @escaping @Sendable (Message) -> Value?
    ) async throws -> Value {
        let operation = caller.nextOperation()
        let settled = try await ask(message, operation, .message, call, place) {
            $0.matchers.append((operation, answer))
        }
        guard let value = settled.content as? Value else {
            throw WebSocketError(.unreadable, "The request was settled without its answer.")
        }
        return value
    }

    /// Ends the session, whichever connection it is on.
    nonisolated(nonsending) func close(_ code: CloseCode, _ reason: String) async {
        let core = core
        await caller.onDriver { _ in core.handle(.closing) }
        guard let seat = core.seat else { return await caller.close(code, reason) }
        await Caller(seat, caller.numbers, caller.port).close(code, reason)
    }
}
