import FoundationEssentials
import NovaKernel
import NovaMachine
import NovaSocket

/// Runs sessions of several users with a service that has moods, over a network with faults; then the faults stop, every
/// session must come back with all its subscriptions, all are closed, and nothing may be left.
public final class SessionSimulation: @unchecked Sendable {
    // Sendable: everything happens where the network's loop is driven.

    /// What came of it.
    public struct Report: Sendable {
        /// What was planned.
        public var plan: SessionPlan
        /// The laws that were broken, in the order in which that was seen.
        public var violations: [LawViolation] = []
        /// How many steps the machines took, how many requests were answered, how many connections there were.
        public var steps = 0, answers = 0, connections = 0
        /// How often a session changed its connection for another.
        public var rollovers = 0
        /// How much time passed in the simulation.
        public var elapsed: Duration = .zero
        /// The same for the same plan, wherever it runs.
        public var digest: UInt64 = 0
    }

    private let plan: SessionPlan
    private let network: SimulatedNetwork
    private let server: SimulatedServer
    private var service: SimulatedService?
    private var users: [SessionUser] = []
    private var watches: [LawWatch] = []
    private var recordings: [Recorded: String] = [:]
    private var report: Report
    private var drivers: [Simulation.Weak] = []
    private var holdings: [Int: [() -> SimulatedNetwork.Holdings]] = [:]

    /// Whose recording it is, and of which of the session's connections.
    private struct Recorded: Hashable {
        let user: Int
        let number: Int
    }
    private static let mostViolations = 20

    private init(_ plan: SessionPlan) {
        self.plan = plan
        report = Report(plan: plan)
        network = SimulatedNetwork(seed: plan.seed)
        server = network.server("service.example")
        server.conditions = plan.conditions
    }

    /// Runs a plan on the calling thread. `log` takes a line for each step and for each event of the plan.
    public static func run(_ plan: SessionPlan, log: ((String) -> Void)? = nil) -> Report {
        let simulation = SessionSimulation(plan)
        simulation.run(log)
        return simulation.report
    }

    private func run(_ log: ((String) -> Void)?) {
        defer { dissolve() }
        service = SimulatedService(plan, network, server) { [weak self] in self?.broke($0, $1, $2) }
        watchConnections(log)
        for index in 0..<plan.users { begin(index) }
        for (at, what) in plan.happenings {
            network.loop.schedule(after: at.wholeNanoseconds) { [weak self] in
                guard let self else { return }
                log?("\(network.elapsed) \(what)")
                switch what {
                case .fault(let fault): server.suffer(fault)
                case .deed(let deed, let user): users[user].perform(deed)
                }
            }
        }
        guard drive(for: SessionPlan.length) else { return }
        expectRecovery()
        expectEnd()
        expectNothingLeft()
        summarise()
    }

    private func broke(_ law: Law, _ user: Int?, _ details: String) {
        guard report.violations.count < Self.mostViolations else { return }
        report.violations.append(LawViolation(law: law, user: user, at: network.elapsed, details: details))
    }

    private func watchConnections(_ log: ((String) -> Void)?) {
        network.onConnection = { [weak self] driver, holdings in
            guard let self else { return }
            let index = Int(driver.target.dropFirst()) ?? 0
            // The one exception of R2: a second connection takes the place of the first, and is no third.
            if self.holdings[index, default: []].reduce(0, { $0 + $1().transports + $1().lookups }) > 1 {
                broke(.oneTransport, index, "a third connection")
            }
            self.holdings[index, default: []].append(holdings)
            let watch = LawWatch(holdings) { [weak self] in self?.broke($0, index, $1) }
            if let log { watch.log = { [network] in log("\(network.elapsed) user \(index): \($0)") } }
            driver.witnesses.append(watch)
            if let limit = plan.rateLimit {
                driver.witnesses.append(LimitWitness(limit) { [weak self] in self?.broke(.limitKept, index, $0) })
            }
            drivers.append(Simulation.Weak(driver))
            watches.append(watch)
        }
    }

    private func begin(_ index: Int) {
        let contents: Recording.Contents? =
            switch plan.recording {
            case .bytes: .whole(.nothing)
            case .redacted: .whole(.all)
            case .steps: .steps
            case .nothing: nil
            }
        do {
            users.append(
                try SessionUser(
                    index, plan, network, at: "\(server.url)\(index)",
                    recording: contents.map {
                        .each($0) { [weak self] number in
                            { [weak self] in self?.recordings[Recorded(user: index, number: number), default: ""] += $0
                            }
                        }
                    }
                ) { [weak self] in self?.broke($0, index, $1) })
        } catch {
            broke(.everyCallReturns, index, "no session: \(error)")
        }
    }

    /// Lets time pass; false if it does not.
    @discardableResult
    private func drive(for duration: Duration, until isDone: @escaping () -> Bool = { false }) -> Bool {
        let outcome = network.loop.drive(for: duration, until: isDone)
        if outcome == .spinning { broke(.timePasses, nil, "it spins") }
        return outcome != .spinning
    }

    // MARK: The end

    /// What waits in the outbox, for the limit and for its answers must have had its time.
    private static let longest = Duration.seconds(400)

    private func expectRecovery() {
        server.recover()
        let before = users.map { (numbers: $0.numbers, answered: $0.answered) }
        for user in users { user.askAgain() }
        let isWell: (SessionUser, (numbers: [Int: Int], answered: Int)) -> Bool = { user, before in
            user.answered > before.answered
                && user.numbers.allSatisfy { channel, number in before.numbers[channel].map { number > $0 } ?? true }
        }
        drive(for: Self.longest) { [users] in zip(users, before).allSatisfy(isWell) }
        for (user, before) in zip(users, before) where !isWell(user, before) {
            let now = (user.numbers, user.answered, user.words.last ?? "")
            broke(.recovers, user.index, "before \(before), \(Self.longest) later \(now)")
        }
    }

    private func expectEnd() {
        for user in users { user.close() }
        drive(for: Self.longest) { [users] in users.allSatisfy { $0.underWay.isEmpty } }
        for user in users {
            for call in user.underWay.values { broke(.everyCallReturns, user.index, "\(call) hangs") }
        }
    }

    private func expectNothingLeft() {
        drive(for: .seconds(60))
        for (key, recording) in recordings { check(recording, of: key.user) }
        for user in users { expectNothingSecret(in: user.words.joined(separator: "\n"), of: user.index) }
        report.answers = users.reduce(0) { $0 + $1.answered }
        report.rollovers = users.reduce(0) { $0 + $1.rollovers }
        users = []
        drive(for: .seconds(60))
        for (index, driver) in drivers.enumerated() where driver.object != nil {
            broke(.leavesNothing, index, "the connection itself is left")
        }
        for (index, watch) in watches.enumerated() {
            let held = watch.holdings()
            if held.lookups + held.transports > 0 || !held.timers.isEmpty {
                broke(.leavesNothing, index, "\(held) is left")
            }
        }
    }

    private func check(_ recording: String, of user: Int) {
        if plan.recording != .bytes { expectNothingSecret(in: recording, of: user) }
        do {
            let trace = try Trace(reading: Data(recording.utf8))
            let result = trace.header.opening == nil ? try Replay.run(trace) : try Replay.wholly(trace)
            if let difference = result.difference { broke(.replaysToTheByte, user, difference.description) }
        } catch {
            broke(.replaysToTheByte, user, "\(error)")
        }
    }

    private func expectNothingSecret(in text: String, of user: Int) {
        for mark in SimulatedService.secretMarks where text.utf8.holds(mark.utf8) {
            broke(.nothingSecretShown, user, "something shows \(mark)")
        }
    }

    private func summarise() {
        report.elapsed = network.elapsed
        report.steps = watches.reduce(0) { $0 + $1.steps }
        report.connections = server.counts.accepted
        report.digest = watches.reduce(0) { ($0 ^ $1.digest) &* 0x100_0000_01B3 }
    }

    private func dissolve() {
        users = []
        watches = []
        service = nil
        network.dissolve()
    }
}

extension String.UTF8View {
    /// Whether these bytes stand in it. The library's own search goes by characters, which takes many times as long.
    fileprivate func holds(_ bytes: Self) -> Bool {
        guard let first = bytes.first else { return true }
        var rest = self[...]
        while let place = rest.firstIndex(of: first) {
            rest = rest[place...]
            if rest.starts(with: bytes) { return true }
            rest = rest.dropFirst()
        }
        return false
    }
}

/// Watches what goes out through the rate limit of a session whose messages cost a token each.
private final class LimitWitness: StepWitness {
    private var bucket: BucketWatch
    private let report: (String) -> Void

    init(_ limit: RateLimit, report: @escaping (String) -> Void) {
        bucket = BucketWatch(limit)
        self.report = report
    }

    func stepTaken(_ step: WitnessedStep, _ effects: Effects<Effect>, after kernel: borrowing Kernel) {
        effects.forEach { effect in
            guard case .dispatch = effect, let excess = bucket.take(at: step.occurrence.at) else { return }
            report("\(excess) tokens too many")
        }
    }

    func stepsEnded() {}
}
