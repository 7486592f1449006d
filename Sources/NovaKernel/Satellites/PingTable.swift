import NovaMachine

/// The pings whose pongs have not come: each promise to a caller is settled by its own pong, or by the connection's
/// end.
///
/// A peer may answer only the latest of several pings (RFC 6455 §5.5.3), so a pong settles the earlier ones with it.
public struct PingTable: Machine {
    /// A ping on its way.
    public struct Pending: Hashable, Sendable {
        /// What its pong must carry.
        public var token: PingToken
        /// Who asked; nil for the keepalive.
        public var operation: OperationID?
        /// When it was sent.
        public var sent: Instant
    }

    /// What the table is told.
    public enum Event: Hashable, Sendable {
        /// A caller wants a ping on this attempt's connection.
        case asked(OperationID, AttemptID, at: Instant)
        /// The keepalive has sent a ping with the table's ``nextToken``.
        case probed(at: Instant)
        /// A pong has come.
        case ponged(PingToken?, at: Instant)
        /// The caller stopped waiting.
        case abandoned(OperationID)
        /// The connection is not open any more; these pings will not be answered.
        case ended(Refusal)
    }

    /// The rows of the table.
    public enum Rule: String, Hashable, Sendable, CaseIterable {
        case ask, refuseFull, probe, answer, unsolicited, forget, notPending, end
    }

    /// The pings without an answer, oldest first.
    public internal(set) var pending: [Pending] = []
    /// How many pings there have been.
    public internal(set) var count: UInt64 = 0
    /// How many may be without an answer.
    public let maximum: Int
    private let seed: UInt64

    /// An empty table. Tokens are made from `seed`, so that a peer can't answer a ping before it was sent.
    public init(maximum: Int, seed: UInt64) {
        self.maximum = maximum
        self.seed = seed
    }

    /// What the next ping will carry.
    public var nextToken: PingToken { PingToken(Backoff.mix(seed &+ (count &+ 1) &* 0x9E37_79B9_7F4A_7C15)) }

    /// `empty`, `waiting` or `full`.
    public var path: [String] { [pending.isEmpty ? "empty" : pending.count < maximum ? "waiting" : "full"] }

    /// State × event → state′ × effects.
    public mutating func handle(_ event: Event, _ out: inout Effects<Effect>) -> Rule {
        switch event {
        case .asked(let operation, let attempt, let now):
            guard pending.count < maximum else {
                return out(.refuseFull, .settle(operation, .refused(.tooManyWaiting)))
            }
            let token = add(operation, now)
            return out(.ask, .ping(attempt, token))
        case .probed(let now):
            // The keepalive has one ping out at most; in a full table its pong is heard, but not timed.
            if pending.count < maximum { add(nil, now) } else { count += 1 }
            return .probe
        case .ponged(let token, let now): return answer(token, now, &out)
        case .abandoned(let operation):
            guard let index = pending.firstIndex(where: { $0.operation == operation }) else { return .notPending }
            pending.remove(at: index)
            return out(.forget, .settle(operation, .refused(.cancelled)))
        case .ended(let refusal):
            for operation in pending.compactMap(\.operation) { out.append(.settle(operation, .refused(refusal))) }
            pending.removeAll()
            return .end
        }
    }

    @discardableResult
    private mutating func add(_ operation: OperationID?, _ now: Instant) -> PingToken {
        let token = nextToken
        count += 1
        pending.append(Pending(token: token, operation: operation, sent: now))
        return token
    }

    private mutating func answer(_ token: PingToken?, _ now: Instant, _ out: inout Effects<Effect>) -> Rule {
        guard let token, let index = pending.firstIndex(where: { $0.token == token }) else { return .unsolicited }
        for ping in pending[...index] {
            guard let operation = ping.operation else { continue }
            out.append(.settle(operation, .answered(roundTrip: now.since(ping.sent))))
        }
        pending.removeSubrange(...index)
        return .answer
    }
}
