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
        let hearsMessages: Bool
    }
    private var places: [Place] = []
    /// How many hear messages, gone or not: where nobody does, a message costs nothing here.
    private var hearers = 0

    /// Whether there is nobody to be told, of messages or of anything.
    func isEmpty(forMessages: Bool) -> Bool { forMessages ? hearers == 0 : places.isEmpty }

    mutating func add(_ listener: any SessionListener, hearsMessages: Bool = true) {
        remove(listener)
        places.append(Place(listener: listener, hearsMessages: hearsMessages))
        if hearsMessages { hearers += 1 }
    }

    mutating func remove(_ listener: any SessionListener) { forget { $0 == nil || $0 === listener } }

    private mutating func forget(_ isMeant: ((any SessionListener)?) -> Bool) {
        places.removeAll { isMeant($0.listener) }
        hearers = places.count(where: \.hearsMessages)
    }

    /// Those that are there, for a moment; the gone are forgotten.
    mutating func present(forMessages: Bool) -> [any SessionListener] {
        if places.contains(where: { $0.listener == nil }) { forget { $0 == nil } }
        return places.compactMap { !forMessages || $0.hearsMessages ? $0.listener : nil }
    }
}

extension SessionCore {
    /// Tells those who listen to messages. They may add and remove listeners meanwhile.
    func tellListeners(of message: Message) {
        guard !listeners.isEmpty(forMessages: true) else { return }
        for listener in listeners.present(forMessages: true) { listener.received(message) }
    }

    /// Tells those who listen. They may add and remove listeners meanwhile.
    func tellListeners(of change: StateChange) {
        guard !listeners.isEmpty(forMessages: false) else { return }
        for listener in listeners.present(forMessages: false) { listener.changed(change) }
    }
}

extension Session {
    /// From now on, `listener` is told what comes and what happens; until ``removeListener(_:)``, or until it is let go of. One that
    /// is added twice is told once.
    public func addListener(_ listener: any SessionListener) {
        let core = core
        core.port.executeNow { core.listeners.add(listener) }
    }

    /// From now on, it is told nothing.
    public func removeListener(_ listener: any SessionListener) {
        let core = core
        core.port.executeNow { core.listeners.remove(listener) }
    }

    /// The same for one of our own, that wants to hear of changes only.
    func watch(_ watch: SessionWatch) {
        let core = core
        core.port.executeNow { core.listeners.add(watch, hearsMessages: false) }
    }
}
