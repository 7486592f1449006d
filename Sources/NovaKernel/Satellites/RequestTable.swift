import NovaMachine

/// The requests whose answers have not come: each is settled by its answer, by its deadline, by the end of the
/// connection that carried it, or by its caller's leaving; once, in whatever order answers come (law R6).
public struct RequestTable: Machine {
    /// A request without an answer.
    public struct Pending: Hashable, Sendable {
        /// Whose it is: what its answer is known by.
        public var operation: OperationID
        /// When its caller waits no longer.
        public var deadline: Instant
        /// When it was sent, on the connection that is there; nil: its message still waits.
        public var sent: Instant?
    }

    /// A request that is over.
    public struct Settled: Hashable, Sendable {
        /// Whose it was.
        public var operation: OperationID
        /// Whether its answer had come.
        public var isAnswered: Bool
    }

    /// What the table is told.
    public enum Event: Hashable, Sendable {
        /// A caller wants an answer within that time to a message that is on its way.
        case asked(OperationID, within: Duration, at: Instant)
        /// Its message has gone out.
        case sent(OperationID, at: Instant)
        /// Its message waits again, for the next connection.
        case returned(OperationID)
        /// An answer has come.
        case answered(OperationID, at: Instant)
        /// No answer can come any more.
        case lost(OperationID, Refusal)
        /// The timer fired.
        case fired(at: Instant)
        /// The caller stopped waiting.
        case abandoned(OperationID)
    }

    /// The rows of the table.
    public enum Rule: String, Hashable, Sendable, CaseIterable {
        case ask, refuseFull, sent, wait, answer, duplicate, late, premature, unsolicited, lose, expire, forget
        case notPending, stale
    }

    /// The requests without an answer, oldest first.
    public internal(set) var pending: [Pending] = []
    /// The last requests that are over, oldest first: what a late answer is known by.
    public internal(set) var settled: [Settled] = []
    /// The bounds.
    public let limits: RequestLimits

    /// An empty table.
    public init(_ limits: RequestLimits) { self.limits = limits }

    /// `empty`, `waiting` or `full`.
    public var path: [String] {
        [pending.isEmpty ? "empty" : pending.count < limits.maximumPending ? "waiting" : "full"]
    }

    /// Whether that caller waits for an answer.
    public func holds(_ operation: OperationID) -> Bool { index(of: operation) != nil }

    /// Whether that caller's request went out on the present connection and has no answer yet.
    public func isUnderWay(_ operation: OperationID) -> Bool {
        index(of: operation).map { pending[$0].sent != nil } ?? false
    }

    /// Until when that caller waits for its answer; nil if it does not.
    package func deadline(of operation: OperationID) -> Instant? { index(of: operation).map { pending[$0].deadline } }

    /// Those who have waited long enough by then.
    func expired(at now: Instant) -> [OperationID] {
        pending.lazy.filter { $0.deadline <= now }.map(\.operation)
    }

    private func index(of operation: OperationID) -> Int? { pending.firstIndex { $0.operation == operation } }

    /// State × event → state′ × effects.
    public mutating func handle(_ event: Event, _ out: inout Effects<Effect>) -> Rule {
        #if MUTANTS
            if let rule = Mutation.intercept(&self, event, &out) { return rule }
        #endif
        switch event {
        case .asked(let operation, let time, let now): return ask(operation, time, now, &out)
        case .sent(let operation, let now): return note(operation, sent: now, .sent)
        case .returned(let operation): return note(operation, sent: nil, .wait)
        case .answered(let operation, let now): return answer(operation, now, &out)
        case .lost(let operation, let refusal): return settle(operation, .refused(refusal), .lose, &out)
        case .abandoned(let operation): return settle(operation, .refused(.cancelled), .forget, &out)
        case .fired(let now): return expire(now, &out)
        }
    }

    private mutating func ask(
        _ operation: OperationID, _ time: Duration, _ now: Instant, _ out: inout Effects<Effect>
    ) -> Rule {
        guard pending.count < limits.maximumPending else {
            return out(.refuseFull, .settle(operation, .refused(.tooManyWaiting)))
        }
        let deadline = now.advanced(by: time)
        let isEarliest = pending.allSatisfy { deadline < $0.deadline }
        pending.append(Pending(operation: operation, deadline: deadline))
        return isEarliest ? out(.ask, .arm(.whole, .request, time)) : .ask
    }

    private mutating func note(_ operation: OperationID, sent: Instant?, _ rule: Rule) -> Rule {
        guard let index = index(of: operation) else { return .notPending }
        pending[index].sent = sent
        return rule
    }

    /// A server may answer what was never asked, answer twice, or answer what has not even gone out: none of it is an
    /// answer.
    private mutating func answer(_ operation: OperationID, _ now: Instant, _ out: inout Effects<Effect>) -> Rule {
        guard let index = index(of: operation) else {
            guard let past = settled.last(where: { $0.operation == operation }) else { return .unsolicited }
            return past.isAnswered ? .duplicate : .late
        }
        guard let sent = pending[index].sent else { return .premature }
        return settle(operation, .answered(roundTrip: now.since(sent)), .answer, &out)
    }

    private mutating func settle(
        _ operation: OperationID, _ outcome: Outcome, _ rule: Rule, _ out: inout Effects<Effect>
    ) -> Rule {
        guard let index = index(of: operation) else { return .notPending }
        pending.remove(at: index)
        remember(operation, isAnswered: rule == .answer)
        out.append(.settle(operation, outcome))
        if pending.isEmpty { out.append(.disarm(.request)) }
        return rule
    }

    private mutating func remember(_ operation: OperationID, isAnswered: Bool) {
        settled.append(Settled(operation: operation, isAnswered: isAnswered))
        if settled.count > limits.maximumRemembered { settled.removeFirst() }
    }

    /// The timer looks when it fires: who has not waited long enough by then is looked at again.
    private mutating func expire(_ now: Instant, _ out: inout Effects<Effect>) -> Rule {
        guard !pending.isEmpty else { return .stale }
        for operation in expired(at: now) {
            remember(operation, isAnswered: false)
            out.append(.settle(operation, .refused(.timedOut)))
        }
        pending.removeAll { $0.deadline <= now }
        if let next = pending.map(\.deadline).min() { out.append(.arm(.whole, .request, next.since(now))) }
        return .expire
    }
}
