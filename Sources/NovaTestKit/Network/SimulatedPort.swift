import NovaKernel
import NovaSocket
import NovaTransport
import NovaWire

/// The world of a connection in a simulated network: names, links, TLS and timers that are made of nothing but numbers.
final class SimulatedPort: Port, @unchecked Sendable {
    // Sendable: what the protocol does not allow from any thread happens where the loop is driven.
    private let network: SimulatedNetwork
    private let loop: VirtualLoop
    private let endpoint: Endpoint
    private let dialTimeout: UInt64
    private var random: SeededRandom
    private var driver: Driver?

    private var attempt = AttemptID(0)
    private var lookup: TimerID?
    private var dialer: SimulatedDialer?
    private var link: Link?
    private var ciphertext: SimulatedCiphertext?
    private var timers: [(timer: NovaKernel.Timer, entry: TimerID)] = []
    private var spares = SpareBuffers()

    init(_ network: SimulatedNetwork, _ endpoint: Endpoint, _ options: WebSocketOptions, _ random: SeededRandom) {
        self.network = network
        loop = network.loop
        self.endpoint = endpoint
        self.random = random
        dialTimeout = options.policy.timeouts.longestDial.wholeNanoseconds
    }

    func attach(_ driver: Driver) {
        self.driver = driver
        network.attached(driver, self)
    }

    func finish() { driver = nil }

    var now: Instant { Instant(nanoseconds: loop.now) }
    func refresh() -> Instant { now }
    var calendarTime: UInt64? { nil }
    var isCurrent: Bool { loop.isCurrent }
    var taskExecutor: any TaskExecutor { loop }
    var handlerExecutor: any TaskExecutor { loop.outside }
    func execute(_ work: @escaping @Sendable () -> Void) { loop.execute(work) }
    func execute(after time: Duration, _ work: @escaping @Sendable () -> Void) {
        network.execute(after: time, work)
    }

    /// What it holds of the world, for those who watch.
    var holdings: SimulatedNetwork.Holdings {
        SimulatedNetwork.Holdings(
            lookups: lookup == nil ? 0 : 1, transports: (dialer == nil ? 0 : 1) + (link == nil ? 0 : 1),
            timers: timers.reduce(into: []) { $0.insert(TimerSet($1.timer)) }, unwritten: driver?.unwrittenCount ?? 0,
            isOnLoop: loop.isCurrent)
    }

    // MARK: The way to a transport

    private var server: SimulatedServer? {
        guard case .tcp(let host, _) = endpoint.transport else { return nil }
        return network.servers.first { $0.name == host }
    }

    func resolve(_ attempt: AttemptID) {
        self.attempt = attempt
        // EAI_NONAME: nobody of that name
        let (time, code) = server?.lookUp() ?? (5_000_000, -2)
        lookup = loop.schedule(after: time) { [self] in
            lookup = nil
            driver?.handle(.fact(attempt, code.map { .resolveFailed(code: $0) } ?? .resolved))
        }
    }

    func dial(_ attempt: AttemptID) {
        guard let server else { return }
        let dialer = SimulatedDialer(server, within: dialTimeout, on: loop) { [self] errno in
            self.dialer = nil
            if let errno { driver?.handle(.fact(attempt, .dialFailed(errno: errno))) } else { connect(server) }
        }
        self.dialer = dialer
        dialer.start()
    }

    private func connect(_ server: SimulatedServer) {
        let (link, attempt) = (server.accept(isSecure: endpoint.isSecure), attempt)
        self.link = link
        ciphertext = link.isSecure ? SimulatedCiphertext() : nil
        link.attempt = attempt
        link.down.receive = { [self] in driver?.received(attempt, &$0) }
        link.down.ended = { [self] in end(attempt, $0) }
        link.up.hasRoom = { [self] in driver?.writable() }
        driver?.handle(.fact(attempt, .dialed))
    }

    /// The end is told in the next turn: what this one has brought is answered first.
    private func end(_ attempt: AttemptID, _ end: StreamEnd) {
        loop.schedule(after: 0) { [self] in
            guard link != nil, attempt == self.attempt else { return }
            driver?.handle(.fact(attempt, .transportEnded(TransportEnd(end))))
        }
    }

    /// A round trip, and then TLS stands or not.
    func secure(_ attempt: AttemptID) {
        guard let link, let server else { return }
        link.up.signal { [self] in
            let failure = server.tlsFailure
            link.down.signal { [self] in
                guard self.link === link else { return }
                driver?.handle(.fact(attempt, failure.map { .transportEnded(.tls($0)) } ?? .secured))
            }
        }
    }

    func release(_ attempt: AttemptID, _ holding: Holding) {
        guard attempt == self.attempt else { return }
        switch holding {
        case .lookup:
            if let lookup { loop.cancel(lookup) }
            lookup = nil
        case .transport:
            dialer?.cancel()
            dialer = nil
            link?.down.close()
            link?.up.end(.endOfStream)
            link = nil
        }
    }

    // MARK: Bytes

    func write(_ bytes: UnsafeRawBufferPointer) -> Int {
        guard let pipe = link?.up else { return bytes.count }
        return ciphertext?.write(bytes, to: pipe) ?? pipe.write(bytes)
    }

    func pauseReading() { link?.down.pause() }
    func resumeReading() { link?.down.resume() }
    func callAtEndOfTurn() { loop.callAtEndOfTurn { [self] in driver?.turnEnded() } }

    func takeBuffer() -> OutgoingBuffer { spares.take() }
    func giveBack(_ buffer: consuming OutgoingBuffer) { spares.giveBack(buffer) }
    func maskKey() -> UInt32 { UInt32(truncatingIfNeeded: random.next()) }
    func handshakeKey() -> HandshakeKey {
        HandshakeKey(nonce: (0..<16).map { _ in UInt8.random(in: .min ... .max, using: &random) })
    }

    // MARK: Time

    func arm(_ timer: NovaKernel.Timer, _ attempt: AttemptID, after duration: Duration) {
        disarm(timer)
        let entry = loop.schedule(after: duration.wholeNanoseconds) { [self] in
            timers.removeAll { $0.timer == timer }
            driver?.handle(.fired(attempt, timer))
        }
        timers.append((timer, entry))
    }

    func disarm(_ timer: NovaKernel.Timer) {
        guard let index = timers.firstIndex(where: { $0.timer == timer }) else { return }
        loop.cancel(timers.remove(at: index).entry)
    }
}
