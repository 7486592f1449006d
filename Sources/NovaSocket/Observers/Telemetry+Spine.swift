import NovaKernel

// How the connection moved.

extension Telemetry {
    mutating func move(
        _ from: Lifecycle.Standing, _ to: Lifecycle.Standing, _ step: WitnessedStep, _ kernel: borrowing Kernel,
        _ now: Instant, _ tell: (ConnectionEvent) -> Void
    ) {
        if from == .backingOff {
            tell(.backoffEnded(BackoffEnd(to, step.rule), after: now.since(backoffBegan)))
        }
        // A refusal is a part of the opening handshake.
        if let stage = from.stage, stage != to.stage {
            let isComplete = to.stage != nil || to == .ready
            tell(.stageEnded(stage, isComplete: isComplete, now.since(stageBegan)))
        }
        switch to {
        case .resolving:
            attemptBegan = now
            tell(.attemptBegan(failures: kernel.lifecycle.failures))
        case .authenticating: tell(.opened(after: sinceBeginning(now)))
        case .ready: becomeReady(kernel.attempt, now, tell)
        case .draining, .closeSent, .awaitingEnd: beginClosing(kernel, now, tell)
        case .backingOff, .closed: end(step.before, to, kernel, now, tell)
        case .idle, .dialing, .tunnelling, .securing, .upgrading, .refused, .restoring: break
        }
        guard let stage = to.stage, stage != from.stage else { return }
        stageBegan = now
        tell(.stageBegan(stage))
    }

    private func sinceBeginning(_ now: Instant) -> Duration { now.since(attemptBegan ?? now) }

    private mutating func becomeReady(_ attempt: AttemptID, _ now: Instant, _ tell: (ConnectionEvent) -> Void) {
        tell(.ready(after: sinceBeginning(now)))
        guard let lost else { return }
        self.lost = nil
        tell(.reconnected(after: now.since(lost.at), attempts: attempt.number &- lost.attempt.number))
    }

    private mutating func beginClosing(
        _ kernel: borrowing Kernel, _ now: Instant, _ tell: (ConnectionEvent) -> Void
    ) {
        guard closingBegan == nil, case .closing(let farewell) = kernel.lifecycle.state else { return }
        closingBegan = now
        abandonAuthentication(now, tell)
        tell(.closing(farewell.code, by: farewell.ending.origin))
    }

    private mutating func end(
        _ before: Lifecycle, _ to: Lifecycle.Standing, _ kernel: borrowing Kernel, _ now: Instant,
        _ tell: (ConnectionEvent) -> Void
    ) {
        guard let cause = kernel.termination else { return }
        abandonAuthentication(now, tell)
        // An end that only turns out to be the last was told before; one before the first attempt ended none.
        if attemptBegan != nil {
            tell(.ended(cause, after: sinceBeginning(now), closingFor: closingBegan.map(now.since)))
            if cause.ending.phase == .ready { lost = (now, cause.attempt) }
        }
        (attemptBegan, closingBegan) = (nil, nil)
        if to == .backingOff { backoffBegan = now }
    }

    /// What was of the connection is over with it.
    mutating func forgetConnection(_ tell: (ConnectionEvent) -> Void) {
        pings.removeAll()
        requested.removeAll()
        pausedSince = nil
        fragments = nil
        // What is kept goes out again on the next connection.
        let lost = unwritten.filter { sends[$0.operation] == nil }
        unwritten.removeAll()
        for operation in sends.keys { sends[operation]?.sent = nil }
        guard !lost.isEmpty else { return }
        tell(.messagesLost(count: lost.count, bytes: lost.bytes))
    }
}

extension Lifecycle.Standing {
    /// The stage of an attempt that it is a part of.
    fileprivate var stage: ConnectionStage? {
        switch self {
        case .resolving: .resolve
        case .dialing: .dial
        case .tunnelling: .tunnel
        case .securing: .secure
        case .upgrading, .refused: .upgrade
        case .authenticating: .authenticate
        case .restoring: .restore
        case .idle, .ready, .draining, .closeSent, .awaitingEnd, .backingOff, .closed: nil
        }
    }
}

extension BackoffEnd {
    fileprivate init(_ to: Lifecycle.Standing, _ rule: KernelRule) {
        switch rule {
        case .lifecycle(.hurry): self = .hurried
        case .lifecycle(.cancelRetry): self = .cancelled
        default: self = to == .closed ? .gaveUp : .elapsed
        }
    }
}
