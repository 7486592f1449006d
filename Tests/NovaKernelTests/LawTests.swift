import NovaMachine
import TestTurns
import Testing

@testable import NovaKernel

/// The laws of the spine, checked on every value it can become with every event there is. A violation is told as the
/// shortest sequence of events that leads to it.
@Suite("Laws of the lifecycle, everywhere", .heavy)
struct LawTests {
    typealias Edge = Exploration<Lifecycle>.Edge

    /// A law, by what breaks it.
    struct Law: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let isBroken: @Sendable (Edge) -> Bool

        init(_ name: String, _ isBroken: @escaping @Sendable (Edge) -> Bool) {
            testDescription = name
            self.isBroken = isBroken
        }
    }

    static let laws = [
        Law("R1: what comes from an attempt that is over changes nothing") {
            $0.step.rule == .stale && $0.source != $0.target
        },
        Law("R1: a transport that comes too late is given back") { edge in
            guard edge.exemplar.name == "late.dialed", case .fact(let attempt, _) = edge.exemplar.event else {
                return false
            }
            return edge.step.effects.array != [.release(attempt, .transport)]
        },
        Law("R2, R3: what an attempt holds is released by the step that leaves it, once, and by no other") { edge in
            if edge.step.rule == .stale { return false }
            let released = edge.step.effects.array.filter { if case .release = $0 { true } else { false } }
            let isLeft = edge.target.holding == nil || edge.source.attempt != edge.target.attempt
            guard let holding = edge.source.holding, isLeft else {
                return edge.source.holding == edge.target.holding && !released.isEmpty
            }
            return released != [.release(edge.source.attempt, holding)]
        },
        Law("R3: the timers that are armed are always those of the state") { edge in
            if edge.step.rule == .stale { return false }
            var armed = edge.source.timers
            if case .fact(_, .fired(let timer)) = edge.exemplar.event { armed.remove(TimerSet(timer)) }
            for effect in edge.step.effects.array {
                if case .disarm(let timer) = effect { armed.remove(TimerSet(timer)) }
                if case .arm(_, let timer, _) = effect { armed.insert(TimerSet(timer)) }
            }
            return armed != edge.target.timers
        },
        Law("R4: an attempt's end is reported once, by the step that brings it") { edge in
            let reports = edge.step.effects.array.count { if case .report = $0 { true } else { false } }
            let isOver: (Lifecycle) -> Bool = { $0.standing == .backingOff || $0.standing == .closed }
            let ends = isOver(edge.target) && edge.source.standing != edge.target.standing
            return reports != (ends ? 1 : 0)
        },
        Law("R5: failures are forgotten in open.ready alone, by stability or because the policy says so") { edge in
            edge.target.failures < edge.source.failures
                && (edge.target.standing != .ready || ![.ready, .stabilised].contains(edge.step.rule))
        },
        Law("R6: a refused use is answered in the same step") { edge in
            // Those who connect or close are in the ledger of promises, which answers them.
            guard edge.step.rule == .refuse, !["connect", "close"].contains(edge.exemplar.name) else { return false }
            return !edge.step.effects.array.contains { if case .settle = $0 { true } else { false } }
        },
        Law("Closed is never left, and wants nothing of the world any more") { edge in
            guard edge.source.standing == .closed else { return false }
            let wants = edge.step.effects.array.contains { effect in
                switch effect {
                case .settle, .release: false
                default: true
                }
            }
            return edge.target != edge.source || wants
        },
        Law("A close that is asked for is on its way to the end by the next step") { edge in
            edge.exemplar.name == "close"
                && ![.draining, .closeSent, .awaitingEnd, .closed].contains(edge.target.standing)
        },
        Law("A close frame counts as sent when it is written, and not before") { edge in
            guard case .closing(let farewell) = edge.target.state else { return false }
            let isSent = farewell.ending.sentCode != nil
            guard case .closing(let before) = edge.source.state else { return isSent }
            return isSent != (before.ending.sentCode != nil || edge.step.rule == .closeWritten)
                || farewell.stage == .closeSent && !isSent || farewell.stage == .draining && isSent
        },
        Law("R11: the same value and the same event always give the same step") { edge in
            let (next, step) = edge.source.reduce(edge.exemplar.event)
            return next != edge.target || step != edge.step
        },
    ]

    /// The laws that one walk through everything has found broken.
    private static let broken = Result {
        var broken: Set<String> = []
        let values = try Lifecycle.exploration.forEachEdge { edge in
            for law in laws where law.isBroken(edge) { broken.insert(law.testDescription) }
        }
        return (laws: broken, values: values)
    }

    @Test("Holds everywhere", arguments: laws)
    func holds(_ law: Law) throws {
        guard try Self.broken.get().laws.contains(law.testDescription) else { return }
        let path = try Lifecycle.exploration.shortestPath(to: law.isBroken)
        Issue.record("broken by: \((path ?? []).joined(separator: ", "))")
    }

    @Test("The walk is long, every state decides every event, every rule is used, every state leads to the end")
    func complete() throws {
        #expect(try Self.broken.get().values > 1000)
        let chart = try Lifecycle.chart.get()
        #expect(chart.states.count == Lifecycle.Standing.allCases.count)
        #expect(chart.states.allSatisfy { chart.undecided($0).isEmpty })
        #expect(chart.unusedRules == [])
        #expect(chart.statesThatCannotReach(["closed"]) == [])
    }
}
