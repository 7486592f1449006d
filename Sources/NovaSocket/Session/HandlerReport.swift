import NovaKernel

/// Something about a handler that whoever runs the session should know. None of it harms the connection.
public struct HandlerReport: Sendable, CustomStringConvertible {
    /// Which handler it is about.
    public enum Handler: String, Hashable, Sendable, CaseIterable {
        /// The handler of messages.
        case messages
        /// The one that authenticates.
        case authentication
        /// The one that subscribes.
        case subscriptions
        /// The one that sees connections come and go.
        case connection
        /// The one that says what is done about errors.
        case errors
    }

    /// What there is to know.
    public enum Event: Sendable {
        /// It threw this.
        case threw(any Error)
        /// It has taken so long: ``MessageHandler/sort(_:)`` more than 10 ms, in which the connection stood still; or
        /// whatever is called away from the connection's thread a second or more, in which what came next waited. That is
        /// told once, while it still runs: it may never return.
        case slow(Duration)
        /// It could not read a message; why.
        case unreadable(reason: String)
        /// It was so slow that it was not told of so many things: more than 1024 waited for it.
        case missed(count: Int)
    }

    /// Which handler it is about.
    public let handler: Handler
    /// What there is to know.
    public let event: Event
    /// On which connection.
    public let attempt: AttemptID

    static let longestSort = Duration.milliseconds(10)
    static let longestHandling = Duration.seconds(1)

    /// What happened, without the error itself, whose words are not ours.
    public var description: String {
        switch event {
        case .threw(let error): "The handler of \(handler.rawValue) threw a \(type(of: error))."
        case .slow(let time): "The handler of \(handler.rawValue) has taken \(time)."
        case .missed(let count): "The handler of \(handler.rawValue) was too slow to be told of \(count) things."
        case .unreadable(let reason): "A message can't be read: \(reason)"
        }
    }
}

extension HandlerFinding {
    /// The same without the words of others.
    init(_ event: HandlerReport.Event) {
        switch event {
        case .threw(let error): self = .threw(type: "\(type(of: error))")
        case .slow(let time): self = .slow(time)
        case .unreadable: self = .unreadable
        case .missed(let count): self = .missed(count: count)
        }
    }
}

extension Session {
    /// What there is to know about handlers, from now on; it ends with the session. One who falls behind by more than 256
    /// reports loses the oldest.
    public var handlerReports: AsyncStream<HandlerReport> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: HandlerReport.self, bufferingPolicy: .bufferingNewest(256))
        let (core, port, id) = (core, line.caller.port, line.caller.nextOperation().number)
        continuation.onTermination = { _ in port.execute { core.unwatch(id) } }
        port.executeNow { core.watch(id, continuation) }
        return stream
    }
}
