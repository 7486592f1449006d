import NovaSocket

/// Tells why the connections of a recorded trace ended.
enum Explain: Command {
    static let name = "explain"
    static let usage = "explain FILE"
    static let summary = "Says why each attempt of a recording ended: what happened, what helps, what it was not."
    static let options: [Option] = []

    static func run(_ arguments: Arguments) async throws -> ExitCode {
        guard arguments.positional.count == 1 else { throw UsageError("explain takes one file.") }
        let trace = try Trace(reading: try Files.read(arguments.positional[0]))
        try ReplayFile.warn(trace)
        if let began = trace.header.began {
            Console.out("The recording began at \(TraceCalendar(began: began).date(0)).\n")
        }
        let ends = try Explanation.of(trace)
        for end in ends.dropLast() {
            Console.out("Attempt \(end.attempt.number): \(end.sentence)")
            if let last = end.chain.last { Console.out("  \(last.text)") }
        }
        if ends.count > 1 { Console.out("") }
        if let last = ends.last { Console.out("Attempt \(last.attempt.number): \(last)") }
        if let standing = try Explanation.standing(at: trace) {
            Console.out((ends.isEmpty ? "" : "\n") + "At the end of the recording: \(standing)")
        } else if ends.isEmpty {
            Console.out("There are no steps to explain.")
        }
        return .clean
    }
}
