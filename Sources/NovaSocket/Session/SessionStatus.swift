import NovaKernel

/// How a session stands.
public struct SessionStatus: Sendable, CustomStringConvertible {
    /// The state of the connection.
    public let state: Lifecycle.Standing
    /// Which connection it is, or which attempt at one: 1 for the first.
    public let attempt: AttemptID
    /// How many attempts in a row have failed.
    public let failures: UInt32
    /// Requests that have no answer yet.
    public let pendingRequests: Int
    /// Messages that wait for their turn, and how many bytes they are.
    public let waitingMessages: Int, waitingBytes: Int
    /// Subscriptions that the server has confirmed on this connection, and all that are wanted.
    public let confirmedSubscriptions: Int, wantedSubscriptions: Int
    /// How the last connection ended; nil if none has.
    public let termination: Termination?
    /// What the handler of connections says besides; nil if nothing.
    public internal(set) var note: String?

    /// The state, the counts and the note in a line.
    public var description: String {
        var text = "\(state.name), connection \(attempt.number), \(pendingRequests) requests without an answer, "
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
            var status = await line.caller.onDriver { driver in
                let kernel = driver.kernel
                let waiting = kernel.outbox.items.filter { !$0.isSent }
                return SessionStatus(
                    state: kernel.standing, attempt: kernel.attempt, failures: kernel.lifecycle.failures,
                    pendingRequests: kernel.requests.pending.count, waitingMessages: waiting.count,
                    waitingBytes: waiting.reduce(0) { $0 + $1.bytes },
                    confirmedSubscriptions: kernel.subscriptions.entries.count { $0.status == .confirmed },
                    wantedSubscriptions: kernel.subscriptions.entries.count { $0.status != .failed },
                    termination: driver.termination)
            }
            if let handler = line.handlers.connection {
                status.note = await core.watching(.connection, status.attempt) { await handler.statusNote() }
            }
            return status
        }
    }
}
