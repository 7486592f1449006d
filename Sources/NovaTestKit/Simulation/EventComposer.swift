import NovaKernel
import NovaWire

/// Composes what happens in a simulation.
struct EventComposer {
    private let users: Int
    private let policy: Policy
    /// What comes byte by byte is not as large: each piece is a step.
    private let largestOfFlood: Int
    private var random: SeededRandom

    init(users: Int, policy: Policy, _ conditions: LinkConditions, _ random: inout SeededRandom) {
        self.users = users
        self.policy = policy
        if case .each = conditions.pieces { largestOfFlood = 1_000 } else { largestOfFlood = 20_000 }
        self.random = random.fork()
    }

    /// Some faults, many deeds, in the order of their times.
    mutating func compose() -> [SimulationEvent] {
        let faults = random.pick(0, 2, 5, 12, 30)
        let deeds = random.pick(5, 20, 60, 150)
        var events: [SimulationEvent] = []
        for _ in 0..<faults { events.append(SimulationEvent(at: moment(), content: .fault(fault()))) }
        for _ in 0..<deeds {
            let patience = random.chance(perMille: 200) ? random.duration(from: .zero, to: .seconds(2)) : nil
            events.append(
                SimulationEvent(
                    at: moment(), content: .deed(deed(), user: random.below(users), givesUpAfter: patience)))
        }
        if random.chance(perMille: 200) { events += closingUnderPressure() }
        return events.sorted { $0.at < $1.at }
    }

    /// Chance alone hardly ever brings this: a user closes while what it sends finds no room, and before it is written
    /// something else ends the connection.
    private mutating func closingUnderPressure() -> [SimulationEvent] {
        let start = moment()
        let user = random.below(users)
        let fault = random.pick(
            Fault.violate(violation()), .violate(violation()), .close(.goingAway), .reset, .pings(3))
        let deeds = [
            Deed.send(bytes: random.pick(600, 600, 5_000, 300_000)), .close(random.pick(.normalClosure, .goingAway)),
        ]
        let end = start + .milliseconds(1) + random.duration(from: .zero, to: .milliseconds(40))
        let pause = random.duration(from: .milliseconds(10), to: .milliseconds(400))
        return [.at(start, .stopReading(for: pause))] + deeds.map { .at(start + .milliseconds(1), $0, by: user) }
            + [.at(end, fault)]
    }

    /// Bursts: half of all moments are one of a few.
    private mutating func moment() -> Duration {
        random.chance(perMille: 500)
            ? .seconds(6 * random.below(10)) + random.duration(from: .zero, to: .milliseconds(3))
            : random.duration(from: .zero, to: SimulationPlan.length - .milliseconds(1))
    }

    private mutating func span() -> Duration { random.duration(from: .milliseconds(1), to: .seconds(15)) }

    private mutating func fault() -> Fault {
        switch random.below(22) {
        case 0: .resolveFailure(code: random.pick(-2, -3), for: span())
        case 1: .resolveDelay(random.duration(from: .zero, to: .seconds(5)), for: span())
        case 2: .refuse(for: span())
        case 3: .ignore(for: span())
        case 4: .tlsFailure(random.pick(.certificateExpired, .selfSigned, .alert(80), .notTLS), for: span())
        case 5: .truncate
        case 6, 7: .stall(for: span())
        // Without a keepalive nobody would ever find out.
        case 8: policy.keepalive == nil ? .reset : .halfOpen
        case 9:
            .refuseUpgrade(status: random.pick(503, 429, 403, 302), retryAfter: random.pick(nil, 1, 60), for: span())
        case 10: .garbleUpgrade(for: span())
        case 11: .ignoreUpgrade(for: span())
        case 12: .close(random.pick(.goingAway, .serviceRestart, .normalClosure, .noStatusReceived, .policyViolation))
        case 13: .violate(violation())
        case 14: .cutMidFrame
        case 15: .ignorePings(for: span())
        case 16: .ignoreClose(for: span())
        case 17: .stopReading(for: span())
        case 18, 19: .flood(messages: random.pick(1, 10, 100), bytes: random.pick(5, 300, largestOfFlood))
        case 20: .pings(random.pick(1, 10, 200))
        default: .reset
        }
    }

    /// Too many fragments are rare, as they are so many steps.
    private mutating func violation() -> ProtocolViolation {
        let all = ProtocolViolation.allCases
        let violation = all[random.below(all.count)]
        return violation == .tooManyFragments ? all[random.below(all.count)] : violation
    }

    private mutating func deed() -> Deed {
        switch random.below(40) {
        case 0..<18: .send(bytes: random.pick(5, 20, 600, 5_000, 70_000, 300_000))
        case 18..<23:
            .sendFragments(
                random.pick(1, 2, 5), bytes: random.pick(5, 1_000), isAbandoned: random.chance(perMille: 150))
        case 23..<27: .ping
        case 27..<30: .flush
        case 30..<33: .connect
        case 33: random.chance(perMille: 150) ? .close(random.pick(.normalClosure, .goingAway)) : .ping
        case 34..<37: .sleep(random.duration(from: .zero, to: .seconds(8)))
        default: .leaveAndReturn
        }
    }
}
