import NovaKernel
import NovaMachine

/// Who sees every step of a connection, at the one place where steps are taken.
package protocol StepWitness: AnyObject {
    /// The machine went from `before` to `after` by this row; the effects are not performed yet.
    func stepTaken(_ step: WitnessedStep, _ effects: Effects<Effect>, after: borrowing Kernel)
    /// There will be no more.
    func stepsEnded()
}

/// A step, as witnesses see it.
package struct WitnessedStep {
    /// What happened, and when.
    package let occurrence: Occurrence
    /// The spine before it.
    package let before: Lifecycle
    /// The row that decided.
    package let rule: KernelRule

    /// A step.
    package init(occurrence: Occurrence, before: Lifecycle, rule: KernelRule) {
        (self.occurrence, self.before, self.rule) = (occurrence, before, rule)
    }
}
