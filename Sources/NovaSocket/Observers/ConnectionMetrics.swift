import NovaKernel
import Synchronization

/// Counts and times what connections do: each for itself, and all that share it together.
///
/// It may be read from any thread at any time. Each connection has an account of its own under a lock of its own, so that
/// connections on several loops don't wait for each other.
public final class ConnectionMetrics: Observer {
    /// What there is at a moment.
    public struct Snapshot: Sendable {
        /// All connections together, those that are closed included.
        public let total: Measurements
        /// By what they are called: see ``ObservedConnection/target``.
        public let targets: [String: Measurements]
        /// Each connection that is not closed, and the last ones that are.
        public let connections: [ObservedConnection: Measurements]
    }

    private struct Book {
        var live: [UInt64: Account] = [:]
        /// What closed connections left behind, by target: counts must not go back.
        var past: [String: Measurements] = [:]
        var ended: [(connection: ObservedConnection, measurements: Measurements)] = []
    }

    /// How many closed connections are kept apart from each other.
    static let mostEnded = 64
    /// How many targets are; what closed connections to others left behind goes under ``otherTargets``.
    static let mostTargets = 256
    /// The target of what finds no place of its own.
    public static let otherTargets = "other"

    private let book = Mutex(Book())

    /// Metrics without any connection.
    public init() {}

    /// The account of a connection.
    public func observer(of connection: ObservedConnection) -> any Observer { account(of: connection) }

    /// Takes an event that another observer passes on.
    public func observe(_ event: ConnectionEvent, _ context: EventContext) {
        account(of: context.connection).observe(event, context)
    }

    /// What there is now.
    public var snapshot: Snapshot {
        let (live, past, ended) = book.withLock { (Array($0.live.values), $0.past, $0.ended) }
        var (total, targets) = (Measurements(), past)
        var connections: [ObservedConnection: Measurements] = [:]
        for measurements in past.values { total.add(measurements) }
        for (connection, measurements) in ended { connections[connection] = measurements }
        for account in live {
            let measurements = account.measurements
            total.add(measurements)
            targets[account.connection.target, default: Measurements()].add(measurements)
            connections[account.connection] = measurements
        }
        return Snapshot(total: total, targets: targets, connections: connections)
    }

    private func account(of connection: ObservedConnection) -> Account {
        book.withLock { book in
            if let account = book.live[connection.id] { return account }
            let account = Account(connection, self)
            book.live[connection.id] = account
            return account
        }
    }

    /// A connection is closed for good.
    fileprivate func retire(_ account: Account) {
        let (connection, measurements) = (account.connection, account.measurements)
        book.withLock { book in
            guard book.live.removeValue(forKey: connection.id) != nil else { return }
            let hasPlace = book.past[connection.target] != nil || book.past.count < Self.mostTargets
            let target = hasPlace ? connection.target : Self.otherTargets
            book.past[target, default: Measurements()].add(measurements)
            book.ended.append((connection, measurements))
            if book.ended.count > Self.mostEnded { book.ended.removeFirst() }
        }
    }
}

/// The account of one connection.
private final class Account: Observer {
    let connection: ObservedConnection
    private let owner: ConnectionMetrics
    private let book: Mutex<Measurements>

    init(_ connection: ObservedConnection, _ owner: ConnectionMetrics) {
        (self.connection, self.owner) = (connection, owner)
        var measurements = Measurements()
        measurements.connections = 1
        book = Mutex(measurements)
    }

    var measurements: Measurements { book.withLock(\.self) }

    func observe(_ event: ConnectionEvent, _ context: EventContext) {
        book.withLock { $0.take(event) }
        if case .closed = event { owner.retire(self) }
    }
}
