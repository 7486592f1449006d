import NovaKernel
import NovaMachine

extension Rollover {
    /// The statechart of planned changes of connections, explored from its code with room for two who wait.
    package static let chart = Result { () throws(UnboundedMachine) in
        try Chart("Rollover", initial: [sample], exploring: exploration)
    }

    /// Everything a rollover can become; which numbers the legs have does not matter, only which of them is the session.
    package static var exploration: Exploration<Rollover> {
        Exploration(from: [sample], alphabet: { _ in alphabet }, representative: { $0.folded })
    }

    private static var sample: Rollover {
        var policy = RolloverPolicy()
        policy.maximumWaiters = 2
        return Rollover(policy)
    }

    private static let alphabet: [Exemplar<Event>] = {
        let (first, second, stranger) = (OperationID(1), OperationID(2), OperationID(9))
        let wishes = [
            Exemplar("asked", Event.asked(first, isReady: true)), Exemplar("asked", .asked(second, isReady: true)),
            Exemplar("asked", .asked(first, isReady: false)), Exemplar("abandoned", .abandoned(first)),
            Exemplar("abandoned", .abandoned(second)), Exemplar("abandoned", .abandoned(stranger)),
            Exemplar("closing", .closing),
        ]
        let facts = ([1, 2, 9] as [UInt32]).flatMap { leg in
            [
                Exemplar("ready", Event.ready(leg: leg)), Exemplar("fell", .fell(leg: leg)),
                Exemplar("closed", .closed(leg: leg)), Exemplar("finished", .finished(leg: leg)),
            ] + State.allCases.map { Exemplar("expired.\($0.rawValue)", .expired(leg: leg, $0)) }
        }
        return wishes + facts
    }()

    /// The same with small numbers: 1 is the older leg, 2 the newer.
    var folded: Rollover {
        var folded = self
        guard let other else {
            (folded.leg, folded.last) = (1, 1)
            return folded
        }
        (folded.leg, folded.other, folded.last) = leg < other ? (1, 2, 2) : (2, 1, 2)
        return folded
    }
}
