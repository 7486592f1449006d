extension Chart {
    /// What every generated file begins with.
    static let notice = "Generated from the code by `swift run nova chart --write`. Do not edit."

    /// The arrows that are drawn: without those of `quiet` rules, alike events of one rule put together, and what all
    /// states of a superstate answer alike drawn once, from the superstate.
    func drawn(without quiet: Set<String>) -> [Arrow] {
        var arrows = Ordered<Arrow>()
        for edge in edges where !quiet.contains(edge.rule) {
            arrows.add(Arrow(source: edge.source, target: edge.target, event: edge.event, rule: edge.rule))
        }
        return Self.merged(folded(arrows.elements))
    }

    /// An arrow of a picture.
    struct Arrow: Hashable {
        var source: [String]
        var target: [String]
        var event: String
        var rule: String

        var label: String { "\(event) [\(rule)]" }
    }

    private func folded(_ arrows: [Arrow]) -> [Arrow] {
        let all = Set(arrows)
        var result = Ordered<Arrow>()
        for arrow in arrows {
            let isCommon =
                arrow.source.count > 1
                && states.filter { $0.first == arrow.source.first }.allSatisfy { sibling in
                    var other = arrow
                    other.source = sibling
                    return all.contains(other)
                }
            var drawn = arrow
            if isCommon, arrow.target.first != arrow.source.first { drawn.source = [arrow.source[0]] }
            result.add(drawn)
        }
        return result.elements
    }

    /// Events with the same rule between the same states share an arrow.
    private static func merged(_ arrows: [Arrow]) -> [Arrow] {
        var events: [Arrow: [String]] = [:]
        var order = Ordered<Arrow>()
        for arrow in arrows {
            var key = arrow
            key.event = ""
            order.add(key)
            events[key, default: []].append(arrow.event)
        }
        return order.elements.map { key in
            var arrow = key
            arrow.event = events[key, default: []].joined(separator: ", ")
            return arrow
        }
    }

    /// The states by their superstates, in order; a state without one stands by itself.
    var groups: [(superstate: String?, states: [[String]])] {
        var order = Ordered<String>()
        for state in states { order.add(state[0]) }
        return order.elements.map { first in
            let members = states.filter { $0[0] == first }
            return members == [[first]] ? (nil, members) : (first, members)
        }
    }
}

extension Chart {
    /// The chart as a Mermaid state diagram.
    public func mermaid(without quiet: Set<String> = []) -> String {
        var lines = ["%% \(Self.notice)", "stateDiagram-v2"]
        for (superstate, members) in groups {
            guard let superstate else {
                lines.append("    \(Self.id(members[0]))")
                continue
            }
            lines.append("    state \(superstate) {")
            for member in members { lines.append("        \(Self.id(member)) : \(member.last ?? "")") }
            lines.append("    }")
        }
        for state in initial { lines.append("    [*] --> \(Self.id(state))") }
        for arrow in drawn(without: quiet) {
            lines.append("    \(Self.id(arrow.source)) --> \(Self.id(arrow.target)) : \(arrow.label)")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func id(_ path: [String]) -> String { path.joined(separator: "_") }

    /// The chart in Graphviz' language.
    public func dot(without quiet: Set<String> = []) -> String {
        var lines = [
            "// \(Self.notice)", "digraph \"\(title)\" {", "    compound=true; node [shape=box, style=rounded];",
        ]
        for (superstate, members) in groups {
            let nodes = members.map { "\"\($0.joined(separator: "."))\" [label=\"\($0.last ?? "")\"];" }
            if let superstate {
                lines.append(
                    "    subgraph \"cluster_\(superstate)\" { label=\"\(superstate)\"; \(nodes.joined(separator: " ")) }"
                )
            } else {
                lines.append("    \(nodes.joined(separator: " "))")
            }
        }
        for arrow in drawn(without: quiet) {
            let from = states.first { $0.starts(with: arrow.source) } ?? arrow.source
            let tail = from == arrow.source ? "" : ", ltail=\"cluster_\(arrow.source[0])\""
            lines.append(
                "    \"\(from.joined(separator: "."))\" -> \"\(arrow.target.joined(separator: "."))\" [label=\"\(arrow.label)\"\(tail)];"
            )
        }
        return lines.joined(separator: "\n") + "\n}\n"
    }

    /// The chart as SCXML (W3C). Descriptive: `cond` names the rule, which an engine can't evaluate.
    public func scxml() -> String {
        let first = initial.first?.joined(separator: ".") ?? ""
        var lines = [
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
            "<!-- Generated from the code by `swift run nova chart`. Do not edit. `cond` names the rule that decides. -->",
            "<scxml xmlns=\"http://www.w3.org/2005/07/scxml\" version=\"1.0\" name=\"\(title)\" initial=\"\(first)\">",
        ]
        for (superstate, members) in groups {
            if let superstate { lines.append("  <state id=\"\(superstate)\">") }
            for member in members { lines += scxml(member, indent: superstate == nil ? "  " : "    ") }
            if superstate != nil { lines.append("  </state>") }
        }
        return lines.joined(separator: "\n") + "\n</scxml>\n"
    }

    private func scxml(_ state: [String], indent: String) -> [String] {
        var lines = ["\(indent)<state id=\"\(state.joined(separator: "."))\">"]
        for edge in edges where edge.source == state {
            let target = edge.stays ? "" : " target=\"\(edge.target.joined(separator: "."))\""
            lines.append("\(indent)  <transition event=\"\(edge.event)\" cond=\"\(edge.rule)\"\(target)/>")
        }
        return lines + ["\(indent)</state>"]
    }

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
