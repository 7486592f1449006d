import NovaSocket

/// Shows the steps of a recorded trace that are looked for.
enum SearchTrace: Command {
    static let name = "trace"
    static let usage = "trace FILE [OPTIONS]"
    static let summary = """
        Shows the steps of a recording that are looked for: those that are all of what is asked for. Exits with 1 if there is
        none.
        """
    static let options = [
        Option("--state", value: "STATE", "before or after, such as open or open.ready; repeated: any of them"),
        Option("--rule", value: "RULE", "the rule, or all of a machine, such as keepalive; repeated: any of them"),
        Option("--attempt", value: "N[-M]", "the attempt, or from one to another"),
        Option("--from", value: "SECONDS", "not before that time since the beginning"),
        Option("--to", value: "SECONDS", "not after that time since the beginning"),
        Option("--text", value: "TEXT", "words of the event, of an effect or of the cause, in any case"),
        Option("--count", "only how many there are"),
    ]

    static func run(_ arguments: Arguments) async throws -> ExitCode {
        guard arguments.positional.count == 1 else { throw UsageError("trace takes one file.") }
        let query = try query(arguments)
        let trace = try Trace(reading: try Files.read(arguments.positional[0]))
        if let stranger = query.stranger { Console.status("There is no state or rule of the name \(stranger).") }
        let steps = trace.steps(matching: query)
        if arguments.has("--count") {
            Console.out("\(steps.count)")
        } else {
            for step in steps { Console.out(line(step)) }
        }
        return steps.isEmpty ? .failure : .clean
    }

    private static func query(_ arguments: Arguments) throws(UsageError) -> TraceQuery {
        var query = TraceQuery()
        query.states = arguments.all("--state")
        query.rules = arguments.all("--rule")
        query.notBefore = try arguments.seconds("--from")
        query.notAfter = try arguments.seconds("--to")
        query.text = arguments.last("--text")
        if let text = arguments.last("--attempt") {
            let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { UInt32($0) }
            guard ends.count <= 2, let first = ends.first ?? nil, let last = ends.last ?? nil, first <= last else {
                throw UsageError("--attempt needs a number, or two with a hyphen between them.")
            }
            query.attempts = first...last
        }
        return query
    }

    /// A step in a line: when, its number, the attempt, the way it went, why, and what followed.
    private static func line(_ step: TraceStep) -> String {
        let states = step.before == step.after ? step.after : "\(step.before) → \(step.after)"
        let effects = step.effects.isEmpty ? "" : "; " + step.effects.joined(separator: ", ")
        let cause = step.cause.map { " (\($0))" } ?? ""
        let text = "\(step.event): \(step.rule), \(states)\(effects)\(cause)"
        return
            "\(Duration.nanoseconds(Int64(clamping: step.t)).column) s  \(step.n)  #\(step.attempt)  \(text.printable)"
    }
}
