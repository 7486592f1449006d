import NovaMachine

/// The bucket of tokens: lets messages go as fast as the limit allows, in their order.
///
/// It counts in whole numbers and forgets no fraction of a token. Those who ask wait in one line, the higher priority
/// first and among equals in the order of their asking: nobody overtakes, however little it costs. The bucket outlives
/// connections, as the server's own count does.
///
/// Where the bucket is kept elsewhere, for several connections, whoever asks here asks there, by an effect with a ticket of its
/// own; the tokens come by an event with that ticket, and those that are not wanted any more are given back. So a connection
/// knows by its ticket which tokens are meant, and replays without the others. The bucket itself is one of these machines too.
public struct RateLimiter: Machine {
    /// Somebody who waits for tokens.
    public struct Ask: Hashable, Sendable {
        /// Whose message it is.
        public var operation: OperationID
        /// How many tokens it costs.
        public var cost: UInt32
        /// Before which others it goes: the higher first.
        public var priority: UInt8
        /// Under which number they were asked for elsewhere; 0: they were not.
        public var ticket: UInt32 = 0

        /// `cost` tokens for a message.
        public init(_ operation: OperationID, cost: UInt32, priority: UInt8) {
            self.operation = operation
            self.cost = cost
            self.priority = priority
        }
    }

    /// What the limiter is told.
    public enum Event: Hashable, Sendable {
        /// A message of this cost is posted: may it ever go?
        case offered(OperationID, cost: UInt32)
        /// Its turn has come: it wants its tokens.
        case asked(AttemptID, Ask, at: Instant)
        /// It does not want them any more.
        case withdrawn(OperationID, at: Instant)
        /// The tokens that were asked for elsewhere under this number are there.
        case granted(ticket: UInt32)
        /// Tokens were granted, and come back unused.
        case returned(cost: UInt32, at: Instant)
        /// The timer fired.
        case fired(at: Instant)
    }

    /// The rows of the table.
    public enum Rule: String, Hashable, Sendable, CaseIterable {
        case admit, reject, impossible, grant, wait, grantNext, lookAgain, withdraw, giveBack, notWaiting, stale
    }

    /// Who waits, the next first; timer `limit` while anybody does, unless the bucket is kept elsewhere.
    public internal(set) var asks: [Ask] = []
    /// What is in the bucket, in units of ``RateLimit``, at the moment ``countedAt``.
    public internal(set) var units: UInt64
    /// When the bucket was last counted; nil: never, it is as it was at the beginning.
    public internal(set) var countedAt: Instant?
    /// The last number under which tokens were asked for elsewhere.
    var lastTicket: UInt32 = 0
    var attempt = AttemptID(0)
    /// The limit.
    public let limit: RateLimit

    /// A bucket as the limit says it is at the beginning.
    public init(_ limit: RateLimit) {
        self.limit = limit
        units = UInt64(min(limit.initial ?? limit.capacity, limit.capacity)) &* limit.unitsPerToken
    }

    /// `free`, or `limiting` while anybody waits.
    public var path: [String] { [asks.isEmpty ? "free" : "limiting"] }

    /// Whether the timer runs.
    package var mustLookAgain: Bool { !asks.isEmpty && !limit.isShared }

    /// How many whole tokens there were when the bucket was last counted.
    public var tokens: UInt32 { UInt32(clamping: units / max(limit.unitsPerToken, 1)) }

    /// State × event → state′ × effects.
    public mutating func handle(_ event: Event, _ out: inout Effects<Effect>) -> Rule {
        #if MUTANTS
            if let rule = Mutation.intercept(&self, event, &out) { return rule }
        #endif
        switch event {
        case .offered(let operation, let cost): return admit(operation, cost, &out)
        case .asked(let attempt, let ask, let now):
            self.attempt = attempt
            if limit.isShared { return claim(ask, &out) }
            count(now)
            return take(ask, &out)
        case .withdrawn(let operation, let now):
            guard let index = asks.firstIndex(where: { $0.operation == operation }) else { return .notWaiting }
            let ask = asks.remove(at: index)
            if limit.isShared {
                return out(.withdraw, .returnTokens(attempt, ticket: ask.ticket, cost: ask.cost))
            }
            count(now)
            if index == 0 { look(&out) }
            return .withdraw
        case .granted(let ticket):
            guard limit.isShared, let index = asks.firstIndex(where: { $0.ticket == ticket }) else { return .stale }
            asks.remove(at: index)
            return .grantNext
        case .returned(let cost, let now):
            guard !limit.isShared else { return .stale }
            count(now)
            units = min(price(of: limit.capacity), units + price(of: cost))
            if !asks.isEmpty { look(&out) }
            return .giveBack
        case .fired(let now):
            guard !limit.isShared, let first = asks.first else { return .stale }
            count(now)
            let isPaid = pay(first.cost)
            if isPaid { asks.removeFirst() }
            if !asks.isEmpty { look(&out) }
            return isPaid ? .grantNext : .lookAgain
        }
    }

    private func admit(_ operation: OperationID, _ cost: UInt32, _ out: inout Effects<Effect>) -> Rule {
        switch limit.mode {
        case .allow: .admit
        case .reject: out(.reject, .settle(operation, .refused(.rateLimited)))
        case .normal, .queue:
            cost <= limit.capacity ? .admit : out(.impossible, .settle(operation, .refused(.costTooHigh)))
        }
    }

    /// The bucket is kept elsewhere: that is where the line is, too.
    private mutating func claim(_ ask: Ask, _ out: inout Effects<Effect>) -> Rule {
        if case .allow = limit.mode { return .grant }
        var ask = ask
        lastTicket &+= 1
        ask.ticket = lastTicket
        asks.append(ask)
        return out(.wait, .askTokens(attempt, ticket: ask.ticket, cost: ask.cost))
    }

    private mutating func take(_ ask: Ask, _ out: inout Effects<Effect>) -> Rule {
        let index = asks.firstIndex { $0.priority < ask.priority } ?? asks.endIndex
        if index == 0, goesAtOnce(ask) { return .grant }
        asks.insert(ask, at: index)
        if index == 0 { look(&out) }
        return .wait
    }

    private mutating func goesAtOnce(_ ask: Ask) -> Bool {
        switch limit.mode {
        case .allow: true
        case .normal: pay(ask.cost)
        case .queue, .reject: false
        }
    }

    /// The timer looks when the next one can be paid for.
    private func look(_ out: inout Effects<Effect>) {
        guard let next = asks.first else { return out.append(.disarm(.limit)) }
        let missing = price(of: next.cost) - min(units, price(of: next.cost))
        let rate = UInt64(max(limit.refill, 1))
        let wait = missing / rate + (missing % rate > 0 ? 1 : 0)  // rounded up: never early
        out.append(.arm(attempt, .limit, .nanoseconds(Int64(clamping: wait))))
    }

    // MARK: The bucket

    /// Brings the bucket up to this moment.
    private mutating func count(_ now: Instant) {
        defer { countedAt = max(now, countedAt ?? now) }
        guard let countedAt else { return }  // it is as full as at the beginning
        let (brought, overflow) = now.since(countedAt).wholeNanoseconds.multipliedReportingOverflow(
            by: UInt64(limit.refill))
        let full = price(of: limit.capacity)
        units = overflow || brought >= full - units ? full : units + brought
    }

    private mutating func pay(_ cost: UInt32) -> Bool {
        guard units >= price(of: cost) else { return false }
        units -= price(of: cost)
        return true
    }

    /// A cost beyond the capacity is that of a full bucket: whoever got here must go on.
    private func price(of cost: UInt32) -> UInt64 { UInt64(min(cost, limit.capacity)) &* limit.unitsPerToken }
}
