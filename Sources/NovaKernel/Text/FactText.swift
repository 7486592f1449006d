import NovaWire

extension Lifecycle.Fact: Worded {
    /// The fact's name and data.
    public var words: [String] {
        switch self {
        case .resolved: ["resolved"]
        case .resolveFailed(let code): ["resolveFailed", "\(code)"]
        case .dialed: ["dialed"]
        case .dialFailed(let errno): ["dialFailed", "\(errno)"]
        case .tunnelled: ["tunnelled"]
        case .secured: ["secured"]
        case .upgraded: ["upgraded"]
        case .refused(let status, let retryAfter): ["refused", "\(status)", retryAfter.map { "\($0)" } ?? "none"]
        case .refusalEnded: ["refusalEnded"]
        case .upgradeFailed(let fault): ["upgradeFailed", fault.rawValue]
        case .authenticated: ["authenticated"]
        case .authenticationFailed(let fault): ["authenticationFailed", fault.rawValue]
        case .restored: ["restored"]
        case .received(let frame): ["received"] + frame.words
        case .violated(let violation): ["violated", violation.rawValue]
        case .messageAbandoned: ["messageAbandoned"]
        case .closeKept(let code): ["closeKept", "\(code.rawValue)"]
        case .progressed: ["progressed"]
        case .drained: ["drained"]
        case .transportEnded(let end): ["transportEnded"] + end.words
        case .keepaliveExpired: ["keepaliveExpired"]
        case .fired(let timer): ["fired", timer.name]
        case .delayChosen(let delay): ["delayChosen", delay?.word ?? "never"]
        }
    }

    /// Reads a fact.
    public init(from reader: inout WordReader) throws(WordError) {
        let name = try reader.word("a fact's name")
        switch name {
        case "resolved": self = .resolved
        case "resolveFailed": self = .resolveFailed(code: try reader.number("a resolver's code"))
        case "dialed": self = .dialed
        case "dialFailed": self = .dialFailed(errno: try reader.number("an errno"))
        case "tunnelled": self = .tunnelled
        case "secured": self = .secured
        case "upgraded": self = .upgraded
        case "refused":
            self = .refused(
                status: try reader.number("a status"), retryAfter: try reader.optional("a number of seconds"))
        case "refusalEnded": self = .refusalEnded
        case "upgradeFailed": self = .upgradeFailed(try reader.one("a fault of a handshake"))
        case "authenticated": self = .authenticated
        case "authenticationFailed": self = .authenticationFailed(try reader.one("a fault of an authentication"))
        case "restored": self = .restored
        case "received": self = .received(try Frame(from: &reader))
        case "violated": self = .violated(try reader.one("a violation of the protocol"))
        case "messageAbandoned": self = .messageAbandoned
        case "closeKept": self = .closeKept(CloseCode(rawValue: try reader.number("a close code")))
        case "progressed": self = .progressed
        case "drained": self = .drained
        case "transportEnded": self = .transportEnded(try TransportEnd(from: &reader))
        case "keepaliveExpired": self = .keepaliveExpired
        case "fired": self = .fired(try reader.timer())
        case "delayChosen": self = .delayChosen(try reader.duration("a duration"))
        default: throw WordError("'\(name)' is not a fact")
        }
    }
}

extension TransportEnd: Worded {
    /// The end's name and data.
    public var words: [String] {
        switch self {
        case .endOfStream: ["endOfStream"]
        case .truncated: ["truncated"]
        case .failed(let errno): ["failed", "\(errno)"]
        case .tls(let failure): ["tls", failure.word]
        }
    }

    /// Reads an end.
    public init(from reader: inout WordReader) throws(WordError) {
        let name = try reader.word("a transport's end")
        switch name {
        case "endOfStream": self = .endOfStream
        case "truncated": self = .truncated
        case "failed": self = .failed(errno: try reader.number("an errno"))
        case "tls":
            let word = try reader.word("a failure of TLS")
            guard let failure = TLSFailure(word: word) else { throw WordError("'\(word)' is not a failure of TLS") }
            self = .tls(failure)
        default: throw WordError("'\(name)' is not a transport's end")
        }
    }
}
