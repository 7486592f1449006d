import NovaMachine
import NovaWire

// What callers want of a connection, other than to send: each command goes to whoever keeps its promise.

extension Kernel {
    @inline(never)
    mutating func obey(
        _ operation: OperationID, _ command: Command, _ now: Instant, _ out: inout Effects<Effect>
    ) -> KernelRule {
        switch command {
        case .connect: return connect(operation, now, &out)
        case .close(let code, _): return close(operation, code, now, &out)
        case .fail(let attempt, let code, _): return fail(operation, attempt, code, now, &out)
        case .subscribe(let id, let terms): return subscribe(operation, id, terms, now, &out)
        case .unsubscribe(let id): return .subscriptions(subscriptions.handle(.unwanted(operation, id), &out))
        case .authenticate: return .authentication(authentication.handle(.demanded(operation), &out))
        case .post(let terms, _, let count): return post(operation, terms, count, now, &out)
        case .ping, .flush, .drain, .send:
            let row = lifecycle.handle(.command(operation, .use(.now)), &out)
            guard case .admit = row else { return .lifecycle(row) }
            return use(operation, command, now, &out)
        }
    }

    private mutating func use(
        _ operation: OperationID, _ command: Command, _ now: Instant, _ out: inout Effects<Effect>
    ) -> KernelRule {
        if case .ping = command { return .pings(pings.handle(.asked(operation, attempt, at: now), &out)) }
        if case .drain = command { release(now, &out) }
        return .outbound(outbound.handle(.flush(operation), &out))
    }

    /// Whoever can't be kept waiting is not listened to.
    private mutating func connect(
        _ operation: OperationID, _ now: Instant, _ out: inout Effects<Effect>
    ) -> KernelRule {
        let held = promises.handle(.awaitReady(operation), &out)
        if held == .refuseFull { return .promises(held) }
        let rule = move(.command(operation, .connect), now, &out)
        settlePromises(&out)
        return rule
    }

    /// Whoever wants the end is listened to in any case, even where it can't be kept waiting for it.
    private mutating func close(
        _ operation: OperationID, _ code: CloseCode, _ now: Instant, _ out: inout Effects<Effect>
    ) -> KernelRule {
        let rule = move(.command(operation, .close(code)), now, &out)
        _ = promises.handle(.awaitClosed(operation), &out)
        settlePromises(&out)
        return rule
    }

    /// Whoever can't go on with a connection is told that it ends; how it ended is told to those who watch.
    private mutating func fail(
        _ operation: OperationID, _ attempt: AttemptID, _ code: CloseCode, _ now: Instant, _ out: inout Effects<Effect>
    ) -> KernelRule {
        let rule = move(.command(operation, .fail(attempt, code)), now, &out)
        switch rule {
        case .lifecycle(.refuse), .lifecycle(.refuseLate): break  // told by the spine
        default: out.append(.settle(operation, .failing))
        }
        return rule
    }

    /// A caller stopped waiting: whoever holds its promise gives it up.
    mutating func forget(_ operation: OperationID, _ now: Instant, _ out: inout Effects<Effect>) -> KernelRule {
        if let rule = forgetPosted(operation, now, &out) { return rule }
        let send = outbound.handle(.abandoned(operation), &out)
        if send != .notWaiting {
            if !outbox.isEmpty { dispatch(now, &out) }
            return .outbound(send)
        }
        let ping = pings.handle(.abandoned(operation), &out)
        if ping == .forget { return .pings(ping) }
        let subscription = subscriptions.handle(.abandoned(operation), &out)
        if subscription == .forget { return .subscriptions(subscription) }
        let demand = authentication.handle(.abandoned(operation), &out)
        if demand == .forget { return .authentication(demand) }
        return .promises(promises.handle(.abandoned(operation), &out))
    }
}
