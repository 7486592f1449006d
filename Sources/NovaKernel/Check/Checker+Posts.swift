import NovaMachine

// What is true of posted messages.

extension Checker {
    mutating func posts(_ passage: Passage) {
        let kernel = passage.new
        let limits = kernel.outbox.limits
        demand(
            .postsBounded,
            kernel.outbox.items.count <= limits.maximumMessages
                && kernel.outbox.bytes == kernel.outbox.items.reduce(0) { $0 + $1.bytes }
                && (kernel.outbox.items.count <= 1 || kernel.outbox.bytes <= limits.maximumBytes)
                && kernel.requests.pending.count <= kernel.requests.limits.maximumPending)
        demand(.postsInOrder, passage.isInOrder)
        demand(.postsOfAttempt, passage.areOfAttempt)
        if let limiter = kernel.limiter {
            demand(.tokensAccounted, passage.areTokensAccounted)
            if limiter.limit.isShared {
                demand(.tokensAccounted, limiter.asks.map(\.ticket) == (passage.after.world.claim.map { [$0] } ?? []))
            }
        }
        if case .answered(_, let operation) = passage.event { demand(.answersTrue, passage.isAnswerTrue(operation)) }
        demand(.answersTrue, passage.isMemoryTrue)
        demand(.requestsCarried, kernel.areRequestsCarried)
        demand(.postsGoWhenTheyCan, !kernel.letsPostWaitForNothing)
    }
}

extension Passage {
    /// The posted messages that went out with this step, in their order.
    private var dispatched: [OperationID] {
        effects.compactMap { effect in
            switch effect {
            case .transmit(_, let operation) where isPosted(operation): operation
            case .dispatch(_, let operation, _): operation
            default: nil
            }
        }
    }

    private func isPosted(_ operation: OperationID) -> Bool {
        if case .command(operation, .post) = event { true } else { old.outbox.holds(operation) }
    }

    /// The line before the step, with what was posted by it.
    private var line: [Outbox.Item] {
        guard case .command(let operation, .post(let terms, _, _)) = event else { return old.outbox.items }
        return old.outbox.items + [Outbox.Item(operation: operation, bytes: 0, terms: terms, stage: .waiting)]
    }

    /// Whether a message is posted with this step for a connection that is over.
    var isPostedLate: Bool {
        guard case .command(_, .post(let terms, _, _)) = event else { return false }
        return terms.attempt != .whole && terms.attempt != old.attempt
    }

    /// Whether what is for one connection waits or goes out while that one is there, and never else.
    fileprivate var areOfAttempt: Bool {
        let isOpen = new.standing.isOpen
        let waiting = new.outbox.items.filter { $0.terms.attempt != .whole }
        let gone = line.filter { $0.terms.attempt != .whole && dispatched.contains($0.operation) }
        return waiting.allSatisfy { isOpen && $0.terms.attempt == new.attempt }
            && gone.allSatisfy { $0.terms.attempt == new.attempt }
    }

    /// Whether each that went was the first of those that were there; what its tokens were paid for goes before all.
    fileprivate var isInOrder: Bool {
        var line = line.filter { !$0.isSent }
        for operation in dispatched {
            guard let index = line.firstIndex(where: { $0.operation == operation }) else { return false }
            let item = line.remove(at: index)
            if item.stage == .permitted || item.stage == .asking && rule == .limiter(.grantNext) { continue }
            for (place, other) in line.enumerated() where new.outbox.holds(other.operation) || isLater(other, item) {
                if other.terms.priority > item.terms.priority { return false }
                if place < index, other.terms.priority == item.terms.priority { return false }
            }
        }
        return true
    }

    /// Whether the other one went with this step too, but behind.
    private func isLater(_ other: Outbox.Item, _ item: Outbox.Item) -> Bool {
        guard let place = dispatched.firstIndex(of: other.operation) else { return false }
        return place > dispatched.firstIndex(of: item.operation) ?? place
    }

    /// Whether the bucket is what it was, with what time has brought, without what was paid.
    fileprivate var areTokensAccounted: Bool {
        guard let before = old.limiter, let after = new.limiter else { return false }
        let price = { (tokens: UInt32) in UInt64(tokens) * after.limit.unitsPerToken }
        let line = line
        let paid = line.filter { item in
            guard item.stage != .permitted, !item.isSent else { return false }
            let isPermitted = new.outbox.items.contains { $0.operation == item.operation && $0.stage == .permitted }
            return isPermitted || dispatched.contains(item.operation)
        }
        let isDrained = if case .command(_, .drain) = event { true } else { false }
        if after.limit.isShared {
            let isGranted = if case .grantNext = rule.limiter { true } else { false }
            return isDrained || paid.count <= (isGranted ? 1 : 0)
        }
        let full = price(after.limit.capacity)
        let cost = after.limit.mode == .allow || isDrained ? 0 : paid.reduce(0) { $0 + price($1.terms.cost) }
        guard let counted = after.countedAt else { return before.units == after.units && cost == 0 }
        let brought = before.countedAt.map { counted.since($0).wholeNanoseconds * UInt64(after.limit.refill) } ?? 0
        return after.units <= full && after.units + cost == min(full, before.units + brought)
    }

    /// Whether the answer has settled its request if that was sent, and nothing if not.
    fileprivate func isAnswerTrue(_ operation: OperationID) -> Bool {
        let settled = effects.compactMap { effect -> OperationID? in
            if case .settle(let operation, .answered) = effect { operation } else { nil }
        }
        let isAwaited = isHeeded && old.requests.pending.contains { $0.operation == operation && $0.sent != nil }
        return settled == (isAwaited ? [operation] : [])
    }

    /// Whether the last requests that are over are remembered, each with how it ended, and nothing else is.
    fileprivate var isMemoryTrue: Bool {
        let (before, after) = (old.requests, new.requests)
        if before.pending.isEmpty { return before.settled == after.settled }
        let settled = effects.compactMap { effect -> RequestTable.Settled? in
            guard case .settle(let operation, let outcome) = effect, before.holds(operation) else { return nil }
            if case .answered = outcome { return RequestTable.Settled(operation: operation, isAnswered: true) }
            return RequestTable.Settled(operation: operation, isAnswered: false)
        }
        return after.settled == (before.settled + settled).suffix(after.limits.maximumRemembered)
    }
}

extension Kernel {
    /// Whether every answer that is awaited can still come.
    fileprivate var areRequestsCarried: Bool {
        requests.pending.allSatisfy { request in
            let item = outbox.items.first { $0.operation == request.operation }
            let isThere = standing.isOpen || standing.isClosing
            return request.sent == nil ? item.map { !$0.isSent } ?? false : isThere && item?.isSent ?? true
        }
    }

    /// Whether a message waits that could go.
    fileprivate var letsPostWaitForNothing: Bool {
        guard standing.isOpen, let next = outbox.next(isReady: standing == .ready), outbound.takes(next.bytes) else {
            return false
        }
        guard let limiter else { return true }
        return next.stage != .asking || limiter.asks.map(\.operation) != [next.operation]
    }
}

extension Outbox {
    /// How many bytes had been accepted with this message.
    func mark(of operation: OperationID) -> UInt64? {
        guard case .sent(let mark)? = items.first(where: { $0.operation == operation })?.stage else { return nil }
        return mark
    }
}
