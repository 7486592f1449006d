/// A finite-state machine: a value whose only way to change is an event.
///
/// `handle` is a pure function in mutating clothes. A machine is a value, holds no reference and reads neither clock
/// nor randomness, so the same value and the same event always give the same value, rule and effects. ``reduce(_:)``
/// is the same thing spelled as a function, and is what a test or a proof should use.
///
/// A machine never traps on an event it did not expect: it answers with a rule that says so.
public protocol Machine: Hashable, Sendable {
    /// What may happen to the machine: facts in the past tense, commands in the imperative.
    associatedtype Event: Hashable, Sendable
    /// What the machine wants done: plain data, imperative, performed in order by an interpreter.
    associatedtype Effect: Hashable, Sendable
    /// The name of a row of the transition table. One word for the chart, the trace, the test and the log.
    associatedtype Rule: Hashable, Sendable, CaseIterable, RawRepresentable<String>

    /// The active states, outermost first: `["connecting", "securing"]`.
    var path: [String] { get }

    /// State × event → state′ × effects. Returns the row that decided, and adds what is to be done to `out`.
    mutating func handle(_ event: Event, _ out: inout Effects<Effect>) -> Rule
}

extension Machine {
    /// The transition function, said as a function.
    @inlinable
    public func reduce(_ event: Event) -> (next: Self, step: Step<Rule, Effect>) {
        var next = self
        let step = next.handle(event)
        return (next, step)
    }

    /// ``handle(_:_:)`` with the effects as part of the answer.
    @inlinable
    public mutating func handle(_ event: Event) -> Step<Rule, Effect> {
        var effects = Effects<Effect>()
        let rule = handle(event, &effects)
        return Step(rule, effects)
    }

    /// The path as one word: `connecting.securing`.
    public var name: String { path.joined(separator: ".") }
}

/// What one event led to: the rule that decided it, and what is to be done, in order.
@frozen
public struct Step<Rule, Effect> {
    /// The row of the transition table that applied.
    public var rule: Rule
    /// What the interpreter must do, in order.
    public var effects: Effects<Effect>

    /// A step by `rule` that asks for `effects`.
    @inlinable
    public init(_ rule: Rule, _ effects: Effects<Effect> = []) {
        self.rule = rule
        self.effects = effects
    }
}

extension Step: Equatable where Rule: Equatable, Effect: Equatable {}
extension Step: Hashable where Rule: Hashable, Effect: Hashable {}
extension Step: Sendable where Rule: Sendable, Effect: Sendable {}
