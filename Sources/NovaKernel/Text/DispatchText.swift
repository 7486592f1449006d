extension Dispatch: Worded {
    /// The cost, the priority, how long it is kept, when it may go, how long an answer is awaited.
    public var words: [String] {
        let kept = keepTime.map { "keep:" + $0.word } ?? "drop"
        return ["\(cost)", "\(priority)", kept, stage.rawValue, awaitsAnswer ? "answer:" + answerTime.word : "post"]
    }

    /// Reads terms.
    public init(from reader: inout WordReader) throws(WordError) {
        self.init(
            cost: try reader.number("a cost"), priority: try reader.number("a priority"),
            retention: try Self.time("keep", or: "drop", &reader).map { .keep(milliseconds: $0) } ?? .drop,
            stage: try reader.one("when it may go"),
            answerMilliseconds: try Self.time("answer", or: "post", &reader) ?? 0)
    }

    /// A word such as `keep:5s`, in milliseconds; nil for the other one.
    private static func time(
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
