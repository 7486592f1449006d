import FoundationEssentials
import NovaKernel
import NovaSocket
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
        let discarded = watch.discarded
        if user.takenCount > watch.delivered || watch.delivered - user.takenCount > Int(clamping: discarded) {
            broke(
                .nothingLostInbound, user.index,
                "\(watch.delivered) were handed over, \(user.takenCount) taken, \(discarded) discarded")
        }
    }

    func checkOutbound(_ user: SimulatedUser, _ watch: LawWatch) {
        for connection in seen where connection.user == user.index {
            let accepted = watch.accepted[connection.attempt] ?? []
            if !accepted.starts(with: connection.received) {
                broke(.orderKeptOutbound, user.index, "accepted \(accepted), received \(connection.received)")
            }
            guard let code = connection.closeCode, let cause = watch.causes[connection.attempt] else { continue }
            checkClose(user, connection, cause, code, accepted)
        }
    }

    /// The server has got our close frame: then it has got all that was accepted before, unless that was given up, which
    /// is told.
    private func checkClose(
        _ user: SimulatedUser, _ connection: SeenConnection, _ cause: TerminationCause, _ code: CloseCode,
        _ accepted: [UInt32]
    ) {
        if cause.unsentBytes == 0, connection.received != accepted {
            broke(.closeLosesNothing, user.index, "accepted \(accepted), received \(connection.received)")
        }
        // A caller's close that was offered stays, whatever else ends the connection then.
        let mayBeOurs = cause.ending.detail != .closedByCaller && connection.closeReason.isEmpty
        if connection.closeReason != SimulatedUser.closeReason, !mayBeOurs {
            broke(.closeCodeTold, user.index, "the reason is '\(connection.closeReason)'")
        }
        if code != cause.ending.sentCode {
            let told = cause.ending.sentCode.map { "\($0.rawValue)" } ?? "none"
            broke(.closeCodeTold, user.index, "told \(told), got \(code.rawValue)")
        }
    }

    /// At the end nothing is kept for callers that were answered, and what was taken is not counted as waiting.
    func checkAccounts(_ user: SimulatedUser, _ watch: LawWatch) {
        guard watch.isOver, let driver = drivers[user.index].object as? Driver else { return }
        let kept = driver.keptForCallers
        if kept.payloads + kept.calls > 0 { broke(.leavesNothing, user.index, "kept for callers: \(kept)") }
        let waiting = driver.kernel.inbound.messages
        if waiting > watch.delivered - user.takenCount {
            broke(.nothingLostInbound, user.index, "\(waiting) messages count as waiting after all were taken")
        }
    }

    /// The recording of a life, run again, must take the same steps and write the same bytes.
    func checkReplay(_ user: SimulatedUser) {
        guard let recording = recordings[user.index] else { return }
        do {
            let trace = try Trace(reading: Data(recording.utf8))
            guard trace.header.opening != nil else { return }
            if let difference = try Replay.wholly(trace).difference {
                broke(.replaysToTheByte, user.index, difference.description)
            }
            if !trace.isComplete { broke(.replaysToTheByte, user.index, "the recording breaks off") }
        } catch {
            broke(.replaysToTheByte, user.index, "\(error)")
        }
    }
}
