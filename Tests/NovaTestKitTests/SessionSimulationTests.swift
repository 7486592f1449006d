import NovaSocket
import NovaTestKit
import TestTurns
import Testing

@Suite("Simulations of sessions", .heavy, .timeLimit(.minutes(30)))
struct SessionSimulationTests {
    @Test("No law is broken by the first seeds", arguments: 0..<4)
    func seeds(_ part: Int) {
        for seed in (0..<4).map({ UInt64(part * 4 + $0) }) {
            let report = SessionSimulation.run(SessionPlan(seed: seed))
            #expect(report.violations.isEmpty, "seed \(seed): \(report.violations.map(\.description))")
            #expect(report.answers > 0 && report.steps > 100)
        }
    }

    @Test("The same seed is the same simulation, to the last step")
    func sameAgain() {
        let (first, second) = (SessionSimulation.run(SessionPlan(seed: 5)), SessionSimulation.run(SessionPlan(seed: 5)))
        #expect(first.digest == second.digest && first.steps == second.steps && first.answers == second.answers)
    }

    @Test("A sequence with something missing, twice, back or over a connection needs its gap, and the exact one")
    func sequences() {
        let (one, two) = (AttemptID(1), AttemptID(2))
        func problems(_ body: (inout SequenceWatch) -> [String?]) -> Int {
            var watch = SequenceWatch()
            _ = watch.take(10, on: one)
            return body(&watch).compactMap(\.self).count
        }
        func gap(_ cause: Gap.Cause, _ attempt: AttemptID) -> Gap { Gap(cause: cause, attempt: attempt) }
        let lost = gap(.connectionLost(since: .zero), two)
        #expect(problems { [$0.take(11, on: one), $0.take(12, on: one)] } == 0)
        #expect(problems { [$0.take(12, on: one)] } == 1)
        #expect(problems { [$0.take(10, on: one)] } == 1)
        #expect(problems { [$0.take(9, on: one)] } == 1)
        #expect(problems { [$0.take(11, on: two)] } == 1)
        #expect(
            problems {
                $0.take(lost); return [$0.take(17, on: two), $0.take(18, on: two)]
            } == 0)
        #expect(
            problems {
                $0.take(lost); return [$0.take(10, on: two)]
            } == 1)
        #expect(
            problems {
                $0.take(gap(.overflow(count: 3), one)); return [$0.take(14, on: one)]
            } == 0)
        #expect(
            problems {
                $0.take(gap(.overflow(count: 3), one)); return [$0.take(15, on: one)]
            } == 1)
        #expect(
            problems {
                $0.take(gap(.overflow(count: 3), one))
                $0.take(gap(.overflow(count: 1), one))
                return [$0.take(15, on: one)]
            } == 0)
    }

    @Test("A bucket that is overdrawn is noticed, however long after the beginning")
    func buckets() {
        var watch = BucketWatch(RateLimit(capacity: 3, refill: 2))
        let seconds = { (time: Double) in Instant(nanoseconds: UInt64(time * 1e9)) }
        for time in [100.0, 100, 100, 100.5, 101, 104, 104, 104] { #expect(watch.take(at: seconds(time)) == nil) }
        #expect(watch.take(at: seconds(104.2)) != nil)
    }
}
