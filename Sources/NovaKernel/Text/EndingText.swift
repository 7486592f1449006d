import NovaWire

extension Ending.Detail: CustomStringConvertible {
    /// The detail in the words of traces and scenarios.
    public var description: String {
        switch self {
        case .closedByCaller: "closedByCaller"
        case .messageAbandoned: "messageAbandoned"
        case .failedByCaller: "failedByCaller"
        case .closedByPeer(let code): "closedByPeer \(code.rawValue)"
        case .resolveFailed(let code): "resolveFailed \(code)"
        case .dialFailed(let errno): "dialFailed \(errno)"
        case .tlsFailed(let failure): "tlsFailed \(failure.word)"
        case .upgradeRefused(let status, let retryAfter):
            "upgradeRefused \(status) \(retryAfter.map { "\($0)" } ?? "none")"
        case .upgradeInvalid(let fault): "upgradeInvalid \(fault.rawValue)"
        case .violation(let violation): "violation \(violation.rawValue)"
        case .transportEnded(let end): "transportEnded \(end.text)"
        case .authenticationFailed(let fault): "authenticationFailed \(fault.rawValue)"
        case .timedOut(let timer): "timedOut \(timer.name)"
        case .keepaliveExpired: "keepaliveExpired"
        case .impossibleFact: "impossibleFact"
        }
    }
}

extension Ending: CustomStringConvertible {
    /// The ending in the words of traces and scenarios.
    public var description: String {
        var text = "\(phase.rawValue): \(detail)"
        if closure != .none { text += ", \(closure.rawValue)" }
        if let sentCode { text += ", sent \(sentCode.rawValue)" }
        if let receivedCode { text += ", received \(receivedCode.rawValue)" }
        return text
    }
}

extension TerminationCause: CustomStringConvertible {
    /// Everything that is known of the end, in the words of traces.
    public var description: String {
        let facts = [
            finality.map { "final \($0.rawValue)" }, "attempt \(attempt.number)", "failures \(failures)",
            sinceHeard.map { "heard \($0.word) before" }, openFor.map { "open for \($0.word)" },
            "unsent \(unsentBytes)", "waiting \(waitingSends)", "pings \(unansweredPings)",
            "discarded \(discardedMessages)",
        ]
        return "\(ending); " + facts.compactMap(\.self).joined(separator: "; ")
    }
}

extension Lifecycle.State: CustomStringConvertible {
    /// The state's payload in the words of traces and scenarios; empty if it has none.
    public var description: String {
        switch self {
        case .idle, .open: ""
        case .connecting(.refused(let status, _)): "\(status)"
        case .connecting: ""
        case .closing(let farewell): "(\(farewell.ending); then \(farewell.sequel.rawValue))"
        case .backingOff(let ending): "(\(ending))"
        case .closed(let ending, let finality): "(\(ending); \(finality.rawValue))"
        }
    }
}

extension Lifecycle {
    /// The state in the words of traces and scenarios: its path, and its payload if it has one.
    public var stateText: String {
        let payload = "\(state)"
        return payload.isEmpty ? name : "\(name) \(payload)"
    }
}
