import NovaKernel
import NovaTransport
import NovaWire

/// The world of a connection that lives on an event loop: names, sockets, TLS, timers.
final class LoopPort: Port, @unchecked Sendable {
    // Sendable: what the protocol does not allow from any thread happens on the loop only.
    private let loop: EventLoop
    private let endpoint: Endpoint
    private let tls: TLSContext?
    private let serverName: String
    private let dialTimeout: UInt64
    /// Held until the connection is closed: somebody must see it to its end, even if its user has gone.
    @exclusivity(unchecked) private var driver: Driver?

    @exclusivity(unchecked) private var attempt = AttemptID(0)
    /// Whether the loop goes on for this connection's sake.
    private var isResident: Bool
    private var lookup: Lookup?
    private var addresses: [SocketAddress] = []
    private var dialer: Dialer?
    @exclusivity(unchecked) private var stream: Stream?
    /// The timers that are armed: two or three at a time.
    @exclusivity(unchecked) private var timers: [(timer: Timer, id: TimerID)] = []

    init(_ endpoint: Endpoint, _ options: WebSocketOptions, on loop: EventLoop) throws {
        self.loop = loop
        self.endpoint = endpoint
        tls = endpoint.isSecure ? try TLSContext.client(options.tls) : nil
        serverName = options.tls.serverName ?? endpoint.host
        dialTimeout = options.policy.timeouts.longestDial.wholeNanoseconds
        isResident = loop.moveIn()
        guard isResident else { throw WebSocketError(.system, "The event loop is shut down.") }
    }

    /// The driver that events go to.
    func attach(_ driver: Driver) { self.driver = driver }

    func finish() {
        driver = nil
        leave()
    }

    deinit { leave() }

    private func leave() {
        guard isResident else { return }
        isResident = false
        loop.moveOut()
    }

    var now: Instant { Instant(nanoseconds: loop.now) }
    func refresh() -> Instant { Instant(nanoseconds: loop.refresh()) }
    var calendarTime: UInt64? { EventLoop.calendarNow() }
    var isCurrent: Bool { loop.isCurrent }
    var taskExecutor: any TaskExecutor { loop }
    var handlerExecutor: any TaskExecutor { globalConcurrentExecutor }
    func execute(_ work: @escaping @Sendable () -> Void) { loop.execute(work) }
    func execute(after time: Duration, _ work: @escaping @Sendable () -> Void) {
        LoopHabitat(loop: loop).execute(after: time, work)
    }

    // MARK: The way to a transport

    func resolve(_ attempt: AttemptID) {
        self.attempt = attempt
        switch endpoint.transport {
        case .unix(let path):
            addresses = [.unix(path: path)]
            execute { self.driver?.handle(.fact(attempt, .resolved)) }
        case .tcp(let host, let port):
            let port = Captured(self, port)
            lookup = Resolver.shared.resolve(host, port: port.number, on: loop) { port.owner.answered(attempt, $0) }
        }
    }

    /// A port on its way to a closure that will run on its loop.
    private struct Captured: @unchecked Sendable {
        // Sendable: it is only looked into on the loop.
        let owner: LoopPort
        let number: UInt16

        init(_ owner: LoopPort, _ number: UInt16) { (self.owner, self.number) = (owner, number) }
    }

    private func answered(_ attempt: AttemptID, _ answer: Resolver.Answer) {
        lookup = nil
        switch answer {
        case .success(let found):
            addresses = found
            driver?.handle(.fact(attempt, .resolved))
        case .failure(let failure):
            driver?.note { $0.words = failure.description }
            driver?.handle(.fact(attempt, .resolveFailed(code: failure.code)))
        }
    }

    func dial(_ attempt: AttemptID) {
        let dialer = Dialer(addresses, within: dialTimeout, on: loop) { [weak self] outcome in
            self?.dialed(attempt, outcome)
        }
        self.dialer = dialer
        dialer.start()
    }

    private func dialed(_ attempt: AttemptID, _ outcome: consuming Dialer.Outcome) {
        dialer = nil
        switch consume outcome {
        case .connected(let socket, _):
            do throws(SystemError) {
                stream = try Stream(socket, on: loop, self)
                driver?.handle(.fact(attempt, .dialed))
            } catch {
                driver?.handle(.fact(attempt, .dialFailed(errno: error.code)))
            }
        case .failed(let errno): driver?.handle(.fact(attempt, .dialFailed(errno: errno)))
        }
    }

    func secure(_ attempt: AttemptID) {
        guard let tls, let stream else { return }
        do throws(TLSConfigurationError) {
            try stream.startTLS(tls, host: serverName)
        } catch {
            let words = error.description
            execute {
                self.driver?.note { $0.words = words }
                self.driver?.handle(.fact(attempt, .transportEnded(.tls(.library(code: 0)))))
            }
        }
    }

    func release(_ attempt: AttemptID, _ holding: Holding) {
        guard attempt == self.attempt else { return }  // it was given up when the next one began
        switch holding {
        case .lookup:
            lookup?.cancel()
            lookup = nil
        case .transport:
            dialer?.cancel()
            dialer = nil
            stream?.close()
            stream = nil
        }
    }

    // MARK: Bytes

    func write(_ bytes: UnsafeRawBufferPointer) -> Int { stream?.write(bytes) ?? bytes.count }
    func pauseReading() { stream?.pauseReading() }
    func resumeReading() { stream?.resumeReading() }

    func callAtEndOfTurn() { loop.callAtEndOfTurn(self) }

    func takeBuffer() -> OutgoingBuffer { BufferPool.of(loop).take() }
    func giveBack(_ buffer: consuming OutgoingBuffer) { BufferPool.of(loop).giveBack(buffer) }
    func maskKey() -> UInt32 { loop.nextMaskKey() }
    func handshakeKey() -> HandshakeKey { HandshakeKey() }

    // MARK: Time

    func arm(_ timer: Timer, _ attempt: AttemptID, after duration: Duration) {
        disarm(timer)
        let deadline = refresh().advanced(by: duration).nanoseconds  // never early, however long the turn has been
        let token = UInt64(attempt.number) << 8 | UInt64(timer.rawValue)
        timers.append((timer, loop.schedule(at: deadline, self, token: token)))
    }

    func disarm(_ timer: Timer) {
        if let id = forget(timer) { loop.cancel(id) }
    }

    private func forget(_ timer: Timer) -> TimerID? {
        guard let index = timers.firstIndex(where: { $0.timer == timer }) else { return nil }
        return timers.remove(at: index).id
    }
}

// MARK: - What the loop tells

extension LoopPort: TimerHandler, TurnEndHandler, StreamHandler {
    func timerFired(_ token: UInt64) {
        guard let timer = Timer(rawValue: UInt8(truncatingIfNeeded: token)) else { return }
        _ = forget(timer)
        driver?.handle(.fired(AttemptID(UInt32(truncatingIfNeeded: token >> 8)), timer))
    }

    func turnEnded() { driver?.turnEnded() }

    func streamSecured() { driver?.handle(.fact(attempt, .secured)) }
    func streamReceived(_ input: inout DecoderInput) { driver?.received(attempt, &input) }
    func streamWritable() { driver?.writable() }

    func streamEnded(_ end: StreamEnd) {
        if case .tls(let failure) = end, let words = failure.libraryWords { driver?.note { $0.words = words } }
        driver?.handle(.fact(attempt, .transportEnded(TransportEnd(end))))
    }
}

extension TransportEnd {
    /// A stream's end, as the machine is told it.
    package init(_ end: StreamEnd) {
        switch end {
        case .endOfStream: self = .endOfStream
        case .truncated: self = .truncated
        case .failed(let errno): self = .failed(errno: errno)
        case .tls(let failure): self = .tls(failure)
        }
    }
}
