import NovaKernel
import NovaTrace
import NovaWire

/// How an attempt at a connection ended, with everything that is known about it.
public struct Termination: Sendable, CustomStringConvertible {
    /// The machine's account: phase, detail, close codes, what was pending.
    public var cause: TerminationCause
    /// The reason in the server's close frame; empty if there was none (RFC 6455 §7.1.6).
    public var closeReason = ""
    /// The reason that the caller, or a handler, gave for our close frame; empty if there was none.
    public var ourReason = ""
    /// The head of the answer with which the server refused the opening handshake.
    public var response: ResponseHead?
    /// As much of that answer's body as came, up to ``WebSocketOptions/maximumRefusalBody``.
    public var responseBody: [UInt8] = []
    /// The last steps of the connection before that, oldest first.
    public var flightRecord: [FlightRecorder.Record] = []
    /// What the layer that failed has to say: the system's, the resolver's or the TLS library's words; empty if none.
    public var words = ""
    /// The connection's policy: what the bounds were that its explanation speaks of.
    var policy: Policy?

    /// The end in a sentence.
    public var description: String {
        var sentence = cause.sentence
        if !closeReason.isEmpty { sentence += " The server gave the reason \"\(closeReason.inOneLine)\"." }
        if case .failedByCaller = cause.ending.detail, !ourReason.isEmpty {
            sentence += " The reason given was \"\(ourReason.inOneLine)\"."
        }
        if !words.isEmpty { sentence += " (\(words.inOneLine))" }
        return sentence
    }

    /// The whole story: how it came to this end, what usually helps, and what it was not.
    public var explanation: Explanation {
        var story = Explanation(cause, records: flightRecord, policy: policy)
        story.sentence = description
        return story
    }

    /// Whether the connection ended as it should: the caller asked, or the server closed with 1000 or 1001.
    public var isOrderly: Bool { cause.isOrderly }
}

extension TerminationCause {
    /// Whether the connection ended as it should: the caller asked, or the server closed with 1000 or 1001.
    var isOrderly: Bool {
        switch ending.detail {
        case .closedByCaller: true
        case .closedByPeer(.normalClosure), .closedByPeer(.goingAway): true
        default: false
        }
    }
}

extension String {
    /// The same with control characters in their escaped form: a server's words can't break out of their line.
    fileprivate var inOneLine: String {
        String(
            unicodeScalars.map { scalar in
                scalar.properties.generalCategory == .control ? scalar.escaped(asASCII: true) : String(scalar)
            }.joined())
    }
}
