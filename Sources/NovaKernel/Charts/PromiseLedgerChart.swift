import NovaMachine

extension PromiseLedger {
    /// The statechart of the ledger of promises, explored from its code with room for two.
    public static let chart = Result { () throws(UnboundedMachine) in
        try Chart("PromiseLedger", initial: [PromiseLedger(maximum: 2)], exploring: exploration)
    }

    /// Everything the ledger can become.
    public static var exploration: Exploration<PromiseLedger> {
        Exploration(from: [PromiseLedger(maximum: 2)], alphabet: { _ in alphabet })
    }

    private static let alphabet: [Exemplar<Event>] = [
        Exemplar("awaitReady", .awaitReady(OperationID(1))), Exemplar("awaitClosed", .awaitClosed(OperationID(2))),
        Exemplar("becameReady", .becameReady), Exemplar("becameClosed", .becameClosed),
        Exemplar("abandoned", .abandoned(OperationID(1))), Exemplar("abandoned", .abandoned(OperationID(2))),
        Exemplar("abandoned", .abandoned(OperationID(9))),
    ]
}
