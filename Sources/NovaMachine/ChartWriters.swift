extension Chart {
    /// What every generated file begins with.
    static let notice = "Generated from the code by `swift run nova chart --write`. Do not edit."

    /// The chart as a Mermaid state diagram.
    public func mermaid(without quiet: Set<String> = []) -> String {
        let drawing = Drawing(self, without: quiet)
        var lines = ["%% \(Self.notice)", "stateDiagram-v2"]
        for (superstate, members) in groups {
            let boxes = members.flatMap { Self.box($0, drawing.inside[$0] ?? []) }
            if let superstate {
                lines += ["    state \(superstate) {"] + boxes.map { "        " + $0 } + ["    }"]
            } else {
                lines += boxes.map { "    " + $0 }
            }
        }
        for number in drawing.choices.indices { lines.append("    state choice\(number + 1) <<choice>>") }
        for state in initial { lines.append("    [*] --> \(Self.id(state))") }
        for arrow in drawing.arrows {
            lines.append("    \(Self.id(arrow.source)) --> \(Self.id(arrow.target)) : \(arrow.label)")
        }
        for (number, targets) in drawing.choices.enumerated() {
            for target in targets { lines.append("    choice\(number + 1) --> \(Self.id(target))") }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// A state's name, and what happens inside it.
    private static func box(_ state: [String], _ inside: [String]) -> [String] {
        ["\(id(state)) : \(state.last ?? "")"] + inside.map { "\(id(state)) : \($0)" }
    }

    private static func id(_ path: [String]) -> String { path.joined(separator: "_") }

    private static func id(_ end: Drawing.End) -> String {
        switch end {
        case .state(let path): id(path)
        case .choice(let number): "choice\(number + 1)"
        }
    }

    /// The chart in Graphviz' language.
    public func dot(without quiet: Set<String> = []) -> String {
        let drawing = Drawing(self, without: quiet)
        var lines = [
            "// \(Self.notice)", "digraph \"\(title)\" {", "    compound=true; node [shape=box, style=rounded];",
        ]
        for (superstate, members) in groups {
            let nodes = members.map { state in
                let label = ([state.last ?? ""] + (drawing.inside[state] ?? [])).joined(separator: "\\n")
                return "\(Self.quoted(state)) [label=\"\(label)\"];"
            }
            guard let superstate else {
                lines += nodes.map { "    " + $0 }
                continue
            }
            lines += ["    subgraph \"cluster_\(superstate)\" { label=\"\(superstate)\";"]
            lines += nodes.map { "        " + $0 } + ["    }"]
        }
        for number in drawing.choices.indices { lines.append("    choice\(number + 1) [shape=diamond, label=\"\"];") }
        for arrow in drawing.arrows { lines.append("    " + dot(arrow)) }
        for (number, targets) in drawing.choices.enumerated() {
            for target in targets { lines.append("    choice\(number + 1) -> \(Self.quoted(target));") }
        }
        return lines.joined(separator: "\n") + "\n}\n"
    }

    /// An arrow from a superstate begins at one of its states, and at the superstate's border.
    private func dot(_ arrow: Drawing.Arrow) -> String {
        let from = states.first { $0.starts(with: arrow.source) } ?? arrow.source
        let tail = from == arrow.source ? "" : ", ltail=\"cluster_\(arrow.source[0])\""
        let target: String
        switch arrow.target {
        case .state(let path): target = Self.quoted(path)
        case .choice(let number): target = "choice\(number + 1)"
        }
        return "\(Self.quoted(from)) -> \(target) [label=\"\(arrow.label)\"\(tail)];"
    }

    private static func quoted(_ path: [String]) -> String { "\"\(path.joined(separator: "."))\"" }

    /// Every pair of a state and an event, with rule, target and effects, as a Markdown table.
    public func table() -> String {
        var lines = ["<!-- \(Self.notice) -->", "# \(title): every state × event", "", summary, ""]
        for state in states {
            lines += [
                "## \(state.joined(separator: "."))", "", "| event | rule | target | effects |", "|---|---|---|---|",
            ]
            for edge in edges where edge.source == state {
                let target = edge.stays ? "–" : edge.target.joined(separator: ".")
                let effects = edge.effects.isEmpty ? "–" : edge.effects.joined(separator: ", ")
                lines.append("| \(edge.event) | \(edge.rule) | \(target) | \(effects) |")
            }
            lines.append("")
        }
        return lines.dropLast().joined(separator: "\n") + "\n"
    }
}
