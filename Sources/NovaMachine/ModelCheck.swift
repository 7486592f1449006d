/// A machine together with its world, so that everything that can happen to it happens inside.
public protocol ClosedSystem {
    /// One situation, packed as small as can be: all that are reached are kept.
    associatedtype State: Hashable
    /// What must hold.
    associatedtype Property: Hashable

    /// The situations it begins in.
    mutating func begin() -> [State]
    /// Shows each step that `state` allows, always in the same order: where it leads, and what it breaks.
    mutating func expand(_ state: State, _ show: (_ target: State, _ broken: [Property]) -> Void)
    /// What `state` itself breaks.
    mutating func judge(_ state: State) -> [Property]
}

/// What a model check has found.
public struct Survey<Property: Hashable> {
    /// A property that does not hold, and the shortest way to where it breaks.
    public struct Violation {
        /// What is broken.
        public let property: Property
        /// The way: which of the situations it begins in, and then which of its steps each situation takes.
        public let start: Int
        /// The ordinal numbers of the steps.
        public let steps: [Int]

        @inlinable
        init(property: Property, start: Int, steps: [Int]) {
            self.property = property
            self.start = start
            self.steps = steps
        }
    }

    /// How many situations can be reached.
    public var states = 0
    /// How many steps there are between them.
    public var edges = 0
    /// How many steps the farthest situation is away.
    public var depth = 0
    /// The first violation of each broken property.
    public var violations: [Violation] = []

    @inlinable
    init() {}
}

extension ClosedSystem {
    /// Looks at every situation that can be reached, the nearest first. Throws if there are more than `limit`; with
    /// `isHasty` it ends with the first property that is broken, or there.
    @inlinable
    public mutating func survey(limit: Int, isHasty: Bool = false) throws(UnboundedMachine) -> Survey<Property> {
        var survey = Survey<Property>()
        var walk = SurveyWalk<State>()
        var broken: Set<Property> = []
        for state in begin() { walk.add(state, from: -1, by: walk.states.count) }
        var position = 0
        var endOfLevel = walk.states.count
        while position < walk.states.count {
            if isHasty, !broken.isEmpty || walk.states.count > limit { break }
            guard walk.states.count <= limit else { throw UnboundedMachine(limit: limit) }
            if position == endOfLevel {
                survey.depth += 1
                endOfLevel = walk.states.count
            }
            for property in judge(walk.states[position]) where broken.insert(property).inserted {
                survey.violations.append(walk.violation(of: property, at: position, by: nil))
            }
            var ordinal = 0
            expand(walk.states[position]) { target, found in
                walk.add(target, from: position, by: ordinal)
                for property in found where broken.insert(property).inserted {
                    survey.violations.append(walk.violation(of: property, at: position, by: ordinal))
                }
                ordinal += 1
            }
            survey.edges += ordinal
            position += 1
        }
        survey.states = walk.states.count
        return survey
    }
}

/// What has been reached, and how.
@usableFromInline
struct SurveyWalk<State: Hashable> {
    @usableFromInline var states: [State] = []
    @usableFromInline var origins: [Int32] = []
    @usableFromInline var ordinals: [Int32] = []
    @usableFromInline var seen: Set<State> = []

    @inlinable
    init() {}

    @inlinable
    mutating func add(_ state: State, from origin: Int, by ordinal: Int) {
        guard seen.insert(state).inserted else { return }
        states.append(state)
        origins.append(Int32(truncatingIfNeeded: origin))
        ordinals.append(Int32(truncatingIfNeeded: ordinal))
    }

    /// The way to a situation, and one step more if there is one.
    @inlinable
    func violation<Property>(of property: Property, at position: Int, by last: Int?) -> Survey<Property>.Violation {
        var steps = last.map { [$0] } ?? []
        var position = position
        while origins[position] >= 0 {
            steps.append(Int(ordinals[position]))
            position = Int(origins[position])
        }
        return Survey.Violation(property: property, start: Int(ordinals[position]), steps: steps.reversed())
    }
}

/// Values under small numbers: what many situations share is kept once.
public struct Interned<Value: Hashable> {
    @usableFromInline var numbers: [Value: UInt32] = [:]
    @usableFromInline var values: [Value] = []

    /// No value yet.
    @inlinable
    public init() {}

    /// The number of a value.
    @inlinable
    public mutating func number(of value: Value) -> UInt32 {
        if let known = numbers[value] { return known }
        let number = UInt32(values.count)
        numbers[value] = number
        values.append(value)
        return number
    }

    /// The value of a number that ``number(of:)`` gave.
    @inlinable
    public subscript(number: UInt32) -> Value { values[Int(number)] }
}
