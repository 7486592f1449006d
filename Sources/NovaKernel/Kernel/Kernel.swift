import NovaMachine
import NovaWire

/// A connection's whole mind: the spine and its satellites in one value.
///
/// Each event goes to its owner. The kernel tells the satellites what the spine did (the connection began, is being
/// closed, has ended), and a satellite's verdict comes back to the spine as a raised fact. Satellites never see the
/// spine, and nothing in here knows a clock, a socket or a byte.
///
/// Every frame goes through ``handle(_:)``; there is no way around it.
public struct Kernel: Machine {
    /// What the connection is.
    public private(set) var lifecycle: Lifecycle
    /// Whether the peer is alive.
    public private(set) var keepalive: Keepalive
    /// What waits for the consumer.
    public private(set) var inbound: Inbound
    /// What waits for the network.
    public private(set) var outbound: Outbound
    /// What waits for a pong.
    public private(set) var pings: PingTable
    /// Who waits for the connection to be ready, or closed.
    public private(set) var promises: PromiseLedger
    /// Why the last attempt ended; nil if none has.
    public private(set) var termination: TerminationCause?
    private var history = History()

    /// When the present attempt got how far.
    private struct History: Hashable, Sendable {
        var opened: Instant?
        var heard: Instant?
    }

    /// A connection that nobody has asked for yet. `seed` makes the backoff's jitter and the pings' tokens.
    public init(route: Lifecycle.Route, policy: Policy, seed: UInt64) {
        lifecycle = Lifecycle(route: route, policy: policy, seed: seed)
        keepalive = Keepalive(policy.keepalive)
        inbound = Inbound(policy.inbound)
        outbound = Outbound(policy.outbound)
        pings = PingTable(maximum: policy.maximumPendingPings, seed: seed)
        promises = PromiseLedger(maximum: policy.maximumWaiters)
    }

    /// The spine's path.
    public var path: [String] { lifecycle.path }

    /// The attempt under way, or the last one.
    public var attempt: AttemptID { lifecycle.attempt }

    /// Every limit and timeout.
    public var policy: Policy { lifecycle.policy }

    /// The leaf of the spine's chart that it is in.
    public var standing: Lifecycle.Standing { lifecycle.standing }

    /// ``handle(_:)``, and where the spine stood before and after. An interpreter that asked for these itself would
    /// copy the machine twice for each message (measured).
    public mutating func advance(_ occurrence: Occurrence) -> Advance {
        let before = lifecycle.standing
        let step = handle(occurrence)
        return Advance(step: step, from: before, to: lifecycle.standing)
    }

    /// A step, and where it led the spine.
    @frozen
    public struct Advance: Sendable {
        /// The step.
        public let step: Step<KernelRule, Effect>
        /// Where the spine stood.
        public let from: Lifecycle.Standing
        /// Where it stands.
        public let to: Lifecycle.Standing
    }

    /// State × event → state′ × effects.
    public mutating func handle(_ occurrence: Occurrence) -> Step<KernelRule, Effect> {
        let now = occurrence.at
        switch occurrence.event {
        case .fact(let attempt, .received(let frame)): return receive(attempt, frame, now)
        case .command(let operation, .send(let part, _, let count)): return send(operation, part, count, now)
        case .heard(let attempt, _): return hear(attempt, now)
        case .wrote(let attempt, let remaining):
            guard attempt == self.attempt else { return Step(.stale) }
            return tell(outbound.handle(.wrote(remaining: remaining)))
        case .consumed(let messages, let bytes):
            return tellReading(inbound.handle(.consumed(messages: messages, bytes: bytes)), now)
        case .consumerLeft: return tellReading(inbound.handle(.consumerLeft), now)
        case .fired(let attempt, .keepalive):
            guard attempt == self.attempt else { return Step(.stale) }
            return fireKeepalive(now)
        case .fired(let attempt, let timer): return move(.fact(attempt, .fired(timer)), now)
        case .fact(let attempt, let fact): return move(.fact(attempt, fact), now)
        case .command(let operation, let command): return obey(operation, command, now)
        case .abandoned(let operation): return forget(operation)
        }
    }
}

// MARK: - The data path

extension Kernel {
    @inline(__always)
    private mutating func receive(_ attempt: AttemptID, _ frame: Frame, _ now: Instant) -> Step<KernelRule, Effect> {
        switch frame {
        case .close: return move(.fact(attempt, .received(frame)), now)
        case .message(let kind, let count):
            let step = lifecycle.handle(.fact(attempt, .received(frame)))
            guard case .one(.deliver) = step.effects else { return ofSpine(step) }
            let account = inbound.handle(.arrived(kind, count: count))
            // Patterns, not ==: that would compare the rules' names.
            if case .pause = account.rule { return pause(step.rule, account.effects) }
            if case .discard = account.rule { return Step(.inbound(.discard)) }
            return Step(.lifecycle(step.rule), account.effects)
        case .fragment: return ofSpine(lifecycle.handle(.fact(attempt, .received(frame))))
        case .ping:
            let step = lifecycle.handle(.fact(attempt, .received(frame)))
            guard case .answerPing = step.rule else { return ofSpine(step) }
            return Step(.lifecycle(.answerPing), outbound.handle(.pingCame).effects)
        case .pong(let token):
            let step = lifecycle.handle(.fact(attempt, .received(frame)))
            guard case .notePong = step.rule else { return ofSpine(step) }
            return tell(pings.handle(.ponged(token, at: now)))
        }
    }

    @inline(__always)
    private mutating func send(
        _ operation: OperationID, _ part: Outbound.Part, _ count: Int, _ now: Instant
    ) -> Step<KernelRule, Effect> {
        let step = lifecycle.handle(.command(operation, .use))
        guard case .admit = step.rule else { return Step(.lifecycle(step.rule), step.effects) }
        let bytes = FrameHeader.encodedCount(payloadCount: count, isMasked: true) + count
        return tell(outbound.handle(.offered(operation, bytes: bytes, part)))
    }

    @inline(__always)
    private mutating func hear(_ attempt: AttemptID, _ now: Instant) -> Step<KernelRule, Effect> {
        guard attempt == self.attempt else { return Step(.stale) }
        history.heard = now
        return Step(.keepalive(keepalive.handle(.heard(at: now)).rule))
    }

    /// Reading stops for a slow consumer: the keepalive can't judge a silence of our own making.
    private mutating func pause(_ rule: Lifecycle.Rule, _ effects: Effects<Effect>) -> Step<KernelRule, Effect> {
        var effects = effects
        effects.append(contentsOf: keepalive.handle(.paused).effects)
        return Step(.inbound(.pause), effects)
    }

    private mutating func tellReading(
        _ step: Step<Inbound.Rule, Effect>, _ now: Instant
    ) -> Step<KernelRule, Effect> {
        guard case .resume = step.rule else { return Step(.inbound(step.rule), step.effects) }
        var effects = step.effects
        effects.append(contentsOf: keepalive.handle(.resumed(at: now)).effects)
        return Step(.inbound(.resume), effects)
    }

    @inline(__always)
    private func tell(_ step: Step<Outbound.Rule, Effect>) -> Step<KernelRule, Effect> {
        Step(.outbound(step.rule), step.effects)
    }

    private func tell(_ step: Step<PingTable.Rule, Effect>) -> Step<KernelRule, Effect> {
        Step(.pings(step.rule), step.effects)
    }
}

// MARK: - Commands

extension Kernel {
    private mutating func obey(
        _ operation: OperationID, _ command: Command, _ now: Instant
    ) -> Step<KernelRule, Effect> {
        switch command {
        case .connect: return promise(.awaitReady(operation), operation, .connect, now)
        case .close(let code, _): return promise(.awaitClosed(operation), operation, .close(code), now)
        case .abandonMessage: return move(.command(operation, .abandonMessage), now)
        case .ping:
            let step = lifecycle.handle(.command(operation, .use))
            guard case .admit = step.rule else { return Step(.lifecycle(step.rule), step.effects) }
            return tell(pings.handle(.asked(operation, attempt, at: now)))
        case .flush:
            let step = lifecycle.handle(.command(operation, .use))
            guard case .admit = step.rule else { return Step(.lifecycle(step.rule), step.effects) }
            return tell(outbound.handle(.flush(operation)))
        case .send(let part, _, let count): return send(operation, part, count, now)
        }
    }

    /// A promise about the spine: it is entered first, and what the spine does then may settle it at once.
    private mutating func promise(
        _ entry: PromiseLedger.Event, _ operation: OperationID, _ command: Lifecycle.Command, _ now: Instant
    ) -> Step<KernelRule, Effect> {
        let held = promises.handle(entry)
        if held.rule == .refuseFull { return Step(.promises(held.rule), held.effects) }
        var step = move(.command(operation, command), now)
        step.effects.append(contentsOf: settlePromises())
        return step
    }

    private mutating func settlePromises() -> Effects<Effect> {
        switch lifecycle.state {
        case .open(.ready): promises.handle(.becameReady).effects
        case .closed: promises.handle(.becameClosed).effects
        case .idle, .connecting, .open, .closing, .backingOff: .none
        }
    }

    /// A caller stopped waiting: whoever holds its promise gives it up.
    private mutating func forget(_ operation: OperationID) -> Step<KernelRule, Effect> {
        let send = outbound.handle(.abandoned(operation))
        if send.rule == .forget { return tell(send) }
        let ping = pings.handle(.abandoned(operation))
        if ping.rule == .forget { return tell(ping) }
        let promise = promises.handle(.abandoned(operation))
        return Step(.promises(promise.rule), promise.effects)
    }
}

// MARK: - What the spine did, told to the satellites

extension Kernel {
    /// Gives the event to the spine, and tells the satellites where it went.
    private mutating func move(_ event: Lifecycle.Event, _ now: Instant) -> Step<KernelRule, Effect> {
        let before = Standing(lifecycle.state)
        let failedBefore = lifecycle.failures
        var step = ofSpine(lifecycle.handle(event))
        let after = Standing(lifecycle.state)
        if before != after || failedBefore != lifecycle.failures {
            step.effects.append(contentsOf: follow(from: before, to: after, now))
        }
        return step
    }

    /// A step of the spine in the kernel's words.
    private func ofSpine(_ step: Step<Lifecycle.Rule, Effect>) -> Step<KernelRule, Effect> {
        Step(.lifecycle(step.rule), step.effects)
    }

    /// As much of the spine's state as concerns the satellites.
    private enum Standing: Hashable {
        case apart, authenticating, restoring, ready, closing, over

        init(_ state: Lifecycle.State) {
            self =
                switch state {
                case .idle, .connecting: .apart
                case .open(.authenticating): .authenticating
                case .open(.restoring): .restoring
                case .open(.ready): .ready
                case .closing: .closing
                case .backingOff, .closed: .over
                }
        }
    }

    private mutating func follow(from before: Standing, to after: Standing, _ now: Instant) -> Effects<Effect> {
        switch after {
        case .apart:
            history = History()
            return .none
        case .authenticating: return .one(.raise(attempt, .authenticated))  // nobody asks for credentials yet
        case .restoring: return .one(.raise(attempt, .restored))  // nobody has subscriptions yet
        case .ready: return before == .ready ? .none : begin(now)
        case .closing: return beginClosing()
        case .over: return end(now)
        }
    }

    private mutating func begin(_ now: Instant) -> Effects<Effect> {
        history.opened = now
        var effects = outbound.handle(.began(attempt)).effects
        effects.append(contentsOf: keepalive.handle(.began(attempt, at: now)).effects)
        let reading = inbound.handle(.began(attempt))
        effects.append(contentsOf: reading.effects)
        if reading.rule == .beginPaused { effects.append(contentsOf: keepalive.handle(.paused).effects) }
        effects.append(contentsOf: settlePromises())
        return effects
    }

    private mutating func beginClosing() -> Effects<Effect> {
        var effects = keepalive.handle(.ended).effects  // the timer `close` bounds what follows
        if case .closing(let farewell) = lifecycle.state {
            effects.append(contentsOf: outbound.handle(.closing(farewell.urgency)).effects)
        }
        return effects
    }

    private mutating func end(_ now: Instant) -> Effects<Effect> {
        termination = cause(now)
        var effects = keepalive.handle(.ended).effects
        effects.append(contentsOf: outbound.handle(.ended).effects)
        effects.append(contentsOf: pings.handle(.ended(.connectionLost)).effects)
        effects.append(contentsOf: inbound.handle(.ended).effects)
        effects.append(contentsOf: settlePromises())
        return effects
    }

    /// The ending, and what was known when it came (law R4).
    private func cause(_ now: Instant) -> TerminationCause? {
        let (ending, finality): (Ending, Finality?)
        switch lifecycle.state {
        case .backingOff(let last): (ending, finality) = (last, nil)
        case .closed(let last, let why): (ending, finality) = (last, why)
        case .idle, .connecting, .open, .closing: return nil
        }
        return TerminationCause(
            ending: ending, finality: finality, attempt: attempt, failures: lifecycle.failures,
            sinceHeard: history.heard.map(now.since), openFor: history.opened.map(now.since),
            unsentBytes: outbound.unsent + outbound.queued, waitingSends: outbound.waiting,
            unansweredPings: pings.pending.count,
            discardedMessages: inbound.discarded)
    }

    private mutating func fireKeepalive(_ now: Instant) -> Step<KernelRule, Effect> {
        let step = keepalive.handle(.fired(at: now, pings.nextToken))
        if step.rule == .probe { _ = pings.handle(.probed(at: now)) }
        return Step(.keepalive(step.rule), step.effects)
    }
}
