import NovaKernel

/// The driver that a session's calls go to. A change of connections puts another in its place, on the thread that both live
/// on; it is looked into there only.
final class SessionSeat: @unchecked Sendable {
    /// The driver of the session's connection.
    private(set) var driver: Driver
    /// While connections are changed: the one that the session's is to be, or the one that it was.
    private(set) var other: Driver?
    /// How the connection ended that was left last; nil if none was.
    private(set) var left: Termination?

    init(_ driver: Driver) { self.driver = driver }

    /// Both drivers, the session's first.
    var drivers: [Driver] { other.map { [driver, $0] } ?? [driver] }

    /// A second connection is begun.
    func seat(_ next: Driver) { other = next }

    /// The second is the session's from now on.
    func turn() {
        guard let next = other else { return }
        (driver, other) = (next, driver)
    }

    /// The second is over; `wasSession`: it was the session's before.
    func unseat(wasSession: Bool) {
        if wasSession, let termination = other?.termination { left = termination }
        other = nil
    }

    /// How the session's last connection ended; nil if none has.
    var termination: Termination? { drivers.lazy.compactMap(\.termination).first ?? left }
}
