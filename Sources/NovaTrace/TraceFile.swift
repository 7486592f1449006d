import NovaKernel
import NovaMachine

/// What a trace begins with: everything that is needed to run the same machine again.
public struct TraceHeader: Hashable, Sendable, Codable {
    /// What the first line of every trace calls itself.
    public static let format = "novasocket-trace"
    /// The version written, and the only one read.
    public static let version = 2

    /// Always ``format``.
    public var format = TraceHeader.format
    /// The version of the format.
    public var version = TraceHeader.version
    /// What the jitter and the pings' tokens were made from, as a decimal number.
    public var seed: String
    /// The layers of the route: a sum of 1 (tunnel) and 2 (TLS).
    public var route: UInt8
    /// Every value of the policy by its name.
    public var policy: [String: String]
    /// The digest of the machines' charts: another one means another machine.
    public var chart: String
    /// After which attempt of another connection the first of this one comes; nil if there is no other whose place it takes.
    public var previousAttempt: UInt32?
    /// When the recording began by the calendar, in nanoseconds since 1970; nil where there is no calendar, as in a
    /// simulation. Nothing is decided by it.
    public var began: UInt64?
    /// The opening handshake, if the recording is whole: then it has the bytes too.
    public var opening: TraceOpening?

    /// The header of a connection.
    public init(
        seed: UInt64, route: Lifecycle.Route, policy: Policy, chart: String, opening: TraceOpening? = nil
    ) {
        self.opening = opening
        self.seed = "\(seed)"
        self.route = route.rawValue
        self.policy = Dictionary(uniqueKeysWithValues: policy.words.map { ($0.name, $0.value) })
        self.chart = chart
    }

    /// The machine this header describes, before its first event.
    public func makeKernel() throws(WordError) -> Kernel {
        guard let seed = UInt64(seed) else { throw WordError("the seed '\(self.seed)' is not a number") }
        let route = Lifecycle.Route(rawValue: route)
        guard route.isSubset(of: [.tunnel, .tls]) else { throw WordError("\(self.route) is not a route") }
        var policy = Policy()
        // In the order of the settings: "never" for the keepalive's interval must come before its timeout.
        let names = Set(Policy.settings.map(\.name))
        if let stranger = self.policy.keys.sorted().first(where: { !names.contains($0) }) {
            throw WordError("'\(stranger)' is not a value of the policy")
        }
        for setting in Policy.settings {
            guard let words = self.policy[setting.name] else { throw WordError("the policy lacks '\(setting.name)'") }
            try setting.write(&policy, words)
        }
        return Kernel(route: route, policy: policy, seed: seed, after: AttemptID(previousAttempt ?? 0))
    }
}

/// One step: a line of a trace.
public struct TraceStep: Hashable, Sendable, Codable {
    /// The number of the step, from 1.
    public var n: UInt64
    /// When, in nanoseconds since the beginning of the trace.
    public var t: UInt64
    /// The attempt under way after the step.
    public var attempt: UInt32
    /// The event and its data.
    public var event: String
    /// The spine's state before.
    public var before: String
    /// The row that decided.
    public var rule: String
    /// The spine's state after.
    public var after: String
    /// What was to be done, in order.
    public var effects: [String]
    /// Why the attempt ended, if the step ended one.
    public var cause: String?

    /// The step that a kernel takes on an occurrence, as it is written down.
    public static func taken(
        _ kernel: inout Kernel, _ occurrence: Occurrence, number: UInt64, origin: Instant
    ) -> TraceStep {
        let before = kernel.lifecycle.stateText
        let step = kernel.handle(occurrence)
        return TraceStep(
            occurrence, number: number, origin: origin, before: before, step.rule, step.effects, after: kernel)
    }

    /// A step that was taken.
    package init(
        _ occurrence: Occurrence, number: UInt64, origin: Instant, before: String, _ rule: KernelRule,
        _ effects: Effects<Effect>, after kernel: borrowing Kernel
    ) {
        n = number
        t = occurrence.at.nanoseconds - min(origin.nanoseconds, occurrence.at.nanoseconds)
        attempt = kernel.attempt.number
        event = occurrence.event.text
        self.before = before
        self.rule = rule.rawValue
        after = kernel.lifecycle.stateText
        self.effects = effects.array.map(\.description)
        let endsAttempt = effects.array.contains { if case .report = $0 { true } else { false } }
        cause = endsAttempt ? kernel.termination?.description : nil
    }
}

/// The last line of a trace that was closed in order.
struct TraceFooter: Codable {
    /// How many steps there are.
    var end: UInt64
}

/// A trace as it stands in a file.
public struct Trace: Sendable {
    /// The first line.
    public var header: TraceHeader
    /// The steps.
    public var steps: [TraceStep] { didSet { if !events.isEmpty { events = [] } } }
    /// The events of the steps, where they have been read already; none once the steps are others.
    var events: [Event] = []
    /// What a whole recording has besides, each with the number of steps before it; empty if the recording is not whole.
    public var entries: [(after: Int, entry: TraceEntry)] = []
    /// Whether the last line says that this is all; a process that died leaves it out.
    public var isComplete: Bool

    /// Reads the events' words once; those of a trace that was read from a file are read already.
    package mutating func readEvents() throws(WordError) { events = try steps.map(Event.init(of:)) }

    /// A trace of these steps.
    public init(header: TraceHeader, steps: [TraceStep], isComplete: Bool = true) {
        self.header = header
        self.steps = steps
        self.isComplete = isComplete
    }
}
