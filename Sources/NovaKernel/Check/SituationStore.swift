/// A situation as numbers of its parts: all that are reached are kept.
struct PackedSituation: Hashable, Sendable {
    var spineAndEnd: UInt64
    var keepaliveAndInbound: UInt64
    var outboundAndPings: UInt64
    var promisesAndWorld: UInt64
    var posts: UInt64
    var session: UInt32
}

/// The parts of all situations of one kernel, each kept once.
struct SituationStore {
    private struct Spine: Hashable {
        var state: Lifecycle.State
        var attempt: AttemptID
        var failures: UInt32
        var outage: Lifecycle.Outage
    }

    private struct End: Hashable {
        var termination: TerminationCause?
        var history: Kernel.History
    }

    private struct Answers: Hashable {
        var limiter: RateLimiter?
        var requests: RequestTable
    }

    private struct Session: Hashable {
        var authentication: Authentication
        var subscriptions: SubscriptionTable
    }

    private let blank: Kernel
    private var spines = Interned<Spine>()
    private var ends = Interned<End>()
    private var keepalives = Interned<Keepalive>()
    private var inbounds = Interned<Inbound>()
    private var outbounds = Interned<Outbound>()
    private var pings = Interned<PingTable>()
    private var promises = Interned<PromiseLedger>()
    private var worlds = Interned<World>()
    private var outboxes = Interned<Outbox>()
    private var answers = Interned<Answers>()
    private var sessions = Interned<Session>()

    init(_ blank: Kernel) { self.blank = blank }

    mutating func pack(_ situation: Situation) -> PackedSituation {
        let kernel = situation.kernel
        let spine = Spine(
            state: kernel.lifecycle.state, attempt: kernel.attempt, failures: kernel.lifecycle.failures,
            outage: kernel.lifecycle.outage)
        let end = End(termination: kernel.termination, history: kernel.history)
        return PackedSituation(
            spineAndEnd: Self.pair(spines.number(of: spine), ends.number(of: end)),
            keepaliveAndInbound: Self.pair(
                keepalives.number(of: kernel.keepalive), inbounds.number(of: kernel.inbound)),
            outboundAndPings: Self.pair(outbounds.number(of: kernel.outbound), pings.number(of: kernel.pings)),
            promisesAndWorld: Self.pair(
                promises.number(of: kernel.promises), worlds.number(of: situation.world)),
            posts: Self.pair(
                outboxes.number(of: kernel.outbox),
                answers.number(of: Answers(limiter: kernel.limiter, requests: kernel.requests))),
            session: sessions.number(
                of: Session(authentication: kernel.authentication, subscriptions: kernel.subscriptions)))
    }

    func unpack(_ packed: PackedSituation) -> Situation {
        var kernel = blank
        let spine = spines[Self.first(packed.spineAndEnd)]
        kernel.lifecycle.state = spine.state
        kernel.lifecycle.attempt = spine.attempt
        kernel.lifecycle.failures = spine.failures
        kernel.lifecycle.outage = spine.outage
        let end = ends[Self.second(packed.spineAndEnd)]
        kernel.termination = end.termination
        kernel.history = end.history
        kernel.keepalive = keepalives[Self.first(packed.keepaliveAndInbound)]
        kernel.inbound = inbounds[Self.second(packed.keepaliveAndInbound)]
        kernel.outbound = outbounds[Self.first(packed.outboundAndPings)]
        kernel.pings = pings[Self.second(packed.outboundAndPings)]
        kernel.promises = promises[Self.first(packed.promisesAndWorld)]
        kernel.outbox = outboxes[Self.first(packed.posts)]
        let answer = answers[Self.second(packed.posts)]
        kernel.limiter = answer.limiter
        kernel.requests = answer.requests
        let session = sessions[packed.session]
        kernel.authentication = session.authentication
        kernel.subscriptions = session.subscriptions
        return Situation(kernel: kernel, world: worlds[Self.second(packed.promisesAndWorld)])
    }

    private static func pair(_ first: UInt32, _ second: UInt32) -> UInt64 { UInt64(first) << 32 | UInt64(second) }
    private static func first(_ pair: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: pair >> 32) }
    private static func second(_ pair: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: pair) }
}
