import NovaMachine

extension Authentication {
    /// The statechart of the authentication, explored from its code with a policy and without one.
    public static let chart = Result { () throws(UnboundedMachine) in
        try Chart("Authentication", initial: samples, exploring: exploration)
    }

    /// Everything it can become; which exchange it is does not matter, only whether it is the last; when
    /// credentials are renewed is only told.
    public static var exploration: Exploration<Authentication> {
        Exploration(from: samples, alphabet: { $0.alphabet }, representative: { $0.folded })
    }

    private static let samples = [
        Authentication(AuthenticationPolicy(), maximum: 2, timeout: .seconds(10)),
        Authentication(nil, maximum: 2, timeout: .seconds(10)),
    ]

    private static let now = Instant.zero.advanced(by: .seconds(1000))

    /// 1 and 2 want to be authenticated anew; of 9 nobody has heard.
    private var alphabet: [Exemplar<Event>] {
        let late = Self.now.advanced(by: .seconds(1000))
        let words = [exchange, exchange &- 1].flatMap { number -> [Exemplar<Event>] in
            [
                Exemplar("presented", .presented(exchange: number)),
                Exemplar("accepted", .accepted(exchange: number, validFor: nil, at: Self.now)),
                Exemplar("accepted", .accepted(exchange: number, validFor: .seconds(100), at: Self.now)),
            ]
                + AuthenticationFault.allCases.flatMap { fault in
                    [Self.now, late].map { Exemplar("failed", .failed(exchange: number, fault, at: $0)) }
                }
        }
        let demands: [Exemplar<Event>] = [1, 2, 3].map { OperationID($0) }.filter { !waiting.contains($0) }.map {
            Exemplar("demanded", .demanded($0))
        }
        return words + demands + [
            Exemplar("began", .began(AttemptID(1))), Exemplar("abandoned", .abandoned(OperationID(1))),
            Exemplar("abandoned", .abandoned(OperationID(9))), Exemplar("fired.refresh", .fired(at: Self.now)),
            Exemplar("fired.refresh", .fired(at: late)), Exemplar("ended", .ended(.connectionLost)),
        ]
    }

    private var folded: Authentication {
        var folded = self
        folded.exchange = min(exchange, 2)
        folded.renewal = nil
        return folded
    }
}
