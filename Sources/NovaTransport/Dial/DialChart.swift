import NovaMachine

extension Dial {
    /// The statechart of dialing, explored from its code with up to three addresses.
    public static let chart = Result { () throws(UnboundedMachine) in
        try Chart("Dial", initial: [Dial()], exploring: exploration)
    }

    /// Everything a dialing of up to three addresses can become.
    public static var exploration: Exploration<Dial> {
        Exploration(from: [Dial()], alphabet: { _ in alphabet })
    }

    private static let alphabet: [Exemplar<Event>] = {
        let second = Duration.seconds(1)
        let starts = [0, 1, 3].map { Exemplar("start", Event.start(count: $0, within: second)) }
        let facts = (0..<3).flatMap { index in
            [
                Exemplar("connected", Event.connected(index)),
                Exemplar("failed", .failed(index, errno: 111, left: second)),
                Exemplar("expired", .expired(index, left: second)),
            ]
        }
        return starts + facts + [Exemplar("cancel", .cancel)]
    }()
}
