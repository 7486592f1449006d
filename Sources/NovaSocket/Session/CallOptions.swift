import NovaKernel

/// By which terms a message of a session goes out. What is nil is taken from the session's own.
public struct CallOptions: Sendable {
    /// What becomes of a message when there is no connection.
    public enum Retention: Hashable, Sendable {
        /// It is refused when the connection is not ready, and lost with it.
        case drop
        /// It waits for the next connection, for so long at most in all (up to 49 days); a request goes out anew on the
        /// next connection as long as it is not answered.
        case keep(for: Duration)
    }

    /// How long an answer is awaited, up to 49 days.
    public var timeout: Duration?
    /// What becomes of it when there is no connection.
    public var retention: Retention?
    /// Before which others it goes when messages wait: the higher first, among equals in their order; 128 is ordinary.
    public var priority: UInt8?
    /// How many tokens of the rate limit it costs; nil: what the handler says.
    public var cost: UInt32?

    /// The session's own.
    public init(
        timeout: Duration? = nil, retention: Retention? = nil, priority: UInt8? = nil, cost: UInt32? = nil
    ) {
        self.timeout = timeout
        self.retention = retention
        self.priority = priority
        self.cost = cost
    }

    /// These, and what they leave open from `others`.
    func over(_ others: CallOptions) -> CallOptions {
        CallOptions(
            timeout: timeout ?? others.timeout, retention: retention ?? others.retention,
            priority: priority ?? others.priority, cost: cost ?? others.cost)
    }

    /// What is left open by everybody: thirty seconds, dropped with the connection, ordinary.
    static let standard = CallOptions(timeout: .seconds(30), retention: .drop, priority: Dispatch.normalPriority)

    /// The terms for the kernel; `cost` is what the handler says. What is for one connection alone is never kept for
    /// another, whatever the options say.
    func terms(cost asked: UInt32, _ place: MessagePlace, awaitsAnswer: Bool) -> Dispatch {
        let all = over(.standard)
        let retention: Dispatch.Retention =
            switch all.retention {
            case _ where place.attempt != .whole: .within(place.attempt)
            case .keep(let time): .keep(milliseconds: time.wholeMilliseconds)
            case .drop, nil: .drop
            }
        // A time that rounds to nothing would be no wait at all.
        let wait = max(1, (all.timeout ?? .zero).wholeMilliseconds)
        return Dispatch(
            cost: all.cost ?? asked, priority: all.priority ?? Dispatch.normalPriority, retention: retention,
            stage: place.stage, answerMilliseconds: awaitsAnswer ? wait : 0)
    }
}

/// Where a message of a session belongs: on which connection, and how far that must have come.
struct MessagePlace: Sendable {
    var stage: Dispatch.Stage
    var attempt: AttemptID

    /// On whichever connection is ready.
    static let anywhere = MessagePlace(stage: .ready, attempt: .whole)
}
