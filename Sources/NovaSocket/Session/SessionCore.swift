import NovaKernel
import NovaWire
import Synchronization

/// A session's half of the driver: passes messages on to whom they are for, and has handlers do what the machine asks.
/// It decides nothing: whether an answer is one, and whether a subscription is to be asked for, the machine says.
///
/// All of it lives on the driver's thread. The driver holds it, so it must not hold the driver.
final class SessionCore: SessionDesk, @unchecked Sendable {
    /// A subscription that is wanted by somebody.
    final class Entry {
        let id: SubscriptionID
        let channel: Channel
        /// Everybody who takes its updates.
        var feeds: [Feed] = []
        /// Why the server refused it, if it did.
        var refusal: (any Error)?
        /// Whether no connection has confirmed it yet.
        var isNew = true
        /// The connection it was lost with, until it is confirmed on another.
        var lostWith: AttemptID?
        /// Messages of a connection that came before its confirmation: they belong behind it, and behind the gap. And how
        /// many of them found no room.
        var held: [Message] = [], missed = 0

        /// What became of it, the last changes.
        var history: [SubscriptionRecord.Change] = []

        /// Whether the machine wants to hear of each message: they must not stay away.
        var isWatched: Bool

        init(_ id: SubscriptionID, _ channel: Channel, isWatched: Bool) {
            (self.id, self.channel, self.isWatched) = (id, channel, isWatched)
        }
    }

    /// What a handler is asked to tell the server.
    enum Job {
        case subscribe(AttemptID, Entry)
        case unsubscribe(AttemptID, Entry)
    }

    private(set) weak var driver: Driver?
    let port: any Port & Sendable
    let handlers: Handlers
    private let options: CallOptions
    let executor: any TaskExecutor
    private(set) var entries: [SubscriptionID: Entry] = [:]
    private var byName: [String: [Entry]] = [:]
    private var lastID: UInt32 = 0
    var jobs: [Job] = []
    private var watchers: [(id: UInt64, continuation: AsyncStream<HandlerReport>.Continuation)] = []
    /// The connection for which a handler is at work.
    var workingFor: AttemptID?
    /// Who takes messages that are neither answers nor of a subscription.
    let consumer: Mutex<any MessageConsumer>
    /// Who is told what becomes of the connection.
    var news: AsyncStream<News>.Continuation?
    var listeners = Listeners()
    /// When the next attempt is to be made, as the handler of errors said for this one.
    var delay: (attempt: AttemptID, time: Duration)?
    /// Who knows the answer to a request whose answer has no id.
    var matchers: [(request: RequestID, match: @Sendable (Message) -> (any Sendable)?)] = []
    var batches = Batches()
    let watch = HandlerWatch()

    init(_ driver: Driver, _ port: any Port & Sendable, _ handlers: Handlers, _ options: CallOptions) {
        self.driver = driver
        self.port = port
        self.handlers = handlers
        self.options = options
        executor = port.handlerExecutor
        consumer = Mutex(handlers.messages)
    }

    var line: SessionLine? {
        driver.map { SessionLine(caller: Caller(driver: $0, port: port), handlers: handlers, options: options) }
    }

    /// Whether there will be no other connection.
    var hasEnded: Bool { driver.map { $0.kernel.standing == .closed } ?? true }

    // MARK: Those who watch

    func watch(_ id: UInt64, _ continuation: AsyncStream<HandlerReport>.Continuation) {
        guard driver?.desk != nil else { return continuation.finish() }
        watchers.append((id, continuation))
    }

    func unwatch(_ id: UInt64) { watchers.removeAll { $0.id == id } }

    func report(_ handler: HandlerReport.Handler, _ event: HandlerReport.Event, _ attempt: AttemptID) {
        let report = HandlerReport(handler: handler, event: event, attempt: attempt)
        for watcher in watchers { watcher.continuation.yield(report) }
        driver?.observation?.tell(.handlerReported(handler, HandlerFinding(event)))
    }

    /// There will be no other connection.
    func end() {
        for watcher in watchers { watcher.continuation.finish() }
        watchers.removeAll()
        news?.finish()
        news = nil
    }

    // MARK: Messages

    func sort(_ message: Message) {
        tellListeners(of: message)
        if answerIsKnown(message) { return }
        let before = port.refresh()
        let sorting = handlers.messages.sort(message)
        let time = port.refresh().since(before)
        if time > HandlerReport.longestSort { report(.messages, .slow(time), message.attempt) }
        // However many parts it has, it is one message to the machine.
        if pass(message, sorting) { driver?.keep(message) } else { driver?.consumed(message) }
    }

    /// Passes a message on, or a part of it; says whether it is for the handler too.
    private func pass(_ message: Message, _ sorting: Sorting) -> Bool {
        switch sorting {
        case .answer(let request, let content):
            let answer = Answer(message: message, content: content)
            if let whole = batches.take(answer, of: request) {
                if let (batch, answers) = whole.answered {
                    driver?.answered(batch, Answer(message: message, content: answers))
                }
            } else {
                driver?.answered(request, answer)
            }
            return false
        case .channel(let name): return pass(message, to: name)
        case .channelEnded(let name, let reason): return end(name, reason, message.attempt)
        case .other: return true
        case .invalid(let reason):
            report(.messages, .unreadable(reason: reason), message.attempt)
            return true
        case .several(let parts): return parts.map { pass(message, $0) }.contains(true)
        }
    }

    private func pass(_ message: Message, to name: String) -> Bool {
        guard let entries = byName[name] else { return true }
        for entry in entries {
            entry.take(message)
            if entry.isWatched { driver?.handle(.subscription(message.attempt, entry.id, .heard)) }
        }
        return false
    }

    /// The server has ended a channel's subscriptions; says whether nobody has any.
    private func end(_ name: String, _ reason: (any Error)?, _ attempt: AttemptID) -> Bool {
        guard let entries = byName[name] else { return true }
        for entry in entries {
            // What has come to its end in order, or has brought something, was there: what came of it stays, even if its
            // confirmation is still to be understood.
            if reason == nil || entry.held.last?.attempt == attempt {
                driver?.handle(.subscription(attempt, entry.id, .confirmed))
            }
            entry.refusal = reason
            driver?.handle(.subscription(attempt, entry.id, reason == nil ? .ended : .refused))
        }
        return false
    }

    // MARK: Subscriptions

    /// One more takes the updates of a channel; says which subscription that is.
    func join(_ channel: Channel, _ feed: Feed, isWatched: Bool) -> SubscriptionID {
        if let entry = byName[channel.name]?.first(where: { $0.channel == channel }) {
            entry.feeds.append(feed)
            entry.isWatched = entry.isWatched || isWatched
            feed.id.withLock { $0 = entry.id }
            return entry.id
        }
        lastID += 1
        let entry = Entry(SubscriptionID(lastID), channel, isWatched: isWatched)
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
        if let driver { _ = driver.begin(driver.nextOperation(), .unsubscribe(id), nil) }
        entries[id] = nil
        byName[entry.channel.name]?.removeAll { $0 === entry }
        if byName[entry.channel.name]?.isEmpty == true { byName[entry.channel.name] = nil }
    }

    /// One takes them no longer, and whoever wanted to know of that is told, once.
    func letGo(_ feed: Feed) {
        leave(feed)
        feed.whenLeft.withLock { $0.take() }?()
    }

    func subscribe(_ attempt: AttemptID, _ id: SubscriptionID) {
        guard let entry = entries[id] else { return }
        note(.requested, of: entry)
        add(.subscribe(attempt, entry))
    }

    func unsubscribe(_ attempt: AttemptID, _ id: SubscriptionID) {
        if let entry = entries[id] { add(.unsubscribe(attempt, entry)) }
    }

    func tell(_ id: SubscriptionID, _ news: SubscriptionNews) {
        guard let entry = entries[id], let driver else { return }
        let before: (Duration) -> Instant = { time in
            Instant(nanoseconds: driver.port.now.nanoseconds - min(driver.port.now.nanoseconds, time.wholeNanoseconds))
        }
        switch news {
        case .confirmed:
            note(.confirmed, of: entry)
            entry.resume(on: driver.kernel.attempt)
        case .lost:
            note(.lost, of: entry)
            entry.lostWith = driver.kernel.attempt
            for feed in entry.feeds { feed.append(.interrupted) }
        case .resumed(let time):
            note(.confirmed, of: entry)
            let gap = Gap(cause: .connectionLost(since: before(time)), attempt: driver.kernel.attempt)
            for feed in entry.feeds { feed.append(.gap(gap)) }
            entry.resume(on: driver.kernel.attempt)
        case .stale(let time): for feed in entry.feeds { feed.append(.stale(since: before(time))) }
        case .fresh: for feed in entry.feeds { feed.append(.fresh) }
        case .failed(let refusal):
            note(.failed, of: entry)
            let end = end(of: entry, refusal)
            for feed in entry.feeds { feed.finish(end) }
            (entry.feeds, entry.held, entry.missed, entry.lostWith, entry.isNew) = ([], [], 0, nil, true)
        }
    }

    private func end(of entry: Entry, _ refusal: Refusal) -> Feed.End {
        if refusal == .closed, let termination = driver?.termination {
            return termination.isOrderly ? .finished : .failed(WebSocketError.ended(termination))
        }
        if refusal == .subscriptionEnded, entry.refusal == nil { return .finished }
        return .failed(entry.refusal ?? WebSocketError.refused(refusal))
    }
}

extension SessionCore.Entry {
    /// More messages than these are not held for a confirmation; the oldest go first, and that is told.
    private static let mostHeld = 4096

    /// A message has come. A server may send it before the handler has understood that the channel is confirmed again.
    fileprivate func take(_ message: Message) {
        guard isNew || (lostWith != nil && message.attempt != lostWith) else {
            for feed in feeds { feed.append(.message(message)) }
            return
        }
        // What came on a connection that is lost too is a part of the gap, or came before the beginning.
        if let first = held.first, first.attempt != message.attempt { (held, missed) = ([], 0) }
        if held.count == Self.mostHeld {
            held.removeFirst()
            missed += 1
        }
        held.append(message)
    }

    /// The beginning, or the gap, was told: what came on this connection follows.
    fileprivate func resume(on attempt: AttemptID) {
        let (messages, missed) = (held.filter { $0.attempt == attempt }, missed)
        (held, self.missed, lostWith, isNew) = ([], 0, nil, false)
        for feed in feeds {
            if missed > 0, !messages.isEmpty {
                feed.append(.gap(Gap(cause: .overflow(count: missed), attempt: attempt)))
            }
            for message in messages { feed.append(.message(message)) }
        }
    }
}
