import NovaWire

extension Effect: CustomStringConvertible {
    /// The effect in the words of traces and scenarios. Effects are what the machine says: they are compared, never
    /// read.
    public var description: String {
        switch self {
        case .resolve(let attempt): "resolve \(attempt.number)"
        case .dial(let attempt): "dial \(attempt.number)"
        case .tunnel(let attempt): "tunnel \(attempt.number)"
        case .secure(let attempt): "secure \(attempt.number)"
        case .upgrade(let attempt): "upgrade \(attempt.number)"
        case .release(let attempt, let holding): "release \(attempt.number) \(holding.rawValue)"
        case .transmit(let attempt, let operation): "transmit \(attempt.number) \(operation.number)"
        case .dispatch(let attempt, let operation, let retaining):
            "dispatch \(attempt.number) \(operation.number) \(retaining.rawValue)"
        case .ping(let attempt, let token): "ping \(attempt.number) \(String(token.value, radix: 16))"
        case .pong(let attempt): "pong \(attempt.number)"
        case .replacePong(let attempt): "replacePong \(attempt.number)"
        case .sendClose(let attempt, let code, let urgency):
            "sendClose \(attempt.number) \(code.rawValue) \(urgency.rawValue)"
        case .hastenClose(let attempt): "hastenClose \(attempt.number)"
        case .deliver(let attempt, let kind, let count): "deliver \(attempt.number) \(kind.rawValue) \(count)"
        case .pauseReading(let attempt): "pauseReading \(attempt.number)"
        case .resumeReading(let attempt): "resumeReading \(attempt.number)"
        case .authenticate(let attempt, let exchange): "authenticate \(attempt.number) \(exchange)"
        case .subscribe(let attempt, let id): "subscribe \(attempt.number) \(id.number)"
        case .unsubscribe(let attempt, let id): "unsubscribe \(attempt.number) \(id.number)"
        case .tell(let id, let news): "tell \(id.number) \(news)"
        case .askTokens(let attempt, let ticket, let cost): "askTokens \(attempt.number) \(ticket) \(cost)"
        case .returnTokens(let attempt, let ticket, let cost): "returnTokens \(attempt.number) \(ticket) \(cost)"
        case .arm(let attempt, let timer, let duration): "arm \(attempt.number) \(timer.name) \(duration.word)"
        case .disarm(let timer): "disarm \(timer.name)"
        case .settle(let operation, let outcome): "settle \(operation.number) \(outcome)"
        case .askDelay(let attempt, let failures): "askDelay \(attempt.number) \(failures)"
        case .report(let attempt): "report \(attempt.number)"
        case .raise(let attempt, let fact): "raise \(attempt.number) \(fact.text)"
        }
    }

    /// The effect's name alone, for charts.
    public var name: String { String(description.prefix { $0 != " " }) }
}

extension Outcome: CustomStringConvertible {
    /// The outcome in the words of traces and scenarios.
    public var description: String {
        switch self {
        case .opened: "opened"
        case .written: "written"
        case .answered(let roundTrip): "answered \(roundTrip.word)"
        case .subscribed: "subscribed"
        case .unsubscribed: "unsubscribed"
        case .authenticated: "authenticated"
        case .closed: "closed"
        case .failing: "failing"
        case .refused(let refusal): "refused \(refusal.rawValue)"
        }
    }
}

extension SubscriptionNews: CustomStringConvertible {
    /// The news in the words of traces and scenarios.
    public var description: String {
        switch self {
        case .confirmed: "confirmed"
        case .lost: "lost"
        case .resumed(let time): "resumed \(time.word)"
        case .failed(let refusal): "failed \(refusal.rawValue)"
        case .stale(let time): "stale \(time.word)"
        case .fresh: "fresh"
        }
    }
}
