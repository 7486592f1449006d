import NovaMachine

/// One step of a kernel and what it did to the world.
struct Passage {
    let before: Situation
    let event: Event
    let rule: KernelRule
    let effects: [Effect]
    let after: Situation
    /// What was wrong with the effects, each by itself.
    let faults: PropertySet

    var old: Kernel { before.kernel }
    var new: Kernel { after.kernel }

    /// Whether the event is of the attempt under way, or of none.
    var isHeeded: Bool {
        switch event {
        case .command, .abandoned, .consumed, .consumerLeft: true
        case .fired(let attempt, .outage): old.lifecycle.outage == .running(since: attempt)
        case .fired(let attempt, let timer) where timer.isOfWhole: attempt == .whole
        case .tokensGranted(let attempt, _): attempt == old.attempt
        case .answered(let attempt, _), .authentication(let attempt, _), .subscription(let attempt, _, _):
            attempt == old.attempt
        case .fact(let attempt, _), .heard(let attempt, _), .wrote(let attempt, _, _), .dropped(let attempt, _),
            .fired(let attempt, _):
            attempt == old.attempt
        }
    }

    /// A transport that nobody waits for any more.
    var lateTransport: AttemptID? {
        guard case .fact(let attempt, .dialed) = event, !isHeeded || old.lifecycle.holding == nil else { return nil }
        return attempt
    }

    /// The timer that has fired.
    var timer: Timer? { if case .fired(_, let timer) = event { timer } else { nil } }

    /// Whether the timer that has fired was running.
    var wasArmed: Bool { timer.map { before.world.armed.contains(TimerSet($0)) } ?? false }

    var isStale: Bool {
        let rules: [KernelRule] = [
            .stale, .lifecycle(.stale), .keepalive(.stale), .pings(.stale), .inbound(.stale), .limiter(.stale),
            .outbox(.stale), .requests(.stale), .authentication(.stale), .subscriptions(.stale),
        ]
        return rules.contains(rule)
    }

    func count(_ isSought: (Effect) -> Bool) -> Int { effects.count(where: isSought) }

    /// Whether an attempt has ended with this step.
    var hasEnded: Bool { new.isOver && new.standing != old.standing }

    /// Whether a live attempt has.
    var hasLost: Bool { hasEnded && !old.isOver && old.standing != .idle }
}

extension KernelRule {
    /// The limiter's row, if it decided.
    var limiter: RateLimiter.Rule? { if case .limiter(let rule) = self { rule } else { nil } }

    /// Whether a step by this rule leaves the kernel what it was: it answers what is refused, unknown or said again.
    package var changesNothing: Bool {
        switch self {
        case .stale, .lifecycle(.refuse), .lifecycle(.stale), .promises(.refuseFull), .promises(.notHeld): true
        case .limiter(let rule): [.reject, .impossible, .notWaiting, .stale].contains(rule)
        case .outbox(let rule): [.refuseFull, .notHeld, .stale].contains(rule)
        case .requests(let rule):
            [.refuseFull, .duplicate, .late, .premature, .unsolicited, .notPending, .stale].contains(rule)
        case .authentication(let rule): [.refuse, .stale].contains(rule)
        case .subscriptions(let rule): [.refuseFull, .notHeld, .stale].contains(rule)
        case .lifecycle, .keepalive, .inbound, .outbound, .pings, .promises: false
        }
    }
}

extension Situation {
    /// Takes an event at a moment, and does in the world what the kernel wants done.
    mutating func take(_ event: Event, at moment: Happening.Moment) -> Passage {
        let before = self
        let occurrence = Occurrence(event, at: at(moment))
        if case .command(let operation, _) = event { world.promise(operation) }
        let step = kernel.handle(occurrence)
        return perform(step, event, before)
    }

    /// The moment, as long after everything as it says.
    func at(_ moment: Happening.Moment) -> Instant {
        switch moment {
        case .soon: return Self.now
        case .late: return Self.later
        case .expiring(let count):
            guard count > 0, count <= kernel.pings.pending.count else { return Self.later }
            return kernel.pings.pending[count - 1].sent.advanced(by: kernel.pings.timeout)
        case .due(let deadline): return deadline
        case .refilled(let tokens):
            return Self.now.advanced(by: (kernel.limiter?.limit.interval ?? .zero) * Int(tokens))
        }
    }

    private mutating func perform(
        _ step: Step<KernelRule, Effect>, _ event: Event, _ before: Situation
    ) -> Passage {
        var faults: PropertySet = []
        if kernel.attempt != before.kernel.attempt {
            world.aged = world.armed
            (world.isLost, world.isHonest, world.heard, world.opened) = (false, true, false, false)
        }
        note(event, before)
        let effects = step.effects.array
        let isLate =
            Passage(
                before: before, event: event, rule: step.rule, effects: effects, after: before, faults: []
            ).lateTransport != nil
        for effect in effects {
            let found = world.perform(effect, for: kernel)
            if !isLate { faults.formUnion(found) }
        }
        if kernel.standing.isOpen { world.opened = true }
        return Passage(
            before: before, event: event, rule: step.rule, effects: effects, after: self, faults: faults)
    }

    /// What the event itself says of the world.
    private mutating func note(_ event: Event, _ before: Situation) {
        switch event {
        case .fired(let attempt, let timer) where attempt == before.owner(of: timer):
            world.armed.remove(TimerSet(timer))
            world.aged.remove(TimerSet(timer))
            if timer == .keepalive, kernel.keepalive.state == .probing { world.heardSinceProbe = false }
        case .heard(let attempt, _) where attempt == before.kernel.attempt:
            world.heardSinceProbe = true
            world.heard = true
        case .wrote(let attempt, let count, let remaining) where attempt == before.kernel.attempt:
            // The peer has made room: it lives.
            if world.isRefused, count > 0 { world.heardSinceProbe = true }
            world.isRefused = remaining > 0
            world.write(count)
        case .command(_, .close): world.isAsked = true
        case .command(_, .unsubscribe(let id)): world.missing &= ~id.bit
        case .consumed(_, let bytes):
            if bytes > 1 { world.large -= 1 } else { world.small -= 1 }
        case .tokensGranted(let attempt, let ticket) where attempt == before.kernel.attempt && ticket == world.claim:
            world.claim = nil
        case .consumerLeft: (world.small, world.large) = (0, 0)
        case .command, .abandoned, .answered, .authentication, .subscription, .dropped, .fact, .fired, .heard, .wrote,
            .tokensGranted:
            break
        }
    }
}
