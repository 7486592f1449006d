import NovaKernel
import NovaMachine
import Synchronization

/// A rate limit that several connections share, as those of one account do: one bucket of tokens for all that have it in
/// ``WebSocketOptions/sharedRateLimit``.
///
/// ```swift
/// let account = SharedRateLimit(RateLimit(capacity: 20, refill: 5))
/// let first = try Session(adapter: exchange) { $0.sharedRateLimit = account }
/// let second = try Session(adapter: exchange) { $0.sharedRateLimit = account }
/// ```
///
/// Within each connection messages go in their order and by their priority, as with a limit of its own. Each connection asks
/// for one message at a time, and connections are served in the order of their asking: nobody starves. The modes are those of
/// any `RateLimit`; what costs more than the bucket ever holds is refused at once. The connections must live on event loops,
/// or all in one simulated network, as the bucket fills by their clock.
public final class SharedRateLimit: Sendable, CustomStringConvertible {
    /// The limit.
    public let limit: RateLimit
    private let book: Mutex<Book>

    /// A bucket as the limit says it is at the beginning. Options with a limit out of its range are refused.
    public init(_ limit: RateLimit) {
        self.limit = limit
        book = Mutex(Book(limiter: RateLimiter(limit)))
    }

    /// How many whole tokens there were when the bucket was last asked.
    public var tokens: UInt32 { book.withLock { $0.limiter.tokens } }

    /// How many connections wait for tokens.
    public var waitingConnections: Int { book.withLock { $0.limiter.asks.count } }

    /// The limit in words.
    public var description: String { limit.text }

    fileprivate struct Book {
        var limiter: RateLimiter
        /// Who asked, by the number in the line.
        var doors: [OperationID: (door: BucketDoor, attempt: AttemptID, ticket: UInt32)] = [:]
        /// Which arming of the timer counts.
        var arming: UInt64 = 0
    }

    /// A connection asks for tokens.
    fileprivate func ask(_ door: BucketDoor, _ attempt: AttemptID, _ ticket: UInt32, _ cost: UInt32) {
        let id = door.number(of: ticket)
        let ask = RateLimiter.Ask(id, cost: cost, priority: Dispatch.normalPriority)
        book.withLock { book in
            book.doors[id] = (door, attempt, ticket)
            var out = Effects<Effect>()
            // The bucket is of no attempt: it outlives them all.
            let rule = book.limiter.handle(.asked(.whole, ask, at: door.habitat.now), &out)
            if case .grant = rule { book.grant(id) }
            follow(out, &book)
        }
    }

    /// A connection does not want them any more. If they are on their way, they come back by this.
    fileprivate func takeBack(_ door: BucketDoor, _ ticket: UInt32, _ cost: UInt32) {
        let id = door.number(of: ticket)
        book.withLock { book in
            var out = Effects<Effect>()
            let now = door.habitat.now
            if case .notWaiting = book.limiter.handle(.withdrawn(id, at: now), &out) {
                _ = book.limiter.handle(.returned(cost: cost, at: now), &out)
            }
            book.doors[id] = nil
            follow(out, &book)
        }
    }

    private func fired(_ arming: UInt64, _ habitat: any Habitat) {
        book.withLock { book in
            guard arming == book.arming, let first = book.limiter.asks.first else { return }
            var out = Effects<Effect>()
            let rule = book.limiter.handle(.fired(at: habitat.now), &out)
            if case .grantNext = rule { book.grant(first.operation) }
            follow(out, &book)
        }
    }

    /// The machine's only effects here are those of its timer, which runs where the first in the line lives: that place is
    /// there as long as somebody waits in it.
    private func follow(_ effects: Effects<Effect>, _ book: inout Book) {
        for effect in effects.array {
            switch effect {
            case .arm(_, _, let time):
                book.arming += 1
                guard let first = book.limiter.asks.first, let habitat = book.doors[first.operation]?.door.habitat
                else { continue }
                let arming = book.arming
                habitat.execute(after: time) { [weak self] in self?.fired(arming, habitat) }
            case .disarm: book.arming += 1
            default: continue
            }
        }
    }
}

extension SharedRateLimit.Book {
    /// The tokens go to whoever asked; the connection's machine is told on its own thread.
    fileprivate mutating func grant(_ id: OperationID) {
        guard let (door, attempt, ticket) = doors.removeValue(forKey: id) else { return }
        door.port.execute { [driver = door.driver] in driver?.handle(.tokensGranted(attempt, ticket: ticket)) }
    }
}

/// Where a connection comes to the bucket that it shares.
final class BucketDoor: @unchecked Sendable {
    private let limit: SharedRateLimit
    /// The driver holds it. Touched on the driver's thread alone.
    fileprivate private(set) weak var driver: Driver?
    fileprivate let port: any Port & Sendable
    fileprivate let habitat: any Habitat
    private let connection: UInt64
    private static let count = Atomic<UInt64>(0)

    init(_ limit: SharedRateLimit, driver: Driver, port: any Port & Sendable, habitat: any Habitat) {
        (self.limit, self.driver, self.port, self.habitat) = (limit, driver, port, habitat)
        connection = Self.count.add(1, ordering: .relaxed).newValue
    }

    func ask(_ attempt: AttemptID, _ ticket: UInt32, _ cost: UInt32) { limit.ask(self, attempt, ticket, cost) }
    func takeBack(_ ticket: UInt32, _ cost: UInt32) { limit.takeBack(self, ticket, cost) }

    /// A number in the line that no other ticket has, of this connection or another.
    fileprivate func number(of ticket: UInt32) -> OperationID { OperationID(connection << 32 | UInt64(ticket)) }
}
