import NovaMachine

extension Keepalive {
    /// The statechart of the keepalive, explored from its code with a policy and without one.
    public static let chart = Result { () throws(UnboundedMachine) in
        try Chart("Keepalive", initial: samples, exploring: exploration)
    }

    /// Everything a keepalive can become at a few moments before, at and behind its interval and its timeout.
    public static var exploration: Exploration<Keepalive> {
        Exploration(from: samples, alphabet: { _ in alphabet })
    }

    private static let samples = [
        Keepalive(KeepalivePolicy(interval: .seconds(10), timeout: .seconds(5))), Keepalive(nil),
    ]

    private static let alphabet: [Exemplar<Event>] = [0, 4, 10, 15, 40].flatMap { second -> [Exemplar<Event>] in
        let now = Instant.zero.advanced(by: .seconds(second))
        return [
            Exemplar("began", .began(AttemptID(1), at: now)), Exemplar("heard", .heard(at: now)),
            Exemplar("fired.keepalive", .fired(at: now, PingToken(1))),
            Exemplar("fired.keepalive", .fired(at: now, nil)), Exemplar("paused", .paused),
            Exemplar("resumed", .resumed(at: now)), Exemplar("ended", .ended),
        ]
    }
}
