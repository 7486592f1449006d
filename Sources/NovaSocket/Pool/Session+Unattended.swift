import NovaKernel

extension Session {
    /// Begins to connect if nobody has; nobody waits for it.
    func begin() {
        let core = core
        core.port.execute {
            guard let driver = core.driver else { return }
            _ = driver.begin(driver.nextOperation(), .connect, nil)
        }
    }

    /// Begins to end the session in order; nobody waits for it.
    func beginClosing() {
        let core = core
        core.port.execute {
            guard let driver = core.driver else { return }
            _ = driver.begin(driver.nextOperation(), .close(.normalClosure, reasonCount: 0), nil)
        }
    }
}

/// Sees what becomes of a session, for whoever keeps several.
final class SessionWatch: SessionListener {
    private let tell: @Sendable (StateChange) -> Void
    init(_ tell: @escaping @Sendable (StateChange) -> Void) { self.tell = tell }
    func changed(_ change: StateChange) { tell(change) }
}

extension WebSocketError {
    /// Whether the connection was lost, or was not there, and another session's may do.
    var isOfLostConnection: Bool {
        switch refusal {
        case .notOpen, .closing, .closed, .connectionLost: true
        default: code == .connectionEnded
        }
    }
}
