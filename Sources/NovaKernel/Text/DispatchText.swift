extension Dispatch: Worded {
    /// The cost, the priority, for which connection it is or how long it is kept, when it may go, how long an answer is awaited.
    public var words: [String] {
        return [
            "\(cost)", "\(priority)", retention.word, stage.rawValue,
            awaitsAnswer ? "answer:" + answerTime.word : "post",
        ]
    }

    /// Reads terms.
    public init(from reader: inout WordReader) throws(WordError) {
        self.init(
            cost: try reader.number("a cost"), priority: try reader.number("a priority"),
            retention: try Retention(from: &reader),
            stage: try reader.one("when it may go"),
            answerMilliseconds: try Self.time("answer", or: "post", &reader) ?? 0)
    }

    /// A word such as `keep:5s`, in milliseconds; nil for the other one.
    fileprivate static func time(
        _ name: String, or other: String, _ reader: inout WordReader
    ) throws(WordError) -> UInt32? {
        let word = try reader.word("\(name) and a time, or \(other)")
        if word == other { return nil }
        guard word.hasPrefix(name + ":"), let time = Duration(word: word.dropFirst(name.count + 1)) else {
            throw WordError("'\(word)' is neither '\(other)' nor '\(name):' and a time")
        }
        return time.wholeMilliseconds
    }
}

extension Dispatch.Retention {
    /// `drop`, `within:` and an attempt, or `keep:` and a time.
    fileprivate var word: String {
        switch self {
        case .drop: "drop"
        case .within(let attempt): "within:\(attempt.number)"
        case .keep(let milliseconds): "keep:" + Duration.milliseconds(Int64(milliseconds)).word
        }
    }

    fileprivate init(from reader: inout WordReader) throws(WordError) {
        if let word = reader.peek, word.hasPrefix("within:") {
            guard let number = UInt32(word.dropFirst("within:".count)) else {
                throw WordError("'\(word)' names no attempt")
            }
            _ = try reader.word("an attempt")
            self = .within(AttemptID(number))
        } else {
            self = try Dispatch.time("keep", or: "drop", &reader).map { .keep(milliseconds: $0) } ?? .drop
        }
    }
}
