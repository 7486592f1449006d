import NovaKernel
import NovaWire
import Synchronization

/// What a session has whatever connection it is on: who is subscribed to what, who watches, who consumes. It decides
/// nothing: whether a subscription is to be asked for, the machine says.
///
/// All of it lives on the thread of the session's drivers. They hold it, so it must not hold them.
final class SessionCore: @unchecked Sendable {
    let port: any Port & Sendable
    let handlers: Handlers
    let options: CallOptions
    let executor: any TaskExecutor
    /// The number of the session, which no other of this process has or had.
    let number = SessionCore.numbers.add(1, ordering: .relaxed).newValue
    private static let numbers = Atomic<UInt64>(0)
    /// Where calls go. Held by those who call.
    private(set) weak var seat: SessionSeat?
    private(set) var entries: [SubscriptionID: SessionEntry] = [:]
    private var byName: [String: [SessionEntry]] = [:]
    private var lastID: UInt32 = 0
    /// What was subscribed to when the session ended, in the order in which it was wanted.
    var lastSubscriptions: [SubscriptionList.Item] = []
    private var watchers: [(id: UInt64, continuation: AsyncStream<HandlerReport>.Continuation)] = []
    private var changeWatchers: [(id: UInt64, continuation: AsyncStream<StateChange>.Continuation)] = []
    private(set) var hasEnded = false
    /// Who takes messages that are neither answers nor of a subscription; one message at a time.
    let consumer: Mutex<any MessageConsumer>
    let turnstile = Turnstile()
    /// Who is told what becomes of the connection.
    var news: AsyncStream<News>.Continuation?
    var listeners = Listeners()
    var change: ConnectionChange

    init(
        _ seat: SessionSeat, _ port: any Port & Sendable, _ handlers: Handlers, _ options: CallOptions,
        _ change: ConnectionChange
    ) {
        (self.seat, self.port, self.handlers, self.options, self.change) = (seat, port, handlers, options, change)
        executor = port.handlerExecutor
        consumer = Mutex(handlers.messages)
    }

    /// The driver of the session's connection.
    var driver: Driver? { seat?.driver }

    // MARK: Those who watch

    func watch(_ id: UInt64, _ continuation: AsyncStream<HandlerReport>.Continuation) {
        guard !hasEnded else { return continuation.finish() }
        watchers.append((id, continuation))
    }

    func unwatch(_ id: UInt64) { watchers.removeAll { $0.id == id } }

    func watch(_ id: UInt64, _ continuation: AsyncStream<StateChange>.Continuation) {
        guard !hasEnded else { return continuation.finish() }
        changeWatchers.append((id, continuation))
    }

    func unwatchChanges(_ id: UInt64) { changeWatchers.removeAll { $0.id == id } }

    func tell(_ report: HandlerReport) { for watcher in watchers { watcher.continuation.yield(report) } }

    /// The session's connection has gone from one state to another.
    func tellChange(_ change: StateChange) {
        tellListeners(of: change)
        for watcher in changeWatchers { watcher.continuation.yield(change) }
    }

    /// There will be no other connection.
    func end() {
        hasEnded = true
        for watcher in watchers { watcher.continuation.finish() }
        for watcher in changeWatchers { watcher.continuation.finish() }
        (watchers, changeWatchers) = ([], [])
        news?.finish()
        news = nil
    }

    // MARK: Messages

    /// Those who are subscribed to a channel of that name.
    func entries(named name: String) -> [SessionEntry] { byName[name] ?? [] }

    // MARK: Subscriptions

    /// One more takes the updates of a channel; says which subscription that is.
    func join(_ channel: Channel, _ feed: Feed, freshness: Duration?) -> SubscriptionID {
        if let entry = byName[channel.name]?.first(where: { $0.channel == channel }) {
            entry.feeds.append(feed)
            entry.wants(freshness)
            feed.id.withLock { $0 = entry.id }
            return entry.id
        }
        lastID += 1
        let entry = SessionEntry(SubscriptionID(lastID), channel, freshness: freshness, handlers.positions)
        entry.feeds = [feed]
        feed.id.withLock { $0 = entry.id }
        entries[entry.id] = entry
        note(.intended, of: entry)
        byName[channel.name, default: []].append(entry)
        return entry.id
    }

    /// One takes them no longer. When the last has gone, the machine is told, and says whether the server is to be.
    func leave(_ feed: Feed) {
        guard let id = feed.id.withLock(\.self), let entry = entries[id] else { return }
        entry.feeds.removeAll { $0 === feed }
        guard entry.feeds.isEmpty else { return }
        for driver in seat?.drivers ?? [] { _ = driver.begin(driver.nextOperation(), .unsubscribe(id), nil) }
        entries[id] = nil
        byName[entry.channel.name]?.removeAll { $0 === entry }
        if byName[entry.channel.name]?.isEmpty == true { byName[entry.channel.name] = nil }
    }

    /// One takes them no longer, and whoever wanted to know of that is told, once.
    func letGo(_ feed: Feed) {
        leave(feed)
        feed.whenLeft.withLock { $0.take() }?()
    }

    /// What became of a subscription on the session's connection.
    func tell(_ id: SubscriptionID, _ news: SubscriptionNews, _ leg: SessionLeg) {
        guard let entry = entries[id], let driver = leg.driver else { return }
        let attempt = driver.kernel.attempt
        let before: (Duration) -> Instant = { time in
            Instant(nanoseconds: driver.port.now.nanoseconds - min(driver.port.now.nanoseconds, time.wholeNanoseconds))
        }
        switch news {
        case .confirmed:
            note(.confirmed, of: entry)
            entry.resume(on: attempt, leg.side)
        case .lost:
            note(.lost, of: entry)
            entry.lose(attempt, leg.side)
        case .resumed(let time):
            note(.confirmed, of: entry)
            entry.tell(.connectionLost(since: before(time)), attempt)
            entry.resume(on: attempt, leg.side)
        case .stale(let time): entry.tellStale(since: before(time))
        case .fresh: for feed in entry.feeds { feed.append(.fresh) }
        case .failed(let refusal):
            note(.failed, of: entry)
            if refusal == .closed, !entry.isNew { lastSubscriptions.append(entry.item) }
            entry.finish(end(of: entry, refusal, driver))
        }
    }

    private func end(of entry: SessionEntry, _ refusal: Refusal, _ driver: Driver) -> Feed.End {
        if refusal == .closed, let termination = driver.termination {
            return termination.isOrderly ? .finished : .failed(WebSocketError.ended(termination))
        }
        if refusal == .subscriptionEnded, entry.refusal == nil { return .finished }
        return .failed(entry.refusal ?? WebSocketError.refused(refusal))
    }
}
