import NovaKernel
import NovaSocket
import NovaWire

/// Runs a plan: random faults and random users on real connections in a simulated network; then the faults stop, and
/// every connection that may come back must; then all are closed, and nothing may be left.
public final class Simulation: @unchecked Sendable {
    // Sendable: everything happens where the network's loop is driven.

    /// What came of it.
    public struct Report: Sendable {
        /// What was planned.
        public var plan: SimulationPlan
        /// The laws that were broken, in the order in which that was seen.
        public var violations: [LawViolation] = []
        /// How many steps the machines took.
        public var steps = 0
        /// How many attempts there were.
        public var attempts = 0
        /// How much time passed in the simulation.
        public var elapsed: Duration = .zero
        /// The same for the same plan, wherever it runs.
        public var digest: UInt64 = 0
        /// How attempts ended, and how often.
        public var endings: [String: Int] = [:]
    }

    private let plan: SimulationPlan
    private let network: SimulatedNetwork
    private let server: SimulatedServer
    private var users: [SimulatedUser] = []
    private var watches: [LawWatch] = []
    private var report: Report
    /// The connections as the server saw them: the user, the numbers received, and the close code that came.
    var seen: [SeenConnection] = []
    private(set) var drivers: [Weak] = []
    private var recordsSteps = false
    /// Recordings, by user.
    var recordings: [Int: String] = [:]
    private var log: ((String) -> Void)?
    private var isRecovering = false
    /// The numbers of the echoes that were asked for after the faults, by user.
    private var probes: [Int: Set<UInt32>] = [:]
    /// More violations than these are not listed.
    private static let mostViolations = 20

    struct Weak {
        weak var object: AnyObject?
        init(_ object: AnyObject) { self.object = object }
    }

    final class SeenConnection {
        var user = 0
        var attempt = AttemptID(0)
        var received: [UInt32] = []
        var closeCode: CloseCode?
        var closeReason = ""
        var sent: UInt32 = 0
    }

    private init(_ plan: SimulationPlan) {
        self.plan = plan
        report = Report(plan: plan)
        network = SimulatedNetwork(seed: plan.seed)
        server = network.server("server.example")
        server.conditions = plan.conditions
        server.addresses = plan.addresses
        network.loop.mostAtOnce = plan.mostAtOnce
    }

    /// Runs a plan on the calling thread. `log` takes a line for each step and for each event of the plan.
    public static func run(_ plan: SimulationPlan, log: ((String) -> Void)? = nil) -> Report {
        let simulation = Simulation(plan)
        simulation.log = log
        simulation.run()
        return simulation.report
    }

    /// What the connections of a plan are recorded as: steps only, one recording a user.
    package static func recordings(of plan: SimulationPlan) -> [String] {
        let simulation = Simulation(plan)
        simulation.recordsSteps = true
        simulation.run()
        return simulation.recordings.sorted { $0.key < $1.key }.map(\.value)
    }

    private func run() {
        defer { dissolve() }
        prepareServer()
        beginUsers()
        scheduleEvents()
        guard drive(for: SimulationPlan.length) else { return }
        expectRecovery()
        expectEnd()
        expectNothingLeft()
        summarise()
    }

    func broke(_ law: Law, _ user: Int?, _ details: String) {
        guard report.violations.count < Self.mostViolations else { return }
        report.violations.append(LawViolation(law: law, user: user, at: network.elapsed, details: details))
    }

    // MARK: Beginning

    private func prepareServer() {
        server.onOpenRequest = { [weak self] connection, target in
            guard let self else { return }
            let record = SeenConnection()
            record.user = Int(target.dropFirst()) ?? 0
            record.attempt = connection.link.attempt
            seen.append(record)
            connection.tag = seen.count - 1
        }
        server.onMessage = { [weak self] connection, message in
            guard let self else { return }
            guard let payload = SimulatedPayload(message.kind, message.bytes) else {
                return broke(.orderKeptOutbound, seen[connection.tag].user, "a message is not as it was sent")
            }
            seen[connection.tag].received.append(payload.number)
            guard payload.wantsEcho else { return }
            connection.send(SimulatedPayload(number: payload.number, isEcho: true).message(bytes: 8))
        }
        server.onClose = { [weak self] connection, code, reason in
            self?.seen[connection.tag].closeCode = code ?? .noStatusReceived
            self?.seen[connection.tag].closeReason = reason
        }
        server.onPong = { [weak self] connection, payload in
            guard let self, !connection.wasAwaited(payload) else { return }
            broke(.pongsAnswerPings, seen[connection.tag].user, "a pong of \(payload) that no ping waits for")
        }
        server.onViolation = { [weak self] in self?.broke(.keepsProtocol, nil, $0.rawValue) }
        server.makeFlood = { [weak self] connection, bytes in
            let sent = self?.seen[connection.tag]
            sent?.sent += 1
            return SimulatedPayload(number: sent?.sent ?? 0).message(bytes: bytes)
        }
    }

    private func beginUsers() {
        for index in 0..<plan.users {
            let user = SimulatedUser(index, network, isElsewhere: plan.isElsewhere) { [weak self] in
                self?.broke($0, index, $1)
            }
            users.append(user)
            network.onConnection = { [weak self] driver, holdings in
                guard let self else { return }
                let watch = LawWatch(holdings) { [weak self] in self?.broke($0, index, $1) }
                if let log { watch.log = { [network] in log("\(network.elapsed) user \(index): \($0)") } }
                driver.witnesses.append(watch)
                drivers.append(Weak(driver))
                user.watch = watch
                watches.append(watch)
            }
            user.begin("\(plan.isSecure ? "wss" : "ws")://\(server.name)/\(index)", options(of: index))
        }
    }

    private func options(of user: Int) -> WebSocketOptions {
        let seed = plan.seed
        return network.options {
            $0.policy = plan.policy
            if recordsSteps {
                $0.recording = .lines(.steps) { [weak self] in self?.recordings[user, default: ""] += $0 }
            } else if plan.isRecorded {
                $0.recording = recording(of: user)
            }
            // A caller's own function, with moods: it may give up.
            $0.chooseDelay = { failures, _ in
                let mood = Backoff.mix(seed &+ UInt64(failures))
                return mood % 16 == 0 ? nil : .milliseconds(Int64(mood % 5_000))
            }
        }
    }

    private func recording(of user: Int) -> Recording {
        .lines(.whole(plan.seed % 32 == 0 ? .all : .nothing)) { [weak self] in self?.recordings[user, default: ""] += $0
        }
    }

    private func scheduleEvents() {
        for event in plan.events {
            network.loop.schedule(after: event.at.wholeNanoseconds) { [weak self] in
                guard let self else { return }
                log?("\(network.elapsed) \(event.content)")
                switch event.content {
                case .fault(let fault): server.suffer(fault)
                case .deed(let deed, let user, let patience):
                    if users.indices.contains(user) { users[user].perform(deed, givesUpAfter: patience) }
                }
            }
        }
    }

    /// Lets time pass; false if it does not.
    private func drive(for duration: Duration, until isDone: @escaping () -> Bool = { false }) -> Bool {
        let outcome = network.loop.drive(for: duration, until: isDone)
        if outcome == .spinning { broke(.timePasses, nil, "it spins") }
        return outcome != .spinning
    }

    // MARK: The end

    /// The longest that a connection may need to notice that it is dead, to end, to wait and to come back.
    private var longestRecovery: Duration {
        let times = plan.policy.timeouts
        let keepalive = plan.policy.keepalive.map { $0.interval + $0.timeout } ?? .zero
        return keepalive + times.drain + times.close + times.open + .seconds(10)  // the backoff's cap
            + plan.policy.reconnection.maximumRetryAfter + .seconds(20)
    }

    /// The faults stop. Whoever is not closed for good must get an echo; within twice the longest way back, as an attempt
    /// that has begun under a fault may fail once more.
    private func expectRecovery() {
        server.recover()
        isRecovering = true
        askForEchoes()
        let longest = longestRecovery * 2
        guard drive(for: longest, until: { self.users.allSatisfy(self.isWell) }) else { return }
        isRecovering = false
        for user in users where !isWell(user) {
            broke(.recovers, user.index, "no echo \(longest) after the faults have stopped")
        }
    }

    private func isWell(_ user: SimulatedUser) -> Bool {
        user.watch?.isOver != false || !user.echoes.isDisjoint(with: probes[user.index] ?? [])
    }

    /// Every second, as a connection that is not open refuses.
    private func askForEchoes() {
        guard isRecovering else { return }
        for user in users where !isWell(user) {
            if let number = user.askForEcho() { probes[user.index, default: []].insert(number) }
        }
        network.loop.schedule(after: 1_000_000_000) { [weak self] in self?.askForEchoes() }
    }

    private func expectEnd() {
        for user in users { user.close() }
        let users = users
        let times = plan.policy.timeouts
        let longest = times.drain + times.close * 2 + .seconds(10)
        guard drive(for: longest, until: { users.allSatisfy { $0.watch?.isOver != false } }) else { return }
        for user in users where user.watch?.isOver == false {
            broke(.closes, user.index, "not closed \(longest) after it was asked to")
        }
    }

    private func expectNothingLeft() {
        _ = drive(for: .seconds(30))
        for user in users {
            if let call = user.callsUnderWay.values.first { broke(.everyCallReturns, user.index, "\(call) hangs") }
            guard let watch = user.watch else { continue }
            checkInbound(user, watch)
            checkOutbound(user, watch)
            checkReplay(user)
            checkAccounts(user, watch)
            user.letGo()
        }
        _ = drive(for: .seconds(10))
        for user in users where drivers[user.index].object != nil {
            broke(.leavesNothing, user.index, "the connection itself is left")
        }
        for (user, watch) in zip(users, watches) {
            let held = watch.holdings()
            if held.lookups + held.transports > 0 || !held.timers.isEmpty {
                broke(.leavesNothing, user.index, "\(held) is left")
            }
        }
    }

    /// Nobody holds anybody any more: what is still to happen never will.
    private func dissolve() {
        for user in users { user.letGo() }
        users = []
        watches = []
        network.dissolve()
    }

    private func summarise() {
        report.elapsed = network.elapsed
        report.steps = watches.reduce(0) { $0 + $1.steps }
        report.digest = watches.reduce(0) { ($0 ^ $1.digest) &* 0x100_0000_01B3 }
        for watch in watches {
            report.attempts += watch.causes.count
            for cause in watch.causes.values {
                report.endings["\(cause.ending.detail)".prefix { $0 != " " }.description, default: 0] += 1
            }
        }
    }
}
