import NovaKernel

/// A session's half of one driver: passes messages on to whom they are for, and has handlers do what the machine asks. It
/// decides nothing: whether an answer is one, and whether a subscription is to be asked for, the machine says.
///
/// A session has one, and two while it changes connections. It lives on the driver's thread. The driver holds it, so it must
/// not hold the driver.
final class SessionLeg: SessionDesk, @unchecked Sendable {
    /// What a handler is asked to tell the server.
    enum Job {
        case subscribe(AttemptID, SessionEntry)
        case unsubscribe(AttemptID, SessionEntry)
    }

    /// Which of the session's connections it is: 1 for the first, one more for each that was made to take another's place.
    let number: UInt32
    let core: SessionCore
    private(set) weak var driver: Driver?
    /// The connection that takes this one's place, or whose place this one takes, as long as both are there.
    weak var beside: SessionLeg?
    let port: any Port & Sendable
    var jobs: [Job] = []
    /// The connection for which a handler is at work.
    var workingFor: AttemptID?
    /// When the next attempt is to be made, as the handler of errors said for this one.
    var delay: (attempt: AttemptID, time: Duration)?
    /// Who knows the answer to a request whose answer has no id.
    var matchers: [(request: RequestID, match: @Sendable (Message) -> (any Sendable)?)] = []
    var batches = Batches()
    /// Why the server has refused subscriptions on this connection, while it is not the session's.
    var refusals: [SubscriptionID: any Error] = [:]
    let watch = HandlerWatch()

    init(_ number: UInt32, _ core: SessionCore, _ driver: Driver, _ port: any Port & Sendable) {
        (self.number, self.core, self.driver, self.port) = (number, core, driver, port)
    }

    var handlers: Handlers { core.handlers }
    var executor: any TaskExecutor { core.executor }

    /// How handlers speak that are called for this connection.
    var line: SessionLine? {
        driver.map { SessionLine(Caller($0, port), core) }
    }

    /// Whether it is the session's connection: not the next one yet, and not the one before any more.
    var isSession: Bool { core.change.leg == number }

    /// Which of two it is; nil if it is alone.
    var side: Overlap<Message>.Side? { beside.map { number < $0.number ? .earlier : .later } }

    func report(_ handler: HandlerReport.Handler, _ event: HandlerReport.Event, _ attempt: AttemptID) {
        core.tell(HandlerReport(handler: handler, event: event, attempt: attempt))
        driver?.observation?.tell(.handlerReported(handler, HandlerFinding(event)))
    }

    // MARK: Messages

    func sort(_ message: Message) {
        core.tellListeners(of: message)
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
        case .channel(let name): return pass(message, to: core.entries(named: name))
        case .channelEnded(let name, let reason): return end(core.entries(named: name), reason, message.attempt)
        case .other: return true
        case .invalid(let reason):
            report(.messages, .unreadable(reason: reason), message.attempt)
            return true
        case .several(let parts): return parts.map { pass(message, $0) }.contains(true)
        }
    }

    private func pass(_ message: Message, to entries: [SessionEntry]) -> Bool {
        for entry in entries {
            core.take(message, for: entry, from: self)
            if entry.isWatched { driver?.handle(.subscription(message.attempt, entry.id, .heard)) }
        }
        return entries.isEmpty
    }

    /// The server has ended a channel's subscriptions; says whether nobody has any.
    private func end(_ entries: [SessionEntry], _ reason: (any Error)?, _ attempt: AttemptID) -> Bool {
        for entry in entries {
            // What has come to its end in order, or has brought something, was there: what came of it stays, even if its
            // confirmation is still to be understood.
            if reason == nil || entry.held.last?.attempt == attempt {
                driver?.handle(.subscription(attempt, entry.id, .confirmed))
            }
            note(reason, of: entry)
            driver?.handle(.subscription(attempt, entry.id, reason == nil ? .ended : .refused))
        }
        return entries.isEmpty
    }

    /// Why the server has refused a subscription or ended it. Another connection's word is not the session's.
    func note(_ reason: (any Error)?, of entry: SessionEntry) {
        if isSession || entry.isNew { entry.refusal = reason } else { refusals[entry.id] = reason }
    }

    // MARK: What the machine asks for

    func subscribe(_ attempt: AttemptID, _ id: SubscriptionID) {
        guard let entry = core.entries[id] else { return }
        if isSession { core.note(.requested, of: entry) }
        add(.subscribe(attempt, entry))
    }

    func unsubscribe(_ attempt: AttemptID, _ id: SubscriptionID) {
        if let entry = core.entries[id] { add(.unsubscribe(attempt, entry)) }
    }

    func tell(_ id: SubscriptionID, _ news: SubscriptionNews) {
        if isSession { core.tell(id, news, self) } else { core.tellOther(id, news, self) }
    }

    func end() { core.legEnded(self) }
}
