/// When credentials are renewed.
public struct AuthenticationPolicy: Hashable, Sendable {
    /// How long before their end credentials are renewed. Those that are good for less than twice that are renewed after
    /// half of their time.
    public var refreshAhead: Duration
    /// How long after a renewal that failed, though not by the server's refusal, the next is tried, as long as the old
    /// credentials are good.
    public var retryInterval: Duration

    /// A minute ahead, and again after five seconds, unless said otherwise.
    public init(refreshAhead: Duration = .seconds(60), retryInterval: Duration = .seconds(5)) {
        self.refreshAhead = refreshAhead
        self.retryInterval = retryInterval
    }

    /// How long after credentials were accepted for `time` they are renewed.
    func refreshTime(for time: Duration) -> Duration {
        time > refreshAhead + refreshAhead ? time - refreshAhead : time / 2
    }
}

/// Why there is no authentication.
public enum AuthenticationFault: String, Hashable, Sendable, CaseIterable {
    /// The server does not accept the credentials.
    case refused
    /// There are no credentials: whoever is asked for them has none, or failed.
    case unavailable
    /// The server did not answer.
    case unanswered
}
