import NovaKernel
import NovaMachine

/// Folds the machine over a trace and compares what it decides with what stands there.
public enum Replay {
    /// Where a replay first differs from its trace.
    public struct Difference: Hashable, Sendable, CustomStringConvertible {
        /// The step's number.
        public var step: UInt64
        /// The event of that step.
        public var event: String
        /// Which part of the step differs: `event`, `state before`, `rule`, `state after`, `effects`, `attempt`, `cause`; of a whole
        /// recording also `bytes written`, `delivery`, `key`, or `what follows`.
        public var part: String
        /// What the trace says.
        public var recorded: String
        /// What the machine says.
        public var replayed: String

        /// A difference with all its parts.
        package init(step: UInt64, event: String, part: String, recorded: String, replayed: String) {
            self.step = step
            self.event = event
            self.part = part
            self.recorded = recorded
            self.replayed = replayed
        }

        /// The difference as a sentence.
        public var description: String {
            "step \(step) (\(event.printable)): \(part): "
                + "the trace says '\(recorded.printable)', the replay says '\(replayed)'"
        }
    }

    /// What a replay found.
    public struct Result: Sendable {
        /// How many steps agreed before the first difference.
        public var agreed: Int
        /// The first difference; nil if there is none.
        public var difference: Difference?
        /// The machine after the last step that agreed.
        public var kernel: Kernel

        /// A result with all its parts.
        package init(agreed: Int, difference: Difference?, kernel: Kernel) {
            self.agreed = agreed
            self.difference = difference
            self.kernel = kernel
        }
    }

    /// Replays `trace`. Stops at the first difference.
    public static func run(_ trace: Trace) throws(WordError) -> Result {
        var kernel = try trace.header.makeKernel()
        var effects = Effects<Effect>()
        let events = trace.events.isEmpty ? try trace.steps.map(Event.init(of:)) : trace.events
        for (index, recorded) in trace.steps.enumerated() {
            let occurrence = Occurrence(events[index], at: Instant(nanoseconds: recorded.t))
            let before = kernel.lifecycle
            effects.removeAll()
            let advance = kernel.advance(occurrence, &effects)
            if recorded.isTraffic(advance, effects, kernel.attempt) { continue }
            let replayed = TraceStep(
                occurrence, number: recorded.n, origin: .zero, before: before.stateText, advance.rule, effects,
                after: kernel)
            if let difference = difference(recorded, replayed) {
                return Result(agreed: index, difference: difference, kernel: kernel)
            }
        }
        return Result(agreed: trace.steps.count, difference: nil, kernel: kernel)
    }

    /// What is not the same in two steps; nil if nothing is.
    package static func difference(_ recorded: TraceStep, _ replayed: TraceStep) -> Difference? {
        let parts = [
            ("event", recorded.event, replayed.event), ("state before", recorded.before, replayed.before),
            ("rule", recorded.rule, replayed.rule),
            ("state after", recorded.after, replayed.after),
            ("effects", recorded.effects.joined(separator: "; "), replayed.effects.joined(separator: "; ")),
            ("attempt", "\(recorded.attempt)", "\(replayed.attempt)"),
            ("cause", recorded.cause ?? "none", replayed.cause ?? "none"),
        ]
        return parts.first { $0.1 != $0.2 }.map {
            Difference(step: recorded.n, event: recorded.event, part: $0.0, recorded: $0.1, replayed: $0.2)
        }
    }
}

extension Event {
    init(of step: TraceStep) throws(WordError) { try self.init(text: step.event) }
}

extension TraceStep {
    /// Whether this is what stands here of a step of the data path: nearly all steps are, and are compared without being
    /// written down first.
    fileprivate func isTraffic(_ advance: Kernel.Advance, _ effects: Effects<Effect>, _ attempt: AttemptID) -> Bool {
        guard case .ready = advance.from, case .ready = advance.to, cause == nil, self.attempt == attempt.number,
            before == Self.inUse, after == Self.inUse, advance.rule.isNamed(rule)
        else { return false }
        guard effects.rest.isEmpty else { return false }
        switch (effects.first, effects.second) {
        case (nil, _): return self.effects.isEmpty
        case (let first?, nil): return self.effects.count == 1 && first.description == self.effects[0]
        case (let first?, let second?):
            return self.effects.count == 2 && first.description == self.effects[0]
                && second.description == self.effects[1]
        }
    }

    private static let inUse = Lifecycle.Standing.ready.name
}
