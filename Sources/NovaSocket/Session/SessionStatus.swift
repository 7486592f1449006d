import NovaKernel

/// How a session stands.
public struct SessionStatus: Sendable, CustomStringConvertible {
    /// The state of the connection.
    public let state: Lifecycle.Standing
    /// Which connection it is, or which attempt at one: 1 for the first.
    public let attempt: AttemptID
    /// How many attempts in a row have failed.
    public let failures: UInt32
    /// How the authentication stands: what we are to the server, for how long, and when credentials are renewed.
    public let authentication: AuthenticationStatus
    /// Requests that have no answer yet.
    public let pendingRequests: Int
    /// Messages that wait for their turn, and how many bytes they are.
    public let waitingMessages: Int, waitingBytes: Int
    /// Subscriptions that the server has confirmed on this connection, and all that are wanted.
    public let confirmedSubscriptions: Int, wantedSubscriptions: Int
    /// How the last connection ended; nil if none has.
    public let termination: Termination?
    /// Whether the connection is being changed for another.
    public let isChangingConnections: Bool
    /// What the handler of connections says besides; nil if nothing.
    public internal(set) var note: String?

    /// The state, the authentication if there is one, the counts and the note in a line.
    public var description: String {
        var text = "\(state.name), connection \(attempt.number), "
        if authentication.state != .off { text += "\(authentication), " }
        text += "\(pendingRequests) requests without an answer, "
        text += "\(waitingMessages) messages waiting, "
        text += "\(confirmedSubscriptions) of \(wantedSubscriptions) subscriptions confirmed"
        if let note { text += "; \(note)" }
        return text
    }
}

extension Session {
    /// How the session stands.
    public var status: SessionStatus {
        get async {
            let core = core
            var (status, leg) = await line.caller.onDriver { driver in
                let kernel = driver.kernel
                let waiting = kernel.outbox.items.filter { !$0.isSent }
                let status = SessionStatus(
                    state: kernel.standing, attempt: kernel.attempt, failures: kernel.lifecycle.failures,
                    authentication: AuthenticationStatus(kernel.authentication, at: driver.port.refresh()),
                    pendingRequests: kernel.requests.pending.count, waitingMessages: waiting.count,
                    waitingBytes: waiting.reduce(0) { $0 + $1.bytes },
                    confirmedSubscriptions: kernel.subscriptions.entries.count { $0.status == .confirmed },
                    wantedSubscriptions: kernel.subscriptions.entries.count { $0.status != .failed },
                    termination: core.seat?.termination,
                    isChangingConnections: ![.steady, .ended].contains(core.change.machine.state))
                return (status, driver.desk as? SessionLeg)
            }
            if let handler = line.handlers.connection {
                status.note =
                    if let leg {
                        await leg.watching(.connection, status.attempt) { await handler.statusNote() }
                    } else { await handler.statusNote() }
            }
            return status
        }
    }
}
