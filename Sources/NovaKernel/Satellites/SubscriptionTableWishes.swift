import NovaMachine

// What callers want, and want no more.

extension SubscriptionTable {
    mutating func want(
        _ operation: OperationID, _ id: SubscriptionID, _ terms: SubscriptionTerms, _ now: Instant,
        _ out: inout Effects<Effect>
    ) -> Rule {
        if let index = index(of: id) { return wantAgain(operation, index, terms, now, &out) }
        guard entries.count < limits.maximumSubscriptions else {
            return out(.refuseFull, .settle(operation, .refused(.tooManyWaiting)))
        }
        entries.append(Entry(id: id, status: .intended, heard: now, waiting: [operation], terms: terms))
        guard stage != .idle else { return .intend }
        ask(entries.count - 1, now, &out)
        return .request
    }

    /// One subscription may be wanted by many; it is asked for once, and the strictest freshness counts for all. One that
    /// has failed is wanted by nobody but the one who asks again.
    mutating func wantAgain(
        _ operation: OperationID, _ index: Int, _ terms: SubscriptionTerms, _ now: Instant,
        _ out: inout Effects<Effect>
    ) -> Rule {
        if entries[index].status == .confirmed {
            out.append(.settle(operation, .subscribed))
            sharpen(index, terms, now, &out)
            return .alreadyConfirmed
        }
        guard entries[index].waiting.count < limits.maximumSubscriptions else {
            return out(.refuseFull, .settle(operation, .refused(.tooManyWaiting)))
        }
        entries[index].waiting.append(operation)
        guard entries[index].status == .failed else {
            sharpen(index, terms, now, &out)
            return .join
        }
        entries[index].terms = terms
        entries[index].status = .intended
        guard stage != .idle else { return .intend }
        ask(index, now, &out)
        return .request
    }

    mutating func ask(_ index: Int, _ now: Instant, _ out: inout Effects<Effect>) {
        let wasRunning = earliestDeadline
        entries[index].status = .requested
        let deadline = now.advanced(by: entries[index].terms.answerTime)
        entries[index].deadline = deadline
        out.append(.subscribe(attempt, entries[index].id))
        if wasRunning.map({ deadline < $0 }) ?? true {
            out.append(.arm(attempt, .subscription, entries[index].terms.answerTime))
        }
    }

    mutating func leave(
        _ operation: OperationID, _ id: SubscriptionID, _ out: inout Effects<Effect>
    ) -> Rule {
        guard let index = index(of: id) else { return out(.notHeld, .settle(operation, .unsubscribed)) }
        let before = timers
        let entry = entries.remove(at: index)
        for waiting in entry.waiting { out.append(.settle(waiting, .refused(.cancelled))) }
        let isOnServer = entry.status == .requested || entry.status == .confirmed
        if isOnServer { out.append(.unsubscribe(attempt, id)) }
        out.append(.settle(operation, .unsubscribed))
        stop(before, &out)
        finishRestoring(&out)
        return isOnServer ? .unsubscribe : .drop
    }

    mutating func forget(_ operation: OperationID, _ out: inout Effects<Effect>) -> Rule {
        for index in entries.indices {
            guard let place = entries[index].waiting.firstIndex(of: operation) else { continue }
            entries[index].waiting.remove(at: place)
            return out(.forget, .settle(operation, .refused(.cancelled)))
        }
        return .notHeld
    }
}
