import NovaKernel

/// A fact of an event, as logs, metrics and traces of other makers want it: a name and a value.
public struct EventFact: Hashable, Sendable {
    /// A value.
    public enum Value: Hashable, Sendable, CustomStringConvertible {
        /// A number: of bytes, of messages, of attempts.
        case number(Int64)
        /// A time.
        case time(Duration)
        /// A word or a sentence.
        case text(String)
        /// Whether something is so.
        case flag(Bool)

        /// The value as text; a time in seconds, to the nanosecond: `0.045`.
        public var description: String {
            switch self {
            case .number(let number): "\(number)"
            case .time(let time): time.inSeconds
            case .text(let text): text
            case .flag(let flag): "\(flag)"
            }
        }
    }

    /// What it is called: `bytes`, `round_trip`. Names are the same wherever they mean the same.
    public let name: String
    /// What it is.
    public let value: Value

    init(_ name: String, _ value: Value) { (self.name, self.value) = (name, value) }
    init(_ name: String, _ number: some BinaryInteger) { self.init(name, .number(Int64(clamping: number))) }
    init(_ name: String, _ time: Duration) { self.init(name, .time(time)) }
    init(_ name: String, _ text: String) { self.init(name, .text(text)) }
    init(_ name: String, _ flag: Bool) { self.init(name, .flag(flag)) }
}

extension Duration {
    /// In seconds, to the nanosecond, without zeros that say nothing: `0.045`, `12`.
    var inSeconds: String { wholeNanoseconds.asSeconds }
}

extension UInt64 {
    /// So many nanoseconds in seconds: `0.045`, `12`.
    var asSeconds: String {
        let fraction = self % 1_000_000_000
        guard fraction > 0 else { return "\(self / 1_000_000_000)" }
        var digits = "\(1_000_000_000 + fraction)".dropFirst()
        while digits.last == "0" { digits.removeLast() }
        return "\(self / 1_000_000_000).\(digits)"
    }
}

extension ConnectionEvent {
    /// What kind of event it is, in lower case with underlines: `message_sent`. The same in every release.
    public var name: String {
        switch self {
        case .warned: "warned"
        case .attemptBegan: "attempt_began"
        case .stageBegan: "stage_began"
        case .stageEnded: "stage_ended"
        case .opened: "opened"
        case .ready: "ready"
        case .reconnected: "reconnected"
        case .stabilised: "stabilised"
        case .closing: "closing"
        case .ended: "ended"
        case .retryPlanned: "retry_planned"
        case .backoffEnded: "backoff_ended"
        case .closed: "closed"
        case .messageReceived: "message_received"
        case .messagesDropped: "messages_dropped"
        case .messageSent: "message_sent"
        case .messagesLost: "messages_lost"
        case .sendRefused: "send_refused"
        case .readingPaused: "reading_paused"
        case .readingResumed: "reading_resumed"
        case .consumerLeft: "consumer_left"
        case .pingSent: "ping_sent"
        case .pongReceived: "pong_received"
        case .pingUnanswered: "ping_unanswered"
        case .pingReceived: "ping_received"
        case .requestBegan: "request_began"
        case .requestSent: "request_sent"
        case .requestEnded: "request_ended"
        case .strayAnswer: "stray_answer"
        case .rateLimitWaited: "rate_limit_waited"
        case .rateLimitRefused: "rate_limit_refused"
        case .authenticationBegan: "authentication_began"
        case .authenticationEnded: "authentication_ended"
        case .subscription(_, let event): "subscription_" + event.word
        case .handlerReported: "handler_reported"
        }
    }

    /// What is known of it besides its name, in a fixed order. No header value, no payload, no part of the URL.
    public var facts: [EventFact] {
        switch self {
        case .warned(let warning): [EventFact("warning", warning.word)]
        case .attemptBegan(let failures): [EventFact("failures", failures)]
        case .stageBegan(let stage): [EventFact("stage", stage.rawValue)]
        case .stageEnded(let stage, let isComplete, let time):
            [EventFact("stage", stage.rawValue), EventFact("complete", isComplete), EventFact("duration", time)]
        case .opened(let time), .ready(let time), .readingResumed(let time), .pingUnanswered(let time):
            [EventFact("duration", time)]
        case .reconnected(let time, let attempts): [EventFact("duration", time), EventFact("attempts", attempts)]
        case .closing(let code, let origin): [EventFact("code", code.rawValue), EventFact("origin", origin.rawValue)]
        case .ended(let cause, let time, let closing):
            cause.facts + [EventFact("duration", time)] + (closing.map { [EventFact("closing", $0)] } ?? [])
        case .closed(let cause): cause.facts
        case .retryPlanned(let time, let failures): [EventFact("duration", time), EventFact("failures", failures)]
        case .backoffEnded(let end, let time): [EventFact("end", end.rawValue), EventFact("duration", time)]
        case .messageReceived(let kind, let bytes): [EventFact("kind", kind.rawValue), EventFact("bytes", bytes)]
        case .messagesDropped(let count): [EventFact("messages", count)]
        case .messageSent(let kind, let bytes, let latency):
            [EventFact("kind", kind.rawValue), EventFact("bytes", bytes), EventFact("latency", latency)]
        case .messagesLost(let count, let bytes), .readingPaused(let count, let bytes):
            [EventFact("messages", count), EventFact("bytes", bytes)]
        case .sendRefused(let refusal, let bytes): [EventFact("reason", refusal.rawValue), EventFact("bytes", bytes)]
        case .pingSent(let sender): [EventFact("sender", sender.rawValue)]
        case .pongReceived(let sender, let time):
            [EventFact("sender", sender.rawValue), EventFact("round_trip", time)]
        case .rateLimitWaited(let time): [EventFact("duration", time)]
        case .rateLimitRefused(let cost): [EventFact("cost", cost)]
        case .stabilised, .consumerLeft, .pingReceived: []
        case .requestBegan, .requestSent, .requestEnded, .strayAnswer, .authenticationBegan, .authenticationEnded,
            .subscription, .handlerReported:
            factsOfSession
        }
    }

    private var factsOfSession: [EventFact] {
        switch self {
        case .requestBegan(let id, let bytes): [EventFact("request", id.number), EventFact("bytes", bytes)]
        case .requestSent(let id, let time): [EventFact("request", id.number), EventFact("duration", time)]
        case .requestEnded(let id, let end, let roundTrip, let time):
            [EventFact("request", id.number), EventFact("end", end.word)]
                + (end.refusal.map { [EventFact("reason", $0.rawValue)] } ?? [])
                + (roundTrip.map { [EventFact("round_trip", $0)] } ?? []) + [EventFact("duration", time)]
        case .strayAnswer(let id, let kind): [EventFact("request", id.number), EventFact("answer", kind.rawValue)]
        case .authenticationBegan(let isRenewal): [EventFact("renewal", isRenewal)]
        case .authenticationEnded(let end, let isRenewal, let time):
            [EventFact("end", end.word)] + end.facts + [EventFact("renewal", isRenewal), EventFact("duration", time)]
        case .subscription(let id, let event): [EventFact("subscription", id.number)] + event.facts
        case .handlerReported(let handler, let finding):
            [EventFact("handler", handler.rawValue)] + finding.facts
        default: []
        }
    }
}

extension TerminationCause {
    fileprivate var facts: [EventFact] {
        var facts = [
            EventFact("cause", ending.detail.word), EventFact("origin", ending.origin.rawValue),
            EventFact("phase", ending.phase.rawValue), EventFact("closure", ending.closure.rawValue),
        ]
        if let code = ending.sentCode { facts.append(EventFact("sent_code", code.rawValue)) }
        if let code = ending.receivedCode { facts.append(EventFact("received_code", code.rawValue)) }
        if let finality { facts.append(EventFact("finality", finality.rawValue)) }
        facts.append(EventFact("failures", failures))
        if let openFor { facts.append(EventFact("open_for", openFor)) }
        if let sinceHeard { facts.append(EventFact("since_heard", sinceHeard)) }
        facts.append(EventFact("unsent_bytes", unsentBytes))
        return facts
    }
}

extension Ending.Detail {
    /// Its name without its numbers, in lower case with underlines.
    var word: String {
        switch self {
        case .closedByCaller: "closed_by_caller"
        case .messageAbandoned: "message_abandoned"
        case .failedByCaller: "failed_by_caller"
        case .closedByPeer: "closed_by_peer"
        case .resolveFailed: "resolve_failed"
        case .dialFailed: "dial_failed"
        case .tlsFailed: "tls_failed"
        case .upgradeRefused: "upgrade_refused"
        case .upgradeInvalid: "upgrade_invalid"
        case .violation: "violation"
        case .transportEnded: "transport_ended"
        case .authenticationFailed: "authentication_failed"
        case .timedOut: "timed_out"
        case .keepaliveExpired: "keepalive_expired"
        case .impossibleFact: "impossible_fact"
        }
    }
}

extension Ending.Detail {
    /// All their words.
    static let words = [
        "closed_by_caller", "message_abandoned", "failed_by_caller", "closed_by_peer", "resolve_failed", "dial_failed",
        "tls_failed", "upgrade_refused", "upgrade_invalid", "violation", "transport_ended", "authentication_failed",
        "timed_out", "keepalive_expired", "impossible_fact",
    ]
}

extension RequestEnd {
    var word: String {
        switch self {
        case .answered: "answered"
        case .timedOut: "timed_out"
        case .lost: "lost"
        case .cancelled: "cancelled"
        case .refused: "refused"
        }
    }

    var refusal: Refusal? {
        switch self {
        case .lost(let refusal), .refused(let refusal): refusal
        case .answered, .timedOut, .cancelled: nil
        }
    }
}

extension AuthenticationEnd {
    var word: String {
        switch self {
        case .accepted: "accepted"
        case .failed: "failed"
        case .abandoned: "abandoned"
        }
    }

    fileprivate var facts: [EventFact] {
        switch self {
        case .accepted(let time?): [EventFact("valid_for", time)]
        case .failed(let fault): [EventFact("reason", fault.rawValue)]
        case .accepted(nil), .abandoned: []
        }
    }
}

extension SubscriptionEvent {
    var word: String {
        switch self {
        case .requested: "requested"
        case .confirmed: "confirmed"
        case .resumed: "resumed"
        case .lost: "lost"
        case .failed: "failed"
        case .stale: "stale"
        case .fresh: "fresh"
        case .ended: "ended"
        }
    }

    fileprivate var facts: [EventFact] {
        switch self {
        case .confirmed(let time), .stale(let time): [EventFact("duration", time)]
        case .resumed(let gap): [EventFact("gap", gap)]
        case .failed(let refusal): [EventFact("reason", refusal.rawValue)]
        case .requested, .lost, .fresh, .ended: []
        }
    }
}

extension HandlerFinding {
    var word: String {
        switch self {
        case .threw: "threw"
        case .slow: "slow"
        case .unreadable: "unreadable"
        case .missed: "missed"
        }
    }

    fileprivate var facts: [EventFact] {
        switch self {
        case .threw(let type): [EventFact("finding", word), EventFact("error", type)]
        case .slow(let time): [EventFact("finding", word), EventFact("duration", time)]
        case .unreadable: [EventFact("finding", word)]
        case .missed(let count): [EventFact("finding", word), EventFact("count", count)]
        }
    }
}
