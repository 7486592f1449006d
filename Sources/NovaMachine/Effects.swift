/// What a step wants done, in order. Filled in place by the machine, emptied by its interpreter, and never copied on
/// the way: a list that travelled with the step as a value cost more than the decision itself (measured: three
/// times). Needs no heap for two effects or fewer, which is what nearly every step asks for.
@frozen
public struct Effects<Effect> {
    /// What is to be done first.
    public var first: Effect?
    /// What is to be done next.
    public var second: Effect?
    /// What is to be done after that.
    public var rest: [Effect] = []

    /// Nothing is to be done.
    @inlinable
    public init() {}

    /// Whether nothing is to be done.
    @inlinable
    public var isEmpty: Bool {
        if case nil = first { true } else { false }
    }

    /// Adds `effect` behind what is there.
    @inlinable
    public mutating func append(_ effect: Effect) {
        if case nil = first {
            first = effect
        } else if case nil = second {
            second = effect
        } else {
            rest.append(effect)
        }
    }

    /// Adds `effect`, and passes the rule on: with this a row of a transition table is one expression,
    /// `out(.refuse, .settle(operation, .notOpen))`.
    @inlinable
    public mutating func callAsFunction<Rule>(_ rule: Rule, _ effect: Effect) -> Rule {
        append(effect)
        return rule
    }

    /// Adds two effects, and passes the rule on.
    @inlinable
    public mutating func callAsFunction<Rule>(_ rule: Rule, _ first: Effect, _ second: Effect) -> Rule {
        append(first)
        append(second)
        return rule
    }

    /// Forgets all effects.
    @inlinable
    public mutating func removeAll() {
        first = nil
        if case nil = second { return }
        second = nil
        if !rest.isEmpty { rest = [] }
    }

    /// Calls `body` with each effect in order.
    @inlinable
    public func forEach<Failure: Error>(_ body: (Effect) throws(Failure) -> Void) throws(Failure) {
        if let first { try body(first) }
        if let second { try body(second) }
        for effect in rest { try body(effect) }
    }

    /// The effects as an array, for tests and printing.
    public var array: [Effect] {
        var all: [Effect] = []
        forEach { all.append($0) }
        return all
    }
}

extension Effects: Equatable where Effect: Equatable {}
extension Effects: Hashable where Effect: Hashable {}
extension Effects: Sendable where Effect: Sendable {}

extension Effects: ExpressibleByArrayLiteral {
    /// The effects of a list literal, in its order.
    @inlinable
    public init(arrayLiteral elements: Effect...) {
        for element in elements { append(element) }
    }
}
