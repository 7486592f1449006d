import NovaKernel

/// One life, made of a seed: mostly what leads on to an open connection, and in between anything that the chart asks the
/// spine about. It comes to rows that a likely life never meets.
package struct Stray {
    private(set) var kernel: Kernel
    private let witness: Witness
    private var random: UInt64
    private var now = Instant(nanoseconds: 1)

    /// A life under this policy.
    package init(seed: UInt64, policy: Policy, witness: @escaping Witness) {
        random = Backoff.mix(seed &+ 1)
        kernel = Kernel(route: Lifecycle.Route(rawValue: UInt8(random % 4)), policy: policy, seed: seed)
        self.witness = witness
    }

    /// So many events happen, and what they raise; none after the connection is closed, but a few.
    package mutating func run(_ events: Int) {
        var afterwards = 4
        for _ in 0..<events where kernel.standing != .closed || afterwards > 0 {
            if kernel.standing == .closed { afterwards -= 1 }
            now = now.advanced(by: .milliseconds(Int64(below(900))))
            handle(below(4) > 0 ? leadingOn ?? anything : anything)
        }
    }

    private var leadingOn: Event? {
        let attempt = kernel.attempt
        return switch kernel.standing {
        case .idle: .command(OperationID(1), .connect)
        case .resolving: .fact(attempt, .resolved)
        case .dialing: .fact(attempt, .dialed)
        case .tunnelling: .fact(attempt, .tunnelled)
        case .securing: .fact(attempt, .secured)
        case .upgrading: .fact(attempt, .upgraded)
        case .backingOff: .fired(attempt, .backoff)
        // Here the connection stays by itself, or what leads on is raised.
        case .refused, .authenticating, .restoring, .ready, .draining, .closeSent, .awaitingEnd, .closed: nil
        }
    }

    private var anything: Event {
        mutating get {
            // A trace does not tell of an outage that has no bound, so its timer would come out of nowhere.
            let isBounded = kernel.policy.reconnection.maximumOutage != nil
            let exemplars = kernel.lifecycle.alphabet.filter { isBounded || $0.name != "fired.outage" }
            return switch exemplars[below(exemplars.count)].event {
            case .fact(let attempt, .fired(let timer)): .fired(attempt, timer)
            case .fact(let attempt, let fact): .fact(attempt, fact)
            case .command(let operation, .connect): .command(operation, .connect)
            case .command(let operation, .use(.now, .whole)): .command(operation, .flush)
            case .command(let operation, .use(.now, let attempt)):
                .command(operation, .post(Dispatch(retention: .within(attempt)), .text, count: 1))
            case .command(let operation, .use(.early, _)):
                .command(operation, .post(Dispatch(stage: .early), .text, count: 1))
            case .command(let operation, .use(.later, _)):
                .command(operation, .post(Dispatch(retention: .keep(milliseconds: 900)), .text, count: 1))
            case .command(let operation, .close(let code)): .command(operation, .close(code, reasonCount: 0))
            case .command(let operation, .fail(let attempt, let code)):
                .command(operation, .fail(attempt, code, reasonCount: 0))
            }
        }
    }

    private mutating func handle(_ event: Event) {
        let occurrence = Occurrence(event, at: now)
        let before = kernel.lifecycle.stateText
        let step = kernel.handle(occurrence)
        witness(occurrence, before, step, kernel)
        for effect in step.effects.array {
            // Not all that is raised comes back at once: so the states between are places where anything can happen too.
            if case .raise(let attempt, let fact) = effect, below(4) > 0 { handle(.fact(attempt, fact)) }
            if case .askDelay(let attempt, _) = effect { handle(.fact(attempt, .delayChosen(.seconds(1)))) }
        }
    }

    private mutating func below(_ bound: Int) -> Int {
        random &+= 0x9E37_79B9_7F4A_7C15
        return Int(Backoff.mix(random) % UInt64(bound))
    }
}
