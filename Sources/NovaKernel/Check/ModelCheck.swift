import NovaMachine

/// What the check of one composition has found.
package struct CompositionReport: Sendable {
    package let composition: Composition
    /// Situations, steps between them, and the number of steps to the farthest one.
    package let states: Int
    package let edges: Int
    package let depth: Int
    /// How often each property was checked.
    package let counts: [Property: Int]
    /// The rules that were met.
    package let rules: Set<KernelRule>
    /// What is broken, each with the shortest scenario that shows it.
    package let violations: [(property: Property, scenario: String)]
}

extension Composition {
    /// Looks at every situation that the kernel can reach. Throws if there are more than `limit`; with `isHasty` it
    /// ends with the first property that is broken, or there.
    package func check(limit: Int = 4_000_000, isHasty: Bool = false) throws(UnboundedMachine) -> CompositionReport {
        var system = KernelSystem(self)
        let survey = try system.survey(limit: limit, isHasty: isHasty)
        let counts = Property.allCases.map { ($0, system.checker.counts[$0.rawValue]) }
        return CompositionReport(
            composition: self, states: survey.states, edges: survey.edges, depth: survey.depth,
            counts: Dictionary(uniqueKeysWithValues: counts), rules: system.rules,
            violations: survey.violations.map { ($0.property, scenario(of: $0.property, $0.steps)) })
    }
}
