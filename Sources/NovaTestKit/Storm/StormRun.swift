import NovaKernel
import NovaSocket

/// One run of a storm: connects the clients, breaks the server, mends it, and keeps book.
final class StormRun: @unchecked Sendable {
    // Sendable: everything happens on the thread that runs it.
    /// How long a connection lives that the server lets in and resets.
    private static let shortLife: UInt64 = 100_000_000
    /// So many things of one moment happen in one turn of the loop, as on a loop that is busy.
    private static let mostAtOnce = 1000

    private let storm: Storm
    private let network: SimulatedNetwork
    private let server: SimulatedServer
    private var sockets: [WebSocket] = []
    private var clients: [StormClient] = []
    private let crowd = Crowd()
    private var report: StormReport
    /// When the outage began and ended, as far as it has.
    private var began: UInt64?
    private var ended: UInt64?
    /// How many attempts the server had seen before.
    private var dialedBefore = 0

    /// What the clients are, taken together.
    final class Crowd {
        var ready = 0
        var gone = 0
    }

    init(_ storm: Storm, _ reconnection: Reconnection) {
        self.storm = storm
        report = StormReport(storm, reconnection)
        network = SimulatedNetwork(seed: storm.seed)
        network.loop.mostAtOnce = Self.mostAtOnce
        server = network.server("server.example")
    }

    func run() throws(StormError) -> StormReport {
        defer { network.dissolve() }
        try connect()
        server.onDial = { [unowned self] in countAttempt() }
        try sufferOutage()
        try waitForClients()
        summarise()
        try leave()
        return report
    }

    // MARK: The story

    private func connect() throws(StormError) {
        let options = network.options {
            $0.policy.reconnection = report.reconnection
            $0.policy.keepalive = nil
            $0.flightRecorderCapacity = 0
        }
        network.onConnection = { [clients = crowd, unowned self] driver, _ in
            let client = StormClient(clients)
            driver.witnesses.append(client)
            self.clients.append(client)
        }
        for _ in 0..<storm.clients {
            do throws(WebSocketError) {
                let socket = try WebSocket.make(server.url, options)
                sockets.append(socket)
                network.task { try await socket.connect() }
            } catch {
                throw .invalidOptions(error.description)
            }
        }
        try drive { [crowd, storm] in crowd.ready == storm.clients }
        for client in clients { client.begin() }
    }

    private func sufferOutage() throws(StormError) {
        dialedBefore = server.counts.dialed
        began = network.loop.now
        server.suffer(.reset)
        switch storm.outage {
        case .refuse: server.suffer(.refuse(for: storm.length))
        case .stall: server.suffer(.stall(for: storm.length))
        case .refuseUpgrade(let status, let retryAfter):
            server.suffer(.refuseUpgrade(status: status, retryAfter: retryAfter, for: storm.length))
        case .reset:
            server.onOpen = { [unowned self] connection in
                network.loop.schedule(after: Self.shortLife) { [unowned self] in
                    if ended == nil { connection.reset() }
                }
            }
        }
        var isOver = false
        network.loop.schedule(after: storm.length.wholeNanoseconds) { isOver = true }
        try drive { isOver }
        ended = network.loop.now
        server.onOpen = { _ in }
    }

    private func waitForClients() throws(StormError) {
        var isOver = false
        let entry = network.loop.schedule(after: storm.patience.wholeNanoseconds) { isOver = true }
        try drive { [crowd, storm] in isOver || crowd.ready + crowd.gone == storm.clients }
        network.loop.cancel(entry)
    }

    private func summarise() {
        let end = ended ?? 0
        report.dialed = server.counts.dialed - dialedBefore
        report.returns = clients.compactMap(\.readyAt).sorted().map {
            .nanoseconds(Int64(clamping: $0) - Int64(clamping: end))
        }
        report.gaveUp = crowd.gone
        report.attemptsOfClients = clients.map(\.attempts)
    }

    /// Every connection is closed, so that nothing of the storm is left in memory.
    private func leave() throws(StormError) {
        server.onDial = {}
        server.recover()
        sockets = []
        try drive { [crowd, storm] in crowd.gone == storm.clients }
        clients = []
    }

    // MARK: Time

    /// Lets time pass until it is so, or until nothing will ever happen.
    private func drive(until isDone: () -> Bool) throws(StormError) {
        if network.loop.drive(until: isDone) == .spinning { throw .simulation(.spinning) }
    }

    /// An attempt has reached the server.
    private func countAttempt() {
        guard let began else { return }
        let isAfter = ended != nil
        let second = Int((network.loop.now - (ended ?? began)) / 1_000_000_000)
        if isAfter { report.after.count(second) } else { report.during.count(second) }
    }
}

/// What is known of one client.
final class StormClient: StepWitness {
    private let crowd: StormRun.Crowd
    private var isGone = false
    private var lastAttempt: UInt64 = 0
    private var firstAttempt: UInt64 = 0
    /// Since when its connection is ready; nil: it is not.
    private(set) var readyAt: UInt64?

    init(_ crowd: StormRun.Crowd) { self.crowd = crowd }

    /// From here on attempts count.
    func begin() { firstAttempt = lastAttempt }

    /// How many attempts it has made since.
    var attempts: Int { Int(lastAttempt - firstAttempt) }

    func stepTaken(_ step: WitnessedStep, _ effects: Effects<Effect>, after kernel: borrowing Kernel) {
        lastAttempt = UInt64(kernel.attempt.number)
        let isReady = kernel.standing == .ready
        if isReady == (readyAt != nil) { return }
        readyAt = isReady ? step.occurrence.at.nanoseconds : nil
        crowd.ready += isReady ? 1 : -1
    }

    func stepsEnded() {
        if !isGone { crowd.gone += 1 }
        isGone = true
    }
}

extension [Int] {
    /// One more at `index`; zeros are put before it where nothing is.
    fileprivate mutating func count(_ index: Int) {
        if index >= count { append(contentsOf: repeatElement(0, count: index + 1 - count)) }
        self[index] += 1
    }
}
