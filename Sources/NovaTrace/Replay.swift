import NovaKernel

/// Folds the machine over a trace and compares what it decides with what stands there.
public enum Replay {
    /// Where a replay first differs from its trace.
    public struct Difference: Hashable, Sendable, CustomStringConvertible {
        /// The step's number.
        public var step: UInt64
        /// The event of that step.
        public var event: String
        /// Which part of the step differs: `state before`, `rule`, `state after`, `effects`, `attempt`, `cause`; of a whole
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
            "step \(step) (\(event)): \(part): the trace says '\(recorded)', the replay says '\(replayed)'"
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
        var agreed = 0
        for recorded in trace.steps {
            let occurrence = Occurrence(try Event(text: recorded.event), at: Instant(nanoseconds: recorded.t))
            let replayed = TraceStep.taken(&kernel, occurrence, number: recorded.n, origin: .zero)
            if let difference = difference(recorded, replayed) {
                return Result(agreed: agreed, difference: difference, kernel: kernel)
            }
            agreed += 1
        }
        return Result(agreed: agreed, difference: nil, kernel: kernel)
    }

    /// What is not the same in two steps; nil if nothing is.
    package static func difference(_ recorded: TraceStep, _ replayed: TraceStep) -> Difference? {
        let parts = [
            ("state before", recorded.before, replayed.before), ("rule", recorded.rule, replayed.rule),
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
