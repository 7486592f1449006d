import NovaKernel
import NovaWire

extension TerminationCause {
    /// One piece of advice: what usually helps. `policy` is the connection's, where it is known; then limits are named
    /// with their values. While reading is paused, the server may have spoken and not been heard.
    func advice(_ policy: Policy?, isPaused: Bool = false) -> String {
        switch ending.detail {
        case .closedByCaller: ending.closure.advice
        case .messageAbandoned:
            "Send whole messages, or fragments of a sequence that neither throws nor is cancelled."
        case .failedByCaller:
            "Look at what the caller's handlers could not use; where it is no fault of the connection, leave it be."
        case .closedByPeer(let code): code.advice
        case .resolveFailed(let code): Self.advice(resolver: code)
        case .dialFailed(let errno): Self.advice(dialing: errno)
        case .tlsFailed(let failure): failure.advice
        case .upgradeRefused(let status, let retryAfter): Self.advice(status: status, retryAfter)
        case .upgradeInvalid(let fault): fault.advice
        case .violation(let violation): violation.advice(policy?.wire)
        case .transportEnded(let end): advice(end, policy, isPaused)
        case .timedOut(let timer): timer.advice(policy)
        case .keepaliveExpired:
            "Connect again; reconnection does so by itself. If the server is slow rather than dead, raise "
                + "keepalive.timeout" + (policy?.keepalive.map { ", now \($0.timeout.told)." } ?? ".")
        case .authenticationFailed(.refused): "Check the credentials, what they are good for, and until when."
        case .authenticationFailed(.unavailable):
            "Look at where the credentials come from: whoever was asked for them had none, or failed."
        case .authenticationFailed(.unanswered):
            "Raise timeouts.authenticate" + (policy.map { ", now \($0.timeouts.authenticate.told)," } ?? "")
                + " if the server is slow."
        case .impossibleFact: "Record a trace and report it: this must not happen."
        }
    }

    /// `getaddrinfo`'s codes, as the GNU library has them.
    private static func advice(resolver code: Int32) -> String {
        switch code {
        case -2, -5: "Check how the host's name is spelt: the resolver knows no address for it."
        case -3: "Check the network and the resolver, and try again: the resolver gave no answer."
        default: "Check the host's name and the resolver; the words in brackets, if there are any, are the resolver's."
        }
    }

    /// Linux's numbers.
    private static func advice(dialing errno: Int32) -> String {
        switch errno {
        case 1, 13: "The system forbids it: look at the rights to the path, and at this machine's firewall."
        case 2: "There is no socket at that path: is the server up, and is the path right?"
        case 23, 24: "There are no file descriptors left: raise their limit, or keep fewer connections."
        case 99: "This machine has no address or no port left to connect from: keep fewer connections at once."
        case 101, 113: "There is no way to that address: look at routes, the VPN and firewalls."
        case 110: "Nobody answers at that address: look at routes and firewalls, and whether the host is up."
        case 111: "Nobody listens there: is the server up, and is the port right?"
        default: "Look the errno up: it is the system's own answer for the last address that was tried."
        }
    }

    private static func advice(status: UInt16, _ retryAfter: UInt32?) -> String {
        switch status {
        case 200...299:
            "Check the path, and that what stands in between passes the Upgrade header on: this was plain HTTP."
        case 300...399: "Connect to the URL that the answer's Location header names: redirects are not followed."
        case 400: "Look at the answer's body and into the server's log: it does not like the request."
        case 401: "Send credentials, or fresh ones, in the Authorization header or as the server wants them."
        case 403: "Check the credentials, what they are good for, and the origin: the server knows and says no."
        case 404, 410: "Check the path of the URL: there is no WebSocket."
        case 407: "The proxy in between wants credentials."
        case 426:
            "Check that what stands in between passes the Upgrade header on; or the server wants another protocol, or "
                + "another version than 13: its answer's headers say so."
        case 408, 425: "Try again; reconnection does so by itself."
        case 429:
            "Make fewer attempts: "
                + (retryAfter == nil ? "lengthen the backoff." : "the server's Retry-After is kept by reconnection.")
        case 500: "Look into the server's log: it failed, and may do so again."
        case 502, 504: "Look at what is behind the gateway: the gateway answers, its server does not."
        case 503: "Try again later; reconnection does so by itself, and keeps the server's Retry-After."
        default: "Look at the answer's headers and body: the server says in them what it wants."
        }
    }

    /// What is called 1006: what helps depends on what was known.
    private func advice(_ end: TransportEnd, _ policy: Policy?, _ isPaused: Bool) -> String {
        if case .tls(let failure) = end { return failure.advice }
        guard let openFor else {
            return "Try again; if it stays so, look into the server's log, and at what is in between."
        }
        if case .failed(let errno) = end, errno == 110 {
            return "Connect again; what was sent was not acknowledged: look at the network in between."
        }
        if isPaused {
            return
                "Take messages faster, or raise inbound.maximumBytes and inbound.maximumMessages: a server may let go of a "
                + "client that does not read."
        }
        if let sinceHeard, sinceHeard >= .seconds(10), openFor >= .seconds(10) {
            let (set, shorten) = ("set a keepalive", "shorten keepalive.interval")
            let remedy = policy.map { $0.keepalive == nil ? set : shorten } ?? "\(set), or \(shorten)"
            return
                "Connect again. If it always happens after the same time of silence, something in between drops idle "
                + "connections: \(remedy)."
        }
        return
            "Connect again, and look into the server's log: it, or something in between, ended the connection without "
            + "a word."
    }
}

extension Closure {
    /// What helps where the caller has closed.
    fileprivate var advice: String {
        switch self {
        case .none, .clean: "Nothing has to be mended."
        case .unsent:
            "Wait for flush() before you close, or raise timeouts.drain and timeouts.close, if what was sent must arrive."
        case .cut:
            "Nothing has to be mended here. If it is always so, let the server answer a close frame before it ends the "
                + "transport."
        case .timedOut: "Raise timeouts.close if the server needs longer; what was sent before is not affected."
        }
    }
}

extension CloseCode {
    fileprivate var advice: String {
        switch self {
        case .normalClosure: "Nothing has to be mended: the server was done. Connect again if you were not."
        case .goingAway: "Connect again: the server goes away, or lets go of clients that are idle."
        case .protocolError: "Look into the server's log: it says that this end broke the protocol."
        case .unsupportedData: "Send the kind of message the server takes, text or binary."
        case .noStatusReceived: "Look into the server's log: it closed, and gave no code."
        case .invalidFramePayloadData: "Check what was sent: the server could not read a payload."
        case .policyViolation: "Check what was sent and who sent it: the server's rules forbid it."
        case .messageTooBig: "Send smaller messages: one was larger than the server takes."
        case .mandatoryExtension: "Look into the server's log: this code is for clients to send."
        case .internalError: "Connect again later, and look into the server's log: it met an error of its own."
        case .serviceRestart: "Connect again, with a backoff: the service restarts."
        case .tryAgainLater: "Connect again later, with a longer backoff: the service is overloaded."
        case .badGateway: "Look at what is behind the gateway: the gateway got no valid answer from there."
        default: "Look the code up in the documentation of the server: it has no common meaning."
        }
    }
}
