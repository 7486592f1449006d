/// A machine's statechart, drawn from its code: which state answers which event by which rule, and goes where.
public struct Chart: Hashable, Sendable {
    /// An arrow: all steps that look alike.
    public struct Edge: Hashable, Sendable {
        /// The active states before, outermost first.
        public var source: [String]
        /// The event's name.
        public var event: String
        /// The row of the transition table.
        public var rule: String
        /// The active states after.
        public var target: [String]
        /// The names of the effects, in order.
        public var effects: [String]

        /// Whether it leads back to where it began.
        public var stays: Bool { source == target }
    }

    /// The machine's name.
    public let title: String
    /// The states it begins in.
    public let initial: [[String]]
    /// All states that can be reached, in the order of discovery.
    public let states: [[String]]
    /// All events, in the order of discovery.
    public let events: [String]
    /// All arrows, in the order of discovery.
    public let edges: [Edge]
    /// How many values of the machine were seen.
    public let values: Int
    /// The rules that no step went by.
    public let unusedRules: [String]

    /// The chart of what `exploration` reaches.
    public init<Subject: Machine>(
        _ title: String, initial: [Subject], exploring exploration: Exploration<Subject>
    ) throws(UnboundedMachine) {
        let first = Ordered(initial.map(\.path))
        var states = first
        var events = Ordered<String>()
        var edges = Ordered<Edge>()
        var rules: Set<Subject.Rule> = []
        values = try exploration.forEachEdge { edge in
            rules.insert(edge.step.rule)
            states.add(edge.source.path)
            events.add(edge.exemplar.name)
            edges.add(
                Edge(
                    source: edge.source.path, event: edge.exemplar.name, rule: edge.step.rule.rawValue,
                    target: edge.target.path, effects: edge.step.effects.array.map(Self.name)))
        }
        self.title = title
        self.initial = first.elements
        self.states = states.elements
        self.events = events.elements
        self.edges = edges.elements
        unusedRules = Subject.Rule.allCases.filter { !rules.contains($0) }.map(\.rawValue)
    }

    /// An effect's name: what its description begins with.
    private static func name(_ effect: some Sendable) -> String {
        String("\(effect)".prefix { $0 != "(" && $0 != " " })
    }

    /// The events that a state was never asked about. There are none where the alphabet does not depend on the value.
    public func undecided(_ state: [String]) -> [String] {
        let decided = Set(edges.lazy.filter { $0.source == state }.map(\.event))
        return events.filter { !decided.contains($0) }
    }

    /// The states from which no sequence of events leads to `goal`.
    public func statesThatCannotReach(_ goal: [String]) -> [[String]] {
        var reaching: Set<[String]> = [goal]
        var before = 0
        while before != reaching.count {
            before = reaching.count
            for edge in edges where reaching.contains(edge.target) { reaching.insert(edge.source) }
        }
        return states.filter { !reaching.contains($0) }
    }

    /// The chart's numbers in a line.
    public var summary: String {
        let pairs = Set(edges.map { [$0.source.joined(separator: "."), $0.event] }).count
        let rules = Set(edges.map(\.rule)).count
        return "\(states.count) states, \(events.count) events, \(pairs) pairs, \(edges.count) arrows, \(rules) rules; "
            + "\(values) values explored."
    }

    /// A number that is another one for a chart that says anything else (FNV-1a, 64 bits).
    public var digest: String {
        var hash = Digest()
        for edge in edges {
            hash.add((edge.source + [edge.event, edge.rule] + edge.target + edge.effects).joined(separator: "\u{1F}"))
        }
        return hash.hexadecimal
    }

    /// The digest of several charts together.
    public static func digest(of charts: [Chart]) -> String {
        var hash = Digest()
        for chart in charts { hash.add(chart.digest) }
        return hash.hexadecimal
    }

    private struct Digest {
        private var hash: UInt64 = 0xcbf2_9ce4_8422_2325

        mutating func add(_ line: String) {
            for byte in (line + "\n").utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        }

        var hexadecimal: String {
            let digits = String(hash, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }
    }
}

/// Elements without repetition, in the order in which they came.
struct Ordered<Element: Hashable> {
    private(set) var elements: [Element] = []
    private var seen: Set<Element> = []

    init(_ elements: [Element] = []) {
        for element in elements { add(element) }
    }

    mutating func add(_ element: Element) {
        if seen.insert(element).inserted { elements.append(element) }
    }
}
