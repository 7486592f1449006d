import NovaMachine

extension PingTable {
    /// The statechart of the table of pings, explored from its code with room for two.
    public static let chart = Result { () throws(UnboundedMachine) in
        try Chart("PingTable", initial: [sample], exploring: exploration)
    }

    /// Everything the table can become; which number a ping has does not matter, only which of them it is.
    public static var exploration: Exploration<PingTable> {
        Exploration(from: [sample], alphabet: { $0.alphabet }, representative: { $0.folded })
    }

    private static let sample = PingTable(maximum: 2, timeout: .seconds(5), seed: 1)

    private var alphabet: [Exemplar<Event>] {
        let facts: [Exemplar<Event>] = [0, 3, 6].flatMap { second -> [Exemplar<Event>] in
            let now = Instant.zero.advanced(by: .seconds(second))
            return [
                Exemplar("asked", .asked(OperationID(1), AttemptID(1), at: now)), Exemplar("probed", .probed(at: now)),
                Exemplar("fired.pong", .fired(at: now)),
            ]
        }
        let others: [Exemplar<Event>] = [
            Exemplar("ponged", .ponged(nil, at: .zero)), Exemplar("ponged", .ponged(nextToken, at: .zero)),
            Exemplar("abandoned", .abandoned(OperationID(1))), Exemplar("abandoned", .abandoned(OperationID(9))),
            Exemplar("written", .written), Exemplar("ended", .ended(.connectionLost)),
        ]
        return facts + others + pending.map { Exemplar("ponged", .ponged($0.token, at: .zero)) }
    }

    /// The same table with small numbers: how long ago a ping was, or the last that is written, matters up to the number
    /// that may wait.
    var folded: PingTable {
        let most = UInt64(maximum) + 1
        var folded = self
        folded.pending = []
        folded.count = most
        let last = most + UInt64(pending.count)
        for ping in pending {
            let number = last - min(count - ping.number, most)
            folded.pending.append(
                Pending(token: folded.nextToken, operation: ping.operation, sent: ping.sent, number: number))
            folded.count += 1
        }
        folded.written = last - min(count - written, most)
        return folded
    }
}
