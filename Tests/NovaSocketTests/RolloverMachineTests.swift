import NovaKernel
import NovaMachine
import Testing

@testable import NovaSocket

@Suite("A planned change of connections, as a machine")
struct RolloverMachineTests {
    @Test("Every pair is decided, every rule is used, and from everywhere there is a way to rest")
    func chart() throws {
        let chart = try Rollover.chart.get()
        #expect(chart.unusedRules.isEmpty)
        #expect(chart.states.allSatisfy { chart.undecided($0).isEmpty })
        #expect(chart.states.count == Rollover.State.allCases.count)
    }

    @Test("The laws hold in every situation that it and its connections can come to")
    func laws() throws {
        var system = RolloverSystem()
        let survey = try system.survey(limit: 100_000)
        #expect(survey.violations.map(\.property) == [])
        #expect(survey.states > 40)
    }

    @Test("Each defect that a rule can have breaks a law")
    func mutants() throws {
        var watched = RolloverSystem()
        _ = try watched.survey(limit: 100_000)
        var survivors: [String] = []
        var count = 0
        for (rule, habit) in watched.habits.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            for defect in habit.defects {
                count += 1
                var system = RolloverSystem(defect: (rule, defect))
                if try system.survey(limit: 100_000, isHasty: true).violations.isEmpty {
                    survivors.append("\(rule.rawValue): \(defect)")
                }
            }
        }
        #expect(survivors == [])
        #expect(count > 60)
    }

    @Test("Who asks while it is under way is told the same end; more than may wait are refused")
    func company() {
        var policy = RolloverPolicy()
        policy.maximumWaiters = 2
        var machine = Rollover(policy)
        let ids = (1...3).map { OperationID($0) }
        let rules = ids.map { machine.handle(.asked($0, isReady: true)).rule }
        #expect(rules == [.begin, .join, .refuseBusy])
        #expect(machine.handle(.ready(leg: 2)).rule == .turnOver)
        #expect(machine.handle(.finished(leg: 1)).effects.array == [.leave(leg: 1)])
        #expect(
            machine.handle(.closed(leg: 1)).effects.array == [.settle(ids[0], .done), .settle(ids[1], .done)])
        #expect(machine.state == .steady)
        #expect(machine.leg == 2)
    }
}

/// The machine with two connections that do what connections do.
private struct RolloverSystem: ClosedSystem {
    enum Property: String, Hashable {
        case twoAtMost, turnsToReady, closesOnce, movesWhatIsKept, settlesOnce, forgetsNobody, isBounded,
            endsWhatItBegan
        case keepsTheSession, saysWhatHappened, leavesLateFactsAlone
    }

    struct State: Hashable {
        var machine: Rollover
        /// Whether there is another connection beside the session's, whether it was ever ready, whether it was told to
        /// close, and by what time it is bounded.
        var otherLives = false, otherWasReady = false, otherIsClosing = false
        var armed: Rollover.State?
        var owed: Set<OperationID> = []
        var sessionLives = true
    }

    enum Defect: Hashable, CustomStringConvertible {
        case stays, silent, without(Int), twice(Int)
        var description: String {
            switch self {
            case .stays: "stays"
            case .silent: "silent"
            case .without(let index): "without effect \(index)"
            case .twice(let index): "twice effect \(index)"
            }
        }
    }

    struct Habit {
        var moves = false
        var effects = 0
        var isTimed: Set<Int> = []
        var defects: [Defect] {
            (moves ? [.stays] : []) + (effects > 1 ? [.silent] : []) + (0..<effects).map { .without($0) }
                + (0..<effects).filter { !isTimed.contains($0) }.map { .twice($0) }
        }
    }

    var defect: (rule: Rollover.Rule, kind: Defect)?
    var habits: [Rollover.Rule: Habit] = [:]

    init(defect: (rule: Rollover.Rule, kind: Defect)? = nil) { self.defect = defect }

    func begin() -> [State] {
        var policy = RolloverPolicy()
        policy.maximumWaiters = 2
        return [State(machine: Rollover(policy))]
    }

    func judge(_ state: State) -> [Property] {
        var broken: [Property] = []
        let machine = state.machine
        if Set(machine.waiting) != state.owed { broken.append(.forgetsNobody) }
        switch machine.state {
        case .steady where state.otherLives || !state.owed.isEmpty: broken.append(.endsWhatItBegan)
        case .preparing where state.armed != .preparing || !state.otherLives: broken.append(.isBounded)
        case .leaving where state.armed != .leaving || !state.otherLives: broken.append(.isBounded)
        case .parting where !state.otherLives, .retracting where !state.otherLives: broken.append(.endsWhatItBegan)
        case .parting, .retracting, .ended:
            if state.otherLives, !state.otherIsClosing { broken.append(.endsWhatItBegan) }
        case .steady, .preparing, .leaving: break
        }
        if !state.sessionLives, machine.state != .ended { broken.append(.endsWhatItBegan) }
        return broken
    }

    private func happenings(_ state: State) -> [Rollover.Event] {
        var all: [Rollover.Event] = [.closing]
        for id in [OperationID(1), OperationID(2), OperationID(3)] {
            if state.owed.contains(id) {
                all.append(.abandoned(id))
            } else {
                all += [.asked(id, isReady: true), .asked(id, isReady: false), .abandoned(id)]
            }
        }
        let (session, other, past) = (state.machine.leg, state.machine.other ?? 7, UInt32(9))
        all += [.ready(leg: session), .fell(leg: session), .finished(leg: session)]
        if state.sessionLives { all.append(.closed(leg: session)) }
        if state.otherLives {
            all += [.fell(leg: other), .finished(leg: other), .closed(leg: other)]
            if !state.otherIsClosing { all.append(.ready(leg: other)) }
        }
        if let armed = state.armed { all += [session, other].map { .expired(leg: $0, armed) } }
        all += [.ready(leg: past), .fell(leg: past), .closed(leg: past), .finished(leg: past)]
        all += Rollover.State.allCases.map { .expired(leg: past, $0) }
        return all
    }

    mutating func expand(_ state: State, _ show: (State, [Property]) -> Void) {
        for event in happenings(state) {
            var next = state
            var broken: [Property] = []
            if case .asked(let id, _) = event { next.owed.insert(id) }
            if case .closed(let leg) = event {
                if leg == state.machine.leg { next.sessionLives = false }
                if leg == state.machine.other { (next.otherLives, next.armed) = (false, nil) }
            }
            let (rule, effects) = step(&next.machine, event)
            for effect in effects { perform(effect, state, &next, event, &broken) }
            broken += compare(state, next, event, rule, effects)
            next.machine = next.machine.folded
            show(next, broken)
        }
    }

    private mutating func step(
        _ machine: inout Rollover, _ event: Rollover.Event
    ) -> (Rollover.Rule, [Rollover.Effect]) {
        let before = machine
        let step = machine.handle(event)
        var effects = step.effects.array
        var habit = habits[step.rule] ?? Habit()
        habit.moves = habit.moves || machine != before
        habit.effects = max(habit.effects, effects.count)
        for (index, effect) in effects.enumerated() { if case .arm = effect { habit.isTimed.insert(index) } }
        habits[step.rule] = habit
        if let defect, defect.rule == step.rule {
            switch defect.kind {
            case .stays: machine = before
            case .silent: effects = []
            case .without(let index): if index < effects.count { effects.remove(at: index) }
            case .twice(let index): if index < effects.count { effects.insert(effects[index], at: index) }
            }
        }
        return (step.rule, effects)
    }

    private func perform(
        _ effect: Rollover.Effect, _ before: State, _ next: inout State, _ event: Rollover.Event,
        _ broken: inout [Property]
    ) {
        switch effect {
        case .prepare:
            if next.otherLives { broken.append(.twoAtMost) }
            (next.otherLives, next.otherWasReady, next.otherIsClosing) = (true, false, false)
        case .turn(let leg):
            if event != .ready(leg: leg) || next.otherWasReady || leg != next.machine.leg {
                broken.append(.turnsToReady)
            }
            next.otherWasReady = true
        case .leave(let leg):
            if next.otherIsClosing || !next.otherLives { broken.append(.closesOnce) }
            if !next.otherWasReady || leg != next.machine.other { broken.append(.movesWhatIsKept) }
            next.otherIsClosing = true
        case .giveUp:
            if next.otherIsClosing || !next.otherLives { broken.append(.closesOnce) }
            if next.otherWasReady, next.machine.state != .ended { broken.append(.movesWhatIsKept) }
            next.otherIsClosing = true
        case .arm(let leg, let state, _):
            if state == .preparing ? leg != next.machine.other : leg != next.machine.leg { broken.append(.isBounded) }
            next.armed = state
        case .settle(let id, let verdict):
            if next.owed.remove(id) == nil { broken.append(.settlesOnce) }
            if verdict == .done, !before.otherWasReady { broken.append(.saysWhatHappened) }
        }
    }

    private func compare(
        _ before: State, _ next: State, _ event: Rollover.Event, _ rule: Rollover.Rule, _ effects: [Rollover.Effect]
    ) -> [Property] {
        var broken: [Property] = []
        let turned = effects.contains { if case .turn = $0 { true } else { false } }
        if next.machine.leg != before.machine.leg, !turned { broken.append(.keepsTheSession) }
        if turned, next.machine.leg == before.machine.leg { broken.append(.keepsTheSession) }
        if rule == .stale || rule == .notHeld, next.machine != before.machine || !effects.isEmpty {
            broken.append(.leavesLateFactsAlone)
        }
        // What is over is not gone on with.
        switch event {
        case .expired(_, let state) where rule != .stale && next.machine.state == state: broken.append(.isBounded)
        case .closing where next.machine.state != .ended: broken.append(.endsWhatItBegan)
        case .fell(let leg) where before.machine.state == .preparing && leg != 9 && next.machine.state == .preparing:
            broken.append(.endsWhatItBegan)
        case .fell(let leg)
        where before.machine.state == .leaving && leg == before.machine.other && next.machine.state == .leaving:
            broken.append(.endsWhatItBegan)
        case .finished(let leg)
        where before.machine.state == .leaving && leg == before.machine.other && next.machine.state == .leaving:
            broken.append(.endsWhatItBegan)
        case .abandoned where before.machine.state == .preparing && next.owed.isEmpty && !before.owed.isEmpty:
            if next.machine.state == .preparing { broken.append(.endsWhatItBegan) }
        default: break
        }
        return broken
    }
}
