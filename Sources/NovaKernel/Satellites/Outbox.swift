import NovaMachine

/// The line of posted messages that wait: for a connection, for tokens, for room. It says whose turn it is, and what
/// becomes of a message when the connection is lost (laws R6, R7, R8).
///
/// A message that is kept stays in the line until it is written, and one whose answer is awaited until it is answered:
/// what the connection took with it goes out again on the next, in its old place. Every other one leaves the line when
/// it is handed over. Whose answer is awaited is settled by the table of requests, all others here.
public struct Outbox: Machine {
    /// How far a message has come.
    public enum Stage: Hashable, Sendable {
        /// It waits for its turn.
        case waiting
        /// It is its turn, and it waits for its tokens.
        case asking
        /// Its tokens are paid; it waits for room.
        case permitted
        /// It was handed over, as far as this number of accepted bytes, and is kept.
        case sent(mark: UInt64)
    }

    /// A message in the line.
    public struct Item: Hashable, Sendable {
        /// Whose it is.
        public var operation: OperationID
        /// How long its frame is on the wire, in bytes.
        public var bytes: Int
        /// By which terms it goes.
        public var terms: Dispatch
        /// How far it has come.
        public var stage: Stage
        /// Until when it may wait for a connection; nil if it is not kept.
        public var deadline: Instant?

        /// Whether it was handed over.
        public var isSent: Bool { if case .sent = stage { true } else { false } }

        /// Whether its turn is before that of one that came earlier: as it is paid for, or as its priority is higher.
        fileprivate func goesBefore(_ earlier: Item) -> Bool {
            let (isPaid, isOtherPaid) = (stage == .permitted, earlier.stage == .permitted)
            return isPaid == isOtherPaid ? terms.priority > earlier.terms.priority : isPaid
        }
    }

    /// What the line is told.
    public enum Event: Hashable, Sendable {
        /// A caller posts a message whose frame is so long.
        case posted(OperationID, bytes: Int, Dispatch, at: Instant)
        /// It is this message's turn, and tokens were asked for it.
        case asked(OperationID)
        /// Its tokens are paid.
        case permitted(OperationID)
        /// All that wait go without tokens.
        case released
        /// It was handed over; so many bytes have been accepted on this connection with it.
        case passed(OperationID, mark: UInt64)
        /// So many of the accepted bytes are written.
        case written(upTo: UInt64)
        /// Nobody waits for its answer any more.
        case withdrawn(OperationID)
        /// The caller stopped waiting.
        case abandoned(OperationID)
        /// The timer fired.
        case fired(at: Instant)
        /// The connection is being closed: what is not kept does not go any more; if it is the last one, nothing does that
        /// was not handed over.
        case closing(isFinal: Bool)
        /// The connection is lost.
        case ended(at: Instant)
        /// There will be no other.
        case closed
    }

    /// The rows of the table.
    public enum Rule: String, Hashable, Sendable, CaseIterable {
        case enter, refuseFull, ask, permit, pass, keep, written, withdraw, forget, expire, drop, restart, refuse,
            release
        case notHeld, stale
    }

    /// The messages, oldest first; timer `outbox` while one waits that may not wait for ever.
    public internal(set) var items: [Item] = []
    /// How long their frames are together, in bytes.
    public internal(set) var bytes = 0
    /// The bounds.
    public let limits: OutboxLimits

    /// An empty line.
    public init(_ limits: OutboxLimits) { self.limits = limits }

    /// `empty`, `waiting`, or `full` of messages.
    public var path: [String] {
        [items.isEmpty ? "empty" : items.count < limits.maximumMessages ? "waiting" : "full"]
    }

    /// Whether nothing waits.
    @inlinable
    public var isEmpty: Bool { items.isEmpty }

    /// Whether that message is in the line.
    public func holds(_ operation: OperationID) -> Bool { index(of: operation) != nil }

    /// The message whose turn it is: what is paid for, then the highest priority, then the oldest. Until the connection is
    /// ready only those that are a part of that have a turn.
    func next(isReady: Bool) -> Item? {
        var best: Item?
        for item in items where isReady || item.terms.isEarly {
            switch item.stage {
            case .sent: continue
            case .permitted, .waiting, .asking: if best.map({ item.goesBefore($0) }) ?? true { best = item }
            }
        }
        return best
    }

    /// The message that waits for its tokens.
    var asking: OperationID? { items.first { $0.stage == .asking }?.operation }

    private func index(of operation: OperationID) -> Int? { items.firstIndex { $0.operation == operation } }

    /// What was handed over has no turn any more.
    private func waitingIndex(of operation: OperationID) -> Int? {
        items.firstIndex { $0.operation == operation && !$0.isSent }
    }

    /// State × event → state′ × effects.
    public mutating func handle(_ event: Event, _ out: inout Effects<Effect>) -> Rule {
        #if MUTANTS
            if let rule = Mutation.intercept(&self, event, &out) { return rule }
        #endif
        switch event {
        case .posted(let operation, let bytes, let terms, let now): return enter(operation, bytes, terms, now, &out)
        case .asked(let operation): return turn(to: operation, .asking, .ask)
        case .permitted(let operation): return turn(to: operation, .permitted, .permit)
        case .released:
            for index in items.indices where !items[index].isSent { items[index].stage = .permitted }
            return .release
        case .passed(let operation, let mark): return pass(operation, mark, &out)
        case .written(let mark): return write(mark, &out)
        case .withdrawn(let operation): return leave(operation, nil, .withdraw, &out)
        case .abandoned(let operation): return leave(operation, .cancelled, .forget, &out)
        case .fired(let now): return expire(now, &out)
        case .closing(let isFinal):
            remove(as: .closing, &out) { $0.deadline == nil || isFinal && !$0.isSent }
            return .drop
        case .ended(let now): return restart(now, &out)
        case .closed:
            remove(as: .closed, &out) { _ in true }
            return .refuse
        }
    }

    // MARK: In

    private mutating func enter(
        _ operation: OperationID, _ bytes: Int, _ terms: Dispatch, _ now: Instant, _ out: inout Effects<Effect>
    ) -> Rule {
        let total = self.bytes.saturatingPlus(bytes)
        guard items.count < limits.maximumMessages, items.isEmpty || total <= limits.maximumBytes else {
            return out(.refuseFull, .settle(operation, .refused(.tooManyWaiting)))
        }
        self.bytes = total
        let deadline = terms.keepTime.map(now.advanced)
        let earliest = earliestDeadline
        items.append(Item(operation: operation, bytes: bytes, terms: terms, stage: .waiting, deadline: deadline))
        if let deadline, earliest.map({ deadline < $0 }) ?? true {
            out.append(.arm(.whole, .outbox, deadline.since(now)))
        }
        return .enter
    }

    /// When the first message has waited long enough for a connection; nil if none waits that may not wait for ever.
    var earliestDeadline: Instant? { items.lazy.filter { !$0.isSent }.compactMap(\.deadline).min() }

    /// Whether the timer runs.
    package var mustLookAgain: Bool { earliestDeadline != nil }

    // MARK: On

    /// There is one turn: whoever had it waits.
    private mutating func turn(to operation: OperationID, _ stage: Stage, _ rule: Rule) -> Rule {
        guard let index = waitingIndex(of: operation) else { return .notHeld }
        for index in items.indices where items[index].stage == .asking { items[index].stage = .waiting }
        items[index].stage = stage
        return rule
    }

    private mutating func pass(_ operation: OperationID, _ mark: UInt64, _ out: inout Effects<Effect>) -> Rule {
        guard let index = waitingIndex(of: operation) else { return .notHeld }
        guard items[index].deadline != nil else {
            take(at: index)
            return .pass
        }
        items[index].stage = .sent(mark: mark)
        if earliestDeadline == nil { out.append(.disarm(.outbox)) }
        return .keep
    }

    /// What is written is out of our hands: only an answer that is awaited keeps a message any longer.
    private mutating func write(_ mark: UInt64, _ out: inout Effects<Effect>) -> Rule {
        for item in items {
            guard case .sent(let own) = item.stage, own <= mark, !item.terms.awaitsAnswer else { continue }
            out.append(.settle(item.operation, .written))
            if let index = index(of: item.operation) { take(at: index) }
        }
        return .written
    }

    // MARK: Out

    @discardableResult
    private mutating func take(at index: Int) -> Item {
        bytes -= items[index].bytes
        return items.remove(at: index)
    }

    private mutating func leave(
        _ operation: OperationID, _ refusal: Refusal?, _ rule: Rule, _ out: inout Effects<Effect>
    ) -> Rule {
        guard let index = index(of: operation) else { return .notHeld }
        let hadDeadline = earliestDeadline != nil
        let item = take(at: index)
        if let refusal { tell(item, refusal, &out) }
        if hadDeadline, earliestDeadline == nil { out.append(.disarm(.outbox)) }
        return rule
    }

    private func tell(_ item: Item, _ refusal: Refusal, _ out: inout Effects<Effect>) {
        if !item.terms.awaitsAnswer { out.append(.settle(item.operation, .refused(refusal))) }
    }

    private mutating func remove(
        as refusal: Refusal, _ out: inout Effects<Effect>, _ isLeaving: (Item) -> Bool
    ) {
        let hadDeadline = earliestDeadline != nil
        for item in items where isLeaving(item) { tell(item, refusal, &out) }
        items.removeAll(where: isLeaving)
        bytes = items.reduce(0) { $0.saturatingPlus($1.bytes) }
        if hadDeadline, earliestDeadline == nil { out.append(.disarm(.outbox)) }
    }

    /// The timer looks when it fires: who has not waited long enough by then is looked at again.
    private mutating func expire(_ now: Instant, _ out: inout Effects<Effect>) -> Rule {
        guard earliestDeadline != nil else { return .stale }
        expireWaiting(now, &out)
        if let next = earliestDeadline { out.append(.arm(.whole, .outbox, next.since(now))) }
        return .expire
    }

    private mutating func expireWaiting(_ now: Instant, _ out: inout Effects<Effect>) {
        let isDue: (Item) -> Bool = { item in !item.isSent && item.deadline.map { $0 <= now } ?? false }
        for item in items where isDue(item) { tell(item, .expired, &out) }
        items.removeAll(where: isDue)
        bytes = items.reduce(0) { $0.saturatingPlus($1.bytes) }
    }

    /// What is kept goes out on the next connection, in its old place.
    private mutating func restart(_ now: Instant, _ out: inout Effects<Effect>) -> Rule {
        let hadDeadline = earliestDeadline != nil
        for item in items where item.deadline == nil { tell(item, .connectionLost, &out) }
        items.removeAll { $0.deadline == nil }
        for index in items.indices { items[index].stage = .waiting }
        expireWaiting(now, &out)
        if let next = earliestDeadline {
            out.append(.arm(.whole, .outbox, next.since(now)))
        } else if hadDeadline {
            out.append(.disarm(.outbox))
        }
        return .restart
    }
}
