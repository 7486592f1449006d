import NovaWire

extension Lifecycle {
    /// What the connection is. The outer words are RFC 6455's (§4.1, §7.1); each says who leaves it, and by which
    /// timer at last.
    public enum State: Hashable, Sendable {
        /// Nobody has asked for a connection. Left by the caller alone; holds nothing.
        case idle
        /// An attempt is being made. Left by its success or failure; timer `deadline`, and one for each stage.
        case connecting(Connecting)
        /// The opening handshake is done. Left by either side's close, by a violation, by the transport's end, by
        /// keepalive.
        case open(Open)
        /// The connection is to end by a close frame, ours or the server's (§7.1.3). Left by the transport's end; timer
        /// `close`.
        case closing(Farewell)
        /// There is no connection; the next attempt will come. Left by the timer `backoff`, or by the caller.
        case backingOff(Ending)
        /// The end. Never left; holds nothing.
        case closed(Ending, Finality)
    }

    /// The stages of `connecting`: the layers of the connection, from the lowest up.
    public enum Connecting: Hashable, Sendable {
        /// The name is being looked up; holds a look-up; timer `resolve`.
        case resolving
        /// A transport is being made; holds it from here on; timer `dial`.
        case dialing
        /// The proxy is asked for a tunnel; timer `tunnel`.
        case tunnelling
        /// TLS is being set up; timer `secure`.
        case securing
        /// The opening handshake is under way; timer `upgrade`.
        case upgrading
        /// The server has refused with this status; the rest of its answer is awaited; timer `upgrade`.
        case refused(status: UInt16, retryAfter: UInt32?)
    }

    /// The stages of `open`. Only in the last one does the caller's data flow.
    public enum Open: String, Hashable, Sendable, CaseIterable {
        /// The caller's credentials are being presented; timer `authenticate`.
        case authenticating
        /// Subscriptions are being restored; timer `restore`.
        case restoring
        /// In use; timer `stability` after failures; the keepalive watches.
        case ready
    }

    /// A closing handshake: how far it is, how it will be told, and what follows.
    public struct Farewell: Hashable, Sendable {
        /// How far the closing handshake is.
        public enum Stage: String, Hashable, Sendable, CaseIterable {
            /// Our close frame waits for its turn: first goes out what was accepted before it. Messages may still come,
            /// and pings are still answered; timers `drain`, and `close` from the last progress.
            case draining
            /// Our close frame is written; the server's is awaited, and messages may still come (§5.5.1).
            case closeSent
            /// Nothing more is said by either side; the server ends the transport (§7.1.1).
            case awaitingEnd
        }
        /// What follows on the end.
        public enum Sequel: String, Hashable, Sendable, CaseIterable {
            /// The caller wants no more: `closed`.
            case closed
            /// The caller still wants the connection: the retry table decides.
            case retreat
        }

        /// How far the closing handshake is.
        public var stage: Stage
        /// What follows on the end.
        public var sequel: Sequel
        /// How the end will be told.
        public var ending: Ending
        /// What our close frame says; 1005 for nothing.
        public var code: CloseCode

        /// Which place our close frame takes: the caller's own close lets go out first what was accepted before it.
        public var urgency: Urgency { stage == .draining && ending.detail == .closedByCaller ? .afterMessages : .now }
    }

    /// The layers above the transport that an attempt goes through.
    @frozen
    public struct Route: OptionSet, Hashable, Sendable {
        /// One bit a layer.
        public let rawValue: UInt8

        /// The layers whose bits are set.
        public init(rawValue: UInt8) { self.rawValue = rawValue }

        /// Through a proxy's tunnel.
        public static let tunnel = Route(rawValue: 1)
        /// Through TLS.
        public static let tls = Route(rawValue: 2)
    }

    /// Failures in a row make an outage; its timer bounds it whatever else happens in between.
    public enum Outage: Hashable, Sendable {
        /// The last connection was stable, or there was none yet.
        case none
        /// It began with the end of this attempt; timer `outage`, if the policy has a bound.
        case running(since: AttemptID)
        /// Its time ran out while a connection was open but not yet stable: the next failure is the last.
        case outlasted
    }

    /// What may happen to the spine.
    public enum Event: Hashable, Sendable {
        /// The caller wants something.
        case command(OperationID, Command)
        /// Something became true of an attempt.
        case fact(AttemptID, Fact)
    }

    /// What a caller may want of the spine.
    public enum Command: Hashable, Sendable {
        /// To have a connection.
        case connect
        /// To use it: send, ping, flush or post; or to use the connection of this attempt, and no other.
        case use(Need, of: AttemptID = .whole)
        /// To end it in order, with this code; 1005 for none (§7.1.2).
        case close(CloseCode)
        /// To end the connection of this attempt, with this code, and to have the retry table decide what follows.
        case fail(AttemptID, CloseCode)
    }

    /// Which connection a caller needs.
    public enum Need: String, Hashable, Sendable, CaseIterable {
        /// One that is ready now.
        case now
        /// One that is open: it is a part of becoming ready.
        case early
        /// This one or the next.
        case later
    }

    /// What may become true of an attempt.
    public enum Fact: Hashable, Sendable {
        /// The name has addresses.
        case resolved
        /// The name has none; `getaddrinfo`'s code.
        case resolveFailed(code: Int32)
        /// A transport stands.
        case dialed
        /// No address could be connected to; the last one's `errno`.
        case dialFailed(errno: Int32)
        /// The proxy has opened a tunnel.
        case tunnelled
        /// TLS is set up.
        case secured
        /// The server has accepted the opening handshake.
        case upgraded
        /// The server has refused it.
        case refused(status: UInt16, retryAfter: UInt32?)
        /// The refusal's body is complete, or as much of it as is kept.
        case refusalEnded
        /// The server's answer is not one to this handshake.
        case upgradeFailed(HandshakeFault)
        /// The caller is authenticated, or needn't be.
        case authenticated
        /// The caller is not: the server refuses the credentials, or there are none.
        case authenticationFailed(AuthenticationFault)
        /// Subscriptions are restored, or there are none.
        case restored
        /// A frame has come.
        case received(Frame)
        /// Something came that breaks the protocol.
        case violated(ProtocolViolation)
        /// A message that was begun in fragments will not be completed (§5.4).
        case messageAbandoned
        /// Our close frame had begun to go out when another was to take its place, so it stays; it says this code.
        case closeKept(CloseCode)
        /// The system has taken more of what our close frame waits behind.
        case progressed
        /// Everything is written, our close frame included.
        case drained
        /// The transport is at its end.
        case transportEnded(TransportEnd)
        /// The keepalive found the peer dead.
        case keepaliveExpired
        /// A timer has fired.
        case fired(Timer)
        /// The caller's own function, or its handler of errors, says how long to wait; nil says not to try again.
        case delayChosen(Duration?)
    }

    /// The rows of the transition table.
    public enum Rule: String, Hashable, Sendable, CaseIterable {
        // Commands
        case begin, join, alreadyOpen, hurry, admit, refuse, refuseLate
        case startClosing, alreadyClosing, cancelAttempt, cancelRetry, closeUnused, failAttempt, failOpen
        // An attempt
        case resolved, dialed, tunnelled, secured, established, refusalBegan, refusalEnded
        case resolveFailed, dialFailed, tlsFailed, upgradeFailed, attemptTimedOut, attemptCut
        // Open
        case authenticated, authenticationFailed, ready, stabilised, outlasted
        case deliver, takeFragment, answerPing, notePong, answerClose, failConnection, abandonMessage, lost
        case keepaliveExpired
        // Closing
        case drainProgressed, closeWritten, closesCrossed, failWhileDraining, closeAnswered, deliverWhileClosing,
            ignoreAfterClose, closeKept, violatedWhileClosing, ended, closeTimedOut,
            drainTimedOut
        // Backing off
        case retry, delayChosen, giveUp
        // Late, and impossible
        case stale, impossible
    }

    /// A state without its payload: a leaf of the chart.
    @frozen
    public enum Standing: UInt8, Hashable, Sendable, CaseIterable {
        case idle, resolving, dialing, tunnelling, securing, upgrading, refused
        case authenticating, restoring, ready, draining, closeSent, awaitingEnd, backingOff, closed
    }

    /// The leaf of the chart the machine is in.
    @inline(__always)
    public var standing: Standing {
        switch state {
        case .open(.ready): .ready
        case .idle: .idle
        case .connecting(let stage): stage.standing
        case .open(.authenticating): .authenticating
        case .open(.restoring): .restoring
        case .closing(let farewell): farewell.stage.standing
        case .backingOff: .backingOff
        case .closed: .closed
        }
    }

    /// The active states, outermost first.
    public var path: [String] { standing.path }
}

extension Lifecycle.Standing {
    /// The active states, outermost first.
    public var path: [String] {
        switch self {
        case .idle, .backingOff, .closed: ["\(self)"]
        case .resolving, .dialing, .tunnelling, .securing, .upgrading, .refused: ["connecting", "\(self)"]
        case .authenticating, .restoring, .ready: ["open", "\(self)"]
        case .draining, .closeSent, .awaitingEnd: ["closing", "\(self)"]
        }
    }

    /// The path as one word: `open.ready`.
    public var name: String { path.joined(separator: ".") }

    /// Whether it is a stage of `open`.
    var isOpen: Bool { self == .authenticating || self == .restoring || self == .ready }

    /// Whether it is a stage of `closing`.
    var isClosing: Bool { self == .draining || self == .closeSent || self == .awaitingEnd }
}

extension Lifecycle.Farewell.Stage {
    /// The leaf of the chart that this stage is.
    var standing: Lifecycle.Standing {
        switch self {
        case .draining: .draining
        case .closeSent: .closeSent
        case .awaitingEnd: .awaitingEnd
        }
    }
}

extension Lifecycle.Connecting {
    /// The leaf of the chart that this stage is.
    var standing: Lifecycle.Standing {
        switch self {
        case .resolving: .resolving
        case .dialing: .dialing
        case .tunnelling: .tunnelling
        case .securing: .securing
        case .upgrading: .upgrading
        case .refused: .refused
        }
    }
}
