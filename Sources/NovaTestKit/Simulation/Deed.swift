import NovaWire

/// Something a user does to a connection.
public enum Deed: Hashable, Sendable {
    /// Sends a message of so many bytes.
    case send(bytes: Int)
    /// Sends a message in so many fragments of so many bytes each; gives it up before the last one if it is abandoned.
    case sendFragments(Int, bytes: Int, isAbandoned: Bool)
    /// Asks for a round trip.
    case ping
    /// Waits until everything is written.
    case flush
    /// Wants a connection, now.
    case connect
    /// Closes the connection for good.
    case close(CloseCode)
    /// Takes no message for that long.
    case sleep(Duration)
    /// Stops taking messages, and begins anew.
    case leaveAndReturn
}

/// What happens in a simulation, and when.
public struct SimulationEvent: Hashable, Sendable {
    /// What happens.
    public enum Content: Hashable, Sendable {
        /// The server or the links to it suffer this.
        case fault(Fault)
        /// A user does this; and gives up waiting for it after so long, if that is said.
        case deed(Deed, user: Int, givesUpAfter: Duration?)
    }

    /// When, from the beginning of the simulation.
    public var at: Duration
    /// What happens.
    public var content: Content

    /// A fault at that time.
    public static func at(_ time: Duration, _ fault: Fault) -> SimulationEvent {
        SimulationEvent(at: time, content: .fault(fault))
    }

    /// A deed at that time.
    public static func at(
        _ time: Duration, _ deed: Deed, by user: Int = 0, givingUpAfter patience: Duration? = nil
    ) -> SimulationEvent {
        SimulationEvent(at: time, content: .deed(deed, user: user, givesUpAfter: patience))
    }
}
