import NovaKernel
import Synchronization

/// Subscriptions spread over several connections, for services that allow a connection so many channels and no more.
///
/// ```swift
/// let feed = try ShardedSession(adapter: exchange, limits: ShardLimits(channelsPerConnection: 50))
/// let trades = try await feed.subscribe(to: Channel("trades.GOLD"))
/// for try await update in trades { print(update) }
/// await feed.close()
/// ```
///
/// Connections are added as they are needed, and closed when they have been empty for a while. A channel stays on its
/// connection, also while that is lost and made again; two subscriptions to the same channel share it. ``ShardTable``
/// decides which channel goes where.
public final class ShardedSession: Sendable {
    private struct State {
        var table: ShardTable
        var sessions: [ShardID: (session: Session, watch: SessionWatch)] = [:]
        /// A session for the next connection that is needed: one was made ahead for the first.
        var spare: Session?
        /// Whether a look at what is idle is to come.
        var looksAhead = false
        var isClosed = false

        /// The sessions, the oldest first.
        var present: [(ShardID, Session)] {
            sessions.sorted { $0.key < $1.key }.map { ($0.key, $0.value.session) }
        }
    }

    private let state: Mutex<State>
    private let make: @Sendable () throws -> Session
    private let home: any Habitat

    /// The bounds.
    public let limits: ShardLimits

    /// No connections yet; each will be a session with the service that the adapter knows, with `calls` and `configure` as
    /// in ``Session/init(adapter:calls:configure:)``. All of them share the adapter: one that keeps what belongs to a single
    /// session is not for this.
    ///
    /// Throws a ``WebSocketError`` with the code `invalidURL` or `invalidOptions`.
    public convenience init(
        adapter: some Adapter, limits: ShardLimits = ShardLimits(), calls: CallOptions = CallOptions(),
        configure: @escaping @Sendable (inout WebSocketOptions) -> Void = { _ in }
    ) throws {
        try self.init(limits) { try Session(adapter: adapter, calls: calls, configure: configure) }
    }

    /// The same for handlers without an adapter.
    public convenience init(
        _ url: String, _ handlers: Handlers, limits: ShardLimits = ShardLimits(), calls: CallOptions = CallOptions(),
        configure: @escaping @Sendable (inout WebSocketOptions) -> Void = { _ in }
    ) throws {
        try self.init(limits) { try Session(url, handlers, calls: calls, configure: configure) }
    }

    private init(_ limits: ShardLimits, _ make: @escaping @Sendable () throws -> Session) throws {
        try limits.validate()
        // The first is made before it is needed: it shows what is wrong, before anybody subscribes.
        let first = try make()
        home = try first.layers.options.home()
        (self.limits, self.make) = (limits, make)
        state = Mutex(State(table: ShardTable(limits: limits), spare: first))
    }

    // MARK: Subscriptions

    /// Subscribes to a channel on the connection that has it, on one that has room, or on a new one; otherwise as
    /// ``Session/subscribe(to:freshness:capacity:)-(Channel,_,_)``.
    ///
    /// Throws a ``WebSocketError`` with the code `limitReached` if all connections are full and there may be no more.
    public func subscribe(
        to channel: Channel, freshness: Duration? = nil, capacity: Int = 4096
    ) async throws -> Subscription {
        let (session, shard, isNew) = try place(channel)
        let feed = Feed(capacity: capacity)
        feed.whenLeft.withLock { $0 = { [weak self] in self?.left(channel, shard) } }
        if isNew { session.begin() }
        return try await session.subscribe(to: channel, freshness, feed)
    }

    /// Subscribes to the channel of that name.
    public func subscribe(to name: String) async throws -> Subscription { try await subscribe(to: Channel(name)) }

    /// Subscribes to several channels, which find their places in this order; the results are in it too.
    public func subscribe(
        to channels: [Channel], freshness: Duration? = nil, capacity: Int = 4096
    ) async -> [Result<Subscription, any Error>] {
        await subscribeInOrder(channels) {
            try await self.subscribe(to: $0, freshness: freshness, capacity: capacity)
        }
    }

    /// Finds a place. A session that it takes is made where no lock is held: that is the user's code, which may look at this
    /// one meanwhile, and others may find places.
    private func place(_ channel: Channel) throws -> (Session, ShardID, isNew: Bool) {
        var made: Session?
        while true {
            let place = try state.withLock { state -> Place in
                guard !state.isClosed else { throw WebSocketError.refused(.closed) }
                // What was made and is not needed, as somebody else was first, is for the next.
                if state.spare == nil, let session = made.take() { state.spare = session }
                return try state.spare == nil && state.table.needsConnection(for: channel)
                    ? .missing : take(&state, channel)
            }
            switch place {
            case .missing: made = try make()
            case .found(let session, let shard): return (session, shard, false)
            case .added(let session, let watch, let shard):
                session.watch(watch)
                return (session, shard, true)
            }
        }
    }

    private enum Place {
        /// There is room for another connection, and no session for it yet.
        case missing
        case found(Session, ShardID)
        case added(Session, SessionWatch, ShardID)
    }

    private func take(_ state: inout State, _ channel: Channel) throws -> Place {
        switch state.table.place(channel) {
        case .onto(let shard):
            if let session = state.sessions[shard]?.session { return .found(session, shard) }
            throw WebSocketError.refused(.closed)
        case .new(let shard):
            guard let session = state.spare.take() else { throw WebSocketError.refused(.closed) }
            let watch = SessionWatch { [weak self] in if $0.to == .closed { self?.ended(shard) } }
            state.sessions[shard] = (session, watch)
            return .added(session, watch, shard)
        case .full:
            throw WebSocketError(
                .limitReached,
                "All \(limits.maximumConnections) connections have their \(limits.channelsPerConnection) channels.")
        }
    }

    /// A subscription is over.
    private func left(_ channel: Channel, _ shard: ShardID) {
        let now = home.now
        let isFirst = state.withLock { state in
            guard state.table.release(channel, on: shard, at: now), !state.looksAhead else { return false }
            state.looksAhead = true
            return true
        }
        if isFirst { look(after: limits.idleTime) }
    }

    /// One look is to come at a time, whatever becomes empty: all wait equally long, so none is due before it.
    private func look(after time: Duration) { home.execute(after: time) { [weak self] in self?.look() } }

    /// Connections that have been empty for a while are closed. They count until they are.
    private func look() {
        let now = home.now
        let (idle, next) = state.withLock { state in
            let idle = state.table.leaving(at: now).compactMap { state.sessions[$0]?.session }
            let next = state.isClosed ? nil : state.table.nextLeave
            state.looksAhead = next != nil
            return (idle, next)
        }
        for session in idle { session.beginClosing() }
        if let next { look(after: next.since(now)) }
    }

    private func ended(_ shard: ShardID) {
        // It is let go of where no lock is held.
        let gone = state.withLock { state in
            state.table.remove(shard)
            return state.sessions.removeValue(forKey: shard)
        }
        _ = gone
    }

    // MARK: What is known

    /// The connections and how many channels each carries, the oldest first.
    public var shards: [ShardTable.Shard] { state.withLock(\.table.shards) }

    /// The connection that a channel is on; nil if nobody is subscribed to it.
    public func shard(of channel: Channel) -> ShardID? { state.withLock { $0.table.shard(of: channel) } }

    /// All subscriptions with their connections: the oldest connection first, on each in the order in which they were wanted.
    public var subscriptions: [(shard: ShardID, record: SubscriptionRecord)] {
        get async {
            var all: [(shard: ShardID, record: SubscriptionRecord)] = []
            for (shard, session) in present { all += await session.subscriptions.map { (shard, $0) } }
            return all
        }
    }

    /// Those of the channel of that name: several if its parameters differ.
    public func subscriptions(named name: String) async -> [(shard: ShardID, record: SubscriptionRecord)] {
        await subscriptions.filter { $0.record.channel.name == name }
    }

    /// How the connections stand, the oldest first.
    public var statuses: [(shard: ShardID, status: SessionStatus)] {
        get async {
            var all: [(shard: ShardID, status: SessionStatus)] = []
            for (shard, session) in present { all.append((shard, await session.status)) }
            return all
        }
    }

    private var present: [(ShardID, Session)] { state.withLock(\.present) }

    /// Ends all connections in order (RFC 6455 §7), the oldest first, and waits for all. Nothing can be subscribed to any
    /// more.
    public func close(code: CloseCode = .normalClosure, reason: String = "") async {
        // The first was made ahead: one that nobody has needed has no connection to end, and is let go of.
        let (sessions, _) = state.withLock { state in
            state.isClosed = true
            return (state.present, state.spare.take())
        }
        await withDiscardingTaskGroup { group in
            for (_, session) in sessions {
                group.addImmediateTask { await session.close(code: code, reason: reason) }
            }
        }
    }
}
