import NovaMachine
import TestTurns
import Testing

@testable import NovaKernel

@Suite("Laws of the session's machines, everywhere", .heavy)
struct SessionLawTests {
    @Test("The authentication: one exchange at a time, each with its number; nothing late is heeded (R1, R6)")
    func authentication() throws {
        try check(
            Authentication.exploration,
            [
                Law("Credentials are asked for exactly when a new exchange begins") { edge in
                    let asks = edge.step.effects.count { if case .authenticate = $0 { true } else { false } }
                    return asks != Int(edge.target.exchange &- edge.source.exchange)
                },
                Law("What an earlier exchange says changes nothing") { edge in
                    switch edge.exemplar.event {
                    case .presented(let exchange), .accepted(let exchange, _, _), .failed(let exchange, _, _):
                        exchange != edge.source.exchange && (edge.source != edge.target || !edge.step.effects.isEmpty)
                    default: false
                    }
                },
                Law("R3: the timer runs exactly while credentials have an end, or are renewed") { edge in
                    edge.isArmed(.refresh) { $0.mustLookAgain } != edge.target.mustLookAgain
                },
                Law("R6: who waits no longer is told, and who is told waits no longer") { edge in
                    let left = edge.source.waiting.filter { !edge.target.waiting.contains($0) }
                    let told = edge.step.effects.settled
                    guard case .demanded(let operation) = edge.exemplar.event else { return left != told }
                    return !left.isEmpty || told != (edge.target.waiting.contains(operation) ? [] : [operation])
                },
                Law("R7: no more wait than may") { edge in edge.target.waiting.count > edge.target.maximum },
                Law("The spine is told once that we are known, on each connection; and of every failure that ends it") {
                    edge in
                    let raises = edge.step.effects.count { if case .raise = $0 { true } else { false } }
                    return raises != ([.notNeeded, .accept, .fail].contains(edge.step.rule) ? 1 : 0)
                },
                Law(
                    "A refusal by the server always ends the connection; what else fails does while nothing else is good"
                ) {
                    edge in
                    guard case .failed(edge.source.exchange, let fault, let now) = edge.exemplar.event,
                        edge.step.rule != .stale
                    else { return false }
                    let isNew = if case .authenticating = edge.source.state { true } else { false }
                    let next = now.advanced(by: .seconds(5))
                    let isGood = !isNew && fault != .refused && (edge.source.expiry.map { next < $0 } ?? true)
                    return (edge.step.rule == .fail) == isGood
                },
                Law("Credentials are renewed ahead of their end") { edge in
                    guard edge.target.state == .authenticated, let expiry = edge.target.expiry,
                        case .accepted(_, let time?, let now) = edge.exemplar.event,
                        case .arm(_, .refresh, let wait)? = edge.step.effects.array.first(where: {
                            if case .arm = $0 { true } else { false }
                        })
                    else { return false }
                    return now.advanced(by: wait) >= expiry || expiry != now.advanced(by: time)
                },
            ])
    }

    @Test("The subscriptions: asked for once on a connection, in order; gaps are told as gaps (R10)")
    func subscriptions() throws {
        try check(
            SubscriptionTable.exploration,
            [
                Law("R10: what is asked for becomes requested, and nothing else does") { edge in
                    let asked = edge.step.effects.array.compactMap { effect in
                        if case .subscribe(_, let id) = effect { id } else { nil }
                    }
                    let fresh = edge.target.entries.filter { entry in
                        entry.status == .requested && (edge.source[entry.id]?.status != .requested || edge.isBeginning)
                    }
                    return asked != fresh.map(\.id)
                },
                Law("R10: the server is told of what is given up or has no answer, if it was asked for it") { edge in
                    let given = edge.step.effects.array.compactMap { effect in
                        if case .unsubscribe(_, let id) = effect { id } else { nil }
                    }
                    let asked = edge.source.entries.filter { $0.status == .requested }
                    switch edge.exemplar.event {
                    case .unwanted(_, let id):
                        let isKnown = [.requested, .confirmed].contains(edge.source[id]?.status)
                        return given != (isKnown ? [id] : [])
                    case .answered(let id, .unanswered, _): return given != asked.map(\.id).filter { $0 == id }
                    case .firedRequest(let now):
                        return given != asked.filter { $0.deadline.map { $0 <= now } ?? false }.map(\.id)
                    default: return !given.isEmpty
                    }
                },
                Law("R10: the order is that of the first wish") { edge in
                    let before = edge.source.entries.map(\.id)
                    let after = edge.target.entries.map(\.id)
                    return before.filter(after.contains) != after.filter(before.contains)
                },
                Law("R10: a gap begins with the loss of what was confirmed, and ends with the next confirmation") {
                    edge in
                    let lost = edge.news { if case .lost = $0 { true } else { false } }
                    let resumed = edge.news { if case .resumed = $0 { true } else { false } }
                    let isLeaving = edge.isBeginning || edge.exemplar.name == "ended"
                    let losing =
                        isLeaving && edge.source.stage != .idle
                        ? edge.source.entries.filter { $0.status == .confirmed }.map(\.id) : []
                    let ending = edge.target.entries.filter { entry in
                        entry.status == .confirmed && edge.source[entry.id]?.lostAt != nil
                    }
                    return lost != losing || resumed != ending.map(\.id)
                },
                Law("R10: what has failed is not asked for again until somebody wants it") { edge in
                    guard case .began = edge.exemplar.event else { return false }
                    return edge.source.entries.contains { entry in
                        entry.status == .failed && edge.target[entry.id]?.status != .failed
                    }
                },
                Law("Restored is told once on a connection, when everything has an answer") { edge in
                    let raises = edge.step.effects.count { if case .raise(_, .restored) = $0 { true } else { false } }
                    let wasRestoring = edge.source.stage == .restoring || edge.isBeginning
                    let isDone = wasRestoring && edge.target.entries.allSatisfy { $0.status != .requested }
                    let isConnected = edge.target.stage != .idle
                    return raises != (isDone && isConnected ? 1 : 0)
                },
                Law("R6: who waits no longer is told, and who is told waits no longer") { edge in
                    let before = edge.source.entries.flatMap(\.waiting)
                    let after = edge.target.entries.flatMap(\.waiting)
                    let left = before.filter { !after.contains($0) }
                    var told = edge.step.effects.settled
                    switch edge.exemplar.event {
                    case .unwanted(let operation, _):
                        guard told.last == operation else { return true }
                        told.removeLast()
                    case .wanted(let operation, _, _, _):
                        return !left.isEmpty || told != (after.contains(operation) ? [] : [operation])
                    default: break
                    }
                    return left != told
                },
                Law("R7: no more subscriptions than may be, and no more who wait for one") { edge in
                    let most = edge.target.limits.maximumSubscriptions
                    return edge.target.entries.count > most || edge.target.entries.contains { $0.waiting.count > most }
                },
                Law("R3: the timer for answers runs exactly while one is awaited") { edge in
                    edge.isArmed(.subscription) { $0.timers.contains(TimerSet(.subscription)) }
                        != edge.target.timers.contains(TimerSet(.subscription))
                },
                Law("R3: the timer for messages runs exactly while some may stay away") { edge in
                    edge.isArmed(.freshness) { $0.timers.contains(TimerSet(.freshness)) }
                        != edge.target.timers.contains(TimerSet(.freshness))
                },
                Law("The strictest freshness of all who want it counts; of one that has failed, the new one's") {
                    edge in
                    guard case .wanted(_, let id, let terms, _) = edge.exemplar.event, edge.step.rule != .refuseFull,
                        let before = edge.source[id], let after = edge.target[id]
                    else { return false }
                    let both = [before.terms.freshness, terms.freshness].compactMap(\.self)
                    return after.terms.freshness != (before.status == .failed ? terms.freshness : both.min())
                },
                Law("Nobody waits for an answer beyond the deadline once the timer has fired") { edge in
                    guard case .firedRequest(let now) = edge.exemplar.event else { return false }
                    return edge.target.entries.contains { $0.deadline.map { $0 <= now } ?? false }
                },
                Law("What stays away too long is told once, and so is its return") { edge in
                    let stale = edge.news { if case .stale = $0 { true } else { false } }
                    let fresh = edge.news { if case .fresh = $0 { true } else { false } }
                    let turned = edge.target.entries.filter { $0.isStale && edge.source[$0.id]?.isStale != true }
                    let returned = edge.target.entries.filter { entry in
                        guard case .heard = edge.exemplar.event else { return false }
                        return !entry.isStale && edge.source[entry.id]?.isStale == true
                    }
                    return stale != turned.map(\.id) || fresh != returned.map(\.id)
                },
            ])
    }
}

extension Exploration<SubscriptionTable>.Edge {
    fileprivate var isBeginning: Bool { if case .began = exemplar.event { true } else { false } }

    /// The subscriptions of which such news is told.
    fileprivate func news(_ isSought: (SubscriptionNews) -> Bool) -> [SubscriptionID] {
        step.effects.array.compactMap { effect in
            if case .tell(let id, let news) = effect, isSought(news) { id } else { nil }
        }
    }
}
