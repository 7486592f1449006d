// What a picture of a chart shows: the same as the table, put together as far as it is alike.

/// A chart as it is drawn: without quiet rules; what all states of a superstate answer alike drawn once, from the
/// superstate; where data decides between several targets, an arrow to a choice; what moves nothing written inside
/// its state.
struct Drawing {
    /// An arrow. Its ends are states, superstates or choices, by their path.
    struct Arrow: Hashable {
        var source: [String]
        var target: End
        var event: String
        var rule: String

        var label: String { "\(event) [\(rule)]" }
    }

    /// Where an arrow leads.
    enum End: Hashable {
        case state([String])
        /// One of these states, by data: the choice of this number.
        case choice(Int)
    }

    /// The arrows that move something.
    private(set) var arrows: [Arrow] = []
    /// The targets of each choice.
    private(set) var choices: [[[String]]] = []
    /// What happens inside a state without moving it, as labels.
    private(set) var inside: [[String]: [String]] = [:]

    private let chart: Chart

    init(_ chart: Chart, without quiet: Set<String>) {
        self.chart = chart
        var rows = Ordered<Row>()
        for edge in chart.edges where !quiet.contains(edge.rule) {
            rows.add(Row(source: edge.source, event: edge.event, rule: edge.rule))
        }
        var moving = Ordered<Arrow>()
        var staying = Ordered<Arrow>()
        for row in rows.elements {
            let targets = self.targets(of: row)
            if targets == [row.source] {
                staying.add(Arrow(source: row.source, target: .state(row.source), event: row.event, rule: row.rule))
            } else {
                moving.add(arrow(row, targets))
            }
        }
        arrows = Self.merged(moving.elements)
        for arrow in Self.merged(staying.elements) { inside[arrow.source, default: []].append(arrow.label) }
    }

    /// All steps of a state by one event and one rule.
    private struct Row: Hashable {
        var source: [String]
        var event: String
        var rule: String
    }

    private func targets(of row: Row) -> [[String]] {
        var targets = Ordered<[String]>()
        for edge in chart.edges where edge.source == row.source && edge.event == row.event && edge.rule == row.rule {
            targets.add(edge.target)
        }
        return targets.elements.sorted { $0.lexicographicallyPrecedes($1) }
    }

    private mutating func arrow(_ row: Row, _ targets: [[String]]) -> Arrow {
        let end: End = targets.count == 1 ? .state(targets[0]) : .choice(choice(between: targets))
        return Arrow(
            source: isCommon(row, targets) ? [row.source[0]] : row.source, target: end, event: row.event,
            rule: row.rule)
    }

    private mutating func choice(between targets: [[String]]) -> Int {
        if let known = choices.firstIndex(of: targets) { return known }
        choices.append(targets)
        return choices.count - 1
    }

    /// Whether the whole superstate answers alike, and is left by it.
    private func isCommon(_ row: Row, _ targets: [[String]]) -> Bool {
        guard row.source.count > 1, !targets.contains(where: { $0.first == row.source.first }) else { return false }
        return chart.states.filter { $0.first == row.source.first }.allSatisfy { sibling in
            self.targets(of: Row(source: sibling, event: row.event, rule: row.rule)) == targets
        }
    }

    /// Events with the same rule between the same ends share an arrow.
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
}

extension Chart {
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
