import NovaKernel
import NovaWire

/// What was counted and timed: of one connection, or of many together. A value: it does not change any more.
public struct Measurements: Hashable, Sendable {
    /// What is counted.
    public enum Counter: Hashable, Sendable {
        /// Attempts at a connection.
        case attempts
        /// Attempts that got through the opening handshake.
        case opened
        /// Connections that became ready, the first one included.
        case ready
        /// Those of them that followed on a loss.
        case reconnections
        /// Attempts that ended, by the word for the cause in ``ConnectionEvent/facts``: `closed_by_peer`.
        case ended(cause: String)
        /// Messages, by direction and kind.
        case messages(Direction, MessageKind)
        /// Their bytes.
        case bytes(Direction, MessageKind)
        /// Messages that came and found nobody to take them.
        case messagesDropped
        /// Accepted messages that will not go out.
        case messagesLost
        /// Messages that were refused, requests not included.
        case sendsRefused
        /// Times that reading stopped for a slow consumer.
        case readingPauses
        /// Pings, ours and the server's.
        case pings(PingCount)
        /// Requests that began.
        case requestsBegun
        /// Requests that ended, by the word for how: `answered`, `timed_out`, `lost`, `cancelled`, `refused`.
        case requests(end: String)
        /// Answers that nobody waited for.
        case strayAnswers
        /// Messages that the rate limit held back, and let go.
        case rateLimitWaits
        /// Messages that it refused.
        case rateLimitRefusals
        /// Exchanges of credentials, by the word for their end: `accepted`, `failed`, `abandoned`.
        case authentications(end: String)
        /// What happened to subscriptions, by its word: `requested`, `confirmed`, `resumed`, `lost`, `failed`, `stale`,
        /// `fresh`, `ended`.
        case subscriptions(event: String)
        /// Reports about handlers, by their word: `threw`, `slow`, `unreadable`, `missed`.
        case handlerReports(finding: String)
    }

    /// Which way something went.
    public enum Direction: String, Hashable, Sendable, CaseIterable {
        /// To the server.
        case sent
        /// From it.
        case received
    }

    /// What is counted of pings.
    public enum PingCount: String, Hashable, Sendable, CaseIterable {
        /// Sent by us.
        case sent
        /// Answered by the server.
        case answered
        /// Not answered in time to a caller.
        case unanswered
        /// Sent by the server.
        case received
    }

    /// What is timed.
    public enum Timing: Hashable, Sendable {
        /// A stage of an attempt, if it was completed.
        case stage(ConnectionStage)
        /// An attempt from its beginning until it was ready.
        case connect
        /// A ping and its pong.
        case roundTrip
        /// A request, from its sending to its answer.
        case request
        /// A message, from its caller to the system.
        case send
        /// A message that the rate limit held back.
        case rateLimitWait
        /// A wait for the next attempt.
        case backoff
    }

    /// Connections that are not closed for good.
    public internal(set) var connections = 0
    /// Those of them that are ready.
    public internal(set) var readyConnections = 0

    // What is counted with every message stands apart: a table costs more than all the rest.
    private var traffic = [UInt64](repeating: 0, count: 8)
    private var sendTimes = Histogram()
    private var counters: [Counter: UInt64] = [:]
    private var timings: [Timing: Histogram] = [:]

    init() {}

    /// How often it was counted.
    public subscript(counter: Counter) -> UInt64 {
        switch counter {
        case .messages(let direction, let kind): traffic[Self.place(direction, kind)]
        case .bytes(let direction, let kind): traffic[Self.place(direction, kind) + 4]
        default: counters[counter] ?? 0
        }
    }

    /// The times of it; empty if there was none.
    public subscript(timing: Timing) -> Histogram {
        if case .send = timing { sendTimes } else { timings[timing] ?? Histogram() }
    }

    private static func place(_ direction: Direction, _ kind: MessageKind) -> Int {
        (direction == .sent ? 0 : 2) + (kind == .text ? 0 : 1)
    }

    mutating func count(_ counter: Counter, _ more: UInt64 = 1) { counters[counter, default: 0] &+= more }
    mutating func time(_ timing: Timing, _ time: Duration) { timings[timing, default: Histogram()].add(time) }

    mutating func count(_ direction: Direction, _ kind: MessageKind, _ bytes: Int) {
        let place = Self.place(direction, kind)
        traffic[place] &+= 1
        traffic[place + 4] &+= UInt64(max(0, bytes))
    }

    mutating func countSend(_ kind: MessageKind, _ bytes: Int, _ latency: Duration) {
        count(.sent, kind, bytes)
        sendTimes.add(latency)
    }

    /// Adds what another has.
    mutating func add(_ other: Measurements) {
        connections += other.connections
        readyConnections += other.readyConnections
        for (index, more) in other.traffic.enumerated() { traffic[index] &+= more }
        sendTimes.add(other.sendTimes)
        counters.merge(other.counters) { $0 &+ $1 }
        timings.merge(other.timings) { left, right in
            var sum = left
            sum.add(right)
            return sum
        }
    }
}

extension Measurements {
    /// Counts and times an event.
    mutating func take(_ event: ConnectionEvent) {
        switch event {
        case .messageReceived(let kind, let bytes): count(.received, kind, bytes)
        case .messageSent(let kind, let bytes, let latency): countSend(kind, bytes, latency)
        case .attemptBegan: count(.attempts)
        case .stageEnded(let stage, let isComplete, let time): if isComplete { self.time(.stage(stage), time) }
        case .opened: count(.opened)
        case .ready(let time):
            readyConnections = 1
            count(.ready)
            self.time(.connect, time)
        case .reconnected: count(.reconnections)
        case .closing: readyConnections = 0
        case .ended(let cause, _, _):
            readyConnections = 0
            count(.ended(cause: cause.ending.detail.word))
        case .closed: connections = 0
        case .backoffEnded(_, let time): self.time(.backoff, time)
        case .messagesDropped(let number): count(.messagesDropped, number)
        case .messagesLost(let number, _): count(.messagesLost, UInt64(max(0, number)))
        case .sendRefused: count(.sendsRefused)
        case .readingPaused: count(.readingPauses)
        case .pingSent: count(.pings(.sent))
        case .pongReceived(_, let time):
            count(.pings(.answered))
            self.time(.roundTrip, time)
        case .pingUnanswered: count(.pings(.unanswered))
        case .pingReceived: count(.pings(.received))
        case .requestBegan: count(.requestsBegun)
        case .requestEnded(_, let end, let roundTrip, _):
            count(.requests(end: end.word))
            if let roundTrip { time(.request, roundTrip) }
        case .strayAnswer: count(.strayAnswers)
        case .rateLimitWaited(let time):
            count(.rateLimitWaits)
            self.time(.rateLimitWait, time)
        case .rateLimitRefused: count(.rateLimitRefusals)
        case .authenticationEnded(let end, _, _): count(.authentications(end: end.word))
        case .subscription(_, let event): count(.subscriptions(event: event.word))
        case .handlerReported(_, let finding): count(.handlerReports(finding: finding.word))
        case .warned, .stageBegan, .stabilised, .retryPlanned, .readingResumed, .consumerLeft, .requestSent,
            .authenticationBegan:
            break
        }
    }
}
