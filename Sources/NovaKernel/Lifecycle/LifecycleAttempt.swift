import NovaMachine
import NovaWire

extension Lifecycle {
    // MARK: Before any attempt

    mutating func inIdle(_ operation: OperationID, _ command: Command, _ out: inout Effects<Effect>) -> Rule {
        switch command {
        case .connect: begin(.begin, &out)
        case .use(.later, _): .admit
        case .use: out(.refuse, .settle(operation, .refused(.notOpen)))
        case .fail: out(.refuse, .settle(operation, .refused(.notOpen)))
        case .close: close(.closeUnused, Ending(.closedByCaller, in: .idle), .asked, &out)
        }
    }

    /// The first state of a new attempt.
    mutating func begin(_ rule: Rule, _ out: inout Effects<Effect>) -> Rule {
        attempt = attempt.next
        return go(rule, to: .connecting(.resolving), doing: .resolve(attempt), &out)
    }

    // MARK: CONNECTING, from the name's look-up to the validated 101 (RFC 6455 §4.1)

    mutating func inConnecting(
        _ stage: Connecting, _ operation: OperationID, _ command: Command, _ out: inout Effects<Effect>
    ) -> Rule {
        switch command {
        case .connect: .join
        case .use(.later, _): .admit
        case .use: out(.refuse, .settle(operation, .refused(.notOpen)))
        case .fail(let attempt, _) where isCurrent(attempt): fail(.failAttempt, .failedByCaller, in: stage, &out)
        case .fail: out(.refuseLate, .settle(operation, .refused(.connectionLost)))
        case .close: close(.cancelAttempt, Ending(.closedByCaller, in: stage.phase), .asked, &out)
        }
    }

    mutating func inConnecting(_ stage: Connecting, _ fact: Fact, _ out: inout Effects<Effect>) -> Rule {
        switch (stage, fact) {
        case (.resolving, .resolved): ascend(.resolved, to: .dialing, &out)
        case (.dialing, .dialed): ascend(.dialed, to: route.contains(.tunnel) ? .tunnelling : aboveTunnel, &out)
        case (.tunnelling, .tunnelled): ascend(.tunnelled, to: aboveTunnel, &out)
        case (.securing, .secured): ascend(.secured, to: .upgrading, &out)
        case (.upgrading, .upgraded): go(.established, to: .open(.authenticating), &out)
        case (.upgrading, .refused(let status, let retryAfter)):
            go(.refusalBegan, to: .connecting(.refused(status: status, retryAfter: retryAfter)), &out)

        // The refusal stands, however little of its body is fit to be read.
        case (.refused(let status, let retryAfter), .refusalEnded),
            (.refused(let status, let retryAfter), .upgradeFailed),
            (.refused(let status, let retryAfter), .transportEnded),
            (.refused(let status, let retryAfter), .fired(.upgrade)),
            (.refused(let status, let retryAfter), .fired(.deadline)):
            fail(.refusalEnded, .upgradeRefused(status: status, retryAfter: retryAfter), in: stage, &out)

        case (.resolving, .resolveFailed(let code)): fail(.resolveFailed, .resolveFailed(code: code), in: stage, &out)
        case (.dialing, .dialFailed(let errno)): fail(.dialFailed, .dialFailed(errno: errno), in: stage, &out)
        case (.upgrading, .upgradeFailed(let fault)): fail(.upgradeFailed, .upgradeInvalid(fault), in: stage, &out)
        case (.securing, .transportEnded(.tls(let failure))), (.upgrading, .transportEnded(.tls(let failure))):
            fail(.tlsFailed, .tlsFailed(failure), in: stage, &out)

        // Answered once for every stage that has a transport: this is what the superstate is for.
        case (.dialing, .transportEnded(let end)), (.tunnelling, .transportEnded(let end)),
            (.securing, .transportEnded(let end)), (.upgrading, .transportEnded(let end)):
            fail(.attemptCut, .transportEnded(end), in: stage, &out)
        case (_, .fired(.outage)): giveUp(.timedOut(.outage), in: stage.phase, &out)
        case (_, .fired(let timer)) where timers.contains(TimerSet(timer)):
            fail(.attemptTimedOut, .timedOut(timer), in: stage, &out)

        case (_, .fired), (_, .delayChosen), (_, .messageAbandoned), (_, .progressed), (_, .drained),
            (_, .closeKept):
            .stale
        case (_, .resolved), (_, .resolveFailed), (_, .dialed), (_, .dialFailed), (_, .tunnelled), (_, .secured),
            (_, .upgraded), (_, .refused), (_, .refusalEnded), (_, .upgradeFailed), (_, .transportEnded),
            (_, .authenticated), (_, .authenticationFailed), (_, .restored), (_, .received), (_, .violated),
            (_, .keepaliveExpired):
            fail(.impossible, .impossibleFact, in: stage, &out)
        }
    }

    /// The layer that follows the transport and its tunnel.
    private var aboveTunnel: Connecting { route.contains(.tls) ? .securing : .upgrading }

    /// One layer up; entering a layer begins its work.
    private mutating func ascend(_ rule: Rule, to stage: Connecting, _ out: inout Effects<Effect>) -> Rule {
        go(rule, to: .connecting(stage), doing: stage.work(for: attempt), &out)
    }

    private mutating func fail(
        _ rule: Rule, _ detail: Ending.Detail, in stage: Connecting, _ out: inout Effects<Effect>
    ) -> Rule {
        retreat(rule, Ending(detail, in: stage.phase), &out)
    }
}

extension Lifecycle.Connecting {
    /// The phase that an ending in this stage names.
    var phase: Phase {
        switch self {
        case .resolving: .resolving
        case .dialing: .dialing
        case .tunnelling: .tunnelling
        case .securing: .securing
        case .upgrading, .refused: .upgrading
        }
    }

    /// What an attempt in this stage holds (law R3).
    var holding: Holding { self == .resolving ? .lookup : .transport }

    /// The timer that bounds this stage.
    var timer: Timer {
        switch self {
        case .resolving: .resolve
        case .dialing: .dial
        case .tunnelling: .tunnel
        case .securing: .secure
        case .upgrading, .refused: .upgrade
        }
    }

    /// What is to be done on entering this stage.
    func work(for attempt: AttemptID) -> Effect? {
        switch self {
        case .resolving: .resolve(attempt)
        case .dialing: .dial(attempt)
        case .tunnelling: .tunnel(attempt)
        case .securing: .secure(attempt)
        case .upgrading: .upgrade(attempt)
        case .refused: nil
        }
    }
}
