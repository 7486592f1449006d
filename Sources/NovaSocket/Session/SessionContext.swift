import NovaKernel
import NovaWire

/// What a handler may do with the connection that it is called for.
///
/// What it sends goes out on that connection or not at all: if another stands meanwhile, or none, it is refused, and nothing
/// of it is kept, whatever ``CallOptions/retention`` says. It goes through the rate limit as everything does. A handler that
/// authenticates or subscribes may send while the connection is not ready yet, as it makes it so.
public struct SessionContext: Sendable {
    let line: SessionLine
    let stage: Dispatch.Stage
    /// Told before the first message that is sent.
    let willSend: @Sendable () -> Void
    var place: MessagePlace { MessagePlace(stage: stage, attempt: attempt) }
    /// Which connection it is: 1 for the first, one more after each reconnection.
    public let attempt: AttemptID
    /// The number of the session, which no other of this process has or had: for an adapter that serves several.
    public var sessionNumber: UInt64 { line.sessionNumber }

    /// The same, for what can't wait until the session is ready: when a server asks whether we are there, it does not
    /// care how far we have come.
    package var early: SessionContext { SessionContext(line: line, stage: .early, willSend: {}, attempt: attempt) }

    /// The same, with somebody who is told of each message before it is sent.
    package func watched(_ watcher: @escaping @Sendable () -> Void) -> SessionContext {
        let willSend = willSend
        let both: @Sendable () -> Void = {
            watcher()
            willSend()
        }
        return SessionContext(line: line, stage: stage, willSend: both, attempt: attempt)
    }

    /// Sends a request, and decodes its answer.
    ///
    /// Throws what the server answers instead of a result, what ``MessageHandler/decode(_:from:)`` throws if the result
    /// has another shape, and ``WebSocketError`` if there is no answer.
    public nonisolated(nonsending) func request<Value: Decodable & Sendable>(
        _ method: String, _ parameters: (any Encodable & Sendable)? = nil, as type: Value.Type = Value.self,
        options: CallOptions = CallOptions()
    ) async throws -> Value {
        willSend()
        let answer = try await line.ask(method, parameters, options, place)
        return try line.handlers.messages.decode(type, from: answer)
    }

    /// Sends a message whose answer has no id: it is the first message from then on that `answer` makes something of.
    ///
    /// `answer` is asked about every message that comes while the answer is awaited, before anybody else sees it, on the
    /// connection's own thread: it must not block. Throws ``WebSocketError`` if there is no answer.
    public nonisolated(nonsending) func ask<Value: Sendable>(
        _ message: OutgoingMessage, options: CallOptions = CallOptions(),
        answer: @escaping @Sendable (Message) -> Value?
    ) async throws -> Value {
        willSend()
        return try await line.ask(message, options, place, answer: answer)
    }

    /// Sends a message.
    public nonisolated(nonsending) func send(
        _ message: OutgoingMessage, options: CallOptions = CallOptions()
    ) async throws {
        willSend()
        try await line.send(message, options, .message, place)
    }
}
