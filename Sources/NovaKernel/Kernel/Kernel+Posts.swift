import NovaMachine

// Posted messages on their way: through the outbox, past the rate limiter, into the account of sends; and the answers
// that some of them wait for.

extension Kernel {
    /// A message is posted. Whoever can't be kept waiting is told at once.
    mutating func post(
        _ operation: OperationID, _ terms: Dispatch, _ count: Int, _ now: Instant, _ out: inout Effects<Effect>
    ) -> KernelRule {
        let row = lifecycle.handle(.command(operation, .use(terms.need, of: terms.attempt)), &out)
        guard case .admit = row else { return .lifecycle(row) }
        let screened = limiter?.handle(.offered(operation, cost: terms.cost), &out) ?? .admit
        guard case .admit = screened else { return .limiter(screened) }
        let entered = outbox.handle(.posted(operation, bytes: Self.frameBytes(count), terms, at: now), &out)
        guard case .enter = entered else { return .outbox(entered) }
        if terms.awaitsAnswer {
            let asked = requests.handle(.asked(operation, within: terms.answerTime, at: now), &out)
            guard case .ask = asked else {
                _ = outbox.handle(.withdrawn(operation), &out)
                return .requests(asked)
            }
        }
        dispatch(now, &out)
        return .outbox(entered)
    }

    /// Lets go, in their order, of as many messages as there are tokens and room for.
    @inline(never)
    mutating func dispatch(_ now: Instant, _ out: inout Effects<Effect>) {
        guard standing.isOpen else { return }
        while let next = outbox.next(isReady: standing == .ready), outbound.takes(next.bytes) {
            guard isPaid(next, now, &out) else { return }
            _ = outbound.handle(.offered(next.operation, bytes: next.bytes, next.part), &out)
            _ = outbox.handle(.passed(next.operation, mark: outbound.accepted), &out)
            if next.terms.awaitsAnswer { _ = requests.handle(.sent(next.operation, at: now), &out) }
        }
    }

    /// Whether there are tokens for the message whose turn it is; if not, they are asked for, in place of those for
    /// another whose turn it was.
    private mutating func isPaid(_ next: Outbox.Item, _ now: Instant, _ out: inout Effects<Effect>) -> Bool {
        guard limiter != nil, next.stage != .permitted else { return true }
        if next.stage == .asking { return false }
        stopAsking(now, &out)
        let ask = RateLimiter.Ask(next.operation, cost: next.terms.cost, priority: next.terms.priority)
        let answer = limiter?.handle(.asked(lifecycle.attempt, ask, at: now), &out)
        let isGranted = if case .grant = answer { true } else { false }
        _ = outbox.handle(isGranted ? .permitted(next.operation) : .asked(next.operation), &out)
        return isGranted
    }

    /// The limiter's timer has fired: whoever was next may go.
    mutating func refill(_ now: Instant, _ out: inout Effects<Effect>) -> KernelRule {
        guard let row = limiter?.handle(.fired(at: now), &out) else { return .stale }
        return permit(row, now, &out)
    }

    /// Tokens have come that were asked for elsewhere.
    @inline(never)
    mutating func grant(
        _ attempt: AttemptID, _ ticket: UInt32, _ now: Instant, _ out: inout Effects<Effect>
    ) -> KernelRule {
        guard attempt == self.attempt, let row = limiter?.handle(.granted(ticket: ticket), &out) else { return .stale }
        return permit(row, now, &out)
    }

    private mutating func permit(
        _ row: RateLimiter.Rule, _ now: Instant, _ out: inout Effects<Effect>
    ) -> KernelRule {
        if case .grantNext = row, let operation = outbox.asking {
            _ = outbox.handle(.permitted(operation), &out)
            dispatch(now, &out)
        }
        return .limiter(row)
    }

    /// What waits goes without its tokens: whoever wants that answers for what the server says of it.
    mutating func release(_ now: Instant, _ out: inout Effects<Effect>) {
        stopAsking(now, &out)
        _ = outbox.handle(.released, &out)
        dispatch(now, &out)
    }

    /// What was written is out of our hands, and there may be room for more.
    @inline(never)
    mutating func noteWritten(_ now: Instant, _ out: inout Effects<Effect>) {
        _ = outbox.handle(.written(upTo: outbound.written), &out)
        dispatch(now, &out)
    }

    // MARK: Answers

    @inline(never)
    mutating func answered(
        _ attempt: AttemptID, _ operation: OperationID, _ now: Instant, _ out: inout Effects<Effect>
    ) -> KernelRule {
        guard attempt == self.attempt else { return .stale }
        let row = requests.handle(.answered(operation, at: now), &out)
        if case .answer = row { withdraw(operation, now, &out) }
        return .requests(row)
    }

    /// Nobody waits for that answer any more: the message is not kept for it.
    private mutating func withdraw(_ operation: OperationID, _ now: Instant, _ out: inout Effects<Effect>) {
        guard outbox.holds(operation) else { return }
        if outbox.asking == operation { _ = limiter?.handle(.withdrawn(operation, at: now), &out) }
        _ = outbox.handle(.withdrawn(operation), &out)
        dispatch(now, &out)
    }

    /// A caller stopped waiting for what it posted; nil if it posted nothing that waits.
    mutating func forgetPosted(
        _ operation: OperationID, _ now: Instant, _ out: inout Effects<Effect>
    ) -> KernelRule? {
        let request = requests.handle(.abandoned(operation), &out)
        if case .forget = request {
            withdraw(operation, now, &out)
            return .requests(request)
        }
        guard outbox.holds(operation) else { return nil }
        if outbox.asking == operation { _ = limiter?.handle(.withdrawn(operation, at: now), &out) }
        let row = outbox.handle(.abandoned(operation), &out)
        dispatch(now, &out)
        return .outbox(row)
    }

    // MARK: Ends

    mutating func expireRequests(_ now: Instant, _ out: inout Effects<Effect>) -> KernelRule {
        let expired = requests.expired(at: now)
        let row = requests.handle(.fired(at: now), &out)
        for operation in expired { withdraw(operation, now, &out) }
        return .requests(row)
    }

    mutating func expireOutbox(_ now: Instant, _ out: inout Effects<Effect>) -> KernelRule {
        let asking = outbox.asking
        let row = outbox.handle(.fired(at: now), &out)
        if let asking, !outbox.holds(asking) { _ = limiter?.handle(.withdrawn(asking, at: now), &out) }
        loseRequests(.expired, &out) { $1.sent == nil && !$0.outbox.holds($1.operation) }
        dispatch(now, &out)
        return .outbox(row)
    }

    /// The connection is being closed: what is not kept goes no more.
    mutating func closePosted(_ now: Instant, _ out: inout Effects<Effect>) {
        stopAsking(now, &out)
        let isFinal = lifecycle.isLeaving
        _ = outbox.handle(.closing(isFinal: isFinal), &out)
        loseRequests(.closing, &out) { isFinal || !$0.outbox.holds($1.operation) }
    }

    /// The connection is lost: what it took with it goes out again, or is lost with it.
    mutating func endPosted(_ now: Instant, _ out: inout Effects<Effect>) {
        stopAsking(now, &out)
        _ = outbox.handle(standing == .closed ? .closed : .ended(at: now), &out)
        loseRequests(standing == .closed ? .closed : .connectionLost, &out) { !$0.outbox.holds($1.operation) }
        for request in requests.pending { _ = requests.handle(.returned(request.operation), &out) }
    }

    private mutating func stopAsking(_ now: Instant, _ out: inout Effects<Effect>) {
        if let operation = outbox.asking { _ = limiter?.handle(.withdrawn(operation, at: now), &out) }
    }

    /// A request whose message is in the outbox may still be answered; the others are lost with the connection that
    /// carried them.
    private mutating func loseRequests(
        _ refusal: Refusal, _ out: inout Effects<Effect>, _ isLosing: (Kernel, RequestTable.Pending) -> Bool
    ) {
        for request in requests.pending where isLosing(self, request) {
            _ = requests.handle(.lost(request.operation, refusal), &out)
            _ = outbox.handle(.withdrawn(request.operation), &out)
        }
    }
}

extension Dispatch {
    /// Which connection it needs.
    fileprivate var need: Lifecycle.Need {
        switch (stage, retention) {
        case (.early, _): .early
        case (.ready, .drop), (.ready, .within): .now
        case (.ready, .keep): .later
        }
    }
}

extension Outbox.Item {
    /// How the account of sends takes it.
    fileprivate var part: Outbound.Part {
        if deadline != nil { return .posted(.payload) }
        return terms.awaitsAnswer ? .posted(.nothing) : .whole
    }
}
