import NovaMachine
import Testing

@testable import NovaTransport

@Suite("Dialing, as a machine")
struct DialTests {
    private let second = Duration.seconds(1)

    /// The machine after these events, with what it wanted done.
    private func after(_ events: [Dial.Event]) -> (state: Dial.State, rules: [Dial.Rule], effects: [Dial.Effect]) {
        var dial = Dial()
        var (rules, effects) = ([Dial.Rule](), [Dial.Effect]())
        for event in events {
            let step = dial.handle(event)
            rules.append(step.rule)
            effects += step.effects.array
        }
        return (dial.state, rules, effects)
    }

    @Test("Each address gets an even share of what is left, at least a quarter of a second; the last has no bound here")
    func shares() {
        let run = after([
            .start(count: 4, within: .seconds(12)), .failed(0, errno: 111, left: .seconds(9)),
            .expired(1, left: .milliseconds(1)), .expired(2, left: .zero),
        ])
        #expect(
            run.effects == [
                .connect(0, within: .seconds(3)), .connect(1, within: .seconds(3)), .abandon(1),
                .connect(2, within: .milliseconds(250)), .abandon(2), .connect(3, within: nil),
            ])
        #expect(run.rules == [.begin, .nextAfterFailure, .nextAfterTime, .nextAfterTime])
    }

    @Test("The last address decides what the failure is")
    func lastFailure() {
        let refused = after([.start(count: 1, within: second), .failed(0, errno: 111, left: .zero)])
        #expect(refused.effects.last == .fail(errno: 111))
        #expect(refused.rules.last == .lastFailed)
        let late = after([.start(count: 1, within: second), .expired(0, left: .zero)])
        #expect(late.rules.last == .stale)
        #expect(after([.start(count: 0, within: second)]).effects == [.fail(errno: 99)])
    }

    @Test("A connected address ends it; a cancelled dialing leaves nothing behind")
    func ends() {
        let good = after([.start(count: 2, within: second), .connected(0), .failed(0, errno: 1, left: second), .cancel])
        #expect(good.state == .connected)
        #expect(good.rules == [.begin, .connected, .stale, .stale])
        let gone = after([.start(count: 2, within: second), .cancel, .connected(0)])
        #expect(gone.state == .cancelled)
        #expect(gone.effects.last == .abandon(0))
        #expect(after([.cancel]).rules == [.cancelled])
    }

    @Test("Facts of another address are stale, and every rule is used")
    func stale() throws {
        let run = after([.start(count: 2, within: second), .connected(1), .expired(1, left: second)])
        #expect(run.rules == [.begin, .stale, .stale])
        let chart = try Dial.chart.get()
        #expect(chart.unusedRules.isEmpty)
        #expect(chart.states.allSatisfy { chart.undecided($0).isEmpty })
    }

    @Test("Whatever happens, an address is abandoned before the next is tried or the failure told")
    func nothingLeaks() throws {
        let leak = try Dial.exploration.shortestPath { edge in
            guard case .trying(let index) = edge.source.state, edge.step.rule != .connected else { return false }
            let isGone =
                edge.step.effects.array.contains(.abandon(index))
                || [.nextAfterFailure, .lastFailed].contains(edge.step.rule)
            return edge.source.state != edge.target.state && !isGone
        }
        #expect(leak == nil)
    }
}
