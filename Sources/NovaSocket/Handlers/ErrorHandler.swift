import NovaKernel

/// How much an error that a handler has thrown matters.
public enum ErrorSeverity: String, Hashable, Sendable, CaseIterable {
    /// It concerns one message, or one wish.
    case harmless
    /// The connection is no good any more; another may be.
    case transient
    /// No connection will be any good.
    case fatal
}

/// What is to be done about an error that a handler has thrown.
public enum ErrorDecision: Sendable {
    /// Nothing: it is told in ``Session/handlerReports``.
    case ignore
    /// To end this connection and make another, as the retry table's row `failedByCaller` says; after this time, or as the
    /// backoff says. The reason goes into our close frame: at most 123 bytes of UTF-8.
    case reconnect(after: Duration? = nil, reason: String = "")
    /// To end the session. The reason goes into our close frame: at most 123 bytes of UTF-8.
    case stop(reason: String = "")
}

/// What follows on the end of a connection that the retry table wants made again.
public enum RetryDecision: Hashable, Sendable {
    /// What the backoff says.
    case standard
    /// Another attempt after this time, or the server's own wish if that is longer.
    case retry(after: Duration)
    /// No further attempt.
    case stop
}

/// Says what is done about what goes wrong. Its functions are called away from the connection's thread; one that takes a second
/// or more is told of in ``Session/handlerReports``, and until it has decided nothing is done.
public protocol ErrorHandler: Sendable {
    /// How much an error matters.
    func severity(of error: any Error, from handler: HandlerReport.Handler) -> ErrorSeverity

    /// A handler has thrown this: what is to be done.
    func decide(
        _ error: any Error, from handler: HandlerReport.Handler, _ context: SessionContext
    ) async -> ErrorDecision

    /// A connection has ended, the `failures`-th in a row, and the retry table wants another: when? The backoff runs
    /// meanwhile: an answer that comes after it is too late.
    func decide(_ termination: Termination, failures: UInt32) async -> RetryDecision
}

extension ErrorHandler {
    /// Every error is harmless.
    public func severity(of error: any Error, from handler: HandlerReport.Handler) -> ErrorSeverity { .harmless }

    /// What is harmless is ignored, after what is transient the connection is made anew, what is fatal ends the session.
    public func decide(
        _ error: any Error, from handler: HandlerReport.Handler, _ context: SessionContext
    ) async -> ErrorDecision {
        switch severity(of: error, from: handler) {
        case .harmless: .ignore
        case .transient: .reconnect()
        case .fatal: .stop()
        }
    }

    /// What the backoff says.
    public func decide(_ termination: Termination, failures: UInt32) async -> RetryDecision { .standard }
}
