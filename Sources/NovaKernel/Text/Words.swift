/// Something that can be written as words on a line, and read back: what traces, scenarios and charts are made of.
///
/// One notation for all three, so that a line of a trace can be pasted into a scenario.
public protocol Worded: Hashable, Sendable {
    /// The words, without spaces in any of them.
    var words: [String] { get }

    /// Reads as many words as the value needs.
    init(from reader: inout WordReader) throws(WordError)
}

extension Worded {
    /// The words as one line.
    public var text: String { words.joined(separator: " ") }

    /// Reads a whole line.
    public init(text: some StringProtocol) throws(WordError) {
        var reader = WordReader(text)
        try self.init(from: &reader)
        if let rest = reader.peek { throw WordError("'\(rest)' is one word too many") }
    }
}

/// A line could not be read.
public struct WordError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong with it, in a sentence's middle part.
    public let description: String

    /// An error that says this.
    public init(_ description: String) { self.description = description }
}

/// The words of a line, taken one after the other.
public struct WordReader {
    private var words: ArraySlice<Substring>

    /// The words of `line`.
    public init(_ line: some StringProtocol) { words = Substring(line).split(separator: " ")[...] }

    /// The word that comes next.
    public var peek: Substring? { words.first }

    /// The next word.
    public mutating func word(_ what: String) throws(WordError) -> Substring {
        guard let word = words.popFirst() else { throw WordError("\(what) is missing") }
        return word
    }

    /// The next word as a number.
    public mutating func number<Number: FixedWidthInteger>(_ what: String) throws(WordError) -> Number {
        let word = try word(what)
        guard let number = Number(word) else { throw WordError("'\(word)' is not \(what)") }
        return number
    }

    /// The next word as one of an enumeration's raw values.
    public mutating func one<Choice: RawRepresentable>(_ what: String) throws(WordError) -> Choice
    where Choice.RawValue == String {
        let word = try word(what)
        guard let choice = Choice(rawValue: String(word)) else { throw WordError("'\(word)' is not \(what)") }
        return choice
    }

    /// The next word as a duration, or nil for `never`.
    public mutating func duration(_ what: String) throws(WordError) -> Duration? {
        let word = try word(what)
        if word == "never" { return nil }
        guard let duration = Duration(word: word) else {
            throw WordError("'\(word)' is not \(what), such as 250ms or 20s")
        }
        return duration
    }

    /// The next word as a number, or nil for `none`.
    mutating func optional<Number: FixedWidthInteger>(_ what: String) throws(WordError) -> Number? {
        if peek == "none" {
            _ = try word(what)
            return nil
        }
        return try number(what) as Number
    }
}

extension Duration {
    /// Units of a duration's word, the largest first; nanoseconds of each.
    private static let units: [(name: String, nanoseconds: Int64)] = [
        ("h", 3_600_000_000_000), ("m", 60_000_000_000), ("s", 1_000_000_000), ("ms", 1_000_000), ("us", 1_000),
        ("ns", 1),
    ]

    /// The duration to the nanosecond, in the largest unit that leaves no fraction: `20s`, `250ms`, `1500us`.
    public var word: String {
        let nanoseconds = Int64(clamping: wholeNanoseconds)
        if nanoseconds == 0 { return "0s" }
        let unit = Self.units.first { nanoseconds % $0.nanoseconds == 0 }
        guard let unit else { return "\(nanoseconds)ns" }
        return "\(nanoseconds / unit.nanoseconds)\(unit.name)"
    }

    /// A whole, not negative number and a unit: `h`, `m`, `s`, `ms`, `us`, `ns`; without a unit, seconds.
    public init?(word: some StringProtocol) {
        let digits = word.prefix { $0.isASCII && $0.isNumber }
        let name = word.dropFirst(digits.count)
        guard let count = Int64(digits), let unit = Self.units.first(where: { $0.name == (name.isEmpty ? "s" : name) })
        else {
            return nil
        }
        let (nanoseconds, overflow) = count.multipliedReportingOverflow(by: unit.nanoseconds)
        if overflow { return nil }
        self = .nanoseconds(nanoseconds)
    }
}
