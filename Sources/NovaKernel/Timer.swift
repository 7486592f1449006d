/// Every timer there is. A timer belongs to a state, never to an arm: which ones are armed follows from the state
/// alone.
public enum Timer: UInt8, Hashable, Sendable, CaseIterable {
    /// Bounds `connecting.resolving`.
    case resolve
    /// Bounds `connecting.dialing`.
    case dial
    /// Bounds `connecting.tunnelling`.
    case tunnel
    /// Bounds `connecting.securing`.
    case secure
    /// Bounds `connecting.upgrading` and `connecting.refused`.
    case upgrade
    /// Bounds all of `connecting`.
    case deadline
    /// Bounds `open.authenticating`.
    case authenticate
    /// Bounds `open.restoring`.
    case restore
    /// In `open.ready` after failures: when it fires, the connection counts as stable (law R5).
    case stability
    /// Bounds `closing`; while our close frame waits behind messages, it bounds the time without progress.
    case close
    /// Bounds `closing.draining`.
    case drain
    /// Ends `backingOff`.
    case backoff
    /// Runs from the first failure of an outage until the connection is stable again.
    case outage
    /// The keepalive's own: the next look at when the peer was last heard.
    case keepalive
    /// The table of pings' own: the next look at which caller has waited long enough for its pong.
    case pong
    /// The table of requests' own: the next look at who has waited long enough for an answer.
    case request
    /// The outbox's own: the next look at which message has waited long enough for a connection.
    case outbox
    /// The rate limiter's own: when there are tokens for the next message.
    case limit
    /// The authentication's own: when credentials are renewed, and how long that may take.
    case refresh
    /// The table of subscriptions' own: the next look at which request has waited long enough.
    case subscription
    /// The table of subscriptions' own: the next look at whose messages have stayed away too long.
    case freshness

    /// Whether it belongs to a satellite, not to the spine.
    package var isOfSatellite: Bool {
        switch self {
        case .keepalive, .pong, .request, .outbox, .limit, .refresh, .subscription, .freshness: true
        case .resolve, .dial, .tunnel, .secure, .upgrade, .deadline, .authenticate, .restore, .stability, .close,
            .drain, .backoff, .outage:
            false
        }
    }

    /// Whether it outlives attempts: it carries ``AttemptID/whole``.
    package var isOfWhole: Bool { self == .request || self == .outbox }

    /// The name in charts, traces and scenarios.
    public var name: String { String(describing: self) }
}

/// Some of the timers.
@frozen
public struct TimerSet: OptionSet, Hashable, Sendable {
    /// One bit a timer, in the order of their declaration.
    public let rawValue: UInt32

    /// The timers whose bits are set.
    @inlinable
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// Just this timer.
    public init(_ timer: Timer) { self.init(rawValue: 1 << UInt32(timer.rawValue)) }

    /// The timers in the order of their declaration.
    public var timers: [Timer] { Timer.allCases.filter { contains(TimerSet($0)) } }
}
