import NovaMachine
import TestTurns
import Testing

@testable import NovaKernel

extension Effects<Effect> {
    func isArmed(_ timer: Timer, before: Bool) -> Bool {
        array.reduce(before) { isArmed, effect in
            switch effect {
            case .arm(_, timer, _): true
            case .disarm(timer): false
            default: isArmed
            }
        }
    }
}

extension Exploration.Edge where Subject.Effect == NovaKernel.Effect {
    /// Whether the timer runs after the step, if it ran before as it should have.
    func isArmed(_ timer: Timer, _ shouldRun: (Subject) -> Bool) -> Bool {
        let hasFired = exemplar.name == "fired.\(timer.name)"
        return step.effects.isArmed(timer, before: shouldRun(source) && !hasFired)
    }
}

@Suite("Laws of what is posted, everywhere", .heavy)
struct PostLawTests {
    @Test("The rate limiter: no fraction is lost, nobody overtakes, the timer is neither early nor late (R7)")
    func limiter() throws {
        try check(
            RateLimiter.exploration,
            [
                Law("The bucket is what it was, with what time brought, without what was paid") { edge in
                    let (before, after) = (edge.source, edge.target)
                    if after.limit.isShared { return after.units != before.units }
                    guard let then = before.countedAt, let now = after.countedAt else {
                        return after.units > before.units
                    }
                    let full = UInt64(after.limit.capacity) * after.limit.unitsPerToken
                    let brought = now.since(then).wholeNanoseconds * UInt64(after.limit.refill)
                    let filled = min(full, before.units + brought)
                    return after.units != min(full, filled + edge.refund) - edge.price
                },
                Law("Nobody goes without tokens, unless all may") { edge in
                    guard edge.step.rule == .grant || edge.step.rule == .grantNext else { return false }
                    if edge.source.limit.isShared, case .granted(let ticket) = edge.exemplar.event {
                        return !edge.source.asks.contains { $0.ticket == ticket }
                    }
                    return edge.price == 0 && edge.source.limit.mode != .allow
                },
                Law(
                    "What is asked for elsewhere is asked for once, under a number of its own; what is left is given back"
                ) {
                    edge in
                    let asked = edge.step.effects.array.compactMap { effect -> UInt32? in
                        if case .askTokens(_, let ticket, _) = effect { ticket } else { nil }
                    }
                    let returned = edge.step.effects.array.compactMap { effect -> UInt32? in
                        if case .returnTokens(_, let ticket, _) = effect { ticket } else { nil }
                    }
                    guard edge.source.limit.isShared else { return !asked.isEmpty || !returned.isEmpty }
                    let (before, after) = (edge.source.asks.map(\.ticket), edge.target.asks.map(\.ticket))
                    if asked != after.filter({ !before.contains($0) }) || Set(after).count != after.count {
                        return true
                    }
                    let gone = before.filter { !after.contains($0) }
                    return returned != (edge.step.rule == .withdraw ? gone : [])
                },
                Law("The order is that of priority and then of asking; nobody leaves but the first, or who wants to") {
                    edge in
                    let before = edge.source.asks
                    let after = edge.target.asks
                    let isSorted =
                        edge.source.limit.isShared
                        || zip(after, after.dropFirst()).allSatisfy { $0.priority >= $1.priority }
                    switch edge.exemplar.event {
                    case .asked(_, let ask, _):
                        let rest = after.filter { $0.operation != ask.operation }
                        let place = after.firstIndex { $0.operation == ask.operation }
                        let isBehindEquals =
                            edge.source.limit.isShared
                            || place.map { $0 == before.count { $0.priority >= ask.priority } } ?? true
                        return !isSorted || rest != before || !isBehindEquals
                    case .withdrawn(let operation, _): return after != before.filter { $0.operation != operation }
                    case .fired: return after != before && after != Array(before.dropFirst())
                    case .granted(let ticket): return after != before.filter { $0.ticket != ticket || $0.ticket == 0 }
                    case .offered, .returned: return after != before
                    }
                },
                Law("Nobody is let go at once past one who came first") { edge in
                    guard edge.step.rule == .grant, case .asked(_, let ask, _) = edge.exemplar.event,
                        edge.source.limit.mode == .normal
                    else { return false }
                    return edge.source.limit.isShared || edge.source.asks.contains { $0.priority >= ask.priority }
                },
                Law("R3: the timer runs exactly while somebody waits") { edge in
                    edge.isArmed(.limit, \.mustLookAgain) != edge.target.mustLookAgain
                },
                Law("The timer is set for the very moment at which the first can be paid for") { edge in
                    guard case .arm(_, .limit, let wait)? = edge.step.effects.array.last,
                        let first = edge.target.asks.first
                    else { return false }
                    let missing = Int64(first.cost) * 1_000_000_000 - Int64(edge.target.units)
                    return wait != .nanoseconds(max(0, missing))
                },
                Law("In a queue nothing goes at once; of what is rejected or impossible nothing comes") { edge in
                    switch edge.source.limit.mode {
                    case .queue: edge.step.rule == .grant
                    case .reject: edge.step.rule == .admit
                    case .normal: edge.step.rule == .impossible && edge.step.effects.settled.isEmpty
                    case .allow: edge.step.rule == .wait || edge.step.rule == .impossible
                    }
                },
            ])
    }

    @Test("A token comes back to the nanosecond, for every way of counting")
    func exact() {
        for (capacity, cost, refill, nanoseconds) in [
            (2, 1, 1, 1), (2, 1, 3, 10), (7, 6, 3, 1_000_000_007), (50_000, 500, 10_000, 1_000_000_000),
        ] {
            let limit = RateLimit(
                capacity: UInt32(capacity), refill: UInt32(refill), every: .nanoseconds(nanoseconds), initial: 0)
            var limiter = RateLimiter(limit)
            var now = Instant.zero
            var out = Effects<Effect>()
            // A hundred times a price is paid, each time at the first moment it can be; the bucket is never full.
            for round in 1...100 {
                let ask = RateLimiter.Ask(OperationID(UInt64(round)), cost: UInt32(cost), priority: 1)
                #expect(limiter.handle(.asked(AttemptID(1), ask, at: now), &out) == .wait)
                guard case .arm(_, .limit, let wait)? = out.array.last else {
                    Issue.record("no timer")
                    return
                }
                let due = now.advanced(by: wait)
                let early = Instant(nanoseconds: due.nanoseconds - 1)
                if early > now { #expect(limiter.handle(.fired(at: early), &out) == .lookAgain) }
                #expect(limiter.handle(.fired(at: due), &out) == .grantNext)
                now = due
                out.removeAll()
            }
            let exact = (UInt64(cost) * 100 * UInt64(nanoseconds) + UInt64(refill) - 1) / UInt64(refill)
            #expect(now.nanoseconds == exact, "it took \(now.nanoseconds) ns, not \(exact)")
        }
    }

    @Test("The outbox: bounded, in order, every message told or kept; what is kept comes back (R6, R7, R8)")
    func outbox() throws {
        try check(
            Outbox.exploration,
            [
                Law("R7: no more messages, no more bytes, and the count of bytes is true") { edge in
                    let box = edge.target
                    return box.items.count > box.limits.maximumMessages
                        || box.items.count > 1 && box.bytes > box.limits.maximumBytes
                        || box.bytes != box.items.reduce(0) { $0 + $1.bytes }
                },
                Law("R6: a message leaves by being told, handed over, or because another table tells it") { edge in
                    let left = edge.source.items.filter { !edge.target.holds($0.operation) }
                    let told = edge.step.effects.settled
                    return left.contains { item in
                        switch edge.step.rule {
                        case .pass, .withdraw: told.contains(item.operation)
                        default: told.contains(item.operation) == item.terms.awaitsAnswer
                        }
                    }
                },
                Law("R6: who is told leaves, and nobody else is told") { edge in
                    let told = edge.step.effects.settled
                    if case .posted(let operation, _, _, _) = edge.exemplar.event {
                        return told != (edge.target.holds(operation) ? [] : [operation])
                    }
                    return told.contains { edge.target.holds($0) || !edge.source.holds($0) }
                },
                Law("The order is that of posting") { edge in
                    let after = edge.target.items.map(\.operation)
                    let before = edge.source.items.map(\.operation)
                    return before.filter(after.contains) != after.filter(before.contains)
                },
                Law("A lost connection takes what is not kept, and nothing else but what has waited long enough") {
                    edge in
                    guard case .ended(let now) = edge.exemplar.event else { return false }
                    let kept = edge.source.items.filter { $0.deadline.map { $0 > now } ?? false }
                    return edge.target.items.map(\.operation) != kept.map(\.operation)
                        || edge.target.items.contains { $0.stage != .waiting }
                },
                Law("What is handed over is gone, or kept if it is to be") { edge in
                    guard case .passed(let operation, let mark) = edge.exemplar.event, edge.source.holds(operation)
                    else { return false }
                    let isKept = edge.source.items.contains { $0.operation == operation && $0.deadline != nil }
                    let item = edge.target.items.first { $0.operation == operation }
                    return isKept ? item?.stage != .sent(mark: mark) : item != nil
                },
                Law("R3: the timer runs exactly while a message waits that may not wait for ever") { edge in
                    edge.isArmed(.outbox) { $0.mustLookAgain } != edge.target.mustLookAgain
                },
                Law("Nobody waits beyond the deadline once the timer has fired") { edge in
                    guard case .fired(let now) = edge.exemplar.event else { return false }
                    return edge.target.items.contains { item in
                        !item.isSent && item.deadline.map { $0 <= now } ?? false
                    }
                },
                Law("There is one turn") { edge in edge.target.items.count { $0.stage == .asking } > 1 },
            ])
    }

    @Test("The table of requests: bounded, each settled once, by the answer that is its own (R6, R7)")
    func requests() throws {
        try check(
            RequestTable.exploration,
            [
                Law("R7: no more than may wait, or are remembered") { edge in
                    edge.target.pending.count > edge.target.limits.maximumPending
                        || edge.target.settled.count > edge.target.limits.maximumRemembered
                },
                Law("R6: who leaves the table is told, and who is told leaves") { edge in
                    let left = edge.source.pending.map(\.operation).filter { !edge.target.holds($0) }
                    if edge.step.rule == .refuseFull { return !left.isEmpty || edge.step.effects.settled.count != 1 }
                    return left != edge.step.effects.settled
                },
                Law("R3: the timer runs exactly while somebody waits") { edge in
                    edge.isArmed(.request) { !$0.pending.isEmpty } != !edge.target.pending.isEmpty
                },
                Law("Nobody waits beyond the deadline once the timer has fired") { edge in
                    guard case .fired(let now) = edge.exemplar.event else { return false }
                    return edge.target.pending.contains { $0.deadline <= now }
                },
                Law("An answer settles a request that was sent, and no other") { edge in
                    guard case .answered(let operation, _) = edge.exemplar.event else { return false }
                    let isSent = edge.source.pending.contains { $0.operation == operation && $0.sent != nil }
                    return edge.step.effects.settled != (isSent ? [operation] : [])
                },
                Law("What is said of an answer that settles nothing is true") { edge in
                    guard case .answered(let operation, _) = edge.exemplar.event else { return false }
                    let past = edge.source.settled.last { $0.operation == operation }
                    let isHeld = edge.source.holds(operation)
                    return switch edge.step.rule {
                    case .duplicate: isHeld || past?.isAnswered != true
                    case .late: isHeld || past?.isAnswered != false
                    case .premature: !isHeld
                    case .unsolicited: isHeld || past != nil
                    default: !isHeld
                    }
                },
            ])
    }
}

extension Exploration<RateLimiter>.Edge {
    /// What was given back by the step, in units.
    fileprivate var refund: UInt64 {
        guard case .returned(let cost, _) = exemplar.event else { return 0 }
        return UInt64(cost) * source.limit.unitsPerToken
    }

    /// What was paid by the step, in units.
    fileprivate var price: UInt64 {
        let ask: RateLimiter.Ask?
        switch (step.rule, exemplar.event) {
        case (.grant, .asked(_, let granted, _)) where source.limit.mode != .allow: ask = granted
        case (.grantNext, _): ask = source.asks.first
        default: ask = nil
        }
        return UInt64(ask?.cost ?? 0) * source.limit.unitsPerToken
    }
}
