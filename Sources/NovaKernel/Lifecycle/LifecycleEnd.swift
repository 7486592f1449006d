import NovaMachine
import NovaWire

extension Lifecycle {
    // MARK: CLOSING (RFC 6455 §7.1.3)

    mutating func inClosing(
        _ farewell: Farewell, _ operation: OperationID, _ command: Command, _ out: inout Effects<Effect>
    ) -> Rule {
        switch command {
        case .connect: .join  // waits for what follows: another attempt, or the end
        case .use(.later, _) where farewell.sequel == .retreat: .admit
        case .use: out(.refuse, .settle(operation, .refused(.closing)))
        case .close: amend(.alreadyClosing, with: farewell.finally())
        case .fail(let attempt, _) where isCurrent(attempt): amend(.alreadyClosing, with: farewell)
        case .fail: out(.refuseLate, .settle(operation, .refused(.connectionLost)))
        }
    }

    mutating func inClosing(_ farewell: Farewell, _ fact: Fact, _ out: inout Effects<Effect>) -> Rule {
        switch (farewell.stage, fact) {
        // §5.5.1: until its close frame the server may send
        case (.draining, .received(.message)), (.closeSent, .received(.message)): .deliverWhileClosing
        case (.draining, .received(.fragment)), (.closeSent, .received(.fragment)): .takeFragment
        case (.draining, .received(.pong)), (.closeSent, .received(.pong)): .notePong
        case (.draining, .received(.ping)): .answerPing
        case (.closeSent, .received(.ping)): .ignoreAfterClose  // nothing follows our close frame

        case (.draining, .progressed): out(.drainProgressed, .arm(attempt, .close, duration(of: .close)))
        case (.draining, .drained):  // only now the server can know: its time begins
            out(
                go(.closeWritten, to: .closing(farewell.written(in: .closeSent)), &out),
                .arm(attempt, .close, duration(of: .close)))
        // The server reads no further: what waits is not sent, our close frame is (§5.5.1).
        case (.draining, .received(.close(let code))):
            go(
                .closesCrossed, to: .closing(farewell.answered(by: code ?? .noStatusReceived)),
                doing: .hastenClose(attempt), &out)
        case (.draining, .violated(let violation)):  // §7.1.7
            go(
                .failWhileDraining, to: .closing(farewell.failed(violation)),
                doing: .sendClose(attempt, violation.closeCode, .now), &out)
        case (_, .closeKept(let code)): amend(.closeKept, with: farewell.saying(code))
        case (.closeSent, .received(.close(let code))):
            go(.closeAnswered, to: .closing(farewell.answered(by: code ?? .noStatusReceived)), &out)
        case (.closeSent, .violated(let violation)):  // the server's last word is no word: its cause comes first
            finish(.violatedWhileClosing, farewell.told(as: .violation(violation)), .cut, &out)
        case (.awaitingEnd, .drained): amend(.closeWritten, with: farewell.written(in: .awaitingEnd))
        case (.awaitingEnd, .received), (.awaitingEnd, .violated): .ignoreAfterClose  // §7.1.7

        case (.draining, .transportEnded): finish(.ended, farewell, .unsent, &out)
        case (.draining, .fired(.close)), (.draining, .fired(.drain)):
            finish(.drainTimedOut, farewell, .unsent, &out)
        case (_, .transportEnded): finish(.ended, farewell, .cut, &out)
        case (_, .fired(.close)): finish(.closeTimedOut, farewell, .timedOut, &out)
        case (_, .fired(.outage)): amend(.outlasted, with: .outlasted, &out)
        case (_, .fired), (_, .authenticated), (_, .authenticationFailed), (_, .restored), (_, .keepaliveExpired),
            (_, .delayChosen),
            (_, .messageAbandoned), (_, .progressed), (_, .drained):
            .stale
        case (_, .resolved), (_, .resolveFailed), (_, .dialed), (_, .dialFailed), (_, .tunnelled), (_, .secured),
            (_, .upgraded), (_, .refused), (_, .refusalEnded), (_, .upgradeFailed):
            finish(.impossible, farewell.told(as: .impossibleFact), .cut, &out)
        }
    }

    /// The closing handshake is over, one way or the other: clean only if both close frames have crossed the wire.
    private mutating func finish(_ rule: Rule, _ farewell: Farewell, _ closure: Closure, _ out: inout Effects<Effect>)
        -> Rule
    {
        var ending = farewell.ending
        switch (ending.sentCode, ending.receivedCode) {
        case (nil, _): ending.closure = .unsent
        case (.some, .some): ending.closure = .clean
        case (.some, nil): ending.closure = closure
        }
        return switch farewell.sequel {
        case .closed: close(rule, ending, .asked, &out)
        case .retreat: retreat(rule, ending, &out)
        }
    }

    // MARK: Between attempts

    mutating func inBackingOff(
        _ ending: Ending, _ operation: OperationID, _ command: Command, _ out: inout Effects<Effect>
    ) -> Rule {
        switch command {
        case .connect: begin(.hurry, &out)
        case .use(.later, _): .admit
        case .use: out(.refuse, .settle(operation, .refused(.notOpen)))
        case .close: close(.cancelRetry, Ending(.closedByCaller, in: .backingOff), .asked, &out)
        case .fail: out(.refuse, .settle(operation, .refused(.notOpen)))
        }
    }

    mutating func inBackingOff(_ ending: Ending, _ fact: Fact, _ out: inout Effects<Effect>) -> Rule {
        switch fact {
        case .fired(.backoff): begin(.retry, &out)
        case .fired(.outage): close(.giveUp, ending, .outageTooLong, &out)
        case .delayChosen(let delay?): out(.delayChosen, .arm(attempt, .backoff, max(delay, retryAfter)))
        case .delayChosen(nil): close(.giveUp, ending, .delayDenied, &out)
        // The attempt is over: whatever else is said of it comes late.
        case .resolved, .resolveFailed, .dialed, .dialFailed, .tunnelled, .secured, .upgraded, .refused, .refusalEnded,
            .upgradeFailed, .authenticated, .authenticationFailed, .restored, .received, .violated, .messageAbandoned,
            .progressed, .drained,
            .closeKept, .transportEnded, .keepaliveExpired, .fired:
            stale(attempt, fact, &out)
        }
    }

    // MARK: CLOSED (§7.1.4)

    mutating func inClosed(_ operation: OperationID, _ command: Command, _ out: inout Effects<Effect>) -> Rule {
        switch command {
        case .connect, .close: .refuse  // the promise ledger settles it: the connection is closed
        case .use, .fail: out(.refuse, .settle(operation, .refused(.closed)))
        }
    }
}

extension Lifecycle.Farewell {
    /// The server's close frame has come.
    func answered(by code: CloseCode) -> Self {
        var next = self
        next.stage = .awaitingEnd
        next.ending.receivedCode = code
        return next
    }

    /// Our close frame has gone out.
    func written(in stage: Stage) -> Self {
        var next = self
        next.stage = stage
        next.ending.sentCode = code
        return next
    }

    /// Our close frame says this code.
    func saying(_ code: CloseCode) -> Self {
        var next = self
        next.code = code
        return next
    }

    /// The server broke the protocol before our close frame went out; one with this code takes its place.
    func failed(_ violation: ProtocolViolation) -> Self {
        var next = told(as: .violation(violation))
        next.stage = .awaitingEnd
        next.code = violation.closeCode
        return next
    }

    /// The same farewell, after which the caller wants no more.
    func finally() -> Self {
        var next = self
        next.sequel = .closed
        return next
    }

    /// The same farewell, with another story.
    func told(as detail: Ending.Detail) -> Self {
        var next = self
        next.ending.detail = detail
        return next
    }
}
