import NovaMachine
import NovaWire

extension Lifecycle {
    // MARK: Before any attempt

    mutating func inIdle(_ operation: OperationID, _ command: Command) -> Step<Rule, Effect> {
        switch command {
        case .connect: begin(.begin)
        case .use, .abandonMessage: Step(.refuse, .one(.settle(operation, .refused(.notOpen))))
        case .close: close(.closeUnused, Ending(.closedByCaller, in: .idle), .asked)
        }
    }

    /// The first state of a new attempt.
    mutating func begin(_ rule: Rule) -> Step<Rule, Effect> {
        attempt = attempt.next
        return go(rule, to: .connecting(.resolving), .one(.resolve(attempt)))
    }

    // MARK: CONNECTING, from the name's look-up to the validated 101 (RFC 6455 §4.1)

    mutating func inConnecting(
        _ stage: Connecting, _ operation: OperationID, _ command: Command
    ) -> Step<Rule, Effect> {
        switch command {
        case .connect: Step(.join)
        case .use, .abandonMessage: Step(.refuse, .one(.settle(operation, .refused(.notOpen))))
        case .close: close(.cancelAttempt, Ending(.closedByCaller, in: stage.phase), .asked)
        }
    }

    mutating func inConnecting(_ stage: Connecting, _ fact: Fact) -> Step<Rule, Effect> {
        switch (stage, fact) {
        case (.resolving, .resolved): ascend(.resolved, to: .dialing)
        case (.dialing, .dialed): ascend(.dialed, to: route.contains(.tunnel) ? .tunnelling : aboveTunnel)
        case (.tunnelling, .tunnelled): ascend(.tunnelled, to: aboveTunnel)
        case (.securing, .secured): ascend(.secured, to: .upgrading)
        case (.upgrading, .upgraded): go(.established, to: .open(.authenticating))
        case (.upgrading, .refused(let status, let retryAfter)):
            go(.refusalBegan, to: .connecting(.refused(status: status, retryAfter: retryAfter)))

        case (.refused(let status, let retryAfter), .refusalEnded),
            (.refused(let status, let retryAfter), .transportEnded),
            (.refused(let status, let retryAfter), .fired(.upgrade)),
            (.refused(let status, let retryAfter), .fired(.deadline)):
            fail(.refusalEnded, .upgradeRefused(status: status, retryAfter: retryAfter), in: stage)

        case (.resolving, .resolveFailed(let code)): fail(.resolveFailed, .resolveFailed(code: code), in: stage)
        case (.dialing, .dialFailed(let errno)): fail(.dialFailed, .dialFailed(errno: errno), in: stage)
        case (.upgrading, .upgradeFailed(let fault)): fail(.upgradeFailed, .upgradeInvalid(fault), in: stage)
        case (.securing, .transportEnded(.tls(let failure))), (.upgrading, .transportEnded(.tls(let failure))):
            fail(.tlsFailed, .tlsFailed(failure), in: stage)

        // Answered once for every stage that has a transport: this is what the superstate is for.
        case (.dialing, .transportEnded(let end)), (.tunnelling, .transportEnded(let end)),
            (.securing, .transportEnded(let end)), (.upgrading, .transportEnded(let end)):
            fail(.attemptCut, .transportEnded(end), in: stage)
        case (_, .fired(.outage)): giveUp(.timedOut(.outage), in: stage.phase)
        case (_, .fired(let timer)) where timers.contains(TimerSet(timer)):
            fail(.attemptTimedOut, .timedOut(timer), in: stage)

        case (_, .fired), (_, .delayChosen): Step(.stale)
        case (_, .resolved), (_, .resolveFailed), (_, .dialed), (_, .dialFailed), (_, .tunnelled), (_, .secured),
            (_, .upgraded), (_, .refused), (_, .refusalEnded), (_, .upgradeFailed), (_, .transportEnded),
            (_, .authenticated), (_, .restored), (_, .received), (_, .violated), (_, .keepaliveExpired):
            fail(.impossible, .impossibleFact, in: stage)
        }
    }

    /// The layer that follows the transport and its tunnel.
    private var aboveTunnel: Connecting { route.contains(.tls) ? .securing : .upgrading }

    /// One layer up; entering a layer begins its work.
    private mutating func ascend(_ rule: Rule, to stage: Connecting) -> Step<Rule, Effect> {
        go(rule, to: .connecting(stage), stage.work(for: attempt))
    }

    private mutating func fail(_ rule: Rule, _ detail: Ending.Detail, in stage: Connecting) -> Step<Rule, Effect> {
        retreat(rule, Ending(detail, in: stage.phase))
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
    func work(for attempt: AttemptID) -> Effects<Effect> {
        switch self {
        case .resolving: .one(.resolve(attempt))
        case .dialing: .one(.dial(attempt))
        case .tunnelling: .one(.tunnel(attempt))
        case .securing: .one(.secure(attempt))
        case .upgrading: .one(.upgrade(attempt))
        case .refused: .none
        }
    }
}
