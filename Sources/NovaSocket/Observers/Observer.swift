import NovaKernel
import NovaWire

/// Sees what connections do: logging, metrics and tracing are observers, and so may anything else be.
///
/// An observer is called on the connection's own thread, as each step is taken, before anything that follows from it is
/// done. It must not block: while it runs, the connection stands still, and with it every other connection of the loop.
/// The time that it takes is not hidden from anybody; timers fire late by as much. It can't change what the connection
/// does, and what it is told has no header value, no payload, no token and no path or query of the URL in it.
///
/// One function and one kind of value, rather than a function for each kind of event: an event can be kept, compared,
/// sorted and passed on as it is, one observer can hand it to another, and what a new release tells anew needs no new
/// function. ``ConnectionEvent`` is not exhaustive for that reason: a `switch` over it needs an `@unknown default`.
public protocol Observer: Sendable {
    /// Something happened. One connection's events come one after the other; those of several connections may come from
    /// several threads at once, if they live on several loops.
    func observe(_ event: ConnectionEvent, _ context: EventContext)

    /// Who observes this connection, asked once as it is made: an observer with an account for each connection returns
    /// that. The default is the observer itself.
    func observer(of connection: ObservedConnection) -> any Observer
}

extension Observer {
    /// The observer itself.
    public func observer(of connection: ObservedConnection) -> any Observer { self }
}

/// Which connection an event is of. It stays the same over all attempts of one handle.
public struct ObservedConnection: Hashable, Sendable, CustomStringConvertible {
    /// A number no other connection of this process has.
    public let id: UInt64
    /// What ``WebSocketOptions/name`` calls it.
    public let name: String?
    /// Where it goes: scheme, host and port, or a Unix socket's file. Neither path nor query of the URL, as either may have
    /// a secret in it.
    public let endpoint: String

    /// A connection with these marks.
    public init(id: UInt64, name: String? = nil, endpoint: String) {
        (self.id, self.name, self.endpoint) = (id, name, endpoint)
    }

    /// The name, or where it goes if it has none.
    public var target: String { name ?? endpoint }

    /// `wss://example.com #3`
    public var description: String { "\(target) #\(id)" }
}

/// Where and when an event happened.
public struct EventContext: Hashable, Sendable {
    /// The connection.
    public var connection: ObservedConnection
    /// The attempt under way, or the last one; 0 before the first.
    public var attempt: AttemptID
    /// When, on the connection's monotonic clock: times between events are right.
    public var at: Instant
    /// When by the calendar, in nanoseconds since 1970; nil where there is no calendar, as in a simulation. The calendar is
    /// looked at as each attempt begins, and the monotonic clock counts from there.
    public var calendarTime: UInt64?

    /// An event's surroundings.
    public init(connection: ObservedConnection, attempt: AttemptID, at: Instant, calendarTime: UInt64? = nil) {
        self.connection = connection
        self.attempt = attempt
        self.at = at
        self.calendarTime = calendarTime
    }
}

extension Endpoint {
    /// Scheme, host and port, or the socket's path: what observers are told.
    var origin: String {
        switch transport {
        case .unix(let path): "ws+unix:\(path)"
        case .tcp: "\(isSecure ? "wss" : "ws")://\(authority)"
        }
    }
}
