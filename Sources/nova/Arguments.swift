/// The command line can't be understood.
struct UsageError: Error {
    let message: String
    init(_ message: String) { self.message = message }
}

/// An option of a command.
struct Option {
    /// Its names, the long one first.
    let names: [String]
    /// What stands for its value in the help; nil: it has none.
    let value: String?
    /// What it does.
    let summary: String

    /// `names` are separated by blanks.
    init(_ names: String, value: String? = nil, _ summary: String) {
        self.names = names.split(separator: " ").map(String.init)
        self.value = value
        self.summary = summary
    }
}

/// A command's arguments: options with and without values, and the rest.
struct Arguments {
    private var values: [String: [String]] = [:]
    /// What is no option.
    private(set) var positional: [String] = []

    init(_ words: some Sequence<String>, _ options: [Option]) throws(UsageError) {
        var rest = Array(words)[...]
        while let word = rest.popFirst() {
            if word == "--" {
                positional += rest
                return
            }
            guard word.hasPrefix("-"), word != "-" else {
                positional.append(word)
                continue
            }
            try take(word, &rest, options)
        }
    }

    /// An option, with its value behind `=` or as the next word.
    private mutating func take(
        _ word: String, _ rest: inout ArraySlice<String>, _ options: [Option]
    ) throws(UsageError) {
        let halves = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let (name, inlined) = word.hasPrefix("--") && halves.count == 2 ? (halves[0], halves[1]) : (word, nil)
        guard let option = options.first(where: { $0.names.contains(name) }) else {
            throw UsageError("There is no option \(name).")
        }
        guard option.value != nil else {
            if inlined != nil { throw UsageError("\(name) has no value.") }
            values[option.names[0], default: []].append("")
            return
        }
        guard let value = inlined ?? rest.popFirst() else { throw UsageError("\(name) needs a value.") }
        values[option.names[0], default: []].append(value)
    }

    /// Throws unless all are options.
    func takeOptionsOnly(_ command: String) throws(UsageError) {
        guard positional.isEmpty else { throw UsageError("\(command) takes options only.") }
    }

    /// Throws if more than one of these is there.
    func takeOne(of names: [String]) throws(UsageError) {
        let given = names.filter(has)
        if given.count > 1 { throw UsageError("\(given[0]) and \(given[1]) exclude each other.") }
    }

    func has(_ name: String) -> Bool { values[name] != nil }
    func all(_ name: String) -> [String] { values[name] ?? [] }
    func last(_ name: String) -> String? { values[name]?.last }

    /// A number of seconds.
    func seconds(_ name: String) throws(UsageError) -> Duration? {
        guard let text = last(name) else { return nil }
        guard let seconds = Double(text), seconds >= 0, seconds < 1e9 else {
            throw UsageError("\(name) needs a number of seconds.")
        }
        return .seconds(seconds)
    }

    /// A whole number, `least` or more.
    func count(_ name: String, least: Int = 0) throws(UsageError) -> Int? {
        guard let text = last(name) else { return nil }
        guard let count = Int(text), count >= least else {
            throw UsageError("\(name) needs a whole number, \(least) or more.")
        }
        return count
    }
}
