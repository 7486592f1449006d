extension Backoff: Worded {
    /// The function's name and its numbers.
    public var words: [String] {
        switch self {
        case .constant(let time): ["constant", time.word]
        case .linear(let step, let cap, let jitter): ["linear", step.word, cap.word, "\(jitter)"]
        case .exponentialFullJitter(let base, let cap): ["exponentialFullJitter", base.word, cap.word]
        case .exponentialEqualJitter(let base, let cap): ["exponentialEqualJitter", base.word, cap.word]
        case .custom(let cap): ["custom", cap.word]
        }
    }

    /// Reads a backoff.
    public init(from reader: inout WordReader) throws(WordError) {
        let name = try reader.word("a backoff")
        switch name {
        case "constant": self = .constant(try reader.time("a time"))
        case "linear":
            self = .linear(
                step: try reader.time("a step"), cap: try reader.time("a cap"), jitter: try reader.number("a jitter"))
        case "exponentialFullJitter":
            self = .exponentialFullJitter(base: try reader.time("a base"), cap: try reader.time("a cap"))
        case "exponentialEqualJitter":
            self = .exponentialEqualJitter(base: try reader.time("a base"), cap: try reader.time("a cap"))
        case "custom": self = .custom(cap: try reader.time("a cap"))
        default: throw WordError("'\(name)' is not a backoff")
        }
    }
}

extension Reconnection.Reset: Worded {
    /// `whenReady`, or `whenStable` and a time.
    public var words: [String] {
        switch self {
        case .whenReady: ["whenReady"]
        case .whenStable(let time): ["whenStable", time.word]
        }
    }

    /// Reads a reset.
    public init(from reader: inout WordReader) throws(WordError) {
        let name = try reader.word("a reset")
        switch name {
        case "whenReady": self = .whenReady
        case "whenStable": self = .whenStable(for: try reader.time("a time"))
        default: throw WordError("'\(name)' is not a reset")
        }
    }
}

extension RetryTable: Worded {
    /// Each row as `pattern:verdict`.
    public var words: [String] { rows.map { "\($0.pattern.word):\($0.verdict.rawValue)" } }

    /// Reads rows to the end of the line.
    public init(from reader: inout WordReader) throws(WordError) {
        var rows: [Row] = []
        while reader.peek != nil {
            let word = try reader.word("a row")
            let halves = word.split(separator: ":")
            guard halves.count == 2, let pattern = Pattern(word: halves[0]),
                let verdict = Verdict(rawValue: String(halves[1]))
            else { throw WordError("'\(word)' is not a row of a retry table") }
            rows.append(Row(pattern, verdict))
        }
        self.init(rows)
    }
}

extension RetryTable.Pattern {
    private static let plain: [(String, RetryTable.Pattern)] = [
        ("resolveFailed", .resolveFailed), ("dialFailed", .dialFailed), ("certificate", .certificate),
        ("clientCertificate", .clientCertificate), ("tlsIncompatible", .tlsIncompatible), ("tls", .tls),
        ("upgradeInvalid", .upgradeInvalid), ("violation", .violation), ("transportEnded", .transportEnded),
        ("timedOut", .timedOut), ("keepaliveExpired", .keepaliveExpired), ("messageAbandoned", .messageAbandoned),
        ("failedByCaller", .failedByCaller),
        ("credentialsRefused", .credentialsRefused), ("credentialsUnavailable", .credentialsUnavailable),
        ("any", .any),
    ]

    /// The pattern as one word: `dialFailed`, `status.500-599`, `closeCode.1008`.
    public var word: String {
        switch self {
        case .status(let range): "status." + Self.word(range)
        case .closeCode(let range): "closeCode." + Self.word(range)
        default: Self.plain.first { $0.1 == self }?.0 ?? ""
        }
    }

    private static func word(_ range: ClosedRange<UInt16>) -> String {
        range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound)-\(range.upperBound)"
    }

    init?(word: Substring) {
        if let plain = Self.plain.first(where: { $0.0 == word }) {
            self = plain.1
            return
        }
        let halves = word.split(separator: ".")
        guard halves.count == 2 else { return nil }
        let bounds = halves[1].split(separator: "-").map { UInt16($0) }
        guard let low = bounds.first ?? nil, let high = bounds.last ?? nil, bounds.count <= 2, low <= high else {
            return nil
        }
        switch halves[0] {
        case "status": self = .status(low...high)
        case "closeCode": self = .closeCode(low...high)
        default: return nil
        }
    }
}

extension WordReader {
    /// The next word as a duration that is not `never`.
    fileprivate mutating func time(_ what: String) throws(WordError) -> Duration {
        guard let duration = try duration(what) else { throw WordError("\(what) can't be 'never'") }
        return duration
    }
}

extension RateLimit: Worded {
    /// The capacity, the refill and its interval, the tokens at the beginning, the mode; and `shared` if it is.
    public var words: [String] {
        ["\(capacity)", "\(refill)", interval.word, initial.map { "\($0)" } ?? "full", mode.rawValue]
            + (isShared ? ["shared"] : [])
    }

    /// Reads a limit.
    public init(from reader: inout WordReader) throws(WordError) {
        self.init(
            capacity: try reader.number("a capacity"), refill: try reader.number("a refill"),
            every: try reader.time("an interval"), initial: try Self.initial(&reader), mode: try reader.one("a mode"))
        if reader.peek == "shared" {
            _ = try reader.word("a word")
            isShared = true
        }
    }

    private static func initial(_ reader: inout WordReader) throws(WordError) -> UInt32? {
        guard reader.peek == "full" else { return try reader.number("a number of tokens") }
        _ = try reader.word("a number of tokens")
        return nil
    }
}
