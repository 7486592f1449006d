import NovaMachine

extension RequestTable {
    /// The statechart of the table of requests, explored from its code with room for two, and one remembered.
    public static let chart = Result { () throws(UnboundedMachine) in
        try Chart("RequestTable", initial: [sample], exploring: exploration)
    }

    /// Everything the table can become; when a request was made does not matter, only how long it still may wait.
    public static var exploration: Exploration<RequestTable> {
        Exploration(from: [sample], alphabet: { $0.alphabet })
    }

    private static var sample: RequestTable {
        var limits = RequestLimits()
        limits.maximumPending = 2
        limits.maximumRemembered = 1
        return RequestTable(limits)
    }

    private static let now = Instant.zero.advanced(by: .seconds(10))

    /// 1 waits a second, 2 and 3 wait two; of 9 nobody has heard.
    private var alphabet: [Exemplar<Event>] {
        let asks: [Exemplar<Event>] = [1, 2, 3].filter { !holds(OperationID($0)) }.map { number in
            Exemplar(
                "asked", .asked(OperationID(number), within: .seconds(min(Int(number), 2)), at: Self.now))
        }
        let about: [Exemplar<Event>] = [1, 2, 9].map { OperationID($0) }.flatMap { operation -> [Exemplar<Event>] in
            [
                Exemplar("sent", .sent(operation, at: Self.now)), Exemplar("returned", .returned(operation)),
                Exemplar("answered", .answered(operation, at: Self.now.advanced(by: .seconds(1)))),
                Exemplar("lost", .lost(operation, .connectionLost)), Exemplar("abandoned", .abandoned(operation)),
            ]
        }
        let timers: [Exemplar<Event>] = [0, 1, 2].map { second in
            Exemplar("fired.request", .fired(at: Self.now.advanced(by: .seconds(second))))
        }
        return asks + about + timers
    }
}
