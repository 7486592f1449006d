import NovaKernel
import NovaWire

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

        /// Whether the machine wants to hear of each message: they must not stay away.
        let isWatched: Bool

        init(_ id: SubscriptionID, _ channel: Channel, isWatched: Bool) {
            (self.id, self.channel, self.isWatched) = (id, channel, isWatched)
        }
    }

    /// What a handler is asked to tell the server.
    fileprivate enum Job {
        case subscribe(AttemptID, Entry)
        case unsubscribe(AttemptID, Entry)
    }

    private weak var driver: Driver?
    private let port: any Port & Sendable
    private let handlers: Handlers
    private let options: CallOptions
    private let executor: any TaskExecutor
    private(set) var entries: [SubscriptionID: Entry] = [:]
    private var byName: [String: [Entry]] = [:]
    private var lastID: UInt32 = 0
    private var jobs: [Job] = []
    private var isWorking = false

    init(_ driver: Driver, _ port: any Port & Sendable, _ handlers: Handlers, _ options: CallOptions) {
        self.driver = driver
        self.port = port
        self.handlers = handlers
        self.options = options
        executor = port.handlerExecutor
    }

    private var line: SessionLine? {
        driver.map { SessionLine(caller: Caller(driver: $0, port: port), handlers: handlers, options: options) }
    }

    // MARK: Messages

    func sort(_ message: Message) { pass(message, handlers.messages.sort(message)) }

    private func pass(_ message: Message, _ sorting: Sorting) {
        switch sorting {
        case .answer(let request, let content):
            driver?.answered(request, Answer(message: message, content: content))
            driver?.consumed(message)
        case .channel(let name): pass(message, to: name)
        case .other, .invalid: driver?.keep(message)
        case .several(let parts): for part in parts { pass(message, part) }
        }
    }

    private func pass(_ message: Message, to name: String) {
        guard let entries = byName[name] else {
            driver?.keep(message)
            return
        }
        for entry in entries {
            for feed in entry.feeds { feed.append(.message(message)) }
            if entry.isWatched { driver?.handle(.subscription(message.attempt, entry.id, .heard)) }
        }
        driver?.consumed(message)
    }

    // MARK: Subscriptions

    /// One more takes the updates of a channel; says which subscription that is.
    func join(_ channel: Channel, _ feed: Feed, isWatched: Bool) -> SubscriptionID {
        if let entry = byName[channel.name]?.first(where: { $0.channel == channel }) {
            entry.feeds.append(feed)
            return entry.id
        }
        lastID += 1
        let entry = Entry(SubscriptionID(lastID), channel, isWatched: isWatched)
        entry.feeds = [feed]
        entries[entry.id] = entry
        byName[channel.name, default: []].append(entry)
        return entry.id
    }

    /// One takes them no longer; says whether it was the last.
    func leave(_ id: SubscriptionID, _ feed: Feed) -> Bool {
        guard let entry = entries[id] else { return false }
        entry.feeds.removeAll { $0 === feed }
        guard entry.feeds.isEmpty else { return false }
        forget(entry)
        return true
    }

    private func forget(_ entry: Entry) {
        entries[entry.id] = nil
        byName[entry.channel.name]?.removeAll { $0 === entry }
        if byName[entry.channel.name]?.isEmpty == true { byName[entry.channel.name] = nil }
        leaving[entry.id] = entry
    }

    /// Those that the server is still to be told of.
    private var leaving: [SubscriptionID: Entry] = [:]

    func subscribe(_ attempt: AttemptID, _ id: SubscriptionID) {
        guard let entry = entries[id] else { return }
        jobs.append(.subscribe(attempt, entry))
        workLater()
    }

    func unsubscribe(_ attempt: AttemptID, _ id: SubscriptionID) {
        guard let entry = leaving.removeValue(forKey: id) else { return }
        jobs.append(.unsubscribe(attempt, entry))
        workLater()
    }

    func tell(_ id: SubscriptionID, _ news: SubscriptionNews) {
        guard let entry = entries[id], let driver else { return }
        let before: (Duration) -> Instant = { time in
            Instant(nanoseconds: driver.port.now.nanoseconds - min(driver.port.now.nanoseconds, time.wholeNanoseconds))
        }
        switch news {
        case .confirmed: break
        case .lost: for feed in entry.feeds { feed.append(.interrupted) }
        case .resumed(let time):
            let gap = Gap(cause: .connectionLost(since: before(time)), attempt: driver.kernel.attempt)
            for feed in entry.feeds { feed.append(.gap(gap)) }
        case .stale(let time): for feed in entry.feeds { feed.append(.stale(since: before(time))) }
        case .fresh: for feed in entry.feeds { feed.append(.fresh) }
        case .failed(let refusal):
            let end = end(of: entry, refusal)
            for feed in entry.feeds { feed.finish(end) }
            entry.feeds = []
        }
    }

    private func end(of entry: Entry, _ refusal: Refusal) -> Feed.End {
        if refusal == .closed, let termination = driver?.termination {
            return termination.isOrderly ? .finished : .failed(WebSocketError.ended(termination))
        }
        return .failed(entry.refusal ?? WebSocketError.refused(refusal))
    }

    // MARK: Handlers at work

    /// What is asked for in one turn goes to the handler at once.
    private func workLater() {
        guard !isWorking else { return }
        isWorking = true
        port.execute { self.work() }
    }

    /// Takes what can be told the server together, and has the handler do it; then the next.
    private func work() {
        guard let first = jobs.first, let line else {
            isWorking = false
            return
        }
        let batch = Array(jobs.prefix { $0.goesWith(first) })
        jobs.removeFirst(batch.count)
        let entries = batch.map(\.entry)
        let context = SessionContext(line: line, stage: .early, willSend: {}, attempt: first.attempt)
        switch first {
        case .subscribe: ask(for: entries, context)
        case .unsubscribe: giveUp(entries, context)
        }
    }

    private func ask(for entries: [Entry], _ context: SessionContext) {
        let (handler, channels) = (handlers.subscriptions, entries.map(\.channel))
        run { () async -> @Sendable (SessionCore) -> Void in
            do {
                let verdicts = try await handler.subscribe(to: channels, context)
                return { $0.heard(verdicts, of: channels, context.attempt) }
            } catch let error as WebSocketError where error.isOfConnection {
                return { _ in }  // the machine knows, and asks again on the next connection
            } catch {
                let verdicts = channels.map { _ in SubscriptionVerdict.refused(error) }
                return { $0.heard(verdicts, of: channels, context.attempt) }
            }
        }
    }

    private func giveUp(_ entries: [Entry], _ context: SessionContext) {
        let (handler, channels) = (handlers.subscriptions, entries.map(\.channel))
        run { () async -> @Sendable (SessionCore) -> Void in
            // Nobody waits for it: what goes wrong is the server's to find out.
            try? await handler.unsubscribe(from: channels, context)
            return { _ in }
        }
    }

    /// The handler's word, channel by channel; for those of which it says nothing, the machine's timer speaks.
    private func heard(_ verdicts: [SubscriptionVerdict], of channels: [Channel], _ attempt: AttemptID) {
        for (verdict, channel) in zip(verdicts, channels) {
            guard let entry = byName[channel.name]?.first(where: { $0.channel == channel }) else { continue }
            switch verdict {
            case .confirmed:
                entry.refusal = nil
                driver?.handle(.subscription(attempt, entry.id, .confirmed))
            case .refused(let reason):
                entry.refusal = reason
                driver?.handle(.subscription(attempt, entry.id, .refused))
            }
        }
    }

    /// Runs a handler away from this thread, and what it leads to on this thread; then whatever waits.
    private func run(_ body: @escaping @Sendable () async -> @Sendable (SessionCore) -> Void) {
        let port = port
        Task(executorPreference: executor) { [self] in
            let finish = await body()
            port.execute {
                finish(self)
                self.work()
            }
        }
    }

    // MARK: Credentials

    func authenticate(_ attempt: AttemptID, exchange: UInt32) {
        guard let line else { return }
        let (handler, port) = (handlers.authentication, port)
        let tell: @Sendable (AuthenticationWord) -> Void = { word in
            port.execute { [weak self] in self?.driver?.handle(.authentication(attempt, word)) }
        }
        let context = SessionContext(
            line: line, stage: .early, willSend: { tell(.presented(exchange: exchange)) }, attempt: attempt)
        Task(executorPreference: executor) {
            do {
                let time = try await handler.authenticate(context)
                let milliseconds = time.map { $0.wholeNanoseconds / 1_000_000 }
                tell(.accepted(exchange: exchange, validMilliseconds: milliseconds))
            } catch {
                tell(.failed(exchange: exchange, AuthenticationFault(error)))
            }
        }
    }
}

extension SessionCore.Job {
    fileprivate var attempt: AttemptID {
        switch self {
        case .subscribe(let attempt, _), .unsubscribe(let attempt, _): attempt
        }
    }

    fileprivate var entry: SessionCore.Entry {
        switch self {
        case .subscribe(_, let entry), .unsubscribe(_, let entry): entry
        }
    }

    /// Whether the server can be told of both at once.
    fileprivate func goesWith(_ other: SessionCore.Job) -> Bool {
        switch (self, other) {
        case (.subscribe, .subscribe), (.unsubscribe, .unsubscribe): attempt == other.attempt
        case (.subscribe, .unsubscribe), (.unsubscribe, .subscribe): false
        }
    }
}

extension AuthenticationFault {
    /// What a handler's error means.
    fileprivate init(_ error: any Error) {
        switch error {
        case AuthenticationError.refused, is JSONRPC.Failure: self = .refused
        case let error as WebSocketError where error.refusal == .timedOut: self = .unanswered
        default: self = .unavailable
        }
    }
}

extension WebSocketError {
    /// Whether there is no connection any more that could have brought an answer.
    fileprivate var isOfConnection: Bool {
        switch refusal {
        case .notOpen, .closing, .closed, .connectionLost: true
        default: code == .connectionEnded
        }
    }
}
