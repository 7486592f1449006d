import NovaMachine

extension Outbox {
    /// The statechart of the outbox, explored from its code with room for two messages.
    public static let chart = Result { () throws(UnboundedMachine) in
        try Chart("Outbox", initial: [sample], exploring: exploration)
    }

    /// Everything the outbox can become; when a message was posted does not matter, only how long it still may wait.
    public static var exploration: Exploration<Outbox> {
        Exploration(from: [sample], alphabet: { $0.alphabet }, representative: { $0.folded })
    }

    private static var sample: Outbox {
        var limits = OutboxLimits()
        limits.maximumMessages = 2
        limits.maximumBytes = 6
        return Outbox(limits)
    }

    private static let now = Instant.zero.advanced(by: .seconds(10))

    /// 1 is dropped with its connection, 2 is kept, 3 awaits an answer, 4 both; 5 is large; of 9 nobody has
    /// heard.
    private var alphabet: [Exemplar<Event>] {
        let terms: [(UInt64, Dispatch)] = [
            (1, Dispatch()), (2, Dispatch(retention: .keep(milliseconds: 2000))),
            (3, Dispatch(answerMilliseconds: 1000)),
            (4, Dispatch(retention: .keep(milliseconds: 1000), answerMilliseconds: 1000)), (5, Dispatch()),
        ]
        let posts: [Exemplar<Event>] = terms.filter { !holds(OperationID($0.0)) }.map { number, terms in
            Exemplar("posted", .posted(OperationID(number), bytes: min(Int(number), 4), terms, at: Self.now))
        }
        let operations = [1, 2, 3, 4, 5, 9].map { OperationID($0) }
        let about: [Exemplar<Event>] = operations.flatMap { operation -> [Exemplar<Event>] in
            [
                Exemplar("asked", .asked(operation)), Exemplar("permitted", .permitted(operation)),
                Exemplar("passed", .passed(operation, mark: 1)), Exemplar("withdrawn", .withdrawn(operation)),
                Exemplar("abandoned", .abandoned(operation)),
            ]
        }
        let facts: [Exemplar<Event>] = [
            Exemplar("written", .written(upTo: 0)), Exemplar("written", .written(upTo: 1)),
            Exemplar("closing", .closing(isFinal: false)), Exemplar("closing.final", .closing(isFinal: true)),
            Exemplar("closed", .closed), Exemplar("released", .released),
        ]
        return [0, 1, 2].reduce(posts + about + facts) { all, second in
            let now = Self.now.advanced(by: .seconds(second))
            return all + [Exemplar("fired.outbox", .fired(at: now)), Exemplar("ended", .ended(at: now))]
        }
    }

    /// The same with a few deadlines: none that has passed is earlier than another.
    private var folded: Outbox {
        var folded = self
        for index in items.indices {
            guard let deadline = items[index].deadline else { continue }
            folded.items[index].deadline = max(deadline, Self.now)
        }
        return folded
    }
}
