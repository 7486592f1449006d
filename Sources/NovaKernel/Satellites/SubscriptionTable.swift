import NovaMachine

/// What the caller is subscribed to: wanted for as long as the caller wants it, requested on every connection in the
/// order of the first wish, once, and lost with each connection (law R10).
///
/// The table knows subscriptions by number; what a channel is called, and how it is asked for, is the handler's business.
/// It is asked by effects and answers by events.
public struct SubscriptionTable: Machine {
    /// How a subscription stands.
    public enum Status: String, Hashable, Sendable, CaseIterable {
        /// It is wanted; there is no connection to ask for it on.
        case intended
        /// It was asked for on this connection; timer `subscription`.
        case requested
        /// The server has confirmed it; timer `freshness` if its messages must not stay away.
        case confirmed
        /// The server has refused it, ended it, or did not answer in time. It is not asked for again; one without an answer
        /// is withdrawn, as the server may have it all the same.
        case failed
        /// It was confirmed, and the connection was lost: there is a gap since then.
        case lost
    }

    /// A subscription.
    public struct Entry: Hashable, Sendable {
        /// Which one.
        public var id: SubscriptionID
        /// How it stands.
        public var status: Status
        /// Since when its messages are missing: the moment it was lost; nil: none are, or none ever came.
        public var lostAt: Instant?
        /// When its request has waited long enough.
        public var deadline: Instant?
        /// When its last message came, or it was confirmed.
        public var heard: Instant
        /// Whether its messages have stayed away too long, which was told.
        public var isStale = false
        /// The callers that wait for its confirmation.
        public var waiting: [OperationID]
        /// By which terms it is wanted: the first one's, with the strictest freshness of all.
        public var terms: SubscriptionTerms
    }

    /// What the table is told.
    public enum Event: Hashable, Sendable {
        /// A caller wants this subscription.
        case wanted(OperationID, SubscriptionID, SubscriptionTerms, at: Instant)
        /// Nobody wants it any more.
        case unwanted(OperationID, SubscriptionID)
        /// The connection of this attempt can be asked.
        case began(AttemptID, at: Instant)
        /// The server has answered.
        case answered(SubscriptionID, Answer, at: Instant)
        /// A message of it has come.
        case heard(SubscriptionID, at: Instant)
        /// The timer for requests fired.
        case firedRequest(at: Instant)
        /// The timer for messages fired.
        case firedFreshness(at: Instant)
        /// The caller stopped waiting.
        case abandoned(OperationID)
        /// Nothing can be asked for on the connection any more. If there is to be no other, that is the end of all, not a gap,
        /// and ``closed`` tells it.
        case ended(at: Instant, isFinal: Bool)
        /// There will be no other.
        case closed
    }

    /// What the server says of a subscription.
    public enum Answer: String, Hashable, Sendable, CaseIterable {
        /// It is confirmed.
        case confirmed
        /// It is refused.
        case refused
        /// It is ended.
        case ended
        /// It said nothing for longer than whoever asked it was to wait.
        case unanswered
    }

    /// The rows of the table.
    public enum Rule: String, Hashable, Sendable, CaseIterable {
        case intend, request, join, alreadyConfirmed, refuseFull, restore, nothingToRestore, confirm, fail, revoke
        case unsubscribe, drop, note, freshAgain, expire, stay, lookAgain, forget, lose, end, notHeld, stale
    }

    /// The subscriptions, in the order in which they were wanted.
    public internal(set) var entries: [Entry] = []
    /// Whether there is a connection to ask; and whether all that is wanted was restored on it.
    public internal(set) var stage = Stage.idle
    var attempt = AttemptID(0)
    /// The bounds.
    public let limits: SubscriptionLimits

    /// How the table stands to the connection.
    public enum Stage: String, Hashable, Sendable, CaseIterable {
        /// There is none to ask.
        case idle
        /// What is wanted is being asked for; the spine's timer `restore` bounds it.
        case restoring
        /// It is in use.
        case settled
    }

    /// An empty table.
    public init(_ limits: SubscriptionLimits) { self.limits = limits }

    /// The stage.
    public var path: [String] { [stage.rawValue] }

    /// The subscription of that number.
    public subscript(id: SubscriptionID) -> Entry? { index(of: id).map { entries[$0] } }

    func index(of id: SubscriptionID) -> Int? { entries.firstIndex { $0.id == id } }

    /// State × event → state′ × effects.
    public mutating func handle(_ event: Event, _ out: inout Effects<Effect>) -> Rule {
        #if MUTANTS
            if let rule = Mutation.intercept(&self, event, &out) { return rule }
        #endif
        switch event {
        case .wanted(let operation, let id, let terms, let now): return want(operation, id, terms, now, &out)
        case .unwanted(let operation, let id): return leave(operation, id, &out)
        case .began(let attempt, let now): return restore(attempt, now, &out)
        case .answered(let id, let answer, let now): return take(id, answer, now, &out)
        case .heard(let id, let now): return hear(id, now, &out)
        case .firedRequest(let now): return expire(now, &out)
        case .firedFreshness(let now): return judge(now, &out)
        case .abandoned(let operation): return forget(operation, &out)
        case .ended(let now, let isFinal): return lose(now, isFinal: isFinal, &out)
        case .closed: return end(&out)
        }
    }

    // MARK: The connection

    private mutating func restore(_ attempt: AttemptID, _ now: Instant, _ out: inout Effects<Effect>) -> Rule {
        _ = lose(now, isFinal: false, &out)  // nothing crosses from one connection to the next
        self.attempt = attempt
        stage = .restoring
        for index in entries.indices where entries[index].status != .failed { ask(index, now, &out) }
        return finishRestoring(&out) ? .nothingToRestore : .restore
    }

    /// Restored is what has an answer, whichever it is.
    @discardableResult
    mutating func finishRestoring(_ out: inout Effects<Effect>) -> Bool {
        guard stage == .restoring, entries.allSatisfy({ $0.status != .requested }) else { return false }
        stage = .settled
        out.append(.raise(attempt, .restored))
        return true
    }

    private mutating func take(
        _ id: SubscriptionID, _ answer: Answer, _ now: Instant, _ out: inout Effects<Effect>
    ) -> Rule {
        guard let index = index(of: id) else { return .notHeld }
        let before = timers
        let rule: Rule
        switch (entries[index].status, answer) {
        case (.requested, .confirmed):
            confirm(index, now, &out)
            rule = .confirm
        case (.requested, .refused):
            fail(index, .subscriptionRefused, &out)
            rule = .fail
        case (.requested, .ended), (.confirmed, .ended), (.confirmed, .refused):
            fail(index, .subscriptionEnded, &out)
            rule = .revoke
        case (.requested, .unanswered):
            withdraw(index, &out)
            rule = .expire
        case (.confirmed, .confirmed), (.confirmed, .unanswered), (.intended, _), (.failed, _), (.lost, _):
            return .stale
        }
        stop(before, &out)
        finishRestoring(&out)
        return rule
    }

    private mutating func confirm(_ index: Int, _ now: Instant, _ out: inout Effects<Effect>) {
        let earliest = earliestSilence
        entries[index].status = .confirmed
        entries[index].deadline = nil
        entries[index].heard = now
        entries[index].isStale = false
        for operation in entries[index].waiting { out.append(.settle(operation, .subscribed)) }
        entries[index].waiting.removeAll()
        out.append(.tell(entries[index].id, entries[index].lostAt.map { .resumed(after: now.since($0)) } ?? .confirmed))
        entries[index].lostAt = nil
        if let time = entries[index].terms.freshness { watch(for: time, behind: earliest, now, &out) }
    }

    /// Nobody waits for the answer any more. Asked for it was: what the server has not said it may still do, and its late
    /// word would be of no use to anybody. So it is told that it is not wanted, in any case.
    mutating func withdraw(_ index: Int, _ out: inout Effects<Effect>) {
        out.append(.unsubscribe(attempt, entries[index].id))
        fail(index, .timedOut, &out)
    }

    mutating func fail(_ index: Int, _ refusal: Refusal, _ out: inout Effects<Effect>) {
        entries[index].status = .failed
        entries[index].deadline = nil
        entries[index].lostAt = nil
        for operation in entries[index].waiting { out.append(.settle(operation, .refused(refusal))) }
        entries[index].waiting.removeAll()
        out.append(.tell(entries[index].id, .failed(refusal)))
    }

    private mutating func lose(_ now: Instant, isFinal: Bool, _ out: inout Effects<Effect>) -> Rule {
        guard stage != .idle else { return .stale }
        let before = timers
        stage = .idle
        for index in entries.indices {
            entries[index].deadline = nil
            switch entries[index].status {
            case .intended, .failed: continue
            case .requested: entries[index].status = entries[index].lostAt == nil ? .intended : .lost
            case .confirmed where isFinal: entries[index].status = .intended
            case .confirmed:
                entries[index].status = .lost
                entries[index].lostAt = now
                out.append(.tell(entries[index].id, .lost))
            case .lost: continue
            }
        }
        stop(before, &out)
        return .lose
    }

    private mutating func end(_ out: inout Effects<Effect>) -> Rule {
        let before = timers
        for entry in entries {
            for operation in entry.waiting { out.append(.settle(operation, .refused(.closed))) }
            if entry.status != .failed { out.append(.tell(entry.id, .failed(.closed))) }
        }
        entries.removeAll()
        stage = .idle
        stop(before, &out)
        return .end
    }
}
