import NovaKernel
import NovaWire

/// What happened in an attempt, in order: the steps that matter each for itself, those of the data path in runs.
///
/// Fed record by record, and bounded however long the attempt lasts: what may come in thousands is counted.
struct Chain {
    /// Something that stands in the chain.
    enum Item {
        case moment(Instant, String, KernelRule?)
        case run(Run)

        /// A moment that no single step tells of.
        static func moment(_ at: Instant, _ text: String) -> Item { .moment(at, text, nil) }

        var at: Instant {
            switch self {
            case .moment(let at, _, _): at
            case .run(let run): run.since
            }
        }
    }

    private let policy: Policy?
    private(set) var items: [Item] = []
    private var run: Run?
    /// The last pings, and what made each of them.
    private var pings: [(at: Instant, text: String, rule: KernelRule)] = []
    /// When the attempt began; nil if that was not fed.
    private(set) var began: Instant?
    /// When the first record came that was fed.
    private(set) var first: Instant?
    /// When the last record came that was fed.
    private(set) var last = Instant.zero
    /// When the WebSocket connection was open; nil if it never was, or that was not fed.
    private(set) var opened: Instant?
    /// Whether TLS was set up.
    private(set) var isSecured = false
    /// Since when reading is paused for a consumer that is behind; nil if it is not, as far as that was fed.
    private(set) var pausedSince: Instant?

    private static let maximumPings = 64

    init(_ policy: Policy?) { self.policy = policy }

    mutating func add(_ record: FlightRecorder.Record) {
        if case .lifecycle(let rule) = record.rule, rule.beginsAttempt {
            self = Chain(policy)
            began = record.at
        }
        first = first ?? record.since
        last = record.at
        if case .lifecycle(.secured) = record.rule { isSecured = true }
        if case .lifecycle(.established) = record.rule { opened = record.at }
        notePause(record)
        if record.isPing {
            if pings.count == Self.maximumPings { pings.removeFirst() }
            pings.append((record.at, record.pingText(policy), record.rule))
        } else if let text = record.moment {
            endRun()
            items.append(.moment(record.at, text, record.rule))
        } else {
            run = run ?? Run(since: record.since)
            run?.add(record)
        }
    }

    private mutating func notePause(_ record: FlightRecorder.Record) {
        switch record.rule {
        case .inbound(.pause): pausedSince = record.at
        // In a connection that is being closed everything is read.
        case .inbound(.resume), .lifecycle(.startClosing), .lifecycle(.abandonMessage), .lifecycle(.failOpen):
            pausedSince = nil
        default: break
        }
    }

    private mutating func endRun() {
        if let run, run.hasNews { items.append(.run(run)) }
        run = nil
    }

    /// What there is so far, with the pings that had no answer: the last ones that were sent.
    func items(unansweredPings: Int) -> [Item] {
        var whole = self
        whole.endRun()
        if let pausedSince {
            whole.items.append(.moment(pausedSince, "reading was paused: the consumer was behind, and stayed so"))
        }
        let open = pings.suffix(unansweredPings)
        for (index, ping) in open.enumerated() where index < 2 || index == open.count - 1 {
            whole.items.append(.moment(ping.at, ping.text + ", and had no answer", ping.rule))
        }
        if open.count > 3 {
            let others = counted(open.count - 3, "more ping")
            whole.items.append(.moment(pings[pings.count - 2].at, "\(others) had no answer either"))
        }
        return whole.items
    }
}

extension Chain {
    /// Steps of the data path in a row.
    struct Run: Hashable {
        private(set) var since: Instant
        private(set) var until: Instant
        private(set) var received = 0
        private(set) var sends = 0
        private(set) var waits = 0
        private(set) var pings = 0
        private(set) var pongs = 0
        private(set) var pauses = 0
        private(set) var dropped = 0
        private(set) var steps: UInt64 = 0
        /// Whether every step was told for itself.
        private(set) var isExact = true

        init(since: Instant) {
            self.since = since
            until = since
        }

        /// Bytes that came or went alone are no news: times are those of what is told.
        mutating func add(_ record: FlightRecorder.Record) {
            let told = news
            defer {
                if !isExact || news > told {
                    if told == 0, isExact { since = record.since }
                    until = record.at
                }
            }
            steps += UInt64(record.count)
            if record.count > 1 { isExact = false }
            switch record.rule {
            case .lifecycle(.deliver), .lifecycle(.deliverWhileClosing): received += 1
            case .lifecycle(.answerPing): pings += 1
            case .inbound(.pause):
                received += 1
                pauses += 1
            case .inbound(.discard):
                received += 1
                dropped += 1
            case .outbound(.transmit), .outbound(.wait):
                sends += 1
                if case .outbound(.wait) = record.rule { waits += 1 }
            case .pings(.answer): pongs += 1
            case .outbox(.enter): sends += 1
            case .lifecycle, .keepalive, .inbound, .outbound, .pings, .promises, .outbox, .limiter, .requests,
                .authentication, .subscriptions, .stale:
                break
            }
        }

        private var news: Int { received + sends + pings + pongs }

        /// Whether there is something to tell.
        var hasNews: Bool { !isExact || news > 0 }

        /// The run in words.
        var text: String {
            guard isExact else { return "traffic, \(counted(steps, "step"))" }
            var parts: [String] = []
            if received > 0 {
                parts.append(
                    counted(received, "message") + " received" + (dropped > 0 ? " (\(dropped) dropped)" : "")
                        + (pauses > 0 ? " (reading paused \(counted(pauses, "time")))" : ""))
            }
            if sends > 0 { parts.append(counted(sends, "send") + (waits > 0 ? " (\(waits) waited for room)" : "")) }
            if pongs > 0 { parts.append(counted(pongs, "pong") + " received") }
            if pings > 0 { parts.append(counted(pings, "ping") + " of the server answered") }
            return parts.joined(separator: ", ")
        }
    }
}
