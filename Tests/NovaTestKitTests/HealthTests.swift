import NovaKernel
import NovaSocket
import Testing

@Suite("Health, as a pure function")
struct HealthTests {
    private func health(
        _ state: Lifecycle.Standing = .ready, _ pending: Int = 0, _ failures: Double = 0, _ milliseconds: Int? = 10
    ) -> Health {
        Health(
            state: state, pendingRequests: pending, recentFailures: failures,
            roundTrip: milliseconds.map { .milliseconds($0) })
    }

    @Test("Only one that is ready is chosen, whatever the others could do", arguments: Lifecycle.Standing.allCases)
    func states(_ state: Lifecycle.Standing) {
        let choice = Health.choice(among: [health(state, 0, 0, 1), health(.ready, 50, 9, 900)])
        #expect(choice.index == (state == .ready ? 0 : 1))
        #expect((Health.choice(among: [health(state)]).index == nil) == (state != .ready))
    }

    @Test("Less that is pending, fewer failures and a shorter round trip are better; of equals the first is chosen")
    func order() {
        #expect(Health.choice(among: [health(.ready, 1), health(.ready, 0)]).index == 1)
        #expect(Health.choice(among: [health(.ready, 0, 1), health(.ready, 0, 0)]).index == 1)
        #expect(Health.choice(among: [health(.ready, 0, 0, 30), health(.ready, 0, 0, 20)]).index == 1)
        #expect(Health.choice(among: [health(), health(), health()]).index == 0)
        // Two pending at 10 ms are done before the first at 40 ms.
        #expect(Health.choice(among: [health(.ready, 0, 0, 40), health(.ready, 2, 0, 10)]).index == 1)
        // One that was never measured counts with 100 ms.
        #expect(Health.choice(among: [health(.ready, 0, 0, nil), health(.ready, 0, 0, 99)]).index == 1)
        #expect(Health.choice(among: [health(.ready, 0, 0, nil), health(.ready, 0, 0, 101)]).index == 0)
        #expect(Health.choice(among: []).index == nil)
    }

    @Test("What was tried is not tried again")
    func excluded() {
        let all = [health(.ready, 0, 0, 1), health(.ready, 0, 0, 2), health(.ready, 0, 0, 3)]
        #expect(Health.choice(among: all, excluding: [0]).index == 1)
        #expect(Health.choice(among: all, excluding: [0, 1]).index == 2)
        #expect(Health.choice(among: all, excluding: [0, 1, 2]).index == nil)
    }

    @Test("The choice is explained")
    func explained() {
        let choice = Health.choice(
            among: [health(.ready, 3, 0.5, 20), health(.ready, 0, 0, nil), health(.dialing)], excluding: [2])
        #expect(
            choice.description == """
                Member 2 is chosen: of those that are ready it has the least expected time.
                  1: open.ready, 3 pending, 0.5 recent failures, round trip 20.0 ms, expected 120.0 ms
                → 2: open.ready, 0 pending, 0.0 recent failures, round trip not measured, expected 100.0 ms
                  3: connecting.dialing, 0 pending, 0.0 recent failures, round trip 10.0 ms, expected 10.0 ms (tried before)
                """)
        #expect(
            Health.choice(among: [health(.idle)]).description.hasPrefix("No member is chosen: none is ready.\n"))
    }

    @Test("A failure counts for half after each half-life, and failures add up")
    func decay() {
        let start = Instant(nanoseconds: 5_000_000_000)
        let after = { (seconds: Int) in start.advanced(by: .seconds(seconds)) }
        var failures = RecentFailures(halfLife: .seconds(30))
        #expect(failures.value(at: start) == 0)
        failures.note(at: start)
        #expect(failures.value(at: start) == 1)
        #expect(failures.value(at: after(30)) == 0.5)
        #expect(failures.value(at: after(90)) == 0.125)
        failures.note(at: after(30))
        #expect(failures.value(at: after(30)) == 1.5)
        #expect(failures.value(at: after(60)) == 0.75)
        // A clock that is a little behind changes nothing.
        #expect(failures.value(at: start) == 1.5)
        var forgetful = RecentFailures(halfLife: .zero)
        forgetful.note(at: start)
        #expect(forgetful.value(at: start) == 1 && forgetful.value(at: after(1)) == 0)
    }
}
