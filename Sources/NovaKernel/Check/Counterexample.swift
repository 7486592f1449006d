import NovaMachine

extension Composition {
    /// A way through the situations as a scenario: the events alone, with true numbers; running it writes the answers.
    func scenario(of property: Property, _ steps: [Int]) -> String {
        var teller = Teller(self)
        for step in steps { teller.tell(step) }
        let settings = zip(policy.words, Policy().words).filter { $0.value != $1.value }.map { setting, _ in
            "set \(setting.name) \(setting.value)"
        }
        let layers = [route.contains(.tunnel) ? "tunnel" : nil, route.contains(.tls) ? "tls" : nil].compactMap(\.self)
        let head = ["# \(property.sentence).", ""] + (layers.isEmpty ? [] : ["route \(layers.joined(separator: " "))"])
        return (head + settings + [""] + teller.lines).joined(separator: "\n") + "\n"
    }
}

/// Walks a way twice at once: in the small numbers of the model, to know what happens, and with a kernel that is
/// never folded, to know under which numbers.
private struct Teller {
    private let concerns: Concerns
    private var model: Situation
    private var real: Situation
    private var milliseconds = 0
    private(set) var lines: [String] = []

    init(_ composition: Composition) {
        concerns = composition.concerns
        real = Situation(kernel: Kernel(route: composition.route, policy: composition.policy, seed: 1))
        model = real.folded
    }

    mutating func tell(_ step: Int) {
        let happenings = model.happenings(concerns)
        guard happenings.indices.contains(step) else { return }
        let happening = happenings[step]
        pass(happening.moment)
        let event = real(happening.event)
        lines.append("> \(Duration.milliseconds(milliseconds).word) \(event.text)")
        if !model.world.pending.isEmpty { model.world.pending.removeFirst() }
        _ = KernelSystem.follow(happening.event) { model.take($0, at: happening.moment).effects }
        model = model.folded
        let now = Instant.zero.advanced(by: .milliseconds(milliseconds))
        _ = KernelSystem.follow(event) { real.kernel.handle(Occurrence($0, at: now)).effects.array }
    }

    /// Time goes on, as far as the moment needs.
    private mutating func pass(_ moment: Happening.Moment) {
        let kernel = real.kernel
        milliseconds += 1
        switch moment {
        case .soon: break
        case .refilled(let tokens):
            let interval = kernel.limiter?.limit.interval ?? .zero
            milliseconds += Int(interval / .milliseconds(1)) * Int(tokens)
        case .due(let deadline):
            let rank = model.rank(of: deadline)
            guard let due = real.deadlines.sorted().dropFirst(rank).first else { break }
            milliseconds = max(milliseconds, Int(due.since(.zero) / .milliseconds(1)))
        case .late: milliseconds += Int(max(kernel.policy.timeouts.pong, Self.silence(kernel)) / .milliseconds(1))
        case .expiring(let count):
            guard kernel.pings.pending.indices.contains(count - 1) else { break }
            let due = kernel.pings.pending[count - 1].sent.advanced(by: kernel.pings.timeout)
            milliseconds = max(milliseconds, Int(due.since(.zero) / .milliseconds(1)))
        }
    }

    private static func silence(_ kernel: Kernel) -> Duration { kernel.policy.keepalive?.interval ?? .zero }

    /// The event under the numbers of the real kernel.
    private func real(_ event: Event) -> Event {
        switch event {
        case .fact(let attempt, .received(.pong(let token?))):
            guard let index = model.kernel.pings.pending.firstIndex(where: { $0.token == token }),
                real.kernel.pings.pending.indices.contains(index)
            else { return event }
            return .fact(real(attempt), .received(.pong(real.kernel.pings.pending[index].token)))
        case .fact(let attempt, let fact): return .fact(real(attempt), fact)
        case .heard(let attempt, let count): return .heard(real(attempt), count: count)
        case .wrote(let attempt, let count, let remaining):
            return .wrote(real(attempt), count: count, remaining: remaining)
        case .answered(let attempt, let operation): return .answered(real(attempt), operation)
        case .dropped(let attempt, let count): return .dropped(real(attempt), count: count)
        case .fired(let attempt, let timer):
            if timer.isOfWhole { return event }
            let isDue = attempt == model.owner(of: timer)
            return .fired(isDue ? real.owner(of: timer) : real(attempt), timer)
        case .authentication(let attempt, let word):
            let isLast = word.exchange == model.kernel.authentication.exchange
            let exchange = real.kernel.authentication.exchange
            return .authentication(real(attempt), word.of(isLast ? exchange : exchange &- 1))
        case .tokensGranted(let attempt, let ticket):
            let last = real.kernel.limiter?.lastTicket ?? 0
            return .tokensGranted(real(attempt), ticket: ticket == model.world.claim ? last : last &- 1)
        case .subscription(let attempt, let id, let word): return .subscription(real(attempt), id, word)
        case .command(let operation, .fail(let attempt, let code, let count)):
            return .command(operation, .fail(real(attempt), code, reasonCount: count))
        case .command(let operation, .post(var terms, let kind, let count)):
            if case .within(let attempt) = terms.retention { terms.retention = .within(real(attempt)) }
            return .command(operation, .post(terms, kind, count: count))
        case .command, .abandoned, .consumed, .consumerLeft: return event
        }
    }

    private func real(_ attempt: AttemptID) -> AttemptID {
        if attempt == .whole { return attempt }
        return attempt == model.kernel.attempt ? real.kernel.attempt : AttemptID(real.kernel.attempt.number &- 1)
    }
}

extension Duration {
    fileprivate static func / (time: Duration, unit: Duration) -> UInt64 {
        time.wholeNanoseconds / max(unit.wholeNanoseconds, 1)
    }
}
