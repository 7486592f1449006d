import NovaMachine
import NovaWire

/// An event that a situation allows, and when it comes.
struct Happening: Hashable, Sendable {
    /// How much time has passed since all that the situation knows of.
    enum Moment: Hashable, Sendable {
        /// None that matters.
        case soon
        /// Just so much that the wait of so many pings is over.
        case expiring(Int)
        /// So much that this deadline of a table has come.
        case due(Instant)
        /// So much that so many tokens have come back.
        case refilled(UInt8)
        /// So much that every wait is over.
        case late
    }

    var event: Event
    var moment = Moment.soon
    /// Whether it can be true of the world as it is.
    var isHonest = true

    init(_ event: Event, _ moment: Moment = .soon, isHonest: Bool = true) {
        self.event = event
        self.moment = moment
        self.isHonest = isHonest
    }
}

extension Situation {
    /// Everything that can happen, in the order in which it is tried.
    func happenings(_ concerns: Concerns) -> [Happening] {
        if let told = world.pending.first { return [Happening(told)] }
        return commands(concerns) + facts(concerns) + traffic(concerns) + timers(concerns) + abandonments(concerns)
            + late(concerns)
    }

    // MARK: Callers

    private func commands(_ concerns: Concerns) -> [Happening] {
        var all: [Happening] = []
        func offer(_ callers: [OperationID], _ command: Command, _ moment: Happening.Moment = .soon) {
            guard let free = callers.first(where: { !world.isOpen($0) }) else { return }
            all.append(Happening(.command(free, command), moment))
        }
        let isMany = concerns.contains(.promises)
        offer(isMany ? Caller.connecting : [Caller.connecting[0]], .connect)
        if concerns.contains(.sends) {
            offer(Caller.sending, .send(.whole, .text, count: 1))
            offer(Caller.flushing, .flush)
        }
        if concerns.contains(.pings) { offer(Caller.pinging, .ping) }
        if concerns.contains(.fragments) {
            let isNamed = kernel.outbound.state == .fragmenting(Caller.message)
            if !isNamed { offer([Caller.message], .send(.first, .text, count: 1)) }
            offer(Caller.fragments, .send(.next(Caller.message), .text, count: 1))
            offer(Caller.fragments, .send(.last(Caller.message), .text, count: 1))
        }
        if concerns.contains(.posts) {
            offer(Caller.posting, .post(Terms.plain, .text, count: 1))
            offer(Caller.keeping, .post(Terms.kept, .text, count: 1))
            offer([Caller.posting[1]], .post(Terms.bound, .text, count: 1))
            offer([Caller.posting[1]], .post(Terms.late, .text, count: 1))
        }
        if concerns.contains(.answers) {
            offer([Caller.requesting[0]], .post(Terms.request, .text, count: 1))
            offer(Caller.insisting, .post(Terms.keptRequest, .text, count: 1))
        }
        if concerns.contains(.limits) {
            offer([Caller.posting[0]], .post(Terms.kept, .text, count: 1))
            offer([Caller.posting[0]], .post(Terms.plain, .text, count: 1), .refilled(2))
            offer([Caller.requesting[0]], .post(Terms.dear, .text, count: 1))
            offer([Caller.requesting[0]], .post(Terms.tooDear, .text, count: 1))
            offer(Caller.urging, .post(Terms.urgent, .text, count: 1))
            offer([Caller.flushing[0]], .drain)
        }
        if concerns.contains(.credentials) { offer(Caller.demanding, .authenticate) }
        if concerns.contains(.subscriptions) {
            for (id, terms) in Terms.subscriptions {
                offer(Caller.subscribing, .subscribe(id, terms))
                offer(Caller.leaving, .unsubscribe(id))
            }
        }
        if concerns.contains(.everything) { offer(Caller.flushing, .flush) }
        if isMany { offer(Caller.failing, .fail(kernel.attempt, .policyViolation, reasonCount: 0)) }
        if concerns.contains(.past) { offer(Caller.failing, .fail(pastAttempt, .policyViolation, reasonCount: 0)) }
        offer(isMany ? Caller.closing : [Caller.closing[0]], .close(.normalClosure, reasonCount: 0))
        return all
    }

    private func abandonments(_ concerns: Concerns) -> [Happening] {
        var callers: [OperationID] = []
        if concerns.contains(.promises) { callers += Caller.connecting + Caller.closing }
        if concerns.contains(.sends) { callers += Caller.sending + Caller.flushing }
        if concerns.contains(.pings) { callers += Caller.pinging }
        if concerns.contains(.fragments) { callers += Caller.fragments }
        if !concerns.isDisjoint(with: [.posts, .answers, .limits]) { callers += Caller.posts }
        if concerns.contains(.credentials) { callers += Caller.demanding }
        if concerns.contains(.subscriptions) { callers += Caller.subscribing }
        callers = callers.filter(world.isOpen)
        if concerns.contains(.fragments) { callers.append(Caller.message) }
        return (callers + [Caller.nobody]).map { Happening(.abandoned($0)) }
    }

    // MARK: The world

    private func facts(_ concerns: Concerns) -> [Happening] {
        let isAll = concerns.contains(.everything)
        var facts = Self.facts
        if isAll { facts += Self.furtherFacts }
        if concerns.contains(.serverPings) || isAll { facts.append(.received(.ping(count: 0))) }
        var all = facts.map { Happening(.fact(kernel.attempt, $0)) }
        if isAll { all += Self.untrueFacts.map { Happening(.fact(kernel.attempt, $0), isHonest: false) } }
        return all
    }

    private func traffic(_ concerns: Concerns) -> [Happening] {
        let attempt = kernel.attempt
        var all: [Happening] = []
        if concerns.contains(.messages) {
            // What one read brought may be one message more than fits.
            if world.handed <= kernel.inbound.limits.maximumMessages {
                all.append(Happening(.fact(attempt, .received(.message(.text, count: 1)))))
                all.append(Happening(.fact(attempt, .received(.message(.binary, count: Self.large)))))
            }
            if world.small > 0 { all.append(Happening(.consumed(messages: 1, bytes: 1))) }
            if world.large > 0 { all.append(Happening(.consumed(messages: 1, bytes: Self.large))) }
            if kernel.inbound.consumer == .present { all.append(Happening(.consumerLeft)) }
        }
        if concerns.contains(.everything), world.handed == 0 {
            all.append(Happening(.fact(attempt, .received(.message(.text, count: 1)))))
        }
        if concerns.contains(.claims) {
            all += Set([world.claim ?? Self.pastTicket, Self.pastTicket]).sorted().map {
                Happening(.tokensGranted(attempt, ticket: $0))
            }
        }
        if concerns.contains(.pings) {
            // The server can't know the token of a ping that has not left.
            let left = kernel.pings.pending.filter { kernel.pings.count - $0.number >= UInt64(world.pings) }
            all += left.map { Happening(.fact(attempt, .received(.pong($0.token)))) }
            all.append(Happening(.fact(attempt, .received(.pong(PingToken(0))))))
        }
        if concerns.contains(.life) || concerns.contains(.everything) {
            all.append(Happening(.heard(attempt, count: 1)))
        }
        if concerns.contains(.answers) {
            let asked = kernel.requests.pending.map(\.operation) + kernel.requests.settled.map(\.operation)
            all += (asked + [Caller.nobody]).map { Happening(.answered(attempt, $0)) }
        }
        if concerns.contains(.credentials) { all += words.map { Happening(.authentication(attempt, $0)) } }
        if concerns.contains(.subscriptions) {
            all += Terms.subscriptions.flatMap { id, terms in
                SubscriptionWord.allCases.filter { $0 != .heard || terms.freshness != nil }.map {
                    Happening(.subscription(attempt, id, $0))
                }
            }
        }
        return all + writes(concerns)
    }

    /// What the handler says of the last exchange, and of one before it.
    private var words: [AuthenticationWord] {
        let exchange = kernel.authentication.exchange
        let last = AuthenticationFault.allCases.map { AuthenticationWord.failed(exchange: exchange, $0) }
        return last + [
            .presented(exchange: exchange), .accepted(exchange: exchange, validMilliseconds: nil),
            .accepted(exchange: exchange, validMilliseconds: 100_000), .presented(exchange: exchange &- 1),
            .accepted(exchange: exchange &- 1, validMilliseconds: nil),
        ]
    }

    /// How large a large message is, in bytes: as large as all that may wait.
    static let large = 4

    /// The system takes everything, a frame, a part of a frame, or nothing.
    private func writes(_ concerns: Concerns) -> [Happening] {
        let queued = world.queued
        guard queued > 0 else { return [Happening(.wrote(kernel.attempt, count: 1, remaining: 0))] }
        var counts = [queued]
        if concerns.contains(.sends) || concerns.contains(.life) { counts.append(0) }
        if let part = world.headPart { counts.append(part) }
        if let head = world.head, head < queued { counts.append(head) }
        return counts.map { Happening(.wrote(kernel.attempt, count: $0, remaining: queued - $0)) }
    }

    private func timers(_ concerns: Concerns) -> [Happening] {
        Timer.allCases.flatMap { timer -> [Happening] in
            let isArmed = world.armed.contains(TimerSet(timer))
            let isFiredAnyway = concerns.contains(.everything) && timer != .outage
            guard isArmed || isFiredAnyway || concerns.contains(.pings) && timer == .pong else { return [] }
            let fired = Event.fired(owner(of: timer), timer)
            switch timer {
            case .keepalive: return [Happening(fired), Happening(fired, .late)]
            case .request: return moments(fired, kernel.requests.pending.map(\.deadline))
            case .outbox: return moments(fired, kernel.outbox.items.compactMap(\.deadline))
            case .refresh: return [Happening(fired), Happening(fired, .late)]
            case .subscription: return moments(fired, kernel.subscriptions.entries.compactMap(\.deadline))
            case .freshness: return moments(fired, kernel.subscriptions.silences)
            case .limit: return [0, 1, 2].map { Happening(fired, .refilled($0)) }
            case .pong:
                let count = kernel.pings.pending.count
                return [Happening(fired)] + (0..<count).map { Happening(fired, .expiring($0 + 1)) }
            default: return [Happening(fired)]
            }
        }
    }

    /// The attempt that a running timer carries.
    func owner(of timer: Timer) -> AttemptID {
        if timer.isOfWhole { return .whole }
        return if timer == .outage, case .running(let since) = kernel.lifecycle.outage { since } else { kernel.attempt }
    }

    /// A timer that fires before its time, or with any of these deadlines.
    private func moments(_ fired: Event, _ deadlines: [Instant]) -> [Happening] {
        [Happening(fired)] + Set(deadlines).sorted().map { Happening(fired, .due($0)) }
    }

    private var pastAttempt: AttemptID { kernel.attempt.number > 0 ? Self.past : AttemptID(7) }

    /// What comes from an attempt that is over.
    private func late(_ concerns: Concerns) -> [Happening] {
        let past = pastAttempt
        var events: [Event] = [.fact(past, .dialed), .wrote(past, count: 1, remaining: 0)]
        guard concerns.contains(.past) else { return events.map { Happening($0) } }
        events += [
            .heard(past, count: 1), .dropped(past, count: 1), .answered(past, Caller.nobody),
            .authentication(past, .accepted(exchange: kernel.authentication.exchange, validMilliseconds: nil)),
            .subscription(past, SubscriptionID(1), .ended),
        ]
        events += (Self.facts + Self.furtherFacts + Self.untrueFacts).map { .fact(past, $0) }
        events += Timer.allCases.filter { $0 != .outage }.map { .fired(past, $0) }
        return events.map { Happening($0) }
    }

    // MARK: Facts

    private static let facts: [Lifecycle.Fact] = [
        .resolved, .resolveFailed(code: -2), .dialed, .dialFailed(errno: 111), .tunnelled, .secured, .upgraded,
        .refused(status: 503, retryAfter: 5), .refusalEnded, .upgradeFailed(.acceptMismatch),
        .received(.close(.goingAway)), .violated(.reservedBits), .transportEnded(.endOfStream),
        .delayChosen(.seconds(1)), .delayChosen(nil),
        // What a satellite that rests in a composition could raise.
        .messageAbandoned, .keepaliveExpired, .authenticationFailed(.refused), .authenticationFailed(.unavailable),
    ]

    private static let furtherFacts: [Lifecycle.Fact] = [
        .refused(status: 403, retryAfter: nil), .transportEnded(.tls(.selfSigned)),
        .transportEnded(.tls(.alert(80))), .received(.close(.policyViolation)), .received(.close(nil)),
        .received(.fragment(count: 1)), .received(.pong(nil)),
    ]

    /// What the kernel raises itself, or what the driver tells of its own queue: from outside it is never true.
    private static let untrueFacts: [Lifecycle.Fact] = [
        .authenticated, .restored, .progressed, .drained, .closeKept(.normalClosure),
    ]
}
