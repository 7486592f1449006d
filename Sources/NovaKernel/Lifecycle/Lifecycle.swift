import NovaMachine
import NovaWire

/// The spine: what the connection is, from the first wish for it to the last word about it.
///
/// **What it governs.** One WebSocket connection as its user sees it: RFC 6455's CONNECTING, OPEN, CLOSING and CLOSED
/// (§4.1, §7.1), and the time between a lost connection and the next attempt. Each of the outer words has stages of
/// ours inside.
///
/// **What it does not.** What goes on while the connection stands still in one state: keepalive, the queues, pings,
/// promises. Those are machines of their own, beside this one in ``Kernel``; they never see the spine.
///
/// **How to read it.** One function for each superstate and kind of event; an arm is a row: pattern · rule · target ·
/// effects. The rule's name is the same in the chart, the trace, the scenarios and the tests. There is no `default:`,
/// so a new event makes the compiler name every state that must answer it.
///
/// **The laws it keeps.**
/// - R1: every fact carries its attempt; one of another attempt meets the rule `stale` and is cleaned up after.
/// - R2, R3: whatever an attempt holds (look-up, transport) is released by the step that leaves the attempt.
/// - R4: `backingOff` and `closed` carry an ``Ending``: there is no way in without a cause.
/// - R5: failures are forgotten in `open.ready` by policy, never on mere `open`.
/// - R11: there is no clock here; time is the fact that a timer fired.
///
/// **Timers** belong to states: ``timers`` says which are armed, `go(_:to:doing:_:)` arms and disarms the difference.
public struct Lifecycle: Machine {
    /// The only writer is `go(_:to:doing:_:)`, and `amend(_:with:_:)` for a payload.
    public internal(set) var state: State = .idle
    /// The attempt under way, or the last one.
    public internal(set) var attempt: AttemptID
    /// Attempts that failed in a row, without a stable connection between them.
    public internal(set) var failures: UInt32 = 0
    /// The outage those failures make.
    public internal(set) var outage: Outage = .none

    /// Which layers an attempt goes through.
    public let route: Route
    private let constants: Constant<Policy>
    /// What the jitter of the backoff is made from.
    public let seed: UInt64

    /// A connection that nobody has asked for yet; its first attempt follows `attempt`.
    public init(route: Route, policy: Policy, seed: UInt64, after attempt: AttemptID = .whole) {
        self.attempt = attempt
        self.route = route
        constants = Constant(policy)
        self.seed = seed
    }

    /// Every limit and timeout.
    public var policy: Policy { constants.value }

    /// State × event → state′ × effects.
    @inline(__always)
    public mutating func handle(_ event: Event, _ out: inout Effects<Effect>) -> Rule {
        #if MUTANTS
            if let rule = Mutation.intercept(&self, event, &out) { return rule }
        #endif
        switch event {
        case .fact(let attempt, let fact):
            guard isCurrent(attempt, fact) else { return stale(attempt, fact, &out) }
            return switch state {
            case .open(let stage): inOpen(stage, fact, &out)
            case .connecting(let stage): inConnecting(stage, fact, &out)
            case .closing(let farewell): inClosing(farewell, fact, &out)
            case .backingOff(let ending): inBackingOff(ending, fact, &out)
            case .idle, .closed: stale(attempt, fact, &out)
            }
        case .command(let operation, let command):
            return switch state {
            case .open(let stage): inOpen(stage, operation, command, &out)
            case .idle: inIdle(operation, command, &out)
            case .connecting(let stage): inConnecting(stage, operation, command, &out)
            case .closing(let farewell): inClosing(farewell, operation, command, &out)
            case .backingOff(let ending): inBackingOff(ending, operation, command, &out)
            case .closed: inClosed(operation, command, &out)
            }
        }
    }

    /// A fact belongs to the present attempt. Only the outage's timer outlives attempts: it carries the one that
    /// began it.
    private func isCurrent(_ attempt: AttemptID, _ fact: Fact) -> Bool {
        if case .fired(.outage) = fact { outage == .running(since: attempt) } else { attempt == self.attempt }
    }

    /// A fact of an attempt that is over. Nothing moves; what it brought is given back (R1, R2).
    func stale(_ attempt: AttemptID, _ fact: Fact, _ out: inout Effects<Effect>) -> Rule {
        if case .dialed = fact { out(.stale, .release(attempt, .transport)) } else { .stale }
    }
}
