import NovaWire

extension AttemptID: Worded {
    /// The number.
    public var words: [String] { ["\(number)"] }

    /// Reads the number.
    public init(from reader: inout WordReader) throws(WordError) { self.init(try reader.number("an attempt's number")) }
}

extension OperationID: Worded {
    /// The number.
    public var words: [String] { ["\(number)"] }

    /// Reads the number.
    public init(from reader: inout WordReader) throws(WordError) {
        self.init(try reader.number("an operation's number"))
    }
}

extension Event: Worded {
    /// The event's name and data.
    public var words: [String] {
        switch self {
        case .command(let operation, let command): ["command"] + operation.words + command.words
        case .abandoned(let operation): ["abandoned"] + operation.words
        case .consumed(let messages, let bytes): ["consumed", "\(messages)", "\(bytes)"]
        case .consumerLeft: ["consumerLeft"]
        case .fact(let attempt, let fact): ["fact"] + attempt.words + fact.words
        case .heard(let attempt, let count): ["heard"] + attempt.words + ["\(count)"]
        case .wrote(let attempt, let count, let remaining):
            ["wrote"] + attempt.words + ["\(count)", "\(remaining)"]
        case .dropped(let attempt, let count): ["dropped"] + attempt.words + ["\(count)"]
        case .answered(let attempt, let operation): ["answered"] + attempt.words + operation.words
        case .authentication(let attempt, let word): ["authentication"] + attempt.words + word.words
        case .subscription(let attempt, let id, let word):
            ["subscription"] + attempt.words + ["\(id.number)", word.rawValue]
        case .tokensGranted(let attempt, let ticket): ["tokensGranted"] + attempt.words + ["\(ticket)"]
        case .fired(let attempt, let timer): ["fired"] + attempt.words + [timer.name]
        }
    }

    /// Reads an event.
    public init(from reader: inout WordReader) throws(WordError) {
        let name = try reader.word("an event's name")
        switch name {
        case "command": self = .command(try OperationID(from: &reader), try Command(from: &reader))
        case "abandoned": self = .abandoned(try OperationID(from: &reader))
        case "consumed":
            self = .consumed(
                messages: try reader.size("a number of messages"), bytes: try reader.size("a number of bytes"))
        case "consumerLeft": self = .consumerLeft
        case "fact": self = .fact(try AttemptID(from: &reader), try Lifecycle.Fact(from: &reader))
        case "heard": self = .heard(try AttemptID(from: &reader), count: try reader.size("a number of bytes"))
        case "wrote":
            self = .wrote(
                try AttemptID(from: &reader), count: try reader.size("a number of bytes"),
                remaining: try reader.size("a number of bytes"))
        case "dropped": self = .dropped(try AttemptID(from: &reader), count: try reader.size("a number of bytes"))
        case "answered": self = .answered(try AttemptID(from: &reader), try OperationID(from: &reader))
        case "authentication":
            self = .authentication(try AttemptID(from: &reader), try AuthenticationWord(from: &reader))
        case "subscription":
            self = .subscription(
                try AttemptID(from: &reader), SubscriptionID(try reader.number("a subscription's number")),
                try reader.one("a word of a subscription"))
        case "tokensGranted":
            self = .tokensGranted(try AttemptID(from: &reader), ticket: try reader.number("a ticket's number"))
        case "fired": self = .fired(try AttemptID(from: &reader), try reader.timer())
        default: throw WordError("'\(name)' is not an event")
        }
    }
}

extension Command: Worded {
    /// The command's name and data.
    public var words: [String] {
        switch self {
        case .connect: ["connect"]
        case .send(let part, let kind, let count): ["send"] + part.words + [kind.rawValue, "\(count)"]
        case .post(let terms, let kind, let count): ["post"] + terms.words + [kind.rawValue, "\(count)"]
        case .subscribe(let id, let terms):
            ["subscribe", "\(id.number)"] + terms.words
        case .unsubscribe(let id): ["unsubscribe", "\(id.number)"]
        case .authenticate: ["authenticate"]
        case .flush: ["flush"]
        case .drain: ["drain"]
        case .ping: ["ping"]
        case .close(let code, let reasonCount): ["close", "\(code.rawValue)", "\(reasonCount)"]
        case .fail(let attempt, let code, let reasonCount):
            ["fail", "\(attempt.number)", "\(code.rawValue)", "\(reasonCount)"]
        }
    }

    /// Reads a command.
    public init(from reader: inout WordReader) throws(WordError) {
        let name = try reader.word("a command's name")
        switch name {
        case "connect": self = .connect
        case "send":
            self = .send(
                try Outbound.Part(from: &reader), try reader.one("a kind of message"),
                count: try reader.size("a number of bytes"))
        case "post":
            self = .post(
                try Dispatch(from: &reader), try reader.one("a kind of message"),
                count: try reader.size("a number of bytes"))
        case "subscribe":
            self = .subscribe(
                SubscriptionID(try reader.number("a subscription's number")), try SubscriptionTerms(from: &reader))
        case "unsubscribe": self = .unsubscribe(SubscriptionID(try reader.number("a subscription's number")))
        case "authenticate": self = .authenticate
        case "flush": self = .flush
        case "drain": self = .drain
        case "ping": self = .ping
        case "close":
            self = .close(
                CloseCode(rawValue: try reader.number("a close code")),
                reasonCount: try reader.size("a number of bytes"))
        case "fail":
            self = .fail(
                try AttemptID(from: &reader), CloseCode(rawValue: try reader.number("a close code")),
                reasonCount: try reader.size("a number of bytes"))
        default: throw WordError("'\(name)' is not a command")
        }
    }
}

extension Outbound.Part: Worded {
    /// The part's name, and its message.
    public var words: [String] {
        switch self {
        case .whole: ["whole"]
        case .first: ["first"]
        case .next(let message): ["next"] + message.words
        case .last(let message): ["last"] + message.words
        case .posted(let retaining): ["posted", retaining.rawValue]
        }
    }

    /// Reads a part.
    public init(from reader: inout WordReader) throws(WordError) {
        let name = try reader.word("a part of a message")
        switch name {
        case "whole": self = .whole
        case "first": self = .first
        case "next": self = .next(try OperationID(from: &reader))
        case "last": self = .last(try OperationID(from: &reader))
        case "posted": self = .posted(try reader.one("what is retained"))
        default: throw WordError("'\(name)' is not a part of a message")
        }
    }
}

extension Frame: Worded {
    /// The frame's kind and data.
    public var words: [String] {
        switch self {
        case .message(let kind, let count): ["message", kind.rawValue, "\(count)"]
        case .fragment(let count): ["fragment", "\(count)"]
        case .ping(let count): ["ping", "\(count)"]
        case .pong(let token): ["pong", token.map { String($0.value, radix: 16) } ?? "none"]
        case .close(let code): ["close", code.map { "\($0.rawValue)" } ?? "none"]
        }
    }

    /// Reads a frame.
    public init(from reader: inout WordReader) throws(WordError) {
        let name = try reader.word("a frame's kind")
        switch name {
        case "message":
            self = .message(try reader.one("a kind of message"), count: try reader.size("a number of bytes"))
        case "fragment": self = .fragment(count: try reader.size("a number of bytes"))
        case "ping": self = .ping(count: try reader.size("a number of bytes"))
        case "pong":
            let word = try reader.word("a ping's token")
            let value = UInt64(word, radix: 16)
            guard value != nil || word == "none" else { throw WordError("'\(word)' is not a ping's token") }
            self = .pong(value.map { PingToken($0) })
        case "close": self = .close((try reader.optional("a close code") as UInt16?).map { CloseCode(rawValue: $0) })
        default: throw WordError("'\(name)' is not a kind of frame")
        }
    }
}

extension WordReader {
    /// The next word as a size: a number that is not negative.
    mutating func size(_ what: String) throws(WordError) -> Int {
        let value: Int = try number(what)
        guard value >= 0 else { throw WordError("'\(value)' is not \(what)") }
        return value
    }

    /// The next word as a timer's name.
    mutating func timer() throws(WordError) -> Timer {
        let word = try word("a timer's name")
        guard let timer = Timer.allCases.first(where: { $0.name == word }) else {
            throw WordError("'\(word)' is not a timer")
        }
        return timer
    }
}
