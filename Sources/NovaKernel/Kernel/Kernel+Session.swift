import NovaMachine

// What the handler says of the server's answers, each for the satellite that asked.

extension Kernel {
    /// Whoever wants a subscription has it on this connection or the next; there must be one still to come.
    mutating func subscribe(
        _ operation: OperationID, _ id: SubscriptionID, _ terms: SubscriptionTerms, _ now: Instant,
        _ out: inout Effects<Effect>
    ) -> KernelRule {
        let row = lifecycle.handle(.command(operation, .use(.later)), &out)
        guard case .admit = row else { return .lifecycle(row) }
        return .subscriptions(subscriptions.handle(.wanted(operation, id, terms, at: now), &out))
    }

    /// The handler says how far an exchange of credentials has come.
    @inline(never)
    mutating func hear(
        _ attempt: AttemptID, _ word: AuthenticationWord, _ now: Instant, _ out: inout Effects<Effect>
    ) -> KernelRule {
        attempt == self.attempt ? .authentication(hear(word, now, &out)) : .stale
    }

    /// The handler says what was heard of a subscription.
    @inline(never)
    mutating func hear(
        _ attempt: AttemptID, _ id: SubscriptionID, _ word: SubscriptionWord, _ now: Instant,
        _ out: inout Effects<Effect>
    ) -> KernelRule {
        attempt == self.attempt ? .subscriptions(hear(id, word, now, &out)) : .stale
    }

    private mutating func hear(
        _ word: AuthenticationWord, _ now: Instant, _ out: inout Effects<Effect>
    ) -> Authentication.Rule {
        switch word {
        case .presented(let exchange): authentication.handle(.presented(exchange: exchange), &out)
        case .accepted(let exchange, let milliseconds):
            authentication.handle(
                .accepted(
                    exchange: exchange, validFor: milliseconds.map { .milliseconds(Int64(clamping: $0)) }, at: now),
                &out)
        case .failed(let exchange, let fault):
            authentication.handle(.failed(exchange: exchange, fault, at: now), &out)
        }
    }

    private mutating func hear(
        _ id: SubscriptionID, _ word: SubscriptionWord, _ now: Instant, _ out: inout Effects<Effect>
    ) -> SubscriptionTable.Rule {
        switch word {
        case .confirmed: subscriptions.handle(.answered(id, .confirmed, at: now), &out)
        case .refused: subscriptions.handle(.answered(id, .refused, at: now), &out)
        case .ended: subscriptions.handle(.answered(id, .ended, at: now), &out)
        case .unanswered: subscriptions.handle(.answered(id, .unanswered, at: now), &out)
        case .heard: subscriptions.handle(.heard(id, at: now), &out)
        }
    }
}
