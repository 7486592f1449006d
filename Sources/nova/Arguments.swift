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
            guard word.hasPrefix("-"), word != "-" else {
                positional.append(word)
                continue
            }
            let halves = word.split(separator: "=", maxSplits: 1).map(String.init)
            let name = word.hasPrefix("--") ? halves[0] : word
            guard let option = options.first(where: { $0.names.contains(name) }) else {
                throw UsageError("There is no option \(name).")
            }
            let key = option.names[0]
            if option.value == nil {
                values[key, default: []].append("")
            } else if word.hasPrefix("--"), halves.count == 2 {
                values[key, default: []].append(halves[1])
            } else {
                guard let value = rest.popFirst() else { throw UsageError("\(name) needs a value.") }
                values[key, default: []].append(value)
            }
        }
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

    /// A number that is not negative.
    func count(_ name: String) throws(UsageError) -> Int? {
        guard let text = last(name) else { return nil }
        guard let count = Int(text), count >= 0 else { throw UsageError("\(name) needs a number.") }
        return count
    }
}
