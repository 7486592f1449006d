import NovaMachine

/// A kernel in its world as a closed system: what a model check looks at.
struct KernelSystem: ClosedSystem {
    let concerns: Concerns
    private let blank: Kernel
    private var store: SituationStore
    private(set) var checker = Checker()
    /// The rules that were met.
    private(set) var rules: Set<KernelRule> = []
    /// Whether time alone brings the end, of those situations that were asked.
    private var ends: [PackedSituation: Fate] = [:]

    /// What becomes of a situation when only time passes.
    private enum Fate {
        /// Being looked into.
        case open
        case closed
        case never
    }

    init(_ composition: Composition) {
        concerns = composition.concerns
        blank = Kernel(route: composition.route, policy: composition.policy, seed: 1)
        store = SituationStore(blank)
    }

    /// The situation it begins in.
    var first: Situation { Situation(kernel: blank).folded }

    mutating func begin() -> [PackedSituation] { [store.pack(first)] }

    mutating func expand(_ packed: PackedSituation, _ show: (PackedSituation, [Property]) -> Void) {
        let situation = store.unpack(packed)
        for happening in situation.happenings(concerns) {
            var next = situation
            run(happening, &next)
            show(store.pack(next.folded), checker.take().array)
        }
    }

    /// A happening, and the facts that it raises.
    private mutating func run(_ happening: Happening, _ situation: inout Situation) {
        if !happening.isHonest { situation.world.isHonest = false }
        if !situation.world.pending.isEmpty { situation.world.pending.removeFirst() }
        let isEnd = Self.follow(happening.event) { event in
            let before = situation
            let passage = situation.take(event, at: happening.moment)
            rules.insert(passage.rule)
            checker.check(passage)
            let again = before.again(event, at: happening.moment)
            checker.demand(
                .sameAgain,
                again.rule == passage.rule && again.effects == passage.effects && again.new == passage.new)
            return passage.effects
        }
        checker.demand(.raisesEnd, isEnd)
        checker.check(resting: situation)
    }

    /// How many facts a step may raise, one after the other.
    static let mostRaised = 8

    /// Lets `take` take an event, and then whatever fact its effects raise. Says whether that comes to an end.
    static func follow(_ event: Event, _ take: (Event) -> [Effect]) -> Bool {
        var events = [event][...]
        for _ in 0...mostRaised {
            guard let next = events.popFirst() else { return true }
            for case .raise(let attempt, let fact) in take(next) { events.append(.fact(attempt, fact)) }
        }
        return events.isEmpty
    }

    // MARK: Liveness

    /// What a situation must lead to.
    mutating func judge(_ packed: PackedSituation) -> [Property] {
        let situation = store.unpack(packed)
        guard situation.kernel.standing != .closed, situation.world.pending.isEmpty else { return [] }
        var asked = situation
        let closer = Caller.closing.first { !situation.world.isOpen($0) } ?? Caller.nobody
        run(Happening(.command(closer, .close(.normalClosure, reasonCount: 0))), &asked)
        let isEnd = endsInTime(asked.folded)
        _ = checker.take()  // these steps are judged where they are taken
        checker.demand(.closeEndsInTime, isEnd)
        checker.demand(.timeLeaves, situation.isLeftByTime)
        return checker.take().array
    }

    /// Whether every order in which the running timers can fire ends in closed.
    private mutating func endsInTime(_ situation: Situation) -> Bool {
        if situation.kernel.standing == .closed { return situation.world.open == 0 }
        let packed = store.pack(situation)
        switch ends[packed] {
        case .closed: return true
        case .open, .never: return false  // it goes round in circles
        case nil: break
        }
        ends[packed] = .open
        let next = situation.timePassing
        var isEnd = !next.isEmpty
        for happening in next where isEnd {
            var later = situation
            run(happening, &later)
            isEnd = endsInTime(later.folded)
        }
        ends[packed] = isEnd ? .closed : .never
        return isEnd
    }
}

extension Situation {
    /// The same step once more.
    fileprivate func again(_ event: Event, at moment: Happening.Moment) -> Passage {
        var copy = self
        return copy.take(event, at: moment)
    }

    /// What happens if nobody answers: the interpreter's own words, then timers.
    fileprivate var timePassing: [Happening] {
        if let told = world.pending.first { return [Happening(told)] }
        return world.armed.timers.map { Happening(.fired(owner(of: $0), $0), .late) }
    }

    /// Whether a timer that runs leads out of a state that must not last.
    fileprivate var isLeftByTime: Bool {
        if [.idle, .ready, .closed].contains(kernel.standing) { return true }
        return world.armed.timers.contains { timer in
            var later = self
            _ = later.take(.fired(owner(of: timer), timer), at: .late)
            return later.kernel.standing != kernel.standing
        }
    }
}
