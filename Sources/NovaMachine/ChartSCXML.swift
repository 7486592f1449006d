extension Chart {
    /// The chart as SCXML (W3C), to be run by an engine of ECMAScript's data model.
    ///
    /// An event brings the rule that decided as `_event.data.rule`. Where data decides between several targets of one
    /// event and rule, it brings the state after it as `_event.data.after` too. No two transitions of a state are
    /// enabled at once, and what the chart does not have is not taken.
    public func scxml() -> String {
        let first = initial.first?.joined(separator: ".") ?? ""
        var lines = [
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
            // Two hyphens may not stand in a comment of XML.
            "<!-- Generated from the code by `swift run nova chart`. Do not edit. -->",
            "<scxml xmlns=\"http://www.w3.org/2005/07/scxml\" version=\"1.0\" datamodel=\"ecmascript\" "
                + "name=\"\(title)\" initial=\"\(first)\">",
        ]
        for (superstate, members) in groups {
            if let superstate { lines.append("  <state id=\"\(superstate)\">") }
            for member in members { lines += scxml(member, indent: superstate == nil ? "  " : "    ") }
            if superstate != nil { lines.append("  </state>") }
        }
        return lines.joined(separator: "\n") + "\n</scxml>\n"
    }

    /// An arrow without its effects: an engine does not do them.
    private struct Row: Hashable {
        var event: String
        var rule: String
    }

    private func scxml(_ state: [String], indent: String) -> [String] {
        var rows = Ordered<Row>()
        var targets: [Row: Ordered<[String]>] = [:]
        for edge in edges where edge.source == state {
            let row = Row(event: edge.event, rule: edge.rule)
            rows.add(row)
            targets[row, default: Ordered()].add(edge.target)
        }
        var lines = ["\(indent)<state id=\"\(state.joined(separator: "."))\">"]
        for row in rows.elements {
            let all = targets[row]?.elements ?? []
            for target in all {
                let name = target.joined(separator: ".")
                let choice = all.count > 1 ? " &amp;&amp; _event.data.after == '\(name)'" : ""
                // Without a target nothing is left and entered again.
                let move = target == state ? "" : " target=\"\(name)\""
                let cond = "_event.data.rule == '\(row.rule)'\(choice)"
                lines.append("\(indent)  <transition event=\"\(row.event)\" cond=\"\(cond)\"\(move)/>")
            }
        }
        return lines + ["\(indent)</state>"]
    }
}
