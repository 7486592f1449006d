import NovaMachine
import NovaWire

extension Lifecycle {
    // MARK: OPEN (RFC 6455 §4.1, §5, §6)

    @inline(__always)
    mutating func inOpen(_ stage: Open, _ operation: OperationID, _ command: Command, _ out: inout Effects<Effect>)
        -> Rule
    {
        switch command {
        case .use(_, let attempt) where !isCurrent(attempt):
            out(.refuseLate, .settle(operation, .refused(.connectionLost)))
        case .use(.now, _) where stage == .ready: .admit
        case .use(.now, _): out(.refuse, .settle(operation, .refused(.notOpen)))
        case .use(.early, _), .use(.later, _): .admit
        case .connect: stage == .ready ? .alreadyOpen : .join
        case .close(let code):  // §7.1.2
            leave(.startClosing, .draining, Ending(.closedByCaller, in: stage.phase), code, .closed, &out)
        case .fail(let attempt, let code) where isCurrent(attempt):  // §7.1.7, for the caller's reasons
            leave(.failOpen, .draining, Ending(.failedByCaller, in: stage.phase), code, .retreat, &out)
        case .fail: out(.refuseLate, .settle(operation, .refused(.connectionLost)))
        }
    }

    @inline(__always)
    mutating func inOpen(_ stage: Open, _ fact: Fact, _ out: inout Effects<Effect>) -> Rule {
        switch (stage, fact) {
        case (_, .received(let frame)): inOpen(stage, frame, &out)
        case (_, .violated(let violation)):  // §7.1.7
            leave(
                .failConnection, .awaitingEnd, Ending(.violation(violation), in: stage.phase), violation.closeCode,
                .retreat, &out)
        case (_, .messageAbandoned):  // §5.4: a message can't be taken back, so the connection must end
            leave(
                .abandonMessage, .draining, Ending(.messageAbandoned, in: stage.phase), .internalError, .retreat, &out)
        case (_, .transportEnded(.tls(let failure))): retreat(.lost, Ending(.tlsFailed(failure), in: stage.phase), &out)
        // §7.1.5: this is what is called 1006
        case (_, .transportEnded(let end)): retreat(.lost, Ending(.transportEnded(end), in: stage.phase), &out)
        case (_, .keepaliveExpired): retreat(.keepaliveExpired, Ending(.keepaliveExpired, in: stage.phase), &out)

        case (_, .authenticationFailed(let fault)):
            leave(
                .authenticationFailed, .draining, Ending(.authenticationFailed(fault), in: stage.phase), .normalClosure,
                .retreat, &out)
        case (.authenticating, .authenticated): go(.authenticated, to: .open(.restoring), &out)
        case (.restoring, .restored): becomeReady(&out)
        case (.authenticating, .fired(.authenticate)), (.restoring, .fired(.restore)):
            retreat(
                .attemptTimedOut, Ending(.timedOut(stage == .restoring ? .restore : .authenticate), in: stage.phase),
                &out)
        case (.ready, .fired(.stability)) where failures > 0: forgiveFailures(&out)
        case (_, .fired(.outage)): amend(.outlasted, with: .outlasted, &out)

        case (_, .fired), (_, .authenticated), (_, .restored), (_, .delayChosen), (_, .progressed), (_, .drained),
            (_, .closeKept):
            .stale
        case (_, .resolved), (_, .resolveFailed), (_, .dialed), (_, .dialFailed), (_, .tunnelled), (_, .secured),
            (_, .upgraded), (_, .refused), (_, .refusalEnded), (_, .upgradeFailed):
            retreat(.impossible, Ending(.impossibleFact, in: stage.phase), &out)
        }
    }

    @inline(__always)
    private mutating func inOpen(_ stage: Open, _ frame: Frame, _ out: inout Effects<Effect>) -> Rule {
        switch frame {
        case .message: .deliver  // the account of what waits for the consumer hands it over
        case .fragment: .takeFragment  // §5.4: the decoder keeps it until its message is complete
        case .ping: .answerPing  // §5.5.2: the outbound queue sends it
        case .pong: .notePong  // §5.5.3: the ping table settles it
        case .close(let code):  // §5.5.1: the same code goes back
            leave(
                .answerClose, .awaitingEnd,
                Ending(
                    .closedByPeer(code ?? .noStatusReceived), in: stage.phase, received: code ?? .noStatusReceived),
                code ?? .noStatusReceived, .retreat, &out)
        }
    }

    /// Authenticated, restored: the caller's data may flow. By policy this alone forgives the failures before (R5).
    private mutating func becomeReady(_ out: inout Effects<Effect>) -> Rule {
        let before = timers
        if policy.reconnection.reset == .whenReady {
            failures = 0
            outage = .none
        }
        return go(.ready, to: .open(.ready), from: before, &out)
    }

    /// The connection has proved stable: failures before it count no more (R5).
    private mutating func forgiveFailures(_ out: inout Effects<Effect>) -> Rule {
        let before = timers
        failures = 0
        outage = .none
        return rearm(.stabilised, from: before, &out)
    }

    /// From OPEN to CLOSING: a close frame is to go out (§7.1.3). It counts as sent when it is written, not before.
    private mutating func leave(
        _ rule: Rule, _ stage: Farewell.Stage, _ ending: Ending, _ code: CloseCode, _ sequel: Farewell.Sequel,
        _ out: inout Effects<Effect>
    ) -> Rule {
        let farewell = Farewell(stage: stage, sequel: sequel, ending: ending, code: code)
        return go(rule, to: .closing(farewell), doing: .sendClose(attempt, code, farewell.urgency), &out)
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
