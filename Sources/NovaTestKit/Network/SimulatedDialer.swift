import NovaTransport

/// Connects to one of a server's addresses: does what the dialing machine says, in virtual time.
final class SimulatedDialer {
    private var machine = Dial()
    private let loop: VirtualLoop
    private let server: SimulatedServer
    private let deadline: UInt64
    private var completion: ((Int32?) -> Void)?
    private var entries: [TimerID] = []

    /// `completion` gets nil when an address is connected, or the last one's `errno`.
    init(
        _ server: SimulatedServer, within timeout: UInt64, on loop: VirtualLoop,
        _ completion: @escaping (Int32?) -> Void
    ) {
        (self.server, self.loop, self.completion) = (server, loop, completion)
        deadline = loop.now + timeout
    }

    func start() { handle(.start(count: server.addresses.count, within: left)) }

    func cancel() {
        completion = nil
        handle(.cancel)
        release()
    }

    private var left: Duration { .nanoseconds(Int64(clamping: deadline > loop.now ? deadline - loop.now : 0)) }

    private func handle(_ event: Dial.Event) { machine.handle(event).effects.forEach(perform) }

    private func perform(_ effect: Dial.Effect) {
        switch effect {
        case .connect(let index, let share): connect(index, share)
        case .abandon: release()
        case .succeed: finish(nil)
        case .fail(let errno): finish(errno)
        }
    }

    private func connect(_ index: Int, _ share: Duration?) {
        release()
        if let share {
            later(share.wholeNanoseconds) { $0.handle(.expired(index, left: $0.left)) }
        }
        // What the server does is decided when the first packet arrives there.
        let latency = server.conditions.latency.wholeNanoseconds
        later(latency) { dialer in
            switch dialer.server.answer(toDialAt: index) {
            case .answers: dialer.later(latency) { $0.handle(.connected(index)) }
            case .refuses(let errno):
                dialer.later(latency) { $0.handle(.failed(index, errno: errno, left: $0.left)) }
            case .ignores: break
            }
        }
    }

    private func later(_ delay: UInt64, _ action: @escaping (SimulatedDialer) -> Void) {
        var done: TimerID?
        let entry = loop.schedule(after: delay) { [self] in
            entries.removeAll { $0 == done }
            action(self)
        }
        done = entry
        entries.append(entry)
    }

    private func release() {
        for entry in entries { loop.cancel(entry) }
        entries = []
    }

    private func finish(_ errno: Int32?) {
        release()
        let completion = completion.take()
        completion?(errno)
    }
}
