import NovaMachine
import NovaWire

extension Lifecycle {
    /// The spine's statechart, explored from its code under policies that between them use every row.
    public static let chart = Result { () throws(UnboundedMachine) in
        try Chart("Lifecycle", initial: samples, exploring: exploration)
    }

    /// Everything the spine can become.
    public static var exploration: Exploration<Lifecycle> {
        Exploration(from: samples, alphabet: { $0.alphabet }, representative: { $0.folded })
    }

    /// Connections that nobody has asked for yet: every route, and policies that between them decide either way on every ending.
    static var samples: [Lifecycle] {
        var bounded = Policy()
        bounded.reconnection = Reconnection(maximumAttempts: 3, maximumOutage: .seconds(60))
        var hasty = Policy()
        hasty.reconnection = Reconnection(maximumOutage: .seconds(60), reset: .whenReady)
        var asking = Policy()
        asking.reconnection = Reconnection(
            backoff: .custom(cap: .seconds(30)), table: RetryTable([RetryTable.Row(.any, .retry)]))
        return [
            Lifecycle(route: [.tls, .tunnel], policy: bounded, seed: 1),
            Lifecycle(route: .tls, policy: Policy(), seed: 1),
            Lifecycle(route: [], policy: hasty, seed: 1), Lifecycle(route: .tunnel, policy: asking, seed: 1),
        ]
    }

    /// Every kind of event, addressed to the present attempt, and one that comes from an attempt that is over.
    package var alphabet: [Exemplar<Event>] {
        let commands: [Exemplar<Event>] = [
            Exemplar("connect", .command(OperationID(1), .connect)),
            Exemplar("use", .command(OperationID(1), .use(.now))),
            Exemplar("use.early", .command(OperationID(1), .use(.early))),
            Exemplar("use.later", .command(OperationID(1), .use(.later))),
            Exemplar("late.use", .command(OperationID(1), .use(.now, of: AttemptID(attempt.number &+ 7)))),
            Exemplar("close", .command(OperationID(1), .close(.normalClosure))),
            Exemplar("fail", .command(OperationID(1), .fail(attempt, .policyViolation))),
            Exemplar("late.fail", .command(OperationID(1), .fail(AttemptID(attempt.number &+ 7), .policyViolation))),
        ]
        let facts = Self.facts.map { Exemplar($0.name, Event.fact(attempt, $0.event)) }
        let timers = Timer.allCases.filter { !$0.isOfSatellite }.map { timer in
            var owner = attempt
            if timer == .outage, case .running(let since) = outage { owner = since }
            return Exemplar("fired.\(timer.name)", Event.fact(owner, .fired(timer)))
        }
        let late = [Exemplar("late.dialed", Event.fact(AttemptID(attempt.number &+ 7), .dialed))]
        return commands + facts + timers + late
    }

    private static let facts: [Exemplar<Fact>] = [
        Exemplar("resolved", .resolved), Exemplar("resolveFailed", .resolveFailed(code: -2)),
        Exemplar("dialed", .dialed),
        Exemplar("dialFailed", .dialFailed(errno: 111)), Exemplar("tunnelled", .tunnelled),
        Exemplar("secured", .secured),
        Exemplar("upgraded", .upgraded), Exemplar("refused", .refused(status: 403, retryAfter: nil)),
        Exemplar("refused", .refused(status: 503, retryAfter: 5)), Exemplar("refusalEnded", .refusalEnded),
        Exemplar("upgradeFailed", .upgradeFailed(.acceptMismatch)), Exemplar("authenticated", .authenticated),
        Exemplar("authenticationFailed", .authenticationFailed(.refused)),
        Exemplar("authenticationFailed", .authenticationFailed(.unavailable)), Exemplar("restored", .restored),
        Exemplar("received.message", .received(.message(.text, count: 1))),
        Exemplar("received.fragment", .received(.fragment(count: 1))),
        Exemplar("received.ping", .received(.ping(count: 1))),
        Exemplar("received.pong", .received(.pong(nil))), Exemplar("received.close", .received(.close(.goingAway))),
        Exemplar("received.close", .received(.close(.policyViolation))), Exemplar("violated", .violated(.reservedBits)),
        Exemplar("messageAbandoned", .messageAbandoned), Exemplar("closeKept", .closeKept(.normalClosure)),
        Exemplar("progressed", .progressed),
        Exemplar("drained", .drained),
        Exemplar("transportEnded", .transportEnded(.endOfStream)),
        Exemplar("transportEnded", .transportEnded(.tls(.selfSigned))),
        Exemplar("transportEnded", .transportEnded(.tls(.alert(80)))), Exemplar("keepaliveExpired", .keepaliveExpired),
        Exemplar("delayChosen", .delayChosen(.seconds(1))), Exemplar("delayChosen", .delayChosen(nil)),
    ]

    /// The same with small numbers: which attempt it is does not matter, nor how many failures there were beyond a few.
    var folded: Lifecycle {
        var folded = self
        if attempt.number > 0 { folded.attempt = AttemptID(2) }
        folded.failures = min(failures, 4)
        if case .running(let since) = outage { folded.outage = .running(since: AttemptID(since == attempt ? 2 : 1)) }
        return folded
    }
}
