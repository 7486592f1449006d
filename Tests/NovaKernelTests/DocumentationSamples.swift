import NovaKernel
import Testing

// The sample of the module's documentation, as it stands there.

/// What performs effects. It returns what is known at once; what comes later is told by `Driver.handle`.
protocol World {
    mutating func perform(_ effect: Effect) -> [Event]
}

struct Driver<Outside: World> {
    var world: Outside
    var kernel = Kernel(route: [], policy: Policy(), seed: .random(in: .min ... .max))
    var events: [Event] = []

    mutating func handle(_ event: Event, at now: Instant) {
        events.append(event)
        while !events.isEmpty {
            let step = kernel.handle(Occurrence(events.removeFirst(), at: now))
            var raised: [Event] = []
            for effect in step.effects.array {
                if case .raise(let attempt, let fact) = effect {
                    raised.append(.fact(attempt, fact))
                } else {
                    events += world.perform(effect)
                }
            }
            events.insert(contentsOf: raised, at: 0)
        }
    }
}

/// A server that does everything that is asked of it, at once.
private struct ObligingWorld: World {
    var outcomes: [Outcome] = []

    mutating func perform(_ effect: Effect) -> [Event] {
        switch effect {
        case .resolve(let attempt): return [.fact(attempt, .resolved)]
        case .dial(let attempt): return [.fact(attempt, .dialed)]
        case .upgrade(let attempt): return [.fact(attempt, .upgraded)]
        case .transmit(let attempt, _): return [.wrote(attempt, count: 11, remaining: 0)]
        case .sendClose(let attempt, let code, _):
            return [
                .wrote(attempt, count: 8, remaining: 0), .heard(attempt, count: 4),
                .fact(attempt, .received(.close(code))), .fact(attempt, .transportEnded(.endOfStream)),
            ]
        case .settle(_, let outcome):
            outcomes.append(outcome)
            return []
        default: return []
        }
    }
}

@Suite("The sample of the documentation")
struct SampleTests {
    @Test("A kernel is driven through a whole life")
    func life() {
        var driver = Driver(world: ObligingWorld())
        driver.handle(.command(OperationID(1), .connect), at: Instant(nanoseconds: 0))
        #expect(driver.kernel.standing == .ready)
        driver.handle(.command(OperationID(2), .send(.whole, .text, count: 5)), at: Instant(nanoseconds: 1))
        driver.handle(.command(OperationID(3), .flush), at: Instant(nanoseconds: 2))
        driver.handle(.command(OperationID(4), .close(.normalClosure, reasonCount: 0)), at: Instant(nanoseconds: 3))
        #expect(driver.world.outcomes == [.opened, .written, .closed])
        #expect(driver.kernel.termination?.ending.detail == .closedByCaller)
        #expect(driver.kernel.termination?.ending.closure == .clean)
    }
}
