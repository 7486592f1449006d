import NovaKernel
import Synchronization

/// Several sessions with the same service: a message goes to the healthiest, and where one is lost the others are there.
///
/// ```swift
/// let pool = try SessionPool(3, adapter: exchange)
/// try await pool.connect()
/// let time: Int = try await pool.request("get_time", isIdempotent: true)
/// await pool.close()
/// ```
///
/// Each session makes its lost connections again by itself, as its policy says; one that has ended for good is replaced by
/// another. A pool that is let go of without being closed lets go of its sessions, which close themselves with 1001.
public final class SessionPool: Sendable {
    let state: Mutex<PoolState>
    let options: PoolOptions
    /// By which terms its messages go out if the call does not say.
    let calls: CallOptions
    private let home: any Habitat
    private let seed: UInt64

    /// So many sessions with the service that the adapter knows, not connected yet; `calls` and `configure` as in
    /// ``Session/init(adapter:calls:configure:)``. All members share the adapter, and so do those that take their places: one
    /// that keeps what belongs to a single session is not for a pool.
    ///
    /// Throws a ``WebSocketError`` with the code `invalidURL` or `invalidOptions`.
    public convenience init(
        _ count: Int, adapter: some Adapter, options: PoolOptions = PoolOptions(), calls: CallOptions = CallOptions(),
        configure: @escaping @Sendable (inout WebSocketOptions) -> Void = { _ in }
    ) throws {
        let make: @Sendable () throws -> Session = {
            try Session(adapter: adapter, calls: calls, configure: configure)
        }
        try self.init([@Sendable () throws -> Session](repeating: make, count: max(0, count)), options)
    }

    /// A session for each of these URLs, all with the same handlers; otherwise as
    /// ``init(_:adapter:options:calls:configure:)``.
    public convenience init(
        _ urls: [String], _ handlers: Handlers, options: PoolOptions = PoolOptions(),
        calls: CallOptions = CallOptions(),
        configure: @escaping @Sendable (inout WebSocketOptions) -> Void = { _ in }
    ) throws {
        let makers = urls.map { url -> @Sendable () throws -> Session in
            { try Session(url, handlers, calls: calls, configure: configure) }
        }
        try self.init(makers, options)
    }

    private init(_ makers: [@Sendable () throws -> Session], _ options: PoolOptions) throws {
        try options.validate(members: makers.count)
        let sessions = try makers.map { try $0() }
        home = try (sessions.first?.layers.options ?? WebSocketOptions()).home()
        seed = home.makeSeed()
        self.options = options
        calls = sessions.first?.line.options ?? CallOptions()
        let failures = RecentFailures(halfLife: options.failureHalfLife)
        state = Mutex(PoolState(seats: makers.map { PoolState.Seat(make: $0, failures: failures) }))
        for (index, session) in sessions.enumerated() { seat(session, at: index) }
    }

    deinit { for continuation in state.withLock({ $0.watchers.removeAll() }) { continuation.finish() } }

    // MARK: Beginning and end

    /// Begins to connect all members, and waits until one is ready.
    ///
    /// Throws a ``WebSocketError`` if all of them have ended for good, or the pool is closed; `CancellationError` if the
    /// task is cancelled: the members go on.
    public func connect() async throws {
        let changes = changes
        let sessions = state.withLock { $0.seats.compactMap(\.session) }
        for session in sessions { session.begin() }
        if try isReady() { return }
        for await _ in changes where try isReady() { return }
        try Task.checkCancellation()
        throw WebSocketError.refused(.closed)
    }

    private func isReady() throws -> Bool {
        try state.withLock { state in
            if state.isClosed { throw WebSocketError.refused(.closed) }
            if state.seats.contains(where: { $0.standing == .ready }) { return true }
            guard state.seats.allSatisfy(\.isGivenUp) else { return false }
            throw state.seats.lazy.compactMap(\.termination).first.map { WebSocketError.ended($0) }
                ?? WebSocketError.refused(.closed)
        }
    }

    /// Ends all members in order (RFC 6455 §7), the first first, and waits for all. None is replaced any more.
    public func close(code: CloseCode = .normalClosure, reason: String = "") async {
        let sessions = state.withLock { state in
            state.isClosed = true
            return state.seats.compactMap(\.session)
        }
        await withDiscardingTaskGroup { group in
            // Immediate tasks run in this order up to their first wait: there the machine has their wish.
            for session in sessions { group.addImmediateTask { await session.close(code: code, reason: reason) } }
        }
        for continuation in state.withLock({ $0.watchers.removeAll() }) { continuation.finish() }
    }

    // MARK: What is known

    /// The members, in the order of their places.
    public var members: [PoolMember] {
        let now = now
        return state.withLock { $0.members(at: now) }
    }

    /// Which member the next message would go to, and why.
    public func explain() -> HealthChoice {
        let now = now
        return Health.choice(among: state.withLock { $0.health(at: now) })
    }

    /// How the sessions stand, in the order of their places; nil where there is none at present.
    public var statuses: [SessionStatus?] {
        get async {
            var statuses: [SessionStatus?] = []
            for session in state.withLock({ $0.seats.map(\.session) }) { statuses.append(await session?.status) }
            return statuses
        }
    }

    /// What becomes of the members from now on; it ends with the pool. One who falls behind by more than 1024 changes
    /// misses the next, and is told how many.
    public var changes: AsyncStream<PoolChange> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: PoolChange.self, bufferingPolicy: .bufferingOldest(Watchers<PoolChange>.capacity))
        let id = state.withLock { $0.isClosed ? nil : $0.watchers.add(continuation) }
        guard let id else {
            continuation.finish()
            return stream
        }
        continuation.onTermination = { [weak self] _ in self?.state.withLock { $0.watchers.remove(id) } }
        return stream
    }

    var now: Instant { home.now }

    // MARK: Members come and go

    /// Takes a session in, and sees what becomes of it; false if the pool is closed.
    @discardableResult
    private func seat(_ session: Session, at index: Int) -> Bool {
        let watch = state.withLock { state -> SessionWatch? in
            guard !state.isClosed else { return nil }
            let generation = state.seats[index].generation
            let watch = SessionWatch { [weak self] in self?.changed(index, generation, $0) }
            (state.seats[index].session, state.seats[index].watch) = (session, watch)
            state.seats[index].standing = .idle
            return watch
        }
        if let watch { session.watch(watch) }
        return watch != nil
    }

    private func changed(_ index: Int, _ generation: Int, _ change: StateChange) {
        act(on: state.withLock { $0.changed(index, generation, change, options, seed: seed) }, at: index)
    }

    private func act(on consequence: PoolState.Consequence, at index: Int) {
        // A session is let go of here, where no lock is held.
        guard case .replace(_, after: let delay?) = consequence else { return }
        let executor = home.handlerExecutor
        // Making a session is the user's code: it has no business on the thread of the connections.
        home.execute(after: delay) { [weak self] in
            Task(executorPreference: executor) { [weak self] in self?.replace(index) }
        }
    }

    private func replace(_ index: Int) {
        let make = state.withLock { $0.isClosed || $0.seats[index].session != nil ? nil : $0.seats[index].make }
        guard let make else { return }
        do {
            let session = try make()
            if seat(session, at: index) { session.begin() }
        } catch {
            // It could be made before: what the system refuses now it may grant later.
            act(on: state.withLock { $0.ended(index, options, seed: seed) }, at: index)
        }
    }
}
