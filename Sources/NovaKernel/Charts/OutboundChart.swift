import NovaMachine

extension Outbound {
    /// The statechart of the outbound account, explored from its code with room for two bytes and two sends in line.
    public static let chart = Result { () throws(UnboundedMachine) in
        try Chart("Outbound", initial: [sample], exploring: exploration)
    }

    /// Everything the account can become.
    public static var exploration: Exploration<Outbound> {
        Exploration(from: [sample], alphabet: { _ in alphabet }, representative: { $0.folded })
    }

    private static var sample: Outbound {
        var limits = OutboundLimits()
        limits.maximumBytes = 2
        limits.maximumWaitingSends = 2
        limits.maximumQueuedPongs = 1
        return Outbound(limits)
    }

    /// 1 is a message in fragments, 2 whole messages, 3 a flush; of 9 nobody has heard.
    private static let alphabet: [Exemplar<Event>] = [
        Exemplar("began", .began(AttemptID(1))),
        Exemplar("offered.whole", .offered(OperationID(2), bytes: 1, .whole)),
        Exemplar("offered.whole", .offered(OperationID(2), bytes: 3, .whole)),
        Exemplar("offered.first", .offered(OperationID(1), bytes: 1, .first)),
        Exemplar("offered.next", .offered(OperationID(4), bytes: 1, .next(OperationID(1)))),
        Exemplar("offered.next", .offered(OperationID(4), bytes: 1, .next(OperationID(9)))),
        Exemplar("offered.last", .offered(OperationID(5), bytes: 1, .last(OperationID(1)))),
        Exemplar("offered.last", .offered(OperationID(5), bytes: 1, .last(OperationID(9)))),
        Exemplar("flush", .flush(OperationID(3))), Exemplar("wrote", .wrote(count: 1, remaining: 0)),
        Exemplar("wrote", .wrote(count: 1, remaining: 1)), Exemplar("wrote", .wrote(count: 0, remaining: 1)),
        Exemplar("dropped", .dropped(count: 0)), Exemplar("dropped", .dropped(count: 1)),
        Exemplar("pingCame", .pingCame), Exemplar("abandoned", .abandoned(OperationID(1))),
        Exemplar("abandoned", .abandoned(OperationID(2))), Exemplar("abandoned", .abandoned(OperationID(3))),
        Exemplar("abandoned", .abandoned(OperationID(4))), Exemplar("abandoned", .abandoned(OperationID(9))),
        Exemplar("closing", .closing), Exemplar("ended", .ended),
    ]

    /// The same account with small numbers: bytes count from the first that is not written.
    var folded: Outbound {
        var folded = self
        let written = accepted - min(accepted, UInt64(queued))
        folded.accepted = accepted - written
        folded.flushes = flushes.map { Flush(operation: $0.operation, mark: $0.mark - min($0.mark, written)) }
        folded.unsent = min(unsent, 1)
        folded.leftover = min(leftover, 1)
        return folded
    }
}
