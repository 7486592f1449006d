import NovaKernel
import NovaWire

// What users, machines and server say of one connection, held against each other.

extension Simulation {
    func checkInbound(_ user: SimulatedUser, _ watch: LawWatch) {
        for (attempt, numbers) in user.taken.sorted(by: { $0.key < $1.key }) {
            for (index, number) in numbers.enumerated() where number != UInt32(index + 1) {
                broke(
                    .nothingLostInbound, user.index, "attempt \(attempt.number): \(number) came as number \(index + 1)")
                break
            }
        }
        let discarded = watch.causes.values.map(\.discardedMessages).max() ?? 0
        if user.takenCount > watch.delivered || watch.delivered - user.takenCount > Int(discarded) {
            broke(
                .nothingLostInbound, user.index,
                "\(watch.delivered) were handed over, \(user.takenCount) taken, \(discarded) discarded")
        }
    }

    func checkOutbound(_ user: SimulatedUser, _ watch: LawWatch) {
        for connection in seen where connection.user == user.index {
            let attempt = watch.accepted.first { entry in
                connection.received.first.map { entry.value.contains($0) } ?? false
            }
            if let first = connection.received.first, attempt == nil {
                broke(.orderKeptOutbound, user.index, "the server has got \(first), which was not accepted")
            }
            if let attempt, !attempt.value.starts(with: connection.received) {
                broke(.orderKeptOutbound, user.index, "accepted \(attempt.value), received \(connection.received)")
            }
        }
        checkCloses(user, watch)
    }

    /// The connections that the server has opened are the attempts that were open, in the same order.
    private func checkCloses(_ user: SimulatedUser, _ watch: LawWatch) {
        let opened = watch.causes.values.filter { $0.openFor != nil }.sorted { $0.attempt < $1.attempt }
        for cause in opened {
            let ending = cause.ending
            let accepted = watch.accepted[cause.attempt] ?? []
            let isClean = ending.detail == .closedByCaller && ending.closure == .clean && cause.unsentBytes == 0
            guard isClean, let first = accepted.first else { continue }
            let connection = seen.first { $0.user == user.index && $0.received.first == first }
            if connection?.received != accepted {
                broke(
                    .cleanCloseLosesNothing, user.index,
                    "accepted \(accepted), received \(connection?.received ?? [])")
            }
            if let code = connection?.closeCode, code != ending.sentCode {
                broke(
                    .closeCodeTold, user.index,
                    "told \(ending.sentCode.map { "\($0.rawValue)" } ?? "none"), got \(code.rawValue)")
            }
        }
    }
}
