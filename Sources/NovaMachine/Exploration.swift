/// An event to try on a machine, under the name that charts show. Several may share a name: both sides of a guard.
public struct Exemplar<Event: Sendable>: Sendable {
    /// The name in the chart.
    public let name: String
    /// The event.
    public let event: Event

    /// `event`, to be shown as `name`.
    public init(_ name: String, _ event: Event) {
        self.name = name
        self.event = event
    }
}

/// The machine has more values than were to be looked at: somebody has put data into the state.
public struct UnboundedMachine: Error, Hashable, Sendable, CustomStringConvertible {
    /// How many values were looked at.
    public let limit: Int

    /// More than `limit` values.
    @inlinable
    public init(limit: Int) { self.limit = limit }

    /// What it means.
    public var description: String { "More than \(limit) values can be reached: there is data in the state." }
}

/// Everything a machine can become, by asking it: breadth first, every value with every event.
public struct Exploration<Subject: Machine>: Sendable {
    /// One step of the walk.
    public struct Edge: Sendable {
        /// The value before.
        public let source: Subject
        /// What happened.
        public let exemplar: Exemplar<Subject.Event>
        /// What the machine answered.
        public let step: Step<Subject.Rule, Subject.Effect>
        /// The value after.
        public let target: Subject
        fileprivate let origin: Int
    }

    private let initial: [Subject]
    private let alphabet: @Sendable (Subject) -> [Exemplar<Subject.Event>]
    private let representative: @Sendable (Subject) -> Subject
    private let limit: Int

    /// An exploration from `initial` with the events that `alphabet` names for a value. `representative` folds values
    /// that differ only in what does not matter, such as a counter.
    public init(
        from initial: [Subject], alphabet: @escaping @Sendable (Subject) -> [Exemplar<Subject.Event>],
        representative: @escaping @Sendable (Subject) -> Subject = { $0 }, limit: Int = 100_000
    ) {
        self.initial = initial
        self.alphabet = alphabet
        self.representative = representative
        self.limit = limit
    }

    /// Shows every edge once, in the order of discovery; returns how many values there are.
    @discardableResult
    public func forEachEdge(_ visit: (Edge) -> Void) throws(UnboundedMachine) -> Int {
        var walk = Walk()
        _ = try run(&walk) { edge in
            visit(edge)
            return false
        }
        return walk.values.count
    }

    /// The shortest way to the first edge that `isSought` is true of: the names of its events; nil if there is none.
    public func shortestPath(to isSought: (Edge) -> Bool) throws(UnboundedMachine) -> [String]? {
        var walk = Walk()
        guard let edge = try run(&walk, until: isSought) else { return nil }
        var names = [edge.exemplar.name]
        var position = edge.origin
        while let parent = walk.parents[position] {
            names.append(parent.event)
            position = parent.origin
        }
        return names.reversed()
    }

    private struct Walk {
        var values: [Subject] = []
        var parents: [(origin: Int, event: String)?] = []
        var seen: Set<Subject> = []

        mutating func add(_ value: Subject, from parent: (origin: Int, event: String)?) {
            guard seen.insert(value).inserted else { return }
            values.append(value)
            parents.append(parent)
        }
    }

    private func run(_ walk: inout Walk, until isSought: (Edge) -> Bool) throws(UnboundedMachine) -> Edge? {
        for value in initial { walk.add(representative(value), from: nil) }
        var position = 0
        while position < walk.values.count {
            guard walk.values.count <= limit else { throw UnboundedMachine(limit: limit) }
            let source = walk.values[position]
            for exemplar in alphabet(source) {
                let (next, step) = source.reduce(exemplar.event)
                let edge = Edge(source: source, exemplar: exemplar, step: step, target: next, origin: position)
                if isSought(edge) { return edge }
                walk.add(representative(next), from: (position, exemplar.name))
            }
            position += 1
        }
        return nil
    }
}
