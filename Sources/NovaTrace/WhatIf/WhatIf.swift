import NovaKernel
import NovaMachine
import NovaWire

/// Runs a recording under another policy: the caller does what it did when it did, and the network and the server do what
/// they did at those moments; what the machine decides, and when its timers fire, follows from the policy.
///
/// What can't be known is supposed: an attempt that was never made meets what the last one before that moment met; a ping
/// that was never sent is answered if the server was heard afterwards; what is written is taken at once; where the caller's
/// own function was not asked so often, it says again what it said last, and where it never was, the cap of the backoff
/// holds.
public enum WhatIf {
    /// How long after the recording's end the story is followed.
    public static let horizon = Duration.seconds(600)

    /// The recording that `trace` would have been under `policy`. Throws if the trace has words that can't be read.
    ///
    /// The world is known up to the first step that this machine decides otherwise than the one that wrote the trace;
    /// ``Replay`` finds it.
    public static func run(_ trace: Trace, under policy: Policy) throws(WordError) -> Trace {
        let world = try RecordedWorld(trace)
        var header = TraceHeader(
            seed: UInt64(trace.header.seed) ?? 0, route: Lifecycle.Route(rawValue: trace.header.route), policy: policy,
            chart: Kernel.chartDigest)
        header.began = trace.header.began
        var run = try WhatIfRun(world, header)
        run.go()
        return Trace(header: header, steps: run.steps)
    }
}

/// A run in its own time.
struct WhatIfRun {
    private enum Item {
        case event(Event)
        /// The timer, if it is still this arming of it.
        case timer(Timer, AttemptID, arming: UInt64)
    }

    private let world: RecordedWorld
    private var kernel: Kernel
    private var now = Instant.zero
    /// What the caller will do, and what will come on the open connection: in order, and thousands of them.
    private var calls: ArraySlice<(at: Instant, event: Event)> = []
    private var stream: ArraySlice<(at: Instant, event: Event)> = []
    /// What else will happen: a few things at a time.
    private var agenda: [(at: Instant, number: UInt64, item: Item)] = []
    private var number: UInt64 = 0
    private var armings: [Timer: UInt64] = [:]
    private var present: RecordedWorld.Attempt?
    private var opened: Instant?
    /// What the caller's own function will say, the last of it again and again.
    private var delays: [Duration?]
    private(set) var steps: [TraceStep] = []
    /// More steps than these are not taken.
    private static let mostSteps = 1_000_000

    init(_ world: RecordedWorld, _ header: TraceHeader) throws(WordError) {
        self.world = world
        kernel = try header.makeKernel()
        delays = world.delays
        calls = world.calls[...]
    }

    mutating func go() {
        let end = world.end.advanced(by: WhatIf.horizon)
        while kernel.standing != .closed, steps.count < Self.mostSteps, let next = takeNext(), next.at <= end {
            now = max(now, next.at)
            switch next.item {
            case .event(let event): handle(event)
            case .timer(let timer, let attempt, let arming):
                guard armings[timer] == arming else { continue }
                armings[timer] = nil
                handle(.fired(attempt, timer))
            }
        }
    }

    /// Of what happens at one moment, the stream comes before the caller, and both before what follows from them.
    private mutating func takeNext() -> (at: Instant, item: Item)? {
        let first = agenda.indices.min { (agenda[$0].at, agenda[$0].number) < (agenda[$1].at, agenda[$1].number) }
        let moments = [stream.first?.at, calls.first?.at, first.map { agenda[$0].at }].compactMap(\.self)
        guard let moment = moments.min() else { return nil }
        if stream.first?.at == moment { return stream.popFirst().map { ($0.at, .event($0.event)) } }
        if calls.first?.at == moment { return calls.popFirst().map { ($0.at, .event($0.event)) } }
        guard let first else { return nil }
        let next = agenda.remove(at: first)
        return (next.at, next.item)
    }

    private mutating func enter(_ item: Item, at moment: Instant) {
        number += 1
        agenda.append((moment, number, item))
    }

    private mutating func enter(_ event: Event, at moment: Instant) { enter(.event(event), at: moment) }

    private mutating func enter(_ fact: Lifecycle.Fact, after delay: Duration) {
        enter(.fact(kernel.attempt, fact), at: now.advanced(by: delay))
    }

    // MARK: Steps

    private mutating func handle(_ event: Event) {
        var events = [event]
        while !events.isEmpty {
            let occurrence = Occurrence(events.removeFirst(), at: now)
            let before = kernel.lifecycle.stateText
            let step = kernel.handle(occurrence)
            steps.append(
                TraceStep(
                    occurrence, number: UInt64(steps.count + 1), origin: .zero, before: before, step.rule,
                    step.effects, after: kernel))
            var raised: [Event] = []
            for effect in step.effects.array { perform(effect, &raised) }
            if case .lifecycle(.established) = step.rule { openStream() }
            events = raised + events
        }
    }

    private mutating func perform(_ effect: Effect, _ raised: inout [Event]) {
        switch effect {
        case .raise(let attempt, let fact): raised.append(.fact(attempt, fact))
        case .arm(let attempt, let timer, let duration):
            number += 1
            armings[timer] = number
            agenda.append((now.advanced(by: duration), number, .timer(timer, attempt, arming: number)))
        case .disarm(let timer): armings[timer] = nil
        case .resolve:
            present = world.attempt(at: now)
            opened = nil
            answer(present?.resolve)
        case .dial: answer(present?.dial)
        case .secure: answer(present?.secure)
        case .upgrade: for reply in present?.upgrade ?? [] { answer(reply) }
        case .transmit, .dispatch, .pong, .replacePong, .hastenClose: write()
        case .ping(_, let token):
            write()
            answerPing(token)
        case .sendClose(_, let code, _):
            write()
            answerClose(code)
        case .askDelay: answerDelay()
        case .askTokens(let attempt, let ticket, _): enter(.tokensGranted(attempt, ticket: ticket), at: now)
        case .tunnel, .release, .deliver, .pauseReading, .resumeReading, .authenticate, .subscribe, .unsubscribe, .tell,
            .settle, .report, .returnTokens:
            break
        }
    }

    // MARK: The world

    private mutating func answer(_ reply: (after: Duration, fact: Lifecycle.Fact)?) {
        if let reply { enter(reply.fact, after: reply.after) }
    }

    /// Without an answer the timer runs that the kernel has armed with the cap.
    private mutating func answerDelay() {
        guard let delay = delays.first else { return }
        if delays.count > 1 { delays.removeFirst() }
        enter(.delayChosen(delay), after: .zero)
    }

    private mutating func write() {
        let count = max(1, kernel.outbound.queued)
        enter(.wrote(kernel.attempt, count: count, remaining: 0), at: now)
    }

    private mutating func openStream() {
        opened = now
        let attempt = kernel.attempt
        stream =
            (present?.stream ?? []).map { item in
                let event: Event =
                    switch item.event {
                    case .heard(_, let count): .heard(attempt, count: count)
                    case .fact(_, let fact): .fact(attempt, fact)
                    case .answered(_, let operation): .answered(attempt, operation)
                    case .authentication(_, let word): .authentication(attempt, word)
                    case .subscription(_, let id, let word): .subscription(attempt, id, word)
                    default: item.event
                    }
                return (now.advanced(by: item.after), event)
            }[...]
    }

    /// How long an answer of the server takes now: as long as a pong did, or else the making of the transport; nil if it
    /// was not alive any more.
    private var answerTime: Duration? {
        guard let present, let opened, RecordedWorld.isAlive(present, after: now.since(opened)) else { return nil }
        return max(present.roundTrip ?? present.dial?.after ?? .zero, .microseconds(1))
    }

    private mutating func answerPing(_ token: PingToken) {
        guard let time = answerTime else { return }
        enter(.heard(kernel.attempt, count: 10), at: now.advanced(by: time))
        enter(.received(.pong(token)), after: time)
    }

    private mutating func answerClose(_ code: CloseCode) {
        guard let time = answerTime else { return }
        enter(.received(.close(code)), after: time)
        enter(.transportEnded(.endOfStream), after: time)
    }
}
