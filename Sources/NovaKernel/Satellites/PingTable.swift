import NovaMachine

/// The pings whose pongs have not come: each promise to a caller is settled by its own pong, or by the connection's
/// end.
///
/// A peer may answer only the latest of several pings (RFC 6455 §5.5.3), so a pong settles the earlier ones with it.
public struct PingTable: Machine {
    /// A ping on its way.
    public struct Pending: Hashable, Sendable {
        /// What its pong must carry.
        public var token: PingToken
        /// Who asked; nil for the keepalive.
        public var operation: OperationID?
        /// When it was sent.
        public var sent: Instant
        /// The how manieth ping of the connection it is.
        public var number: UInt64
    }

    /// What the table is told.
    public enum Event: Hashable, Sendable {
        /// A caller wants a ping on this attempt's connection.
        case asked(OperationID, AttemptID, at: Instant)
        /// The keepalive has sent a ping with the table's ``nextToken``.
        case probed(at: Instant)
        /// A pong has come.
        case ponged(PingToken?, at: Instant)
        /// The timer fired.
        case fired(at: Instant)
        /// Nothing waits for the system any more: all pings are written.
        case written
        /// The caller stopped waiting.
        case abandoned(OperationID)
        /// The connection is not open any more; these pings will not be answered.
        case ended(Refusal)
    }

    /// The rows of the table.
    public enum Rule: String, Hashable, Sendable, CaseIterable {
        case ask, refuseFull, probe, answer, unsolicited, expire, written, forget, notPending, end, stale
    }

    /// The pings without an answer, oldest first; of the keepalive's only the last one.
    public internal(set) var pending: [Pending] = []
    /// How many pings there have been.
    public internal(set) var count: UInt64 = 0
    /// The last ping that is known to have been written. Those after it may wait in the queue, those among them too of
    /// which nobody wants to hear any more.
    public internal(set) var written: UInt64 = 0
    var attempt = AttemptID(0)
    /// How many callers may wait.
    public let maximum: Int
    /// How long a caller waits at most; timer `pong` while one does.
    public let timeout: Duration
    private let seed: UInt64

    /// An empty table. Tokens are made from `seed`, so that two connections don't share theirs.
    public init(maximum: Int, timeout: Duration, seed: UInt64) {
        self.maximum = maximum
        self.timeout = timeout
        self.seed = seed
    }

    /// What the next ping will carry.
    public var nextToken: PingToken { PingToken(Backoff.mix(seed &+ (count &+ 1) &* 0x9E37_79B9_7F4A_7C15)) }

    /// How many pings may wait to be written.
    private var unwritten: Int { Int(clamping: count - written) }

    /// What the keepalive's next ping will carry; nil if as many pings wait to be written as may (R7).
    public var nextProbe: PingToken? { unwritten <= maximum ? nextToken : nil }

    /// The token, if a ping with it waits for its pong.
    public func pending(with token: PingToken) -> PingToken? {
        pending.contains { $0.token == token } ? token : nil
    }

    /// How many callers wait.
    public var waiting: Int { pending.count { $0.operation != nil } }

    /// `empty`, `watched` (the keepalive alone waits), `waiting` or `full`.
    public var path: [String] {
        [pending.isEmpty ? "empty" : waiting == 0 ? "watched" : waiting < maximum ? "waiting" : "full"]
    }

    /// State × event → state′ × effects.
    public mutating func handle(_ event: Event, _ out: inout Effects<Effect>) -> Rule {
        #if MUTANTS
            if let rule = Mutation.intercept(&self, event, &out) { return rule }
        #endif
        switch event {
        case .asked(let operation, let attempt, let now): return ask(operation, attempt, now, &out)
        case .probed(let now):
            pending.removeAll { $0.operation == nil }
            add(nil, now)
            return .probe
        case .ponged(let token, let now): return answer(token, now, &out)
        case .fired(let now): return expire(now, &out)
        case .written:
            written = count
            return .written
        case .abandoned(let operation):
            guard let index = pending.firstIndex(where: { $0.operation == operation }) else { return .notPending }
            out.append(.settle(operation, .refused(.cancelled)))
            pending.remove(at: index)
            if waiting == 0 { out.append(.disarm(.pong)) }
            return .forget
        case .ended(let refusal):
            if waiting > 0 { out.append(.disarm(.pong)) }
            for operation in pending.compactMap(\.operation) { out.append(.settle(operation, .refused(refusal))) }
            pending.removeAll()
            written = count
            return .end
        }
    }

    private mutating func ask(
        _ operation: OperationID, _ attempt: AttemptID, _ now: Instant, _ out: inout Effects<Effect>
    ) -> Rule {
        guard waiting < maximum, unwritten < maximum else {
            return out(.refuseFull, .settle(operation, .refused(.tooManyWaiting)))
        }
        self.attempt = attempt
        let isFirst = waiting == 0
        out.append(.ping(attempt, add(operation, now)))
        if isFirst { out.append(.arm(attempt, .pong, timeout)) }
        return .ask
    }

    @discardableResult
    private mutating func add(_ operation: OperationID?, _ now: Instant) -> PingToken {
        let token = nextToken
        count &+= 1
        pending.append(Pending(token: token, operation: operation, sent: now, number: count))
        return token
    }

    private mutating func answer(_ token: PingToken?, _ now: Instant, _ out: inout Effects<Effect>) -> Rule {
        guard let token, let index = pending.firstIndex(where: { $0.token == token }) else { return .unsolicited }
        let hadWaiting = waiting > 0
        for ping in pending[...index] {
            guard let operation = ping.operation else { continue }
            out.append(.settle(operation, .answered(roundTrip: now.since(ping.sent))))
        }
        written = max(written, pending[index].number)
        pending.removeSubrange(...index)
        if hadWaiting, waiting == 0 { out.append(.disarm(.pong)) }
        return .answer
    }

    /// The timer looks when it fires: who has not waited long enough by then is looked at again.
    private mutating func expire(_ now: Instant, _ out: inout Effects<Effect>) -> Rule {
        guard waiting > 0 else { return .stale }
        for ping in pending where now.since(ping.sent) >= timeout {
            if let operation = ping.operation { out.append(.settle(operation, .refused(.timedOut))) }
        }
        pending.removeAll { $0.operation != nil && now.since($0.sent) >= timeout }
        if let next = pending.first(where: { $0.operation != nil }) {
            out.append(.arm(attempt, .pong, timeout - now.since(next.sent)))
        }
        return .expire
    }
}
