import NovaMachine

extension RateLimiter {
    /// The statechart of the rate limiter, explored from its code with a bucket of two tokens in each of its
    /// modes, its own and one that is kept elsewhere.
    public static let chart = Result { () throws(UnboundedMachine) in
        try Chart("RateLimiter", initial: samples, exploring: exploration)
    }

    /// Everything the limiter can become at a few moments before, at and behind the return of a token.
    public static var exploration: Exploration<RateLimiter> {
        Exploration(from: samples, alphabet: { $0.alphabet }, representative: { $0.folded })
    }

    private static let samples = RateLimit.Mode.allCases.flatMap { mode in
        let limit = RateLimit(capacity: 2, refill: 1, every: .seconds(1), mode: mode)
        return [RateLimiter(limit), RateLimiter(limit.shared)]
    }

    /// 1 asks for one token, 2 for two, 3 goes before both; of 9 nobody has heard.
    private var alphabet: [Exemplar<Event>] {
        let candidates = [
            Ask(OperationID(1), cost: 1, priority: 128), Ask(OperationID(2), cost: 2, priority: 128),
            Ask(OperationID(3), cost: 1, priority: 200),
        ].filter { ask in !self.asks.contains { $0.operation == ask.operation } }
        let offers: [Exemplar<Event>] =
            [
                Exemplar("offered", .offered(OperationID(9), cost: 2)),
                Exemplar("offered", .offered(OperationID(9), cost: 3)),
            ] + (Set(asks.map(\.ticket)).union([9]).sorted().map { Exemplar("granted", .granted(ticket: $0)) })
        return [0, 500, 1000, 2000].reduce(offers) { all, milliseconds in
            let now = (countedAt ?? .zero).advanced(by: .milliseconds(milliseconds))
            return all + candidates.map { Exemplar("asked", .asked(AttemptID(1), $0, at: now)) }
                + [1, 3, 9].map { Exemplar("withdrawn", .withdrawn(OperationID($0), at: now)) }
                + [Exemplar("returned", .returned(cost: 1, at: now)), Exemplar("fired.limit", .fired(at: now))]
        }
    }

    /// The same at the beginning of time.
    private var folded: RateLimiter {
        var folded = self
        if countedAt != nil { folded.countedAt = Instant(nanoseconds: 1) }
        for index in asks.indices where limit.isShared { folded.asks[index].ticket = UInt32(index + 1) }
        folded.lastTicket = limit.isShared ? UInt32(asks.count) : 0
        return folded
    }
}
