import NovaMachine

// What callers want of a connection, other than to send: each command goes to whoever keeps its promise.

extension Kernel {
    mutating func obey(
        _ operation: OperationID, _ command: Command, _ now: Instant, _ out: inout Effects<Effect>
    ) -> KernelRule {
        switch command {
        case .connect: return promise(.awaitReady(operation), operation, .connect, now, &out)
        case .close(let code, _): return promise(.awaitClosed(operation), operation, .close(code), now, &out)
        case .abandonMessage: return move(.command(operation, .abandonMessage), now, &out)
        case .ping, .flush, .send:
            let row = lifecycle.handle(.command(operation, .use), &out)
            guard case .admit = row else { return .lifecycle(row) }
            return use(operation, command, now, &out)
        }
    }

    private mutating func use(
        _ operation: OperationID, _ command: Command, _ now: Instant, _ out: inout Effects<Effect>
    ) -> KernelRule {
        if case .ping = command { return .pings(pings.handle(.asked(operation, attempt, at: now), &out)) }
        return .outbound(outbound.handle(.flush(operation), &out))
    }

    /// A promise about the spine: it is entered first, and what the spine does then may settle it at once.
    private mutating func promise(
        _ entry: PromiseLedger.Event, _ operation: OperationID, _ command: Lifecycle.Command, _ now: Instant,
        _ out: inout Effects<Effect>
    ) -> KernelRule {
        let held = promises.handle(entry, &out)
        if held == .refuseFull { return .promises(held) }
        let rule = move(.command(operation, command), now, &out)
        settlePromises(&out)
        return rule
    }

    /// A caller stopped waiting: whoever holds its promise gives it up.
    mutating func forget(_ operation: OperationID, _ out: inout Effects<Effect>) -> KernelRule {
        let send = outbound.handle(.abandoned(operation), &out)
        if send == .forget { return .outbound(send) }
        let ping = pings.handle(.abandoned(operation), &out)
        if ping == .forget { return .pings(ping) }
        return .promises(promises.handle(.abandoned(operation), &out))
    }
}
