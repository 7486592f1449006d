/// Whether, when and how often a lost connection is made again.
public struct Reconnection: Hashable, Sendable {
    /// When the count of failures starts again at zero: never on a mere `open` (law R5).
    public enum Reset: Hashable, Sendable {
        /// As soon as the connection is ready: authenticated, subscriptions restored.
        case whenReady
        /// When it has been ready for that long.
        case whenStable(for: Duration)
    }

    /// Whether there is any reconnection at all.
    public var isEnabled: Bool
    /// How long to wait before each attempt.
    public var backoff: Backoff
    /// How many attempts in a row may fail, the first one included; nil for no such bound.
    public var maximumAttempts: UInt32?
    /// How long an outage may last; nil for no such bound.
    public var maximumOutage: Duration?
    /// When the count of failures starts again.
    public var reset: Reset
    /// Which endings are worth another attempt.
    public var table: RetryTable
    /// The longest `Retry-After` of a server that is honoured; a longer one is cut to this.
    public var maximumRetryAfter: Duration
    /// Whether the session's handler of errors is asked before each further attempt. It may take its time: if it says
    /// nothing before the backoff is over, the attempt is made.
    public var asksHandler: Bool

    /// A policy with all its parts.
    public init(
        isEnabled: Bool = true,
        backoff: Backoff = .exponentialFullJitter(base: .milliseconds(500), cap: .seconds(30)),
        maximumAttempts: UInt32? = nil, maximumOutage: Duration? = nil,
        reset: Reset = .whenStable(for: .seconds(10)), table: RetryTable = .standard,
        maximumRetryAfter: Duration = .seconds(300), asksHandler: Bool = false
    ) {
        self.isEnabled = isEnabled
        self.backoff = backoff
        self.maximumAttempts = maximumAttempts
        self.maximumOutage = maximumOutage
        self.reset = reset
        self.table = table
        self.maximumRetryAfter = maximumRetryAfter
        self.asksHandler = asksHandler
    }

    /// Whether anybody is asked how long to wait.
    var isAsked: Bool { if case .custom = backoff { true } else { asksHandler } }

    /// No reconnection: the first ending is the last.
    public static let never = Reconnection(isEnabled: false)

    /// Doubling waits with full jitter, 0.5 s to 30 s, for ever.
    public static let standard = Reconnection()
}

/// Which endings are final and which are tried again: the first row that fits decides; if none fits, the ending is
/// final.
public struct RetryTable: Hashable, Sendable {
    /// A kind of ending.
    public enum Pattern: Hashable, Sendable {
        /// The name look-up failed.
        case resolveFailed
        /// No address could be connected to.
        case dialFailed
        /// The server's certificate was not accepted.
        case certificate
        /// The server did not accept our certificate, or wants one.
        case clientCertificate
        /// The two ends have no TLS in common, or the server has none at all.
        case tlsIncompatible
        /// TLS failed, in whatever way.
        case tls
        /// The opening handshake was refused with a status in this range.
        case status(ClosedRange<UInt16>)
        /// The server's 101 was not one for this handshake.
        case upgradeInvalid
        /// The server closed with a code in this range; 1005 stands for none.
        case closeCode(ClosedRange<UInt16>)
        /// The server broke the protocol.
        case violation
        /// The transport ended without a close frame.
        case transportEnded
        /// A phase took too long.
        case timedOut
        /// The keepalive found the peer dead.
        case keepaliveExpired
        /// A message sent in fragments was given up by the caller.
        case messageAbandoned
        /// The caller could not go on with the connection.
        case failedByCaller
        /// The server refused our credentials.
        case credentialsRefused
        /// There were no credentials, or the server did not answer to them.
        case credentialsUnavailable
        /// Any ending at all.
        case any
    }

    /// What to do after such an ending.
    public enum Verdict: String, Hashable, Sendable, CaseIterable {
        /// Try again, after the backoff or the server's Retry-After, whichever is longer.
        case retry
        /// Don't.
        case final
    }

    /// One row.
    public struct Row: Hashable, Sendable {
        /// Which endings it speaks of.
        public var pattern: Pattern
        /// What it says of them.
        public var verdict: Verdict

        /// `verdict` for every ending that fits `pattern`.
        public init(_ pattern: Pattern, _ verdict: Verdict) {
            self.pattern = pattern
            self.verdict = verdict
        }
    }

    /// The rows, in order.
    public var rows: [Row]

    /// A table of these rows.
    public init(_ rows: [Row]) { self.rows = rows }

    /// What most clients want: what may pass is tried again, what a person must mend is final.
    public static let standard = RetryTable([
        Row(.resolveFailed, .retry),
        Row(.dialFailed, .retry),
        Row(.certificate, .final),
        Row(.clientCertificate, .final),
        Row(.tlsIncompatible, .final),
        Row(.tls, .retry),
        Row(.status(408...408), .retry),
        Row(.status(425...425), .retry),
        Row(.status(429...429), .retry),
        Row(.status(300...499), .final),
        Row(.status(500...599), .retry),
        Row(.upgradeInvalid, .final),
        Row(.closeCode(1000...1000), .final),
        Row(.closeCode(1008...1008), .final),
        Row(.closeCode(4000...4999), .final),
        Row(.closeCode(1001...3999), .retry),
        Row(.violation, .retry),
        Row(.transportEnded, .retry),
        Row(.timedOut, .retry),
        Row(.keepaliveExpired, .retry),
        Row(.messageAbandoned, .retry),
        Row(.failedByCaller, .retry),
        Row(.credentialsRefused, .final),
        Row(.credentialsUnavailable, .retry),
    ])

    /// The verdict on an ending.
    public func verdict(on ending: Ending) -> Verdict {
        rows.first { $0.pattern.fits(ending.detail) }?.verdict ?? .final
    }
}

extension RetryTable.Pattern {
    /// Whether an ending is of this kind.
    public func fits(_ detail: Ending.Detail) -> Bool {
        switch (self, detail) {
        case (.any, _): true
        case (.resolveFailed, .resolveFailed), (.dialFailed, .dialFailed): true
        case (.certificate, .tlsFailed(let failure)): failure.isAboutCertificate
        case (.clientCertificate, .tlsFailed(let failure)): failure.isAboutClientCertificate
        case (.tlsIncompatible, .tlsFailed(let failure)): failure.isIncompatibility
        case (.tls, .tlsFailed): true
        case (.status(let range), .upgradeRefused(let status, _)): range.contains(status)
        case (.upgradeInvalid, .upgradeInvalid): true
        case (.closeCode(let range), .closedByPeer(let code)): range.contains(code.rawValue)
        case (.violation, .violation), (.transportEnded, .transportEnded): true
        case (.timedOut, .timedOut), (.keepaliveExpired, .keepaliveExpired): true
        case (.messageAbandoned, .messageAbandoned), (.failedByCaller, .failedByCaller): true
        case (.credentialsRefused, .authenticationFailed(let fault)): fault == .refused
        case (.credentialsUnavailable, .authenticationFailed(let fault)): fault != .refused
        default: false
        }
    }
}
