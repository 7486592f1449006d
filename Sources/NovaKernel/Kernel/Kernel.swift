import NovaMachine
import NovaWire

/// A connection's whole mind: the spine and its satellites in one value.
///
/// Each event goes to its owner. The kernel tells the satellites what the spine did (the connection began, is being
/// closed, has ended), and a satellite's verdict comes back to the spine as a raised fact. Satellites never see the
/// spine, and nothing in here knows a clock, a socket or a byte.
///
/// Every frame goes through ``handle(_:_:)``; there is no way around it.
public struct Kernel: Machine {
    /// What the connection is.
    public internal(set) var lifecycle: Lifecycle
    /// Whether the peer is alive.
    public internal(set) var keepalive: Keepalive
    /// What waits for the consumer.
    public internal(set) var inbound: Inbound
    /// What waits for the network.
    public internal(set) var outbound: Outbound
    /// What waits for a pong.
    public internal(set) var pings: PingTable
    /// Who waits for the connection to be ready, or closed.
    public internal(set) var promises: PromiseLedger
    /// What waits to be posted.
    public internal(set) var outbox: Outbox
    /// How fast it may; nil: as fast as it can.
    public internal(set) var limiter: RateLimiter?
    /// What waits for an answer.
    public internal(set) var requests: RequestTable
    /// Who we are to the server.
    public internal(set) var authentication: Authentication
    /// What the caller is subscribed to.
    public internal(set) var subscriptions: SubscriptionTable
    /// Why the last attempt ended; nil if none has.
    public internal(set) var termination: TerminationCause?
    /// When the present attempt got how far.
    package internal(set) var history = History()

    /// When an attempt got how far.
    package struct History: Hashable, Sendable {
        /// When the WebSocket connection was open; nil if it never was.
        package var opened: Instant?
        /// When the last byte of the server came; nil if none ever did.
        package var heard: Instant?
    }

    /// A connection that nobody has asked for yet. `seed` makes the backoff's jitter and the pings' tokens; the first
    /// attempt follows `attempt`, which is another's where one connection is to take the place of another.
    public init(route: Lifecycle.Route, policy: Policy, seed: UInt64, after attempt: AttemptID = .whole) {
        lifecycle = Lifecycle(route: route, policy: policy, seed: seed, after: attempt)
        keepalive = Keepalive(policy.keepalive)
        inbound = Inbound(policy.inbound)
        outbound = Outbound(policy.outbound)
        pings = PingTable(maximum: policy.maximumPendingPings, timeout: policy.timeouts.pong, seed: seed)
        promises = PromiseLedger(maximum: policy.maximumWaiters)
        outbox = Outbox(policy.outbox)
        limiter = policy.rateLimit.map { RateLimiter($0) }
        requests = RequestTable(policy.requests)
        authentication = Authentication(
            policy.authentication, maximum: policy.maximumWaiters, timeout: policy.timeouts.authenticate)
        subscriptions = SubscriptionTable(policy.subscriptions)
    }

    /// The spine's path.
    public var path: [String] { lifecycle.path }

    /// The attempt under way, or the last one.
    public var attempt: AttemptID { lifecycle.attempt }

    /// Every limit and timeout.
    public var policy: Policy { lifecycle.policy }

    /// The leaf of the spine's chart that it is in.
    public var standing: Lifecycle.Standing { lifecycle.standing }

    /// What a step was, without its effects.
    @frozen
    public struct Advance: Sendable {
        /// The row that decided.
        public var rule: KernelRule
        /// Where the spine stood.
        public var from: Lifecycle.Standing
        /// Where it stands.
        public var to: Lifecycle.Standing
    }

    /// State × event → state′ × effects.
    @inline(__always)
    public mutating func handle(_ occurrence: Occurrence, _ out: inout Effects<Effect>) -> KernelRule {
        let now = occurrence.at
        return switch occurrence.event {
        case .fact(let attempt, .received(let frame)): receive(attempt, frame, now, &out)
        case .command(let operation, .send(let part, _, let count)): send(operation, part, count, now, &out)
        case .heard(let attempt, _): hear(attempt, now, &out)
        case .wrote(let attempt, let count, let remaining): wrote(attempt, count, remaining, now, &out)
        case .dropped(let attempt, let count):
            attempt == self.attempt ? .outbound(outbound.handle(.dropped(count: count), &out)) : .stale
        case .answered(let attempt, let operation): answered(attempt, operation, now, &out)
        case .consumed(let messages, let bytes): consume(.consumed(messages: messages, bytes: bytes), now, &out)
        case .consumerLeft: consume(.consumerLeft, now, &out)
        case .fact(let attempt, let fact): move(.fact(attempt, fact), now, &out)
        case .authentication(let attempt, let word): hear(attempt, word, now, &out)
        case .subscription(let attempt, let id, let word): hear(attempt, id, word, now, &out)
        case .tokensGranted(let attempt, let ticket): grant(attempt, ticket, now, &out)
        case .fired(let attempt, let timer): fire(attempt, timer, now, &out)
        case .command(let operation, let command): obey(operation, command, now, &out)
        case .abandoned(let operation): forget(operation, now, &out)
        }
    }

    /// ``handle(_:_:)``, and where the spine stood before and after it.
    public mutating func advance(_ occurrence: Occurrence, _ out: inout Effects<Effect>) -> Advance {
        let before = lifecycle.standing
        let rule = handle(occurrence, &out)
        return Advance(rule: rule, from: before, to: lifecycle.standing)
    }
}

// MARK: - The data path

extension Kernel {
    /// A frame goes through the spine, and what the spine lets through to the satellite that keeps account of it.
    @inline(__always)
    private mutating func receive(
        _ attempt: AttemptID, _ frame: Frame, _ now: Instant, _ out: inout Effects<Effect>
    ) -> KernelRule {
        // Patterns, not ==: that would compare the rules' names.
        switch frame {
        case .message(let kind, let count):
            let row = lifecycle.handle(.fact(attempt, .received(.message(kind, count: count))), &out)
            switch row {
            case .deliver, .deliverWhileClosing: return take(row, kind, count, &out)
            case let other: return followed(other, now, &out)
            }
        case .ping:
            let row = lifecycle.handle(.fact(attempt, .received(frame)), &out)
            guard case .answerPing = row else { return followed(row, now, &out) }
            _ = outbound.handle(.pingCame, &out)
            return .lifecycle(row)
        case .pong(let token):
            let row = lifecycle.handle(.fact(attempt, .received(frame)), &out)
            guard case .notePong = row else { return followed(row, now, &out) }
            return .pings(pings.handle(.ponged(token, at: now), &out))
        case .fragment, .close: return move(.fact(attempt, .received(frame)), now, &out)
        }
    }

    /// The message is entered. Where reading stops for a slow consumer, the keepalive is told: it can't judge a silence
    /// of our own making.
    @inline(__always)
    private mutating func take(
        _ row: Lifecycle.Rule, _ kind: MessageKind, _ count: Int, _ out: inout Effects<Effect>
    ) -> KernelRule {
        let account = inbound.handle(.arrived(kind, count: count), &out)
        if case .take = account { return .lifecycle(row) }
        if case .pause = account { _ = keepalive.handle(.paused, &out) }
        return .inbound(account)
    }

    @inline(__always)
    private mutating func consume(_ event: Inbound.Event, _ now: Instant, _ out: inout Effects<Effect>) -> KernelRule {
        let account = inbound.handle(event, &out)
        if case .resume = account { _ = keepalive.handle(.resumed(at: now), &out) }
        return .inbound(account)
    }

    @inline(__always)
    private mutating func send(
        _ operation: OperationID, _ part: Outbound.Part, _ count: Int, _ now: Instant, _ out: inout Effects<Effect>
    ) -> KernelRule {
        let row = lifecycle.handle(.command(operation, .use(.now)), &out)
        guard case .admit = row else { return .lifecycle(row) }
        let offer = outbound.handle(.offered(operation, bytes: Self.frameBytes(count), part), &out)
        if !outbox.isEmpty { dispatch(now, &out) }
        return .outbound(offer)
    }

    /// How long the frame of a message of `count` payload bytes is on the wire.
    @inline(__always)
    static func frameBytes(_ count: Int) -> Int {
        count.saturatingPlus(FrameHeader.encodedCount(payloadCount: count, isMasked: true))
    }

    /// Where the system has taken bytes that it refused before, the peer has acknowledged some: it lives.
    @inline(__always)
    private mutating func wrote(
        _ attempt: AttemptID, _ count: Int, _ remaining: Int, _ now: Instant, _ out: inout Effects<Effect>
    ) -> KernelRule {
        guard attempt == self.attempt else { return .stale }
        if outbound.leftover > 0, count > 0 { _ = keepalive.handle(.heard(at: now), &out) }
        if remaining == 0 { _ = pings.handle(.written, &out) }
        let account = outbound.handle(.wrote(count: count, remaining: remaining), &out)
        if !outbox.isEmpty { noteWritten(now, &out) }
        return .outbound(account)
    }

    @inline(__always)
    private mutating func hear(_ attempt: AttemptID, _ now: Instant, _ out: inout Effects<Effect>) -> KernelRule {
        guard attempt == self.attempt else { return .stale }
        history.heard = now
        return .keepalive(keepalive.handle(.heard(at: now), &out))
    }
}
