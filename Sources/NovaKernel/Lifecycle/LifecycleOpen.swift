import NovaMachine
import NovaWire

extension Lifecycle {
    // MARK: OPEN (RFC 6455 §4.1, §5, §6)

    mutating func inOpen(_ stage: Open, _ operation: OperationID, _ command: Command) -> Step<Rule, Effect> {
        switch command {
        case .use where stage == .ready: Step(.admit)
        case .use: Step(.refuse, .one(.settle(operation, .refused(.notOpen))))
        case .connect: Step(stage == .ready ? .alreadyOpen : .join)
        case .close(let code):  // §7.1.2
            leave(.startClosing, .closeSent, Ending(.closedByCaller, in: stage.phase, sent: code), .closed)
        case .abandonMessage:  // §5.4: a message can't be taken back, so the connection must end
            leave(
                .abandonMessage, .closeSent,
                Ending(.messageAbandoned, in: stage.phase, sent: .internalError), .retreat)
        }
    }

    mutating func inOpen(_ stage: Open, _ fact: Fact) -> Step<Rule, Effect> {
        switch (stage, fact) {
        case (_, .received(let frame)): inOpen(stage, frame)
        case (_, .violated(let violation)):  // §7.1.7
            leave(
                .failConnection, .awaitingEnd,
                Ending(.violation(violation), in: stage.phase, sent: violation.closeCode), .retreat)
        case (_, .transportEnded(.tls(let failure))): retreat(.lost, Ending(.tlsFailed(failure), in: stage.phase))
        // §7.1.5: this is what is called 1006
        case (_, .transportEnded(let end)): retreat(.lost, Ending(.transportEnded(end), in: stage.phase))
        case (_, .keepaliveExpired): retreat(.keepaliveExpired, Ending(.keepaliveExpired, in: stage.phase))

        case (.authenticating, .authenticated): go(.authenticated, to: .open(.restoring))
        case (.restoring, .restored): becomeReady()
        case (.authenticating, .fired(.authenticate)), (.restoring, .fired(.restore)):
            retreat(
                .attemptTimedOut, Ending(.timedOut(stage == .restoring ? .restore : .authenticate), in: stage.phase))
        case (.ready, .fired(.stability)) where failures > 0: forgiveFailures()
        case (_, .fired(.outage)): amend(.outlasted, with: .outlasted)

        case (_, .fired), (_, .authenticated), (_, .restored), (_, .delayChosen): Step(.stale)
        case (_, .resolved), (_, .resolveFailed), (_, .dialed), (_, .dialFailed), (_, .tunnelled), (_, .secured),
            (_, .upgraded), (_, .refused), (_, .refusalEnded), (_, .upgradeFailed):
            retreat(.impossible, Ending(.impossibleFact, in: stage.phase))
        }
    }

    private mutating func inOpen(_ stage: Open, _ frame: Frame) -> Step<Rule, Effect> {
        switch frame {
        case .message(let kind, let count): Step(.deliver, .one(.deliver(attempt, kind, count: count)))
        case .fragment: Step(.takeFragment)  // §5.4: the decoder keeps it until its message is complete
        case .ping: Step(.answerPing)  // §5.5.2: the outbound queue sends it
        case .pong: Step(.notePong)  // §5.5.3: the ping table settles it
        case .close(let code):  // §5.5.1: the same code goes back
            leave(
                .answerClose, .awaitingEnd,
                Ending(
                    .closedByPeer(code ?? .noStatusReceived), in: stage.phase, closure: .clean,
                    sent: code ?? .noStatusReceived, received: code ?? .noStatusReceived), .retreat)
        }
    }

    /// Authenticated, restored: the caller's data may flow. By policy this alone forgives the failures before (R5).
    private mutating func becomeReady() -> Step<Rule, Effect> {
        if policy.reconnection.reset == .whenReady {
            failures = 0
            outage = .none
        }
        return go(.ready, to: .open(.ready))
    }

    /// The connection has proved stable: failures before it count no more (R5).
    private mutating func forgiveFailures() -> Step<Rule, Effect> {
        let before = timers
        failures = 0
        outage = .none
        return Step(.stabilised, rearm(from: before, []))
    }

    /// From OPEN to CLOSING: a close frame goes out (§7.1.3).
    private mutating func leave(
        _ rule: Rule, _ stage: Farewell.Stage, _ ending: Ending, _ sequel: Farewell.Sequel
    ) -> Step<Rule, Effect> {
        let farewell = Farewell(stage: stage, sequel: sequel, ending: ending)
        let code = ending.sentCode ?? .noStatusReceived
        return go(rule, to: .closing(farewell), .one(.sendClose(attempt, code, farewell.urgency)))
    }
}

extension Lifecycle.Open {
    /// The phase that an ending in this stage names.
    var phase: Phase {
        switch self {
        case .authenticating: .authenticating
        case .restoring: .restoring
        case .ready: .ready
        }
    }

    /// The timer that bounds this stage; `ready` has none of its own.
    var timer: Timer? {
        switch self {
        case .authenticating: .authenticate
        case .restoring: .restore
        case .ready: nil
        }
    }
}
