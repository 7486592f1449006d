import NovaKernel

extension Explanation {
    /// The story of each end that a trace tells, in order. Ends before the first step that this machine decides
    /// otherwise than the one that wrote the trace; ``Replay`` finds it.
    public static func of(_ trace: Trace) throws(WordError) -> [Explanation] {
        var story = TraceStory(try trace.header.makeKernel().policy)
        try trace.walk { story.add($0) }
        return story.finish()
    }

    /// The story of a connection as it stood at the end of a trace, if that was not the end of an attempt.
    public static func standing(at trace: Trace) throws(WordError) -> Explanation? {
        var chain = Chain(try trace.header.makeKernel().policy)
        var last: (kernel: Kernel, at: Instant)?
        try trace.walk { step in
            chain.add(step.record)
            last = (step.kernel, step.record.at)
        }
        return last.flatMap { $0.kernel.hasEnded ? nil : Explanation(of: $0.kernel, at: $0.at, chain) }
    }

    /// The story of an end from the machine's account and the last steps before it. `policy` is the connection's, where
    /// it is known. Whether another attempt follows is as the account says.
    public init(_ cause: TerminationCause, records: [FlightRecorder.Record], policy: Policy? = nil) {
        var chain = Chain(policy)
        for record in records { chain.add(record) }
        let end = records.isEmpty ? Instant.zero.advanced(by: cause.openFor ?? .zero) : chain.last
        self.init(cause, chain, at: end, policy, .asToldByCause)
    }

    /// The story of a connection as it stands. Of one that has ended, the machine's account tells more.
    public init(of kernel: Kernel, at now: Instant, records: [FlightRecorder.Record]) {
        var chain = Chain(kernel.policy)
        for record in records { chain.add(record) }
        self.init(of: kernel, at: now, chain)
    }

    private init(of kernel: Kernel, at now: Instant, _ chain: Chain) {
        var items = chain.items(unansweredPings: kernel.pings.pending.count)
        let base = Self.base(chain, kernel.attempt, opened: kernel.history.opened, &items)
        let ordered = items.enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }
        let isPaused = kernel.inbound.state == .paused
        self.init(
            sentence: kernel.present(now),
            chain: ordered.map { Moment($0.element, base) } + [Moment(at: now.since(base), text: kernel.waiting)],
            advice: isPaused
                ? "Take messages: reading goes on when half of those that may wait are taken."
                : "Nothing has to be mended.",
            ruledOut: [], attempt: kernel.attempt, cause: nil)
    }
}

/// The ends of a trace: each is told when it is known what followed.
private struct TraceStory {
    private let policy: Policy
    private var chain: Chain
    private var told: [Explanation] = []
    /// The last end, what led to it, and how long is waited after it.
    private var open: (cause: TerminationCause, chain: Chain, at: Instant, delay: Duration?)?

    init(_ policy: Policy) {
        self.policy = policy
        chain = Chain(policy)
    }

    mutating func add(_ step: Walked) {
        if case .lifecycle(let rule) = step.record.rule, rule.beginsAttempt { tell(.attempt(at: step.record.at)) }
        chain.add(step.record)
        if step.endsAttempt, let cause = step.kernel.termination {
            if let last = open, last.cause.ending == cause.ending, last.cause.attempt == cause.attempt {
                open?.cause = cause  // the same end; only now it is certain that it is the last
                open?.chain = chain
            } else {
                tell(.givenUp(at: step.record.at))
                open = (cause, chain, step.record.at, nil)
            }
        }
        for case .arm(_, .backoff, let delay) in step.effects { open?.delay = delay }
    }

    private mutating func tell(_ sequel: Explanation.Sequel) {
        guard let last = open else { return }
        told.append(Explanation(last.cause, last.chain, at: last.at, policy, sequel))
        open = nil
    }

    mutating func finish() -> [Explanation] {
        tell(open?.delay.map { .due(after: $0) } ?? .asToldByCause)
        return told
    }
}

extension Kernel {
    /// Whether there is no connection any more, and none is being made.
    package var hasEnded: Bool { standing == .backingOff || standing == .closed }

    /// What the connection is, in a sentence.
    fileprivate func present(_ now: Instant) -> String {
        let before = lifecycle.failures == 0 ? "" : " \(counted(lifecycle.failures, "attempt")) before it failed."
        switch lifecycle.state {
        case .idle: return "Nothing has been asked of this connection yet."
        case .connecting(let stage):
            let phase = stage.path
            return "The connection is \(phase).\(before) Nothing has ended."
        case .open:
            let open = history.opened.map { " has been open for \(now.since($0).told)" } ?? " is open"
            let heard = history.heard.map { "; the server was last heard \(now.since($0).told) ago" } ?? ""
            return "The connection\(open)\(heard). Nothing has ended."
        case .closing(let farewell):
            return switch farewell.stage {
            case .draining: "The connection is being closed: our close frame waits behind what was accepted before it."
            case .closeSent: "The connection is being closed: our close frame is sent, the server's is awaited."
            case .awaitingEnd where farewell.ending.receivedCode == nil:
                "The connection is being closed: the server broke the protocol, its end is awaited."
            case .awaitingEnd: "The connection is being closed: the server's close frame came, its end is awaited."
            }
        case .backingOff: return "There is no connection: the next attempt is waited for."
        case .closed: return "The connection is closed."
        }
    }

    /// What waits, as the last moment of a chain.
    fileprivate var waiting: String {
        var parts: [String] = []
        if outbound.queued > 0 { parts.append("\(counted(outbound.queued, "byte")) wait to be sent") }
        if outbound.waiting > 0 { parts.append("\(counted(outbound.waiting, "send")) wait for room") }
        if inbound.messages > 0 { parts.append("\(counted(inbound.messages, "message")) wait for the consumer") }
        if inbound.state == .paused { parts.append("reading is paused") }
        if pings.pending.count > 0 { parts.append("\(counted(pings.pending.count, "ping")) without an answer") }
        return "now: " + (parts.isEmpty ? "nothing waits" : parts.joined(separator: ", "))
    }
}

extension Lifecycle.Connecting {
    /// What the connection is doing, as the end of a sentence.
    fileprivate var path: String {
        switch self {
        case .resolving: Phase.resolving.words
        case .dialing: Phase.dialing.words
        case .tunnelling: Phase.tunnelling.words
        case .securing: Phase.securing.words
        case .upgrading: Phase.upgrading.words
        case .refused(let status, _): "being refused with status \(status)"
        }
    }
}
