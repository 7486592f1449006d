extension SubscriptionTerms: Worded {
    /// How long the server may take to answer, and how long messages may stay away.
    public var words: [String] { [answerTime.word, freshness?.word ?? "never"] }

    /// Reads terms.
    public init(from reader: inout WordReader) throws(WordError) {
        guard let answer = try reader.duration("a time") else { throw WordError("an answer can't be awaited for ever") }
        let freshness = try reader.duration("a time")
        self.init(
            answerMilliseconds: answer.wholeMilliseconds, freshnessMilliseconds: freshness?.wholeMilliseconds ?? 0)
    }
}

extension Duration {
    /// Whole milliseconds, up to what 32 bits hold (49 days).
    package var wholeMilliseconds: UInt32 { UInt32(clamping: wholeNanoseconds / 1_000_000) }
}

extension AuthenticationWord: Worded {
    /// The word's name, the exchange, and its data.
    public var words: [String] {
        switch self {
        case .presented(let exchange): ["presented", "\(exchange)"]
        case .accepted(let exchange, let valid):
            ["accepted", "\(exchange)", valid.map { Duration.milliseconds(Int64(clamping: $0)).word } ?? "never"]
        case .failed(let exchange, let fault): ["failed", "\(exchange)", fault.rawValue]
        }
    }

    /// Reads a word.
    public init(from reader: inout WordReader) throws(WordError) {
        let name = try reader.word("a word of an authentication")
        let exchange: UInt32 = try reader.number("an exchange's number")
        switch name {
        case "presented": self = .presented(exchange: exchange)
        case "accepted":
            let time = try reader.duration("a time")
            self = .accepted(exchange: exchange, validMilliseconds: time.map { $0.wholeNanoseconds / 1_000_000 })
        case "failed": self = .failed(exchange: exchange, try reader.one("a fault of an authentication"))
        default: throw WordError("'\(name)' is not a word of an authentication")
        }
    }
}
