extension Chart {
    /// The chart as a model for Spin: one process for each timer, so that weak fairness is the passing of time, and
    /// one for all else. Each effect is a macro of its name, and `step_begins` and `step_ends` stand around every step:
    /// what they mean is the judge's business.
    public func promela() -> String {
        let states = self.states.map { "s_" + Self.word($0) }
        let rules = Set(edges.map { "r_" + $0.rule }).sorted()
        let timers = events.filter { $0.hasPrefix(Self.timer) }
        var lines = [
            "/* \(Self.notice) */", "mtype:state = { \(states.joined(separator: ", ")) };",
            "mtype:rule = { \(rules.joined(separator: ", ")) };",
            "mtype:state state = s_\(Self.word(initial.first ?? []));", "mtype:rule rule;", "",
        ]
        lines += process("World", edges.filter { !$0.event.hasPrefix(Self.timer) })
        for timer in timers {
            lines += process("Timer_" + timer.dropFirst(Self.timer.count), edges.filter { $0.event == timer })
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static let timer = "fired."

    private static func word(_ path: [String]) -> String { path.joined(separator: "_") }

    private func process(_ name: String, _ edges: [Edge]) -> [String] {
        let steps = Ordered(edges.map(step))
        return ["active proctype \(name)() {", "    do"] + steps.elements + ["    od", "}", ""]
    }

    private func step(_ edge: Edge) -> String {
        let work = edge.effects.map { " do_\($0)();" }.joined()
        return "    :: atomic { state == s_\(Self.word(edge.source)) -> rule = r_\(edge.rule); step_begins();\(work)"
            + " state = s_\(Self.word(edge.target)); step_ends() }"
    }
}
