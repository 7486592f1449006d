import NovaMachine
import NovaWire

/// A kernel and its world.
struct Situation: Hashable, Sendable {
    var kernel: Kernel
    var world = World()
}

// Which attempt it is does not matter, nor how long ago something was, only what is read of it: folding gives the same
// value to situations that no later step can tell apart. Where it can't be exact it allows more than can be: a
// silence may be judged long or short at any time, whatever else has happened meanwhile.

extension Situation {
    /// The moment at which everything happens; and one so much later that every wait is over.
    static let now = Instant.zero.advanced(by: .seconds(1000))
    static let later = Instant.zero.advanced(by: .seconds(1_000_000))

    /// The numbers of the attempt under way and of all that were before it.
    static let current = AttemptID(2), past = AttemptID(1)
    /// The ticket under which tokens were asked for last, and one of before.
    static let ticket: UInt32 = 2, pastTicket: UInt32 = 1

    /// The same situation with small numbers.
    var folded: Situation {
        var folded = self
        let attempt = kernel.attempt
        folded.kernel.lifecycle = kernel.lifecycle.folded(attempt)
        folded.kernel.keepalive = kernel.keepalive.folded(attempt)
        folded.kernel.inbound = kernel.inbound.folded(attempt)
        folded.kernel.outbound = kernel.outbound.folded(attempt)
        folded.kernel.pings = kernel.pings.folded(attempt)
        folded.kernel.outbox = kernel.outbox.folded(attempt, written: kernel.outbound.written, rank(of:))
        folded.kernel.limiter = kernel.limiter?.folded(attempt)
        folded.kernel.requests = kernel.requests.folded(rank(of:))
        folded.kernel.authentication = kernel.authentication.folded(attempt)
        folded.kernel.subscriptions = kernel.subscriptions.folded(attempt, rank(of:))
        if kernel.history.opened != nil { folded.kernel.history.opened = Self.now }
        if kernel.history.heard != nil { folded.kernel.history.heard = Self.now }
        folded.kernel.termination = kernel.isOver ? folded.kernel.foldedTermination : nil
        folded.world.lookup = world.lookup.map { $0.folded(attempt) }
        folded.world.transport = world.transport.map { $0.folded(attempt) }
        if kernel.keepalive.state != .probing { folded.world.heardSinceProbe = false }
        if kernel.isOver { folded.world.isHonest = true }
        folded.world.claim = world.claim.map { _ in Self.ticket }
        folded.world.pending = world.pending.map { $0.folded(attempt) }
        folded.foldCodes()
        return folded
    }
}

extension Kernel {
    /// Whether the last attempt is at its end, and no other has begun.
    var isOver: Bool { standing == .backingOff || standing == .closed }

    /// What the kernel still reads of the cause: whether it is that of the state.
    fileprivate var foldedTermination: TerminationCause? {
        let (ending, finality): (Ending, Finality?)
        switch lifecycle.state {
        case .backingOff(let last): (ending, finality) = (last, nil)
        case .closed(let last, let why): (ending, finality) = (last, why)
        case .idle, .connecting, .open, .closing: return nil
        }
        return TerminationCause(
            ending: ending, finality: finality, attempt: attempt, failures: 0, unsentBytes: 0, waitingSends: 0,
            unansweredPings: 0, discardedMessages: 0)
    }
}

extension AttemptID {
    fileprivate func folded(_ current: AttemptID) -> AttemptID {
        number == 0 ? self : self == current ? Situation.current : Situation.past
    }
}

extension Event {
    /// What the interpreter tells is of the attempt under way, or of one that has just ended.
    fileprivate func folded(_ current: AttemptID) -> Event {
        switch self {
        case .dropped(let attempt, let count): .dropped(attempt.folded(current), count: count)
        case .fact(let attempt, let fact): .fact(attempt.folded(current), fact)
        case .command, .abandoned, .answered, .authentication, .subscription, .consumed, .consumerLeft, .heard, .wrote,
            .fired, .tokensGranted:
            self
        }
    }
}

extension Lifecycle {
    /// More failures than the policy asks about are as good as one more. Of how it ended only that is kept which a later
    /// step reads: a verdict, and how long a server wants to be left alone.
    fileprivate func folded(_ current: AttemptID) -> Lifecycle {
        var folded = self
        folded.attempt = attempt.folded(current)
        switch state {
        case .closing(var farewell):
            farewell.ending.phase = .ready
            if farewell.stage != .draining { farewell.ending.detail = told(farewell) }
            folded.state = .closing(farewell)
        case .backingOff(let ending):
            folded.state = .backingOff(Ending(retryAfter > .zero ? ending.detail : .closedByCaller, in: .ready))
        case .closed: folded.state = .closed(Ending(.closedByCaller, in: .ready), .asked)
        case .idle, .connecting, .open: break
        }
        folded.failures = min(failures, (policy.reconnection.maximumAttempts ?? 0) &+ 1)
        if case .running(let since) = outage { folded.outage = .running(since: since.folded(current)) }
        return folded
    }
}

extension Lifecycle {
    /// Of the story of a farewell its verdict is read, and that only if there is to be another attempt.
    private func told(_ farewell: Farewell) -> Ending.Detail {
        guard farewell.sequel == .retreat else { return .closedByCaller }
        let table = policy.reconnection.table
        let verdict = table.verdict(on: farewell.ending)
        let stories: [Ending.Detail] = [.closedByCaller, .keepaliveExpired]
        return stories.first { table.verdict(on: Ending($0, in: .ready)) == verdict } ?? farewell.ending.detail
    }
}

extension Situation {
    /// A code that nothing in here says.
    private static let code = CloseCode(rawValue: 4999)

    /// What a close frame says is not read: only whether all that is known of ours says the same.
    fileprivate mutating func foldCodes() {
        guard case .closing(var farewell) = kernel.lifecycle.state, farewell.stage != .draining else { return }
        if farewell.ending.receivedCode != nil { farewell.ending.receivedCode = Self.code }
        let own = farewell.code
        if world.code == own, farewell.ending.sentCode ?? own == own {
            (farewell.code, world.code) = (Self.code, Self.code)
            if farewell.ending.sentCode != nil { farewell.ending.sentCode = Self.code }
        }
        kernel.lifecycle.state = .closing(farewell)
    }
}

extension Keepalive {
    /// Silence counts from just now; while a ping is out it matters what came after it.
    fileprivate func folded(_ current: AttemptID) -> Keepalive {
        var folded = self
        folded.attempt = attempt.folded(current)
        let isAnswered = state != .probing || quietSince > probedAt
        folded.quietSince = Instant(nanoseconds: Situation.now.nanoseconds - (isAnswered ? 1 : 3))
        folded.probedAt = state == .probing ? Instant(nanoseconds: Situation.now.nanoseconds - 2) : .zero
        return folded
    }
}

extension Inbound {
    fileprivate func folded(_ current: AttemptID) -> Inbound {
        var folded = self
        folded.attempt = attempt.folded(current)
        folded.discarded = 0
        return folded
    }
}

extension Outbound {
    fileprivate func folded(_ current: AttemptID) -> Outbound {
        var folded = self.folded
        folded.attempt = attempt.folded(current)
        return folded
    }
}

extension PingTable {
    /// Their waits end one after the other.
    fileprivate func folded(_ current: AttemptID) -> PingTable {
        var folded = self.folded
        folded.attempt = attempt.folded(current)
        for index in folded.pending.indices {
            let age = UInt64(pending.count - index)
            folded.pending[index].sent = Instant(nanoseconds: Situation.now.nanoseconds - age)
        }
        return folded
    }
}

// Deadlines of posts and requests come one after the other; only their order matters.

extension Situation {
    /// All deadlines that are being waited for.
    var deadlines: Set<Instant> {
        Set(
            kernel.outbox.items.compactMap(\.deadline) + kernel.requests.pending.map(\.deadline)
                + kernel.subscriptions.entries.compactMap(\.deadline))
    }

    /// How many deadlines come before this one.
    func rank(of deadline: Instant) -> Int { deadlines.count { $0 < deadline } }

    /// The deadline of that rank.
    static func deadline(_ rank: Int) -> Instant { Instant(nanoseconds: now.nanoseconds + 1 + UInt64(rank)) }
}

extension Outbox {
    /// Marks count from the first byte that is not written.
    fileprivate func folded(_ current: AttemptID, written: UInt64, _ rank: (Instant) -> Int) -> Outbox {
        var folded = self
        for index in items.indices {
            folded.items[index].deadline = items[index].deadline.map { Situation.deadline(rank($0)) }
            if case .within(let attempt) = items[index].terms.retention {
                folded.items[index].terms.retention = .within(attempt.folded(current))
            }
            if case .sent(let mark) = items[index].stage {
                folded.items[index].stage = .sent(mark: mark - min(mark, written))
            }
        }
        return folded
    }
}

extension RateLimiter {
    fileprivate func folded(_ current: AttemptID) -> RateLimiter {
        var folded = self
        folded.attempt = attempt.folded(current)
        if let countedAt, countedAt > Situation.now { folded.countedAt = Situation.now }
        if limit.isShared { folded.lastTicket = Situation.ticket }
        for index in asks.indices where limit.isShared { folded.asks[index].ticket = Situation.ticket }
        folded.units -= units % limit.unitsPerToken  // less than a token buys nothing
        return folded
    }
}

extension RequestTable {
    fileprivate func folded(_ rank: (Instant) -> Int) -> RequestTable {
        var folded = self
        for index in pending.indices {
            folded.pending[index].deadline = Situation.deadline(rank(pending[index].deadline))
            if pending[index].sent != nil { folded.pending[index].sent = Situation.now }
        }
        return folded
    }
}

extension Authentication {
    /// Which exchange it is does not matter, only whether it is the last; credentials end soon, or late. When they
    /// are renewed is only told.
    fileprivate func folded(_ current: AttemptID) -> Authentication {
        var folded = self
        folded.attempt = attempt.folded(current)
        folded.exchange = min(exchange, 2)
        folded.renewal = nil
        folded.expiry = expiry.map { expiry in
            let isSoon = expiry <= Situation.now.advanced(by: policy?.retryInterval ?? .zero)
            return isSoon ? Situation.now : Situation.now.advanced(by: .seconds(1000))
        }
        return folded
    }
}

extension SubscriptionTable {
    /// Silences end one after the other, as deadlines do. A silence that nobody waits for has no length.
    fileprivate func folded(_ current: AttemptID, _ rank: (Instant) -> Int) -> SubscriptionTable {
        var folded = self
        folded.attempt = attempt.folded(current)
        let silences = Set(silences)
        for index in entries.indices {
            let entry = entries[index]
            folded.entries[index].deadline = entry.deadline.map { Situation.deadline(rank($0)) }
            let isWatched = entry.status == .confirmed && entry.terms.freshness != nil
            let age = UInt64(silences.count { $0 >= entry.silentUntil ?? .zero })
            folded.entries[index].heard =
                isWatched && !entry.isStale ? Instant(nanoseconds: Situation.now.nanoseconds - age) : .zero
            if !isWatched { folded.entries[index].isStale = false }
            if entry.lostAt != nil { folded.entries[index].lostAt = Situation.now }
        }
        return folded
    }
}
