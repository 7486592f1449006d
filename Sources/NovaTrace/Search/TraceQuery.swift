import NovaKernel

/// Which steps of a trace are looked for. What is left as it is asks for nothing; a step is found if it is all that is asked
/// for.
///
/// ```swift
/// var query = TraceQuery()
/// query.states = ["open"]
/// query.rules = ["keepalive"]
/// query.text = "ping"
/// for step in trace.steps(matching: query) { print(step) }
/// ```
public struct TraceQuery: Hashable, Sendable {
    /// The state before or after is one of these, or within one: `open` is found for `open.ready` too. Empty: any.
    public var states: [String] = []
    /// The rule is one of these, or of one of these machines: `keepalive` is found for `keepalive.ping` too. Empty: any.
    public var rules: [String] = []
    /// The attempt under way after the step is one of these; nil: any.
    public var attempts: ClosedRange<UInt32>?
    /// The step was at this time since the beginning of the trace, or later; nil: at any.
    public var notBefore: Duration?
    /// The step was at this time since the beginning of the trace, or earlier; nil: at any.
    public var notAfter: Duration?
    /// This is in the words of the event, of an effect or of the cause, in upper or lower case; nil: any words.
    public var text: String?

    /// A query that finds every step.
    public init() {}

    /// The first of the states and rules that no step of this machine can have; nil if there is none. Such a query finds
    /// nothing in any trace of this machine.
    public var stranger: String? {
        let states = Set(Lifecycle.Standing.allCases.map(\.name))
        let rules = KernelRule.allCases.map(\.rawValue)
        return self.states.first { state in !states.contains { Self.name($0, isWithin: state) } }
            ?? self.rules.first { rule in !rules.contains { Self.name($0, isWithin: rule) } }
    }

    /// Whether the step is what is looked for.
    public func matches(_ step: TraceStep) -> Bool {
        if !states.isEmpty, !states.contains(where: { Self.state($0, isIn: step) }) { return false }
        if !rules.isEmpty, !rules.contains(where: { Self.name(step.rule, isWithin: $0) }) { return false }
        if let attempts, !attempts.contains(step.attempt) { return false }
        if let notBefore, Duration.nanoseconds(Int64(clamping: step.t)) < notBefore { return false }
        if let notAfter, Duration.nanoseconds(Int64(clamping: step.t)) > notAfter { return false }
        guard let text, !text.isEmpty else { return true }
        let wanted = text.lowercased()
        return ([step.event] + step.effects + [step.cause ?? ""]).contains { $0.lowercased().contains(wanted) }
    }

    /// The words of a state begin with its name.
    private static func state(_ state: String, isIn step: TraceStep) -> Bool {
        [step.before, step.after].contains { words in
            name(String(words.prefix { $0 != " " }), isWithin: state)
        }
    }

    /// Whether a name with dots is that one, or a part of it.
    private static func name(_ name: String, isWithin outer: String) -> Bool {
        name == outer || name.hasPrefix(outer + ".")
    }
}

extension Trace {
    /// The steps that are looked for, in their order.
    public func steps(matching query: TraceQuery) -> [TraceStep] { steps.filter(query.matches) }
}
