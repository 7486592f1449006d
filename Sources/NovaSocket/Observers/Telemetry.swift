import NovaKernel
import NovaMachine
import NovaTrace
import NovaWire

/// Makes events for observers out of the machine's steps: what happened, how long it took, how much it was. A pure value:
/// the same steps give the same events, live or from a recording, see ``events(of:)``.
///
/// The machine keeps no more than it needs to decide, so what an event compares with (when a stage began, when a message
/// was given) is kept here. All of it is bounded by the machine's own bounds: an entry goes when the machine's goes.
public struct Telemetry: Sendable {
    /// What a caller gave to be sent, until it is settled.
    struct Send {
        var asked: Instant
        var bytes: Int
        var kind: MessageKind
        var part: Outbound.Part
        /// The terms, if it was posted.
        var terms: Dispatch?
        /// When it was last accepted for sending.
        var sent: Instant?
        /// Since when the rate limit has held it back.
        var limited: Instant?

        var isRequest: Bool { terms?.awaitsAnswer ?? false }
    }

    /// An accepted message that is not written yet.
    struct Unwritten {
        var operation: OperationID
        var kind: MessageKind
        var bytes: Int
        var asked: Instant
        /// How many bytes had been accepted with it.
        var mark: UInt64
    }

    struct Ping {
        var token: PingToken
        var operation: OperationID?
        var sent: Instant
    }

    // The spine
    var attemptBegan: Instant?
    var stageBegan = Instant.zero
    var closingBegan: Instant?
    var backoffBegan = Instant.zero
    /// When the last connection that was ready ended, and which attempt it was.
    var lost: (at: Instant, attempt: AttemptID)?

    // Messages
    /// The command of the present step: nearly every send ends there, and needs no table.
    var current: (operation: OperationID, send: Send)?
    var sends: [OperationID: Send] = [:]
    var unwritten: [Unwritten] = []
    /// The message in fragments that is being sent.
    var fragments: Send?
    var pausedSince: Instant?
    var discarded: UInt64 = 0
    var isLimiting = false

    // The session
    var pings: [Ping] = []
    var authentication: (began: Instant, isRenewal: Bool)?
    var requested: [SubscriptionID: Instant] = [:]

    /// The telemetry of a connection that nobody has asked for yet.
    package init() {}

    /// Takes a step, and tells what it was: first how the connection moved, then what followed.
    package mutating func take(
        _ step: WitnessedStep, _ effects: Effects<Effect>, after kernel: borrowing Kernel,
        _ tell: (ConnectionEvent) -> Void
    ) {
        if isOfDataPath(step, effects, tell) { return }
        let now = step.occurrence.at
        note(step.occurrence.event, now, tell)
        let (from, to) = (step.before.standing, kernel.standing)
        if from != to { move(from, to, step, kernel, now, tell) }
        if let effect = effects.first { follow(effect, step, effects, kernel, now, tell) }
        if let effect = effects.second { follow(effect, step, effects, kernel, now, tell) }
        for effect in effects.rest { follow(effect, step, effects, kernel, now, tell) }
        finish(step, kernel, now, tell)
        if kernel.limiter != nil { lookAtLimiter(kernel, hasMoved: from != to, now) }
        if to == .backingOff || to == .closed, from != to { forgetConnection(tell) }
        if let current {
            self.current = nil
            sends[current.operation] = current.send
        }
        // The last word, behind whatever the end has settled.
        if to == .closed, from != to, let cause = kernel.termination { tell(.closed(cause)) }
    }

    /// The steps that come with every message, and move nothing: told without a look at anything else (measured: a tenth
    /// of the time).
    @inline(__always)
    private func isOfDataPath(
        _ step: borrowing WitnessedStep, _ effects: borrowing Effects<Effect>, _ tell: (ConnectionEvent) -> Void
    ) -> Bool {
        switch step.rule {
        case .keepalive(.note), .inbound(.consume): return effects.isEmpty
        case .lifecycle(.deliver):
            guard case .deliver(_, let kind, let count)? = effects.first, case nil = effects.second else {
                return false
            }
            tell(.messageReceived(kind, bytes: count))
            return true
        default: return false
        }
    }

    /// What the row says that no effect does.
    private mutating func finish(
        _ step: WitnessedStep, _ kernel: borrowing Kernel, _ now: Instant, _ tell: (ConnectionEvent) -> Void
    ) {
        switch step.rule {
        case .outbound: account(step.occurrence.event, kernel, now, tell)
        case .inbound(let rule): account(rule, kernel, tell)
        case .lifecycle(.stabilised): tell(.stabilised)
        case .pings(let rule): account(rule, step.occurrence.event, now, tell)
        case .authentication(let rule): account(rule, step.occurrence.event, now, tell)
        case .subscriptions(.drop):
            if case .command(_, .unsubscribe(let id)) = step.occurrence.event { tell(.subscription(id, .ended)) }
        case .requests(let rule):
            if case .answered(_, let id) = step.occurrence.event, let stray = StrayAnswer(rule) {
                tell(.strayAnswer(id, stray))
            }
        case .lifecycle, .keepalive, .promises, .outbox, .limiter, .subscriptions, .stale: break
        }
    }

    /// An effect, as far as it tells something.
    private mutating func follow(
        _ effect: Effect, _ step: WitnessedStep, _ effects: Effects<Effect>, _ kernel: borrowing Kernel, _ now: Instant,
        _ tell: (ConnectionEvent) -> Void
    ) {
        switch effect {
        case .deliver(_, let kind, let count): tell(.messageReceived(kind, bytes: count))
        case .transmit(_, let operation): accept(operation, stays: false, kernel, now, tell)
        case .dispatch(_, let operation, _): accept(operation, stays: true, kernel, now, tell)
        case .settle(let operation, let outcome): settle(operation, outcome, step.occurrence.event, now, tell)
        case .ping(_, let token): ping(token, step.occurrence.event, now, tell)
        case .pong, .replacePong: tell(.pingReceived)
        case .pauseReading:
            pausedSince = now
            tell(.readingPaused(messages: kernel.inbound.messages, bytes: kernel.inbound.bytes))
        case .resumeReading:
            tell(.readingResumed(after: now.since(pausedSince ?? now)))
            pausedSince = nil
        case .arm(_, .backoff, let delay):
            // Where the caller's own function is asked, its answer is the delay; a handler of errors may change it later.
            if case .custom = kernel.policy.reconnection.backoff, effects.asksDelay { break }
            tell(.retryPlanned(after: delay, failures: kernel.lifecycle.failures))
        case .authenticate: beginAuthentication(kernel, now, tell)
        case .subscribe(_, let id):
            requested[id] = now
            tell(.subscription(id, .requested))
        case .unsubscribe(_, let id):
            requested[id] = nil
            tell(.subscription(id, .ended))
        case .tell(let id, let news): hear(id, news, now, tell)
        case .resolve, .dial, .tunnel, .secure, .upgrade, .release, .sendClose, .hastenClose, .arm, .disarm, .askDelay,
            .report, .raise, .askTokens, .returnTokens:
            break
        }
    }
}

extension Effects<Effect> {
    fileprivate var asksDelay: Bool { array.contains { if case .askDelay = $0 { true } else { false } } }
}

extension StrayAnswer {
    fileprivate init?(_ rule: RequestTable.Rule) {
        switch rule {
        case .late: self = .late
        case .duplicate: self = .duplicate
        case .unsolicited: self = .unsolicited
        case .premature: self = .premature
        case .ask, .refuseFull, .sent, .wait, .answer, .lose, .expire, .forget, .notPending, .stale: return nil
        }
    }
}
