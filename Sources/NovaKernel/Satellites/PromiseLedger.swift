import NovaMachine

/// The callers that wait for the spine itself: for the connection to be ready, or to be closed (law R6).
public struct PromiseLedger: Machine {
    /// What the ledger is told.
    public enum Event: Hashable, Sendable {
        /// A caller waits for the connection to be ready.
        case awaitReady(OperationID)
        /// A caller waits for the connection to be closed.
        case awaitClosed(OperationID)
        /// The connection is ready.
        case becameReady
        /// The connection is closed.
        case becameClosed
        /// The caller stopped waiting.
        case abandoned(OperationID)
    }

    /// The rows of the table.
    public enum Rule: String, Hashable, Sendable, CaseIterable {
        case hold, refuseFull, settle, forget, notHeld
    }

    /// Who waits for the connection to be ready.
    public internal(set) var openers: [OperationID] = []
    /// Who waits for the connection to be closed.
    public internal(set) var closers: [OperationID] = []
    /// How many may wait for the one, and how many for the other.
    public let maximum: Int

    /// An empty ledger.
    public init(maximum: Int) { self.maximum = maximum }

    /// How many wait.
    public var count: Int { openers.count + closers.count }

    /// `empty`, `holding` or `full`.
    public var path: [String] {
        [count == 0 ? "empty" : max(openers.count, closers.count) < maximum ? "holding" : "full"]
    }

    /// State × event → state′ × effects.
    public mutating func handle(_ event: Event, _ out: inout Effects<Effect>) -> Rule {
        #if MUTANTS
            if let rule = Mutation.intercept(&self, event, &out) { return rule }
        #endif
        switch event {
        case .awaitReady(let operation): return hold(operation, in: \.openers, &out)
        case .awaitClosed(let operation): return hold(operation, in: \.closers, &out)
        case .becameReady: return settle(\.openers, as: .opened, &out)
        case .becameClosed:
            _ = settle(\.openers, as: .closed, &out)
            return settle(\.closers, as: .closed, &out)
        case .abandoned(let operation):
            let before = count
            openers.removeAll { $0 == operation }
            closers.removeAll { $0 == operation }
            guard count < before else { return .notHeld }
            return out(.forget, .settle(operation, .refused(.cancelled)))
        }
    }

    private mutating func hold(
        _ operation: OperationID, in list: WritableKeyPath<PromiseLedger, [OperationID]>, _ out: inout Effects<Effect>
    ) -> Rule {
        guard self[keyPath: list].count < maximum else {
            return out(.refuseFull, .settle(operation, .refused(.tooManyWaiting)))
        }
        self[keyPath: list].append(operation)
        return .hold
    }

    private mutating func settle(
        _ list: WritableKeyPath<PromiseLedger, [OperationID]>, as outcome: Outcome, _ out: inout Effects<Effect>
    ) -> Rule {
        for operation in self[keyPath: list] { out.append(.settle(operation, outcome)) }
        self[keyPath: list].removeAll()
        return .settle
    }
}
