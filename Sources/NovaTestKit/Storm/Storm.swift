import NovaKernel
import NovaSocket

/// Many clients of one server, and an outage that takes all their connections at once: what a policy of reconnection does
/// to a server that comes back.
///
/// ```swift
/// let storm = Storm(clients: 200, outage: .refuse, lasting: .seconds(30))
/// let constant = try storm.run(Reconnection(backoff: .constant(.seconds(1))))
/// let jitter = try storm.run(Reconnection(backoff: .exponentialFullJitter(base: .seconds(1), cap: .seconds(30))))
/// print(StormReport.table([constant, jitter]))
/// ```
///
/// The clients are real connections with the policy's own code, in a ``SimulatedNetwork``: a run takes no time but the
/// processor's, and the same storm with the same policy always comes out the same.
public struct Storm: Hashable, Sendable {
    /// What the server does during an outage. All connections are reset when it begins, whatever it does afterwards.
    public enum Outage: Hashable, Sendable {
        /// It refuses connections.
        case refuse
        /// It lets everybody in, and resets the connection a tenth of a second later.
        case reset
        /// It takes connections, and nothing gets through; what waits when the outage ends goes on.
        case stall
        /// It refuses the opening handshake with this status, and says when to come back, in seconds, if that is given.
        case refuseUpgrade(status: UInt16, retryAfter: UInt32?)
    }

    /// How many clients there are, each with one connection; at least 1.
    public var clients: Int
    /// What the server does during the outage.
    public var outage: Outage
    /// How long the outage lasts.
    public var length: Duration
    /// What all chance follows from: every client's jitter.
    public var seed: UInt64
    /// How long the clients are waited for once the outage has ended; an hour unless it is said otherwise.
    public var patience = Duration.seconds(3600)

    /// A storm; with a thousand clients, and half a minute of refused connections, unless it is said otherwise.
    public init(
        clients: Int = 1000, outage: Outage = .refuse, lasting length: Duration = .seconds(30), seed: UInt64 = 0
    ) {
        (self.clients, self.outage, self.length, self.seed) = (clients, outage, length, seed)
    }

    /// Runs it on the calling thread, all clients with this policy of reconnection. They have no keepalive; everything
    /// else of their policy is the default.
    ///
    /// Throws ``StormError/noClients`` without clients, ``StormError/invalidOptions(_:)`` for a policy that is not valid,
    /// and ``StormError/simulation(_:)`` if more happens at one moment than can pass.
    public func run(_ reconnection: Reconnection) throws(StormError) -> StormReport {
        guard clients > 0 else { throw .noClients }
        return try StormRun(self, reconnection).run()
    }
}

/// Why a storm could not be run.
public enum StormError: Error, Hashable, Sendable, CustomStringConvertible {
    /// There is no client in it.
    case noClients
    /// The policy is not valid, for this reason.
    case invalidOptions(String)
    /// The simulation came to no end.
    case simulation(SimulationError)

    /// The error in a sentence.
    public var description: String {
        switch self {
        case .noClients: "A storm needs at least one client."
        case .invalidOptions(let reason): reason
        case .simulation(let error): error.description
        }
    }
}
