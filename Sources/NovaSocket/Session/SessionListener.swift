/// Listens to a session for as long as it likes. The session does not hold it: one that is let go of is forgotten.
///
/// It is called on the connection's own thread, as things happen: it must not block.
public protocol SessionListener: AnyObject, Sendable {
    /// A message has come, whoever it is for.
    func received(_ message: Message)
    /// The connection has gone from one state to another.
    func changed(_ change: StateChange)
}

extension SessionListener {
    /// Nothing is done.
    public func received(_ message: Message) {}
    /// Nothing is done.
    public func changed(_ change: StateChange) {}
}

/// Those who listen.
struct Listeners {
    private struct Place {
        weak var listener: (any SessionListener)?
    }
    private var places: [Place] = []

    /// Whether there are any, gone or not.
    var isEmpty: Bool { places.isEmpty }

    mutating func add(_ listener: any SessionListener) {
        remove(listener)
        places.append(Place(listener: listener))
    }

    mutating func remove(_ listener: any SessionListener) {
        places.removeAll { $0.listener == nil || $0.listener === listener }
    }

    /// Those that are there, for a moment; the gone are forgotten.
    mutating func present() -> [any SessionListener] {
        let present = places.compactMap(\.listener)
        if present.count < places.count { places.removeAll { $0.listener == nil } }
        return present
    }
}

extension SessionCore {
    /// Tells those who listen. They may add and remove listeners meanwhile.
    func tellListeners(_ body: (any SessionListener) -> Void) {
        guard !listeners.isEmpty else { return }
        for listener in listeners.present() { body(listener) }
    }
}

extension Session {
    /// From now on, `listener` is told what comes and what happens; until ``remove(_:)``, or until it is let go of. One that
    /// is added twice is told once.
    public func add(_ listener: any SessionListener) {
        let core = core
        core.port.executeNow { core.listeners.add(listener) }
    }

    /// From now on, it is told nothing.
    public func remove(_ listener: any SessionListener) {
        let core = core
        core.port.executeNow { core.listeners.remove(listener) }
    }
}
