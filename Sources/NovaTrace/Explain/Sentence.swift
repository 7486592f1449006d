import Glibc
import NovaKernel
import NovaWire

extension TerminationCause {
    /// The end in a sentence a person understands; and, where there is to be none, why no further attempt follows.
    public var sentence: String {
        switch ending.detail {
        case .timedOut(.outage), .impossibleFact: return told  // that says it
        default: break
        }
        guard let why = finality?.sentence(failures) else { return told }
        return told + " " + why
    }

    private var told: String {
        switch ending.detail {
        case .closedByCaller: closedByCaller
        case .messageAbandoned: "A message was given up before its last fragment, so the connection had to end."
        case .failedByCaller: "The caller could not go on, and gave up\(whileInUse)."
        case .closedByPeer(.noStatusReceived): "The server closed the connection without a code (1005)."
        case .closedByPeer(let code):
            "The server closed the connection with code \(code.rawValue)\(code.meaning.inBrackets)."
        case .resolveFailed: "The host's name could not be resolved."
        case .dialFailed(let errno): "No connection could be made: \(Self.words(errno))."
        case .tlsFailed(let failure): "TLS failed\(whileInUse): \(failure.explanation)."
        case .upgradeRefused(let status, let retryAfter):
            "The server refused the opening handshake with status \(status)\(Self.meaning(status).inBrackets)"
                + (retryAfter.map { ", to be tried again after \($0) s." } ?? ".")
        case .upgradeInvalid(.requestImpossible): HandshakeFault.requestImpossible.explanation
        case .upgradeInvalid(let fault):
            "The server's answer to the opening handshake is not valid: \(fault.explanation)"
        case .violation(let violation): "The server broke the protocol: \(violation.explanation)"
        case .transportEnded(let end): transportEnded(end)
        case .timedOut(let timer): "Time ran out: \(timer.words)."
        case .keepaliveExpired:
            "Nothing was heard from the server\(sinceHeard.map { " for \($0.told)" } ?? ""), "
                + "not even an answer to a ping."
        case .authenticationFailed(.refused): "The server refused the credentials\(renewed)."
        case .authenticationFailed(.unavailable): "There were no credentials to present to the server\(renewed)."
        case .authenticationFailed(.unanswered): "The server did not answer in time to the credentials\(renewed)."
        case .impossibleFact: "The library contradicted itself; this is a defect of it."
        }
    }

    /// When credentials failed, if not at the beginning.
    private var renewed: String { ending.phase == .authenticating ? "" : " when they were renewed" }

    /// Where TLS failed, if not where it is set up.
    private var whileInUse: String {
        ending.phase == .securing ? "" : " while the connection was \(ending.phase.words)"
    }

    private var closedByCaller: String {
        switch (ending.closure, ending.phase) {
        case (.clean, _): "The connection was closed in order, as asked."
        case (.none, .backingOff): "The wait for the next attempt was given up, as asked."
        case (.none, .idle): "The connection was given up, as asked, before anything was done for it."
        case (.none, _): "The connection was given up, as asked, while it was \(ending.phase.words)."
        case (.unsent, _):
            "The connection was closed as asked, but the close frame never left"
                + (unsentBytes > 0 ? ": \(counted(unsentBytes, "byte")) still waited to be sent." : ".")
        case (.cut, _): "The connection was closed as asked; the transport ended without the server's close frame."
        case (.timedOut, _): "The connection was closed as asked; the server did not answer the close frame in time."
        }
    }

    /// RFC 6455 §7.1.5 calls it 1006, and so do those who ask for it.
    private func transportEnded(_ end: TransportEnd) -> String {
        let place = openFor.map { "after it had been open for \($0.told)" } ?? "while it was \(ending.phase.words)"
        let code = openFor == nil ? "" : " (1006)"
        return switch end {
        case .endOfStream: "The server ended the connection without a close frame\(code), \(place)."
        case .truncated: "The connection was cut off without the end that TLS demands\(code), \(place)."
        case .failed(let errno): "The transport failed\(code), \(place): \(Self.words(errno))."
        case .tls(let failure): "TLS failed\(code), \(place): \(failure.explanation)."
        }
    }

    private static func words(_ errno: Int32) -> String {
        "\(String(cString: strerror(errno)).lowercased()) (errno \(errno))"
    }

    /// What a status of HTTP is called (RFC 9110 §15), where that helps; empty elsewhere.
    private static func meaning(_ status: UInt16) -> String {
        switch status {
        case 200: "ok"
        case 300...399: "go elsewhere"
        case 400: "bad request"
        case 401: "unauthorized"
        case 403: "forbidden"
        case 404: "not found"
        case 405: "method not allowed"
        case 407: "proxy authentication required"
        case 408: "request timeout"
        case 410: "gone"
        case 425: "too early"
        case 426: "upgrade required"
        case 429: "too many requests"
        case 500: "internal server error"
        case 502: "bad gateway"
        case 503: "service unavailable"
        case 504: "gateway timeout"
        default: ""
        }
    }
}

extension CloseCode {
    /// What the code is called (RFC 6455 §7.4.1), or whose it is (§7.4.2); empty if nobody knows.
    var meaning: String {
        switch self {
        case .normalClosure: "normal closure"
        case .goingAway: "going away"
        case .protocolError: "protocol error"
        case .unsupportedData: "unsupported data"
        case .noStatusReceived: "no code"
        case .invalidFramePayloadData: "invalid payload data"
        case .policyViolation: "policy violation"
        case .messageTooBig: "message too big"
        case .mandatoryExtension: "mandatory extension"
        case .internalError: "internal error"
        case .serviceRestart: "service restart"
        case .tryAgainLater: "try again later"
        case .badGateway: "bad gateway"
        default:
            switch rawValue {
            case 3000...3999: "a code of a library or framework"
            case 4000...4999: "a code of the application's own"
            default: ""
            }
        }
    }
}

extension String {
    /// ` (text)`, or nothing.
    fileprivate var inBrackets: String { isEmpty ? "" : " (\(self))" }
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
        case .dial: "no address could be connected to"
        case .tunnel: "the proxy gave no tunnel"
        case .secure: "the TLS handshake was not finished"
        case .upgrade: "the opening handshake was not finished"
        case .deadline: "the connection was not open by its deadline"
        case .authenticate: "authentication was not finished"
        case .restore: "subscriptions were not restored"
        case .drain: "what had been accepted before the close was not sent"
        case .stability: "a timer of the connection's own fired, the one for its stability"
        case .backoff: "a timer of the connection's own fired, the one for the next attempt"
        case .keepalive: "a timer of the connection's own fired, the one for the keepalive"
        case .pong: "a timer of the connection's own fired, the one for pongs"
        case .request: "a timer of the connection's own fired, the one for answers"
        case .outbox: "a timer of the connection's own fired, the one for messages that wait"
        case .limit: "a timer of the connection's own fired, the one for the rate limit"
        case .refresh: "a timer of the connection's own fired, the one for its credentials"
        case .subscription: "a timer of the connection's own fired, the one for its subscriptions"
        case .freshness: "a timer of the connection's own fired, the one for messages that stay away"
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
        case .unrecoverable: "By the retry table such an end is final."
        case .attemptsExhausted: "It was attempt \(failures) in a row that failed, the last one allowed."
        case .outageTooLong: "The outage has lasted longer than allowed."
        case .delayDenied: "The caller's own function says not to try again."
        }
    }

    /// The same as the last moment of a chain, after such an end.
    func moment(after detail: Ending.Detail) -> String {
        switch self {
        case .unrecoverable where detail == .impossibleFact: "no further attempt: the retry table is not asked"
        case .asked: "no further attempt: the caller wants none"
        case .reconnectionOff: "no further attempt: the policy does not reconnect"
        case .unrecoverable: "no further attempt: the retry table calls such an end final"
        case .attemptsExhausted: "no further attempt: as many as the policy allows have failed in a row"
        case .outageTooLong: "no further attempt: the outage has lasted longer than the policy allows"
        case .delayDenied: "no further attempt: the caller's own function says so"
        }
    }
}
