import Glibc
import NovaKernel
import NovaWire

extension TerminationCause {
    /// The end in a sentence a person understands; and, where there is to be none, why no further attempt follows.
    public var sentence: String {
        let what = ending.detail.sentence(ending)
        guard let finality, let why = finality.sentence(failures) else { return what }
        return what + " " + why
    }
}

extension Ending.Detail {
    func sentence(_ ending: Ending) -> String {
        switch self {
        case .closedByCaller: Self.closedByCaller(ending)
        case .messageAbandoned: "A message was given up before its last fragment, so the connection had to end."
        case .closedByPeer(.noStatusReceived): "The server closed the connection without a code."
        case .closedByPeer(let code):
            "The server closed the connection with code \(code.rawValue)\(Self.meaning(code))."
        case .resolveFailed: "The host's name could not be resolved."
        case .dialFailed(let errno): "No connection could be made: \(Self.errnoWords(errno))."
        case .tlsFailed(let failure): "TLS failed: \(failure.explanation)."
        case .upgradeRefused(let status, let retryAfter?):
            "The server refused the opening handshake with status \(status), to be tried again after \(retryAfter) s."
        case .upgradeRefused(let status, nil): "The server refused the opening handshake with status \(status)."
        case .upgradeInvalid(let fault):
            "The server's answer to the opening handshake is not valid: \(fault.explanation)"
        case .violation(let violation): "The server broke the protocol: \(violation.explanation)"
        case .transportEnded(.endOfStream):
            "The server ended the transport without a close frame, while the connection was \(ending.phase.words)."
        case .transportEnded(.truncated):
            "The TLS stream was cut off while the connection was \(ending.phase.words)."
        case .transportEnded(.failed(let errno)):
            "The transport failed while the connection was \(ending.phase.words): \(Self.errnoWords(errno))."
        case .transportEnded(.tls(let failure)): "TLS failed: \(failure.explanation)."
        case .timedOut(let timer): "Time ran out: \(timer.words)."
        case .keepaliveExpired: "Nothing was heard from the server, not even an answer to a ping."
        case .impossibleFact: "The library contradicted itself; this is a defect of it."
        }
    }

    private static func closedByCaller(_ ending: Ending) -> String {
        switch ending.closure {
        case .clean: "The connection was closed in order, as asked."
        case .none: "The connection was given up, as asked."
        case .unsent:
            "The connection was closed as asked, but the close frame never left: what waited before it did not."
        case .cut: "The connection was closed as asked; the server ended the transport without a close frame."
        case .timedOut: "The connection was closed as asked; the server did not answer the close frame in time."
        }
    }

    private static func errnoWords(_ errno: Int32) -> String {
        "\(String(cString: strerror(errno)).lowercased()) (errno \(errno))"
    }

    private static func meaning(_ code: CloseCode) -> String {
        switch code {
        case .normalClosure: " (normal closure)"
        case .goingAway: " (going away)"
        case .protocolError: " (protocol error)"
        case .unsupportedData: " (unsupported data)"
        case .invalidFramePayloadData: " (invalid payload data)"
        case .policyViolation: " (policy violation)"
        case .messageTooBig: " (message too big)"
        case .internalError: " (internal error)"
        case .serviceRestart: " (service restart)"
        case .tryAgainLater: " (try again later)"
        default: ""
        }
    }
}

extension Phase {
    /// What the connection was doing, as the end of a sentence.
    var words: String {
        switch self {
        case .idle: "idle"
        case .resolving: "resolving the name"
        case .dialing: "being made"
        case .tunnelling: "asking the proxy for a tunnel"
        case .securing: "setting up TLS"
        case .upgrading: "in the opening handshake"
        case .authenticating: "authenticating"
        case .restoring: "restoring subscriptions"
        case .ready: "in use"
        case .backingOff: "waiting for the next attempt"
        }
    }
}

extension Timer {
    /// What took too long, as the end of a sentence.
    var words: String {
        switch self {
        case .resolve: "the name was not resolved"
        case .dial: "no address answered"
        case .tunnel: "the proxy gave no tunnel"
        case .secure: "the TLS handshake was not finished"
        case .upgrade: "the server did not answer the opening handshake"
        case .deadline: "the connection was not open by its deadline"
        case .authenticate: "authentication was not finished"
        case .restore: "subscriptions were not restored"
        case .drain: "what had been accepted before the close was not sent"
        case .stability, .backoff, .keepalive, .pong: "a timer of the connection's own fired"
        case .close: "the closing handshake was not finished"
        case .outage: "the outage lasted too long"
        }
    }
}

extension Finality {
    /// Why no further attempt follows; nil where that goes without saying.
    func sentence(_ failures: UInt32) -> String? {
        switch self {
        case .asked, .reconnectionOff: nil
        case .unrecoverable: "Trying again would not help."
        case .attemptsExhausted: "It was attempt \(failures) in a row that failed, the last one allowed."
        case .outageTooLong: "The outage has lasted longer than allowed."
        case .delayDenied: "The caller's own policy says not to try again."
        }
    }
}
