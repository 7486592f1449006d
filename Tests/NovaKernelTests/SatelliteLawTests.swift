import NovaMachine
import NovaWire
import TestTurns
import Testing

@testable import NovaKernel

@Suite("Laws of the satellites, everywhere", .heavy)
struct SatelliteLawTests {
    @Test("Every state of every machine decides every event, no rule is dead, nothing is beyond return")
    func charts() throws {
        let charts = try Kernel.charts.get()
        #expect(charts.count == 11)
        for chart in charts {
            #expect(chart.unusedRules == [], "\(chart.title)")
            #expect(chart.states.allSatisfy { chart.undecided($0).isEmpty }, "\(chart.title)")
            let goals = chart.title == "Lifecycle" ? [["closed"]] : chart.initial
            let stuck = chart.states.filter { state in
                goals.allSatisfy { chart.statesThatCannotReach($0).contains(state) }
            }
            #expect(stuck == [], "\(chart.title)")
        }
    }

    @Test("The digest that traces carry is that of the charts")
    func digest() throws {
        let digest = Chart.digest(of: try Kernel.charts.get())
        #expect(digest == Kernel.chartDigest, "the charts say \(digest)")
    }

    @Test("The outbound account: promises are kept once, bounds hold, fragments stay together (R6, R7, R8)")
    func outbound() throws {
        try check(
            Outbound.exploration,
            [
                Law("R6: who waits is answered by the step that stops the waiting, and by no other") { edge in
                    let before = edge.source.allWaiting
                    let after = edge.target.allWaiting
                    let left = before.filter { !after.contains($0) }
                    let answered = edge.step.effects.settled + edge.step.effects.transmitted
                    return left.contains { !answered.contains($0) }
                },
                Law("R6: an offer is answered at once, or waits") { edge in
                    guard case .offered(let operation, _, _) = edge.exemplar.event else { return false }
                    let answers = edge.step.effects.settled + edge.step.effects.transmitted
                    return !answers.contains(operation) && !edge.target.allWaiting.contains(operation)
                },
                Law("R7: no more wait than may") { edge in
                    edge.target.line.count > edge.target.limits.maximumWaitingSends
                        || edge.target.flushes.count > edge.target.limits.maximumWaitingSends
                },
                Law("R7: a send is let go only if it fits, or nothing else is queued") { edge in
                    guard edge.step.effects.transmitted.count > 0, case .offered(_, let bytes, _) = edge.exemplar.event
                    else { return false }
                    return edge.source.queued > 0
                        && edge.source.queued + bytes > edge.target.limits.maximumBytes
                },
                Law("R7: pongs beyond the bound replace the last one") { edge in
                    guard case .pingCame = edge.exemplar.event else { return false }
                    return edge.step.effects.count { if case .pong = $0 { true } else { false } }
                        + edge.step.effects.count { if case .replacePong = $0 { true } else { false } } != 1
                },
                Law("Nobody waits while there is room") { edge in
                    guard let first = edge.target.line.first, edge.target.state == .free else { return false }
                    return edge.target.queued == 0
                        || first.bytes <= edge.target.limits.maximumBytes - edge.target.queued
                },
                Law("Nothing is let go once the connection is being closed") { edge in
                    [.sealed, .draining].contains(edge.target.state) && !edge.step.effects.transmitted.isEmpty
                },
                Law("Nothing overtakes: a whole message waits behind the line, and behind a fragmented one") { edge in
                    guard case .offered(let operation, _, .whole) = edge.exemplar.event else { return false }
                    let mustWait = !edge.source.line.isEmpty || edge.source.isFragmenting
                    return mustWait && edge.step.effects.transmitted.contains(operation)
                        && edge.step.effects.transmitted.first == operation
                },
                Law("R8: what was accepted and never written is counted") { edge in
                    switch edge.exemplar.event {
                    case .ended: edge.source.queued > 0 && edge.target.unsent == 0
                    case .dropped(let count): count > 0 && edge.target.unsent == 0
                    default: false
                    }
                },
                Law("A closing is drained once, when everything is written, and nothing else says so") { edge in
                    let isTold = edge.step.effects.array.contains { effect in
                        if case .raise(_, .drained) = effect { true } else { false }
                    }
                    return isTold
                        != (edge.source.state == .draining && edge.target.state == .sealed
                            && edge.exemplar.name == "wrote")
                },
                Law("A message that has begun can't be taken back: that is told") { edge in
                    guard case .abandoned(let operation) = edge.exemplar.event,
                        edge.source.state == .fragmenting(operation)
                    else { return false }
                    return !edge.step.effects.array.contains { effect in
                        if case .raise(_, .messageAbandoned) = effect { true } else { false }
                    }
                },
            ])
    }

    @Test("The inbound account: reading stops at the marks, goes on below half, and every message is entered (R7)")
    func inbound() throws {
        try check(
            Inbound.exploration,
            [
                Law("Full, it does not flow") { edge in
                    edge.target.state == .flowing && edge.target.messages >= edge.target.limits.maximumMessages
                },
                Law("With room for half, it is not paused, unless it began so") { edge in
                    edge.target.state == .paused && edge.source.state == .paused
                        && edge.target.messages <= edge.target.limits.maximumMessages / 2
                        && edge.target.bytes <= edge.target.limits.maximumBytes / 2
                        && !["arrived", "began"].contains(edge.exemplar.name)
                },
                Law("A message is delivered or counted as dropped, never neither nor both") { edge in
                    guard case .arrived = edge.exemplar.event else { return false }
                    let delivered = edge.step.effects.count { if case .deliver = $0 { true } else { false } }
                    return delivered + Int(edge.target.discarded - edge.source.discarded) != 1
                },
                Law("Pausing and resuming are told exactly when the state changes") { edge in
                    let pauses = edge.step.effects.count { if case .pauseReading = $0 { true } else { false } }
                    let resumes = edge.step.effects.count { if case .resumeReading = $0 { true } else { false } }
                    let isPaused = edge.target.state == .paused
                    guard edge.source.state != edge.target.state || edge.exemplar.name == "began" else {
                        return pauses + resumes > 0
                    }
                    if isPaused { return pauses != 1 }
                    let goesOn =
                        [.flowing, .closing, .overflowing].contains(edge.target.state) && edge.exemplar.name != "began"
                    return resumes != (edge.source.state == .paused && goesOn ? 1 : 0)
                },
                Law("What is dropped: all for a gone consumer; in closing, what is beyond the marks and all behind it")
                { edge in
                    guard case .arrived = edge.exemplar.event, edge.source.consumer == .present else { return false }
                    let isFull =
                        edge.source.messages >= edge.source.limits.maximumMessages
                        || edge.source.bytes >= edge.source.limits.maximumBytes
                    let isDropping = edge.source.state == .closing && isFull || edge.source.state == .overflowing
                    return (edge.step.rule == .discard) != isDropping
                },
                Law("A gone consumer holds nothing") { edge in
                    edge.target.consumer == .gone && (edge.target.messages > 0 || edge.target.bytes > 0)
                },
            ])
    }

    @Test("The keepalive: a timer is out exactly while it watches, and death needs silence after a ping (R3, R9)")
    func keepalive() throws {
        try check(
            Keepalive.exploration,
            [
                Law("The timer is armed in every state but off") { edge in
                    var isArmed = edge.source.isWatching
                    if case .fired = edge.exemplar.event { isArmed = false }
                    for effect in edge.step.effects.array {
                        if case .disarm = effect { isArmed = false }
                        if case .arm = effect { isArmed = true }
                    }
                    if edge.step.rule == .stale { return edge.source != edge.target }
                    return isArmed != edge.target.isWatching
                },
                Law("Death is told once, and only by a timer after a ping without any byte since") { edge in
                    let deaths = edge.step.effects.count {
                        if case .raise(_, .keepaliveExpired) = $0 { true } else { false }
                    }
                    guard deaths > 0 else { return edge.step.rule == .dead }
                    return deaths > 1 || edge.source.state != .probing || edge.target.state != .off
                },
                Law("A byte never moves the watch") { edge in
                    guard case .heard = edge.exemplar.event else { return false }
                    return edge.source.state != edge.target.state || !edge.step.effects.isEmpty
                },
            ])
    }

    @Test("The table of pings: bounded, each promise kept once, by its own pong or a later one (R6, R7)")
    func pings() throws {
        try check(
            PingTable.exploration,
            [
                Law("R7: no more callers than may, and one ping of the keepalive") { edge in
                    edge.target.waiting > edge.target.maximum
                        || edge.target.pending.count - edge.target.waiting > 1
                },
                Law("R3: the timer is armed exactly while a caller waits") { edge in
                    if edge.step.rule == .stale { return edge.source != edge.target }
                    var isArmed = edge.source.waiting > 0
                    if case .fired = edge.exemplar.event { isArmed = false }
                    for effect in edge.step.effects.array {
                        if case .disarm = effect { isArmed = false }
                        if case .arm = effect { isArmed = true }
                    }
                    return isArmed != (edge.target.waiting > 0)
                },
                Law("R6: nobody waits beyond the timeout once the timer has fired") { edge in
                    guard case .fired(let now) = edge.exemplar.event else { return false }
                    return edge.target.pending.contains {
                        $0.operation != nil && now.since($0.sent) >= edge.target.timeout
                    }
                },
                Law("R6: who leaves the table is answered") { edge in
                    let before = edge.source.pending.compactMap(\.operation).count
                    let asked: Int
                    if case .asked = edge.exemplar.event { asked = 1 } else { asked = 0 }
                    let after = edge.target.pending.compactMap(\.operation).count
                    return edge.step.effects.settled.count != before + asked - after
                },
                Law("A foreign pong answers nothing") { edge in
                    edge.step.rule == .unsolicited && (edge.source != edge.target || !edge.step.effects.isEmpty)
                },
            ])
    }

    @Test("The ledger of promises: bounded, each kept once (R6, R7)")
    func promises() throws {
        try check(
            PromiseLedger.exploration,
            [
                Law("R7: no more than may") { edge in
                    max(edge.target.openers.count, edge.target.closers.count) > edge.target.maximum
                },
                Law("R6: who leaves the ledger is answered") { edge in
                    let asked =
                        switch edge.exemplar.event {
                        case .awaitReady, .awaitClosed: 1
                        case .becameReady, .becameClosed, .abandoned: 0
                        }
                    return edge.step.effects.settled.count != edge.source.count + asked - edge.target.count
                        // a caller has one promise; the alphabet lets the same caller wait twice
                        && edge.exemplar.name != "abandoned"
                },
                Law("Closed, nobody waits any more") { edge in
                    guard case .becameClosed = edge.exemplar.event else { return false }
                    return edge.target.count > 0
                },
            ])
    }
}

extension Outbound {
    fileprivate var allWaiting: [OperationID] {
        line.map(\.operation) + flushes.map(\.operation) + (fragment.map { [$0.operation] } ?? [])
    }
    fileprivate var isFragmenting: Bool { if case .fragmenting = state { true } else { false } }
}

extension Keepalive {
    fileprivate var isWatching: Bool { state != .off }
}
