import NovaKernel

/// What the world did in a recording, apart from what was decided: how it answered, and when it spoke by itself.
struct RecordedWorld {
    /// What the network and the server did in one attempt.
    struct Attempt {
        /// When it began.
        var began: Instant
        /// What each request was answered with, and how long that took; none where it was not answered.
        var resolve: (after: Duration, fact: Lifecycle.Fact)?
        var dial: (after: Duration, fact: Lifecycle.Fact)?
        var secure: (after: Duration, fact: Lifecycle.Fact)?
        var upgrade: [(after: Duration, fact: Lifecycle.Fact)] = []
        /// What came on the open connection, counted from its beginning; pongs are answers, and not among it.
        var stream: [(after: Duration, event: Event)] = []
        /// How long after the opening the server was last heard.
        var lastHeard: Duration?
        /// How long the pong to a ping took.
        var roundTrip: Duration?
    }

    /// What the caller and the consumer did.
    private(set) var calls: [(at: Instant, event: Event)] = []
    private(set) var attempts: [Attempt] = []
    /// The caller's own answers to how long to wait, in order.
    private(set) var delays: [Duration?] = []
    /// When the recording ends.
    private(set) var end = Instant.zero

    /// The attempt that shows what the network was like at this moment: the last that had begun by then.
    func attempt(at moment: Instant) -> Attempt? { attempts.last { $0.began <= moment } ?? attempts.first }

    /// Whether the server was alive at this moment of an attempt: whether it was heard afterwards.
    static func isAlive(_ attempt: Attempt, after opening: Duration) -> Bool {
        attempt.lastHeard.map { $0 >= opening } ?? false
    }

    /// Reads a recording.
    init(_ trace: Trace) throws(WordError) {
        var reader = Reader()
        try trace.walk { reader.take($0, &self) }
        end = reader.last
    }

    private struct Reader {
        var last = Instant.zero
        private var asked: [String: Instant] = [:]
        private var opened: Instant?
        private var pings: [PingToken: Instant] = [:]

        mutating func take(_ step: Walked, _ world: inout RecordedWorld) {
            last = step.record.at
            noteEvent(step, &world)
            for effect in step.effects { noteEffect(effect, step.record.at, &world) }
            if case .lifecycle(.established) = step.record.rule { opened = last }
            if step.endsAttempt { opened = nil }
        }

        private mutating func noteEffect(_ effect: Effect, _ now: Instant, _ world: inout RecordedWorld) {
            switch effect {
            case .resolve:
                world.attempts.append(Attempt(began: now))
                asked["resolve"] = now
            case .dial: asked["dial"] = now
            case .secure: asked["secure"] = now
            case .upgrade: asked["upgrade"] = now
            case .ping(_, let token): pings[token] = now
            default: break
            }
        }

        private func since(_ request: String, _ now: Instant) -> Duration { asked[request].map(now.since) ?? .zero }

        private mutating func noteEvent(_ step: Walked, _ world: inout RecordedWorld) {
            let now = step.record.at
            switch step.record.event {
            case .command, .abandoned, .consumed, .consumerLeft: world.calls.append((now, step.record.event))
            case .heard, .answered, .authentication, .subscription, .fact(_, .received), .fact(_, .violated):
                noteStream(step.record.event, now, &world)
            case .fact(_, .delayChosen(let delay)): world.delays.append(delay)
            case .fact(_, let fact): note(fact, step.from, now, &world)
            case .wrote, .dropped, .fired, .tokensGranted: break
            }
        }

        private mutating func note(
            _ fact: Lifecycle.Fact, _ from: Lifecycle.Standing, _ now: Instant, _ world: inout RecordedWorld
        ) {
            guard !world.attempts.isEmpty else { return }
            let last = world.attempts.count - 1
            switch (from, fact) {
            case (.resolving, .resolved), (.resolving, .resolveFailed):
                world.attempts[last].resolve = (since("resolve", now), fact)
            case (.dialing, .dialed), (.dialing, .dialFailed): world.attempts[last].dial = (since("dial", now), fact)
            case (.securing, .secured), (.securing, .transportEnded):
                world.attempts[last].secure = (since("secure", now), fact)
            case (.upgrading, .upgraded), (.upgrading, .refused), (.upgrading, .upgradeFailed),
                (.upgrading, .transportEnded), (.refused, .refusalEnded), (.refused, .transportEnded):
                world.attempts[last].upgrade.append((since("upgrade", now), fact))
            case (_, .transportEnded):
                if let opened { world.attempts[last].stream.append((now.since(opened), .fact(AttemptID(0), fact))) }
            default: break
            }
        }

        private mutating func noteStream(_ event: Event, _ now: Instant, _ world: inout RecordedWorld) {
            guard let opened, !world.attempts.isEmpty else { return }
            let last = world.attempts.count - 1
            if case .fact(_, .received(.pong(let token?))) = event {
                if let sent = pings.removeValue(forKey: token) { world.attempts[last].roundTrip = now.since(sent) }
                return
            }
            if case .heard = event { world.attempts[last].lastHeard = now.since(opened) }
            world.attempts[last].stream.append((now.since(opened), event))
        }
    }
}
