import NovaKernel
import NovaMachine
import NovaWire

extension Lifecycle {
    fileprivate var farewell: Farewell? { if case .closing(let farewell) = state { farewell } else { nil } }
}

/// One life, made of a seed: a world that answers effects now and then, callers that want things and give up, and
/// facts out of nowhere.
package struct Walk {
    private(set) var kernel: Kernel
    /// The law that is broken.
    package private(set) var broken: String?
    /// What has happened.
    package private(set) var story: [String] = []
    /// Where it has been.
    package private(set) var standings: Set<Lifecycle.Standing> = []
    /// The rules that were met.
    package private(set) var rules: Set<KernelRule> = []
    private var random: SplitMix
    private var now = Instant(nanoseconds: 1)
    private var nextOperation: UInt64 = 1
    /// Promises that are not kept, and those that must be kept by the end.
    private var open: Set<OperationID> = []
    private var messages: [OperationID] = []
    private var armed: [Timer: (attempt: AttemptID, at: Instant)] = [:]
    private var queued = 0
    private var lookup: AttemptID?
    private var transport: AttemptID?
    private var isReading = true
    /// What was asked for on this connection.
    private var subscribed: Set<SubscriptionID> = []
    private var waiting = 0
    /// Who sees the steps.
    package var witness: Witness?

    package init(seed: UInt64) {
        random = SplitMix(state: seed &* 0x9E37_79B9 &+ 1)
        var policy = Policy()
        policy.maximumWaiters = 3
        policy.maximumPendingPings = 2
        policy.inbound.maximumMessages = 4
        policy.outbound.maximumBytes = 200
        policy.outbound.maximumWaitingSends = 3
        policy.outbox.maximumMessages = 3
        policy.outbox.maximumBytes = 80
        policy.requests.maximumPending = 3
        policy.requests.maximumRemembered = 4
        if random.below(2) == 0 {
            policy.rateLimit = RateLimit(
                capacity: 3, refill: 1, every: .milliseconds(900),
                mode: RateLimit.Mode.allCases[random.below(8) == 0 ? random.below(4) : 0])
        }
        policy.reconnection =
            [
                .never,
                Reconnection(maximumAttempts: 4, maximumOutage: .seconds(30), reset: .whenStable(for: .seconds(60))),
                Reconnection(reset: .whenReady),
                Reconnection(backoff: .custom(cap: .seconds(9)), maximumOutage: .seconds(40), reset: .whenReady),
            ][random.below(4)]
        if random.below(3) == 0 { policy.authentication = AuthenticationPolicy(refreshAhead: .seconds(20)) }
        policy.subscriptions.maximumSubscriptions = 3
        if random.below(4) == 0 { policy.keepalive = nil }
        kernel = Kernel(route: Lifecycle.Route(rawValue: UInt8(random.below(4))), policy: policy, seed: seed)
    }

    // MARK: What happens

    /// Something happens.
    package mutating func step() {
        guard broken == nil else { return }
        now = now.advanced(by: .milliseconds(Int64(random.below(2000))))
        switch random.below(20) {
        case 0...8: world()
        case 9...13: caller()
        case 14: handle(.abandoned(OperationID(UInt64(random.below(Int(nextOperation))))))
        case 15: consume()
        case 16, 17: if !fireNext() { world() }
        case 18: late()
        default: anything()
        }
    }

    /// What the world does when it is well, most of the time.
    private mutating func world() {
        let attempt = kernel.attempt
        let fact: Lifecycle.Fact?
        switch kernel.standing {
        case .idle, .closed, .backingOff: fact = nil
        case .resolving: fact = random.below(5) == 0 ? .resolveFailed(code: -2) : .resolved
        case .dialing: fact = random.below(5) == 0 ? .dialFailed(errno: 111) : .dialed
        case .tunnelling: fact = .tunnelled
        case .securing: fact = random.below(6) == 0 ? .transportEnded(.tls(.alert(80))) : .secured
        case .upgrading:
            fact =
                [.refused(status: 503, retryAfter: 2), .upgradeFailed(.acceptMismatch)][safely: random.below(12)]
                ?? .upgraded
        case .refused: fact = .refusalEnded
        case .draining where random.below(2) == 0:
            let count = queued
            queued = 0
            return handle(.wrote(attempt, count: count, remaining: 0))
        case .closeSent where random.below(3) == 0: fact = .received(.close(.normalClosure))
        case .authenticating, .restoring: return random.below(3) == 0 ? traffic(attempt) : session(attempt)
        case .ready, .draining, .closeSent, .awaitingEnd:
            return random.below(4) == 0 ? session(attempt) : traffic(attempt)
        }
        if let fact { handle(.fact(attempt, fact)) } else { _ = fireNext() }
    }

    /// What the handler says of the server's answers.
    private mutating func session(_ attempt: AttemptID) {
        let exchange = kernel.authentication.exchange &- (random.below(8) == 0 ? 1 : 0)
        switch random.below(8) {
        case 0: handle(.authentication(attempt, .presented(exchange: exchange)))
        case 1, 2:
            let time: UInt64? = random.below(3) == 0 ? nil : UInt64(1 + random.below(90_000))
            handle(.authentication(attempt, .accepted(exchange: exchange, validMilliseconds: time)))
        case 3:
            let fault = AuthenticationFault.allCases[random.below(3)]
            handle(.authentication(attempt, .failed(exchange: exchange, fault)))
        default:
            let word = SubscriptionWord.allCases[random.below(random.below(4) == 0 ? 5 : 1)]
            handle(.subscription(attempt, SubscriptionID(UInt32(1 + random.below(4))), word))
        }
    }

    private mutating func traffic(_ attempt: AttemptID) {
        let frames: [Frame] = [
            .message(.text, count: 10), .message(.binary, count: 3), .fragment(count: 1), .ping(count: 0),
            .pong(kernel.pings.pending.last?.token), .pong(nil), .close(.goingAway), .close(nil),
        ]
        switch random.below(12) {
        case 0 where nextOperation > 1:
            // Answers come in any order, more than once, and to what nobody has asked.
            let asked = kernel.requests.pending.map(\.operation) + kernel.requests.settled.map(\.operation)
            let nobody = OperationID(UInt64(random.below(Int(nextOperation))))
            handle(.answered(attempt, asked[safely: random.below(asked.count + 1)] ?? nobody))
        case 0...5:
            guard isReading else { return }
            handle(.heard(attempt, count: 10))
            handle(
                .fact(
                    attempt,
                    .received(frames[random.below(kernel.standing == .draining || random.below(8) == 0 ? 8 : 6)])))
        case 6...9:
            let taken = random.below(queued + 1)
            queued -= taken
            handle(.wrote(attempt, count: taken, remaining: queued))
        case 10: handle(.fact(attempt, .transportEnded(random.below(2) == 0 ? .endOfStream : .failed(errno: 104))))
        default: handle(.fact(attempt, random.below(2) == 0 ? .violated(.reservedBits) : .keepaliveExpired))
        }
    }

    private mutating func caller() {
        let operation = OperationID(nextOperation)
        nextOperation += 1
        let command: Command
        switch random.below(19) {
        case 18:
            let about = random.below(3) == 0 ? AttemptID(UInt32(random.below(3))) : kernel.attempt
            command = .fail(about, .policyViolation, reasonCount: 0)
        case 14, 15:
            let terms = SubscriptionTerms(
                answerMilliseconds: 5000, freshnessMilliseconds: UInt32(random.below(3) * 4500))
            command = .subscribe(SubscriptionID(UInt32(1 + random.below(4))), terms)
        case 16: command = .unsubscribe(SubscriptionID(UInt32(1 + random.below(4))))
        case 17: command = .authenticate
        case 10...13: command = .post(terms, .text, count: random.below(40))
        case 0...2: command = .connect
        case 3, 4: command = .send(.whole, .text, count: random.below(120))
        case 5:
            messages.append(operation)
            command = .send(.first, .text, count: 5)
        case 6:
            guard let message = messages.last else { return }
            command = .send(random.below(2) == 0 ? .next(message) : .last(message), .text, count: 5)
        case 7: command = .ping
        case 8: command = .flush
        default: command = random.below(3) == 0 ? .close(.normalClosure, reasonCount: 0) : .ping
        }
        open.insert(operation)
        handle(.command(operation, command))
    }

    /// What a caller may want of a post.
    private var terms: Dispatch {
        mutating get {
            Dispatch(
                cost: UInt32(random.below(5)), priority: random.below(4) == 0 ? 200 : Dispatch.normalPriority,
                retention: retention,
                stage: random.below(6) == 0 ? .early : .ready,
                answerMilliseconds: random.below(2) == 0 ? 0 : UInt32(1 + random.below(9000)))
        }
    }

    private var retention: Dispatch.Retention {
        mutating get {
            switch random.below(5) {
            case 0, 1: .drop
            // Mostly of the connection that is there, and now and then of one that was.
            case 2: .within(AttemptID(kernel.attempt.number - min(kernel.attempt.number, UInt32(random.below(2)))))
            default: .keep(milliseconds: UInt32(random.below(9000)))
            }
        }
    }

    private mutating func consume() {
        if random.below(12) == 0 { return handle(.consumerLeft) }
        let count = random.below(waiting + 1)
        waiting -= count
        handle(.consumed(messages: count, bytes: count * 3))
    }

    /// Fires the timer that is due next.
    private mutating func fireNext() -> Bool {
        guard let (timer, entry) = armed.min(by: { ($0.value.at, $0.key.rawValue) < ($1.value.at, $1.key.rawValue) })
        else { return false }
        now = max(now, entry.at)
        armed[timer] = nil
        handle(.fired(entry.attempt, timer))
        return true
    }

    private mutating func late() {
        let attempt = AttemptID(UInt32(random.below(Int(kernel.attempt.number) + 1)))
        guard attempt != kernel.attempt else { return }
        let facts: [Lifecycle.Fact] = [.dialed, .upgraded, .transportEnded(.endOfStream), .fired(.close), .drained]
        handle(.fact(attempt, facts[random.below(facts.count)]))
    }

    /// Any fact at all, now and then: the machine must have an answer.
    private mutating func anything() {
        guard random.below(6) == 0 else { return world() }
        let exemplars = kernel.lifecycle.alphabet
        guard case .fact(let attempt, let fact) = exemplars[random.below(exemplars.count)].event else { return }
        if case .fired = fact { return }
        handle(.fact(attempt, fact))
    }

    // MARK: What must hold

    private mutating func handle(_ event: Event) {
        var pending = [event]
        var count = 0
        while let event = pending.first, broken == nil {
            pending.removeFirst()
            count += 1
            demand(count < 32, "The facts that are raised never end")
            let before = kernel
            let step = kernel.handle(Occurrence(event, at: now))
            witness?(Occurrence(event, at: now), before.lifecycle.stateText, step, kernel)
            story.append("\(event.text) → \(step.rule.rawValue): \(kernel.name) \(step.effects.array)")
            standings.insert(kernel.standing)
            rules.insert(step.rule)
            demand(!step.rule.changesNothing || kernel == before, "\(step.rule.rawValue) has changed something")
            var raised: [Event] = []
            for effect in step.effects.array { perform(effect, &raised) }
            pending = raised + pending
            check(from: before)
        }
    }

    private mutating func perform(_ effect: Effect, _ raised: inout [Event]) {
        switch effect {
        case .settle(let operation, _): settle(operation)
        case .transmit(_, let operation):
            queued += 16
            settle(operation)
        case .dispatch: queued += 16
        case .arm(let attempt, let timer, let duration): armed[timer] = (attempt, now.advanced(by: duration))
        case .disarm(let timer): armed[timer] = nil
        case .raise(let attempt, let fact): raised.append(.fact(attempt, fact))
        case .resolve(let attempt): lookup = attempt
        case .dial(let attempt):
            lookup = nil
            demand(transport == nil, "R2: a second transport")
            transport = attempt
        case .release(let attempt, let holding):
            if holding == .lookup, lookup == attempt { lookup = nil }
            if holding == .transport, transport == attempt {
                (transport, queued, isReading, subscribed) = (nil, 0, true, [])
            }
        case .sendClose(let attempt, _, let urgency):
            // One that has begun to go out stays in its place.
            if case .violation? = kernel.lifecycle.farewell?.ending.detail, queued == 8 {
                raised.append(.fact(attempt, .closeKept(.normalClosure)))
            }
            queued = (urgency == .now ? 0 : queued) + 8
        case .ping, .pong: queued += 8
        case .deliver: waiting += 1
        case .pauseReading: isReading = false
        case .resumeReading: isReading = true
        case .authenticate(_, let exchange): demand(exchange == kernel.authentication.exchange, "Another exchange")
        case .subscribe(let attempt, let id):
            demand(subscribed.insert(id).inserted, "R10: \(id.number) is asked for twice in attempt \(attempt.number)")
        case .unsubscribe(_, let id): demand(subscribed.remove(id) != nil, "R10: \(id.number) was not asked for")
        case .tell(let id, .failed): subscribed.remove(id)
        case .tunnel, .secure, .upgrade, .replacePong, .hastenClose, .report, .tell, .askTokens, .returnTokens: break
        case .askDelay(let attempt, let failures):
            raised.append(.fact(attempt, .delayChosen(failures > 3 ? nil : .seconds(1))))
        }
    }

    private mutating func settle(_ operation: OperationID) {
        demand(open.remove(operation) != nil, "R6: \(operation.number) is settled, but nobody waits")
    }

    private mutating func check(from before: Kernel) {
        let isClosed = kernel.standing == .closed
        let isOver = isClosed || kernel.standing == .backingOff
        demand(!isOver || kernel.termination != nil, "R4: an end without a cause")
        demand(isClosed == (kernel.termination?.finality != nil && isOver), "R4: closed without a last word")
        demand(!isOver || transport == nil && lookup == nil, "R3: something is held at the end")
        demand(!isClosed || armed.isEmpty, "R3: \(armed.keys) armed when closed")
        demand(kernel.promises.openers.count <= 3 && kernel.promises.closers.count <= 3, "R7: waiters")
        demand(kernel.outbound.line.count <= 3 && kernel.outbound.flushes.count <= 3, "R7: sends")
        demand(kernel.lifecycle.failures >= before.lifecycle.failures || kernel.standing == .ready, "R5: forgotten")
        let armedNow = Set(armed.keys)
        let ofSpine = Set(kernel.lifecycle.timers.timers)
        demand(armedNow.filter { !$0.isOfSatellite } == ofSpine, "R3: \(armedNow) armed, not \(ofSpine)")
        demand(armedNow.contains(.request) == !kernel.requests.pending.isEmpty, "R3: request")
        demand(armedNow.contains(.limit) == (kernel.limiter?.mustLookAgain ?? false), "R3: limit")
        demand(armedNow.contains(.refresh) == kernel.authentication.mustLookAgain, "R3: refresh")
        demand(
            armedNow.contains(.subscription) == kernel.subscriptions.timers.contains(.init(.subscription)), "R3: sub")
        demand(armedNow.contains(.freshness) == kernel.subscriptions.timers.contains(.init(.freshness)), "R3: fresh")
        demand(armedNow.contains(.outbox) == kernel.outbox.mustLookAgain, "R3: outbox")
        demand(kernel.outbox.items.count <= 3 && kernel.requests.pending.count <= 3, "R7: posts")
        demand(armedNow.contains(.keepalive) == (kernel.keepalive.state != .off), "R3: keepalive")
        demand(armedNow.contains(.pong) == (kernel.pings.waiting > 0), "R3: pong")
        demand(isReading || kernel.inbound.state == .paused, "Not read, and not paused")
    }

    private mutating func demand(_ isTrue: Bool, _ law: String) {
        if !isTrue, broken == nil { broken = law }
    }

    /// The caller closes, and time passes: from every state that leads to the end, and every promise is kept.
    package mutating func finish() {
        guard broken == nil else { return }
        let operation = OperationID(nextOperation)
        open.insert(operation)
        handle(.command(operation, .close(.normalClosure, reasonCount: 0)))
        var left = 40
        while kernel.standing != .closed, left > 0, broken == nil {
            left -= 1
            if !fireNext() { break }
        }
        demand(kernel.standing == .closed, "Liveness: closed is not reached")
        demand(open.isEmpty, "R6: \(open.map(\.number).sorted()) never settled")
    }
}

extension Array {
    fileprivate subscript(safely index: Int) -> Element? { indices.contains(index) ? self[index] : nil }
}

/// A sequence of numbers that follows from its seed.
private struct SplitMix {
    var state: UInt64

    mutating func below(_ bound: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        return Int(Backoff.mix(state) % UInt64(bound))
    }
}
