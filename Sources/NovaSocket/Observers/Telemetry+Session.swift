import NovaKernel

// Pings, credentials, subscriptions.

extension Telemetry {
    // MARK: Pings

    mutating func ping(
        _ token: PingToken, _ event: Event, _ now: Instant, _ tell: (ConnectionEvent) -> Void
    ) {
        if case .command(let operation, .ping) = event {
            pings.append(Ping(token: token, operation: operation, sent: now))
            tell(.pingSent(.caller))
        } else {
            pings.removeAll { $0.operation == nil }  // of the keepalive's only the last one is awaited
            pings.append(Ping(token: token, sent: now))
            tell(.pingSent(.keepalive))
        }
    }

    /// A pong settles the earlier pings with its own (RFC 6455 §5.5.3); the round trip is its own ping's.
    mutating func account(
        _ rule: PingTable.Rule, _ event: Event, _ now: Instant, _ tell: (ConnectionEvent) -> Void
    ) {
        guard case .fact(_, .received(.pong(let token?))) = event, rule == .answer,
            let index = pings.firstIndex(where: { $0.token == token })
        else { return }
        let ping = pings[index]
        pings.removeSubrange(...index)
        tell(.pongReceived(ping.operation == nil ? .keepalive : .caller, roundTrip: now.since(ping.sent)))
    }

    mutating func settlePing(
        _ operation: OperationID, _ outcome: Outcome, _ now: Instant, _ tell: (ConnectionEvent) -> Void
    ) {
        guard case .refused(let refusal) = outcome,
            let index = pings.firstIndex(where: { $0.operation == operation })
        else { return }
        let ping = pings.remove(at: index)
        if refusal == .timedOut { tell(.pingUnanswered(after: now.since(ping.sent))) }
    }

    // MARK: Credentials

    mutating func beginAuthentication(
        _ kernel: borrowing Kernel, _ now: Instant, _ tell: (ConnectionEvent) -> Void
    ) {
        var isRenewal = false
        if case .refreshing = kernel.authentication.state { isRenewal = true }
        authentication = (now, isRenewal)
        tell(.authenticationBegan(isRenewal: isRenewal))
    }

    mutating func account(
        _ rule: Authentication.Rule, _ event: Event, _ now: Instant, _ tell: (ConnectionEvent) -> Void
    ) {
        switch rule {
        case .accept, .renew:
            guard case .authentication(_, .accepted(_, let milliseconds)) = event else { return }
            let time = milliseconds.map { Duration.milliseconds(Int64(clamping: $0)) }
            endAuthentication(.accepted(validFor: time), now, tell)
        case .fail, .retryLater:
            guard case .authentication(_, .failed(_, let fault)) = event else {
                return endAuthentication(.failed(.unanswered), now, tell)  // its time ran out
            }
            endAuthentication(.failed(fault), now, tell)
        case .notNeeded, .ask, .present, .refresh, .demand, .join, .refuse, .forget, .end, .stale: break
        }
    }

    mutating func abandonAuthentication(_ now: Instant, _ tell: (ConnectionEvent) -> Void) {
        endAuthentication(.abandoned, now, tell)
    }

    private mutating func endAuthentication(
        _ end: AuthenticationEnd, _ now: Instant, _ tell: (ConnectionEvent) -> Void
    ) {
        guard let (began, isRenewal) = authentication else { return }
        authentication = nil
        tell(.authenticationEnded(end, isRenewal: isRenewal, after: now.since(began)))
    }

    // MARK: Subscriptions

    mutating func hear(
        _ id: SubscriptionID, _ news: SubscriptionNews, _ now: Instant, _ tell: (ConnectionEvent) -> Void
    ) {
        let asked = requested.removeValue(forKey: id)
        switch news {
        case .confirmed: tell(.subscription(id, .confirmed(after: now.since(asked ?? now))))
        case .resumed(let gap): tell(.subscription(id, .resumed(gap: gap)))
        case .lost: tell(.subscription(id, .lost))
        case .failed(.closed): tell(.subscription(id, .ended))
        case .failed(let refusal): tell(.subscription(id, .failed(refusal)))
        case .stale(let time): tell(.subscription(id, .stale(after: time)))
        case .fresh: tell(.subscription(id, .fresh))
        }
    }
}
