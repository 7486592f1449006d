import NovaMachine

extension SubscriptionTable {
    /// The statechart of the table of subscriptions, explored from its code with room for two.
    public static let chart = Result { () throws(UnboundedMachine) in
        try Chart("SubscriptionTable", initial: [sample], exploring: exploration)
    }

    /// Everything the table can become; when something was does not matter, only how long ago.
    public static var exploration: Exploration<SubscriptionTable> {
        Exploration(from: [sample], alphabet: { $0.alphabet }, representative: { $0.folded })
    }

    private static var sample: SubscriptionTable {
        var limits = SubscriptionLimits()
        limits.maximumSubscriptions = 2
        return SubscriptionTable(limits)
    }

    private static let now = Instant.zero.advanced(by: .seconds(1000))

    /// 1 may be silent until somebody is stricter, 2 and 3 for two seconds only; all must be answered within one.
    private var alphabet: [Exemplar<Event>] {
        let ids: [SubscriptionID] = [1, 2, 3].map { SubscriptionID($0) }
        let waiting = entries.flatMap(\.waiting)
        let wishes: [Exemplar<Event>] = ids.flatMap { id -> [Exemplar<Event>] in
            let callers = [1, 2, 3].map { OperationID($0) }.filter { !waiting.contains($0) }
            let times: [UInt32] = id.number == 1 ? [0, 2000, 1000] : [2000]
            let terms = times.map { SubscriptionTerms(answerMilliseconds: 1000, freshnessMilliseconds: $0) }
            let wanted = callers.prefix(1).flatMap { caller in
                terms.map { Exemplar("wanted", Event.wanted(caller, id, $0, at: Self.now)) }
            }
            return wanted + [Exemplar("unwanted", .unwanted(OperationID(7), id))]
        }
        let words: [Exemplar<Event>] = [1, 2, 9].map { SubscriptionID($0) }.flatMap { id -> [Exemplar<Event>] in
            Answer.allCases.map { Exemplar("answered.\($0.rawValue)", .answered(id, $0, at: Self.now)) }
                + [Exemplar("heard", .heard(id, at: Self.now))]
        }
        let timers: [Exemplar<Event>] = [0, 1, 2].flatMap { second -> [Exemplar<Event>] in
            let now = Self.now.advanced(by: .seconds(second))
            return [
                Exemplar("fired.subscription", .firedRequest(at: now)),
                Exemplar("fired.freshness", .firedFreshness(at: now)),
            ]
        }
        return wishes + words + timers + [
            Exemplar("began", .began(AttemptID(1), at: Self.now)), Exemplar("abandoned", .abandoned(OperationID(1))),
            Exemplar("abandoned", .abandoned(OperationID(9))), Exemplar("ended", .ended(at: Self.now, isFinal: false)),
            Exemplar("ended.final", .ended(at: Self.now, isFinal: true)), Exemplar("closed", .closed),
        ]
    }

    /// What was heard of one that is not confirmed is not looked at.
    private var folded: SubscriptionTable {
        var folded = self
        for index in entries.indices where entries[index].status != .confirmed { folded.entries[index].heard = .zero }
        return folded
    }
}
