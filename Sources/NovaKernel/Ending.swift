import NovaWire

/// How far an attempt had come: the state in which it ended.
public enum Phase: String, Hashable, Sendable, CaseIterable {
    /// Nothing had been asked for yet.
    case idle
    /// The host's name was being looked up.
    case resolving
    /// A transport connection was being made.
    case dialing
    /// A proxy was being asked for a tunnel.
    case tunnelling
    /// TLS was being set up.
    case securing
    /// The opening handshake was under way (RFC 6455 §4.1).
    case upgrading
    /// The WebSocket connection was open; the caller was being authenticated.
    case authenticating
    /// The WebSocket connection was open; subscriptions were being restored.
    case restoring
    /// The connection was in use.
    case ready
    /// There was no connection; the next attempt was being waited for.
    case backingOff
}

/// Who or what brought a connection to its end.
public enum Origin: String, Hashable, Sendable, CaseIterable {
    /// The caller asked for it.
    case caller
    /// The server said so, or broke the rules.
    case peer
    /// The network, or the system under us.
    case network
    /// A bound of the policy was reached.
    case policy
    /// This library's own fault.
    case library
}

/// How the closing handshake went (RFC 6455 §7.1.4).
public enum Closure: String, Hashable, Sendable, CaseIterable {
    /// There was none: the connection ended without a word, or was never open.
    case none
    /// Both sides sent a close frame.
    case clean
    /// A close frame was to be sent, and never left.
    case unsent
    /// A close frame was sent, and the transport ended before the other side's.
    case cut
    /// A close frame was sent, and time ran out before the other side's.
    case timedOut
}

/// How one attempt ended: in which phase, through what, and which close codes were exchanged.
public struct Ending: Hashable, Sendable {
    /// What happened. A closed list: there is no "unknown".
    public enum Detail: Hashable, Sendable {
        /// The caller asked for the end.
        case closedByCaller
        /// The caller gave up a message it had begun to send in fragments; a WebSocket can't take it back (§5.4).
        case messageAbandoned
        /// The caller could not go on with this connection, and may want another.
        case failedByCaller
        /// The server began the closing handshake; with this code, or 1005 for none (§7.1.5).
        case closedByPeer(CloseCode)
        /// The name could not be resolved; with `getaddrinfo`'s code.
        case resolveFailed(code: Int32)
        /// No address could be connected to; with the last one's `errno`.
        case dialFailed(errno: Int32)
        /// TLS could not be set up, or failed later.
        case tlsFailed(TLSFailure)
        /// The server answered the opening handshake with another status than 101 (§4.1).
        case upgradeRefused(status: UInt16, retryAfter: UInt32?)
        /// The server's 101 was not one for this handshake (§4.1).
        case upgradeInvalid(HandshakeFault)
        /// The server broke the protocol (§7.1.7).
        case violation(ProtocolViolation)
        /// The transport ended without a close frame (§7.1.5: code 1006).
        case transportEnded(TransportEnd)
        /// The server refused our credentials, or there were none.
        case authenticationFailed(AuthenticationFault)
        /// A phase took longer than the policy allows.
        case timedOut(Timer)
        /// Nothing was heard from the server, not even an answer to a ping.
        case keepaliveExpired
        /// The interpreter told the machine something that can't be: a defect of this library.
        case impossibleFact
    }

    /// The phase in which it happened.
    public var phase: Phase
    /// What happened.
    public var detail: Detail
    /// How the closing handshake went.
    public var closure: Closure
    /// The code of the close frame we sent, if we sent one.
    public var sentCode: CloseCode?
    /// The code of the close frame that came, 1005 if it had none, nil if no close frame came.
    public var receivedCode: CloseCode?

    /// An ending with all its facts.
    public init(
        _ detail: Detail, in phase: Phase, closure: Closure = .none, sent: CloseCode? = nil, received: CloseCode? = nil
    ) {
        self.detail = detail
        self.phase = phase
        self.closure = closure
        sentCode = sent
        receivedCode = received
    }

    /// Who or what brought the end.
    public var origin: Origin {
        switch detail {
        case .closedByCaller, .messageAbandoned, .failedByCaller, .authenticationFailed(.unavailable): .caller
        case .closedByPeer, .authenticationFailed, .upgradeRefused, .upgradeInvalid, .violation: .peer
        case .resolveFailed, .dialFailed, .tlsFailed, .transportEnded: .network
        case .timedOut, .keepaliveExpired: .policy
        case .impossibleFact: .library
        }
    }
}

/// Why there is no further attempt.
public enum Finality: String, Hashable, Sendable, CaseIterable {
    /// The caller asked for the end.
    case asked
    /// The policy does not reconnect.
    case reconnectionOff
    /// The retry table calls such an ending final; or nobody asks it, as what was told could not be.
    case unrecoverable
    /// As many attempts as the policy allows have failed in a row.
    case attemptsExhausted
    /// The outage lasted longer than the policy allows.
    case outageTooLong
    /// The caller's own function, or its handler of errors, said to stop.
    case delayDenied
}

/// Why a connection ended, and what was known at that moment (law R4).
public struct TerminationCause: Hashable, Sendable {
    /// How the attempt ended.
    public var ending: Ending
    /// Why no further attempt follows; nil if one does.
    public var finality: Finality?
    /// Which attempt it was.
    public var attempt: AttemptID
    /// How many attempts in a row had failed, this one included.
    public var failures: UInt32
    /// How long before the end the last byte of the server came; nil if none ever came in this attempt.
    public var sinceHeard: Duration?
    /// How long the WebSocket connection had been open; nil if it never was in this attempt.
    public var openFor: Duration?
    /// Bytes of frames that were to be sent, control frames included, and were never handed to the system.
    public var unsentBytes: Int
    /// Sends that still waited for room.
    public var waitingSends: Int
    /// Pings that had no answer yet, the keepalive's included.
    public var unansweredPings: Int
    /// Messages that were dropped since the first connection: nobody took them any more, or there was no room for them
    /// while the connection was being closed.
    public var discardedMessages: UInt64
}
