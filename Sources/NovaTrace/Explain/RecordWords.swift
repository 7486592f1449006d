import NovaKernel
import NovaWire

extension Lifecycle.Rule {
    /// Whether an attempt begins with it.
    var beginsAttempt: Bool {
        switch self {
        case .begin, .retry, .hurry: true
        default: false
        }
    }
}

extension FlightRecorder.Record {
    /// Whether a ping of ours went out.
    var isPing: Bool {
        switch rule {
        case .pings(.ask), .keepalive(.probe), .keepalive(.probeUnheard): true
        default: false
        }
    }

    /// What made the ping.
    func pingText(_ policy: Policy?) -> String {
        switch rule {
        case .keepalive(.probe):
            "a ping was sent after \(policy?.keepalive.map { "\($0.interval.told) of " } ?? "")silence"
        case .keepalive: "a ping was sent while reading was paused"
        default: "a ping was sent for a caller"
        }
    }

    /// What happened, if it is worth a moment of its own; nil for what is counted, and for what changes nothing.
    var moment: String? {
        switch rule {
        case .lifecycle(let rule): moment(rule)
        case .keepalive(.dead): "no sign of life came in the time for it"
        case .outbound(.drop): dropped > 0 ? "\(counted(dropped, "byte")) that waited gave way to a close frame" : nil
        case .outbound(.breakMessage): "a message was given up before its last fragment"
        case .inbound(.consumerLeft): "nobody takes messages any more"
        case .keepalive, .inbound, .outbound, .pings, .promises, .outbox, .limiter, .requests, .authentication,
            .subscriptions, .stale:
            nil
        }
    }

    private var dropped: Int { if case .dropped(_, let count) = event { count } else { 0 } }

    /// The row in words. No `default`: a new row is told, or is left out knowingly.
    private func moment(_ rule: Lifecycle.Rule) -> String? {
        switch rule {
        case .begin: "the attempt began"
        case .retry: "the attempt began, after the wait"
        case .hurry: "the attempt began, as asked: the wait was cut short"
        case .startClosing: "the caller closed" + closeCode(" with code ")
        case .cancelAttempt, .cancelRetry, .closeUnused: "the caller closed"
        case .failAttempt, .failOpen: "the caller could not go on with the connection" + closeCode(", code ")
        case .resolved: "the name was resolved"
        case .dialed: "connected"
        case .tunnelled: "the proxy opened a tunnel"
        case .secured: "TLS was set up"
        case .established: "the server accepted the opening handshake: open"
        case .stabilised: "the connection counted as stable"
        case .outlasted: "the outage had lasted as long as it may"
        case .giveUp, .lost, .attemptCut, .ended, .attemptTimedOut, .closeTimedOut, .drainTimedOut, .keepaliveExpired,
            .resolveFailed, .dialFailed, .tlsFailed, .upgradeFailed, .refusalBegan, .failConnection,
            .authenticationFailed,
            .failWhileDraining, .violatedWhileClosing, .impossible:
            fact?.told
        case .answerClose, .closesCrossed, .closeAnswered:
            "a close frame came from the server" + closeCode(" with code ")
        case .closeWritten: "our close frame was sent"
        case .join, .alreadyOpen, .admit, .refuse, .refuseLate, .alreadyClosing, .refusalEnded, .authenticated, .ready,
            .deliver,
            .takeFragment, .answerPing, .notePong, .abandonMessage, .drainProgressed, .deliverWhileClosing,
            .ignoreAfterClose, .closeKept, .delayChosen, .stale:
            nil
        }
    }

    /// The code in a close frame that came, or in one that was asked for.
    private func closeCode(_ before: String) -> String {
        switch event {
        case .command(_, .close(let code, _)), .command(_, .fail(_, let code, _)): before + "\(code.rawValue)"
        case .fact(_, .received(.close(let code?))): before + "\(code.rawValue)"
        case .fact(_, .received(.close(nil))): " without a code"
        default: ""
        }
    }
}

extension Lifecycle.Fact {
    /// The fact as a moment of a chain; nil for what an end never comes by.
    fileprivate var told: String? {
        switch self {
        case .resolveFailed: "the name could not be resolved"
        case .dialFailed(let errno): "no address could be connected to (errno \(errno))"
        case .refused(let status, _): "the server refused with status \(status)"
        case .upgradeFailed(.requestImpossible): "the request could not be written"
        case .upgradeFailed(let fault): "the answer was not valid: \(fault.rawValue)"
        case .violated(let violation): "the server broke the protocol: \(violation.rawValue)"
        case .transportEnded(.endOfStream): "the server ended the transport"
        case .transportEnded(.truncated): "the transport ended, without TLS's own end"
        case .transportEnded(.failed(let errno)): "the transport failed (errno \(errno))"
        case .transportEnded(.tls(let failure)): "TLS failed: \(failure.explanation)"
        case .authenticationFailed(.refused): "the server refused the credentials"
        case .authenticationFailed(.unavailable): "there were no credentials"
        case .authenticationFailed(.unanswered): "the server did not answer to the credentials"
        case .keepaliveExpired: "the server was given up as dead"
        case .fired(let timer): "time ran out: \(timer.words)"
        case .delayChosen: "the caller's own function chose to stop"
        case .resolved, .dialed, .tunnelled, .secured, .upgraded, .refusalEnded, .authenticated, .restored, .received,
            .messageAbandoned, .closeKept, .progressed, .drained:
            "the library was told what can't be: \(words[0])"
        }
    }
}
