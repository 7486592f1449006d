import Synchronization

/// Live sessions by name and id: whoever needs one finds it here, from any thread, without waiting.
///
/// ```swift
/// let session = try Session(adapter: exchange)
/// try Registry.shared.register(session, as: "trading")
/// let found = Registry.shared["trading"]
/// ```
///
/// A registry does not keep a session: one that is closed for good, or that everybody has let go of, is gone from it by
/// itself. Over reconnections a session stays what it is, and so does its entry.
public final class Registry: Sendable {
    /// A session that is registered. It holds the session: keep it no longer than it is needed.
    public struct Entry: Sendable {
        /// The session's number here.
        public let id: SessionID
        /// Its name here.
        public let name: String
        /// The session.
        public let session: Session
        /// How the session stands now.
        public var status: SessionStatus { get async { await session.status } }
    }

    /// Something that became of a registry.
    public enum Change: Hashable, Sendable {
        /// A session was registered.
        case added(SessionID, name: String)
        /// One was taken out, was closed for good, or was let go of.
        case removed(SessionID, name: String)
        /// So many changes found no room, as nobody took those before them.
        case missed(count: Int)
    }

    private struct Place {
        let enrolment: Enrolment
        weak var session: Session?
    }

    private struct Book {
        var lastID: UInt64 = 0
        /// In the order of registration.
        var places: [Place] = []
        var watchers = Watchers<Change> { .missed(count: $0) }

        mutating func remove(where isMeant: (Place) -> Bool) {
            for place in places where isMeant(place) {
                watchers.tell(.removed(place.enrolment.id, name: place.enrolment.name))
            }
            places.removeAll(where: isMeant)
        }
    }

    /// Sees the session's end.
    private final class Enrolment: SessionListener {
        let id: SessionID
        let name: String
        private let ended: @Sendable (SessionID) -> Void

        init(_ id: SessionID, _ name: String, _ ended: @escaping @Sendable (SessionID) -> Void) {
            (self.id, self.name, self.ended) = (id, name, ended)
        }

        func changed(_ change: StateChange) { if change.to == .closed { end() } }
        func end() { ended(id) }
    }

    private let book = Mutex(Book())

    /// The registry of this process.
    public static let shared = Registry()

    /// An empty one.
    public init() {}

    deinit { for continuation in book.withLock({ $0.watchers.removeAll() }) { continuation.finish() } }

    // MARK: In and out

    /// Registers a session under a name of its own, until it is closed for good or let go of. One that is closed already
    /// is gone at once.
    ///
    /// Throws a ``WebSocketError`` with the code `nameTaken` if a live session has the name.
    @discardableResult
    public func register(_ session: Session, as name: String) throws(WebSocketError) -> SessionID {
        let enrolment: Enrolment? = book.withLock { book in
            // Whoever had the name and was let go of may still be saying goodbye to its server.
            book.remove { $0.enrolment.name == name && $0.session == nil }
            guard !book.places.contains(where: { $0.enrolment.name == name }) else { return nil }
            book.lastID += 1
            let enrolment = Enrolment(SessionID(book.lastID), name) { [weak self] id in self?.remove(id) }
            book.places.append(Place(enrolment: enrolment, session: session))
            book.watchers.tell(.added(enrolment.id, name: name))
            return enrolment
        }
        guard let enrolment else {
            throw WebSocketError(.nameTaken, "A live session is registered as \"\(name)\".")
        }
        let core = session.core
        core.port.executeNow {
            core.listeners.add(enrolment, hearsMessages: false)
            if core.hasEnded { enrolment.end() }
        }
        return enrolment.id
    }

    /// Takes a session out; it lives on. Without effect if it is gone.
    public func remove(_ id: SessionID) { book.withLock { $0.remove { $0.enrolment.id == id } } }

    /// Takes the session of that name out; it lives on. Without effect if there is none.
    public func remove(named name: String) { book.withLock { $0.remove { $0.enrolment.name == name } } }

    // MARK: Finding

    /// The live session of that name.
    public subscript(name: String) -> Session? {
        book.withLock { book in book.places.first { $0.enrolment.name == name }?.session }
    }

    /// The live session of that number.
    public subscript(id: SessionID) -> Session? {
        book.withLock { book in book.places.first { $0.enrolment.id == id }?.session }
    }

    /// The live sessions, in the order of their registration.
    public var entries: [Entry] {
        book.withLock { book in
            book.places.compactMap { place in
                place.session.map { Entry(id: place.enrolment.id, name: place.enrolment.name, session: $0) }
            }
        }
    }

    /// What is added and removed from now on; it ends with the registry. One who falls behind by more than 1024 changes
    /// misses the next, and is told how many.
    public var changes: AsyncStream<Change> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: Change.self, bufferingPolicy: .bufferingOldest(Watchers<Change>.capacity))
        let id = book.withLock { $0.watchers.add(continuation) }
        continuation.onTermination = { [weak self] _ in self?.book.withLock { $0.watchers.remove(id) } }
        return stream
    }
}
