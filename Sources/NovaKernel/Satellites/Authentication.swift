import NovaMachine

/// Who we are to the server: credentials are asked for anew on every connection, presented, and renewed ahead of their
/// end while the connection is in use.
///
/// The exchange itself is the handler's: it is asked by an effect, and says by events how far it has come. Each exchange
/// has a number, so that what an earlier one still says is known as late.
public struct Authentication: Machine {
    /// How far an exchange has come.
    public enum Stage: String, Hashable, Sendable, CaseIterable {
        /// The handler is asked for credentials.
        case asking
        /// They were presented; the server's word is awaited.
        case presenting
    }

    /// What the connection is to the server.
    public enum State: Hashable, Sendable {
        /// The policy has no authentication.
        case off
        /// There is no open connection. Left when one opens.
        case idle
        /// We are introducing ourselves; the spine's timer `authenticate` bounds it.
        case authenticating(Stage)
        /// The server knows us; timer `refresh` if that has an end.
        case authenticated
        /// It does, and we introduce ourselves anew; timer `refresh`.
        case refreshing(Stage)
    }

    /// What it is told.
    public enum Event: Hashable, Sendable {
        /// The connection of this attempt is open.
        case began(AttemptID)
        /// The handler has credentials, and has presented them.
        case presented(exchange: UInt32)
        /// The server has accepted them for so long; nil: for ever.
        case accepted(exchange: UInt32, validFor: Duration?, at: Instant)
        /// It has not, or there are none.
        case failed(exchange: UInt32, AuthenticationFault, at: Instant)
        /// A caller wants to be authenticated anew.
        case demanded(OperationID)
        /// The caller stopped waiting.
        case abandoned(OperationID)
        /// The timer fired.
        case fired(at: Instant)
        /// The connection is not in use any more.
        case ended(Refusal)
    }

    /// The rows of the table.
    public enum Rule: String, Hashable, Sendable, CaseIterable {
        case notNeeded, ask, present, accept, fail, refresh, renew, retryLater, demand, join, refuse, forget, end, stale
    }

    /// What the connection is to the server.
    public internal(set) var state: State
    /// Which exchange is the last.
    public internal(set) var exchange: UInt32 = 0
    /// Until when the server knows us; nil: for ever, or not yet.
    public internal(set) var expiry: Instant?
    /// When the credentials are renewed by themselves; nil: never, or not yet, or that is under way. Nothing is decided by
    /// it: it is told.
    public internal(set) var renewal: Instant?
    /// Callers that wait for the end of the exchange.
    public internal(set) var waiting: [OperationID] = []
    var attempt = AttemptID(0)
    /// When credentials are renewed; nil: there are none.
    public let policy: AuthenticationPolicy?
    /// How many callers may wait.
    let maximum: Int
    /// How long an exchange may take while the connection is in use.
    let timeout: Duration

    /// An authentication that waits for a connection.
    public init(_ policy: AuthenticationPolicy?, maximum: Int, timeout: Duration) {
        self.policy = policy
        self.maximum = maximum
        self.timeout = timeout
        state = policy == nil ? .off : .idle
    }

    /// The active states, outermost first.
    public var path: [String] {
        switch state {
        case .off: ["off"]
        case .idle: ["idle"]
        case .authenticating(let stage): ["authenticating", stage.rawValue]
        case .authenticated: ["authenticated"]
        case .refreshing(let stage): ["refreshing", stage.rawValue]
        }
    }

    /// Whether its timer runs.
    package var mustLookAgain: Bool {
        switch state {
        case .off, .idle, .authenticating: false
        case .authenticated: expiry != nil
        case .refreshing: true
        }
    }

    /// State × event → state′ × effects.
    public mutating func handle(_ event: Event, _ out: inout Effects<Effect>) -> Rule {
        #if MUTANTS
            if let rule = Mutation.intercept(&self, event, &out) { return rule }
        #endif
        switch (state, event) {
        case (.off, .began(let attempt)): return out(.notNeeded, .raise(attempt, .authenticated))
        case (_, .began(let attempt)):
            _ = end(.connectionLost, &out)  // nothing crosses from one connection to the next
            self.attempt = attempt
            return ask(.ask, .authenticating(.asking), &out)
        case (.authenticating(.asking), .presented(exchange)):
            state = .authenticating(.presenting)
            return .present
        case (.refreshing(.asking), .presented(exchange)):
            state = .refreshing(.presenting)
            return .present
        case (.authenticating, .accepted(exchange, let time, let now)):
            return accept(.accept, time, now, &out)
        case (.refreshing, .accepted(exchange, let time, let now)): return accept(.renew, time, now, &out)
        case (.authenticating, .failed(exchange, let fault, _)): return fail(fault, &out)
        case (.refreshing, .failed(exchange, let fault, let now)):
            out.append(.disarm(.refresh))
            return failRefresh(fault, now, &out)

        case (.authenticated, .fired):
            guard expiry != nil else { return .stale }
            return ask(.refresh, .refreshing(.asking), &out)
        case (.refreshing, .fired(let now)): return failRefresh(.unanswered, now, &out)
        case (.authenticated, .demanded(let operation)):
            waiting.append(operation)
            return ask(.demand, .refreshing(.asking), &out)
        case (.authenticating, .demanded(let operation)), (.refreshing, .demanded(let operation)):
            guard waiting.count < maximum else {
                return out(.refuse, .settle(operation, .refused(.tooManyWaiting)))
            }
            waiting.append(operation)
            return .join
        case (.off, .demanded(let operation)), (.idle, .demanded(let operation)):
            return out(.refuse, .settle(operation, .refused(.notOpen)))
        case (_, .abandoned(let operation)):
            guard let index = waiting.firstIndex(of: operation) else { return .stale }
            waiting.remove(at: index)
            return out(.forget, .settle(operation, .refused(.cancelled)))
        case (.off, .ended), (.idle, .ended): return .stale
        case (_, .ended(let refusal)): return end(refusal, &out)

        case (_, .presented), (_, .accepted), (_, .failed), (_, .fired): return .stale
        }
    }

    /// A new exchange begins.
    private mutating func ask(_ rule: Rule, _ next: State, _ out: inout Effects<Effect>) -> Rule {
        exchange &+= 1
        state = next
        renewal = nil
        out.append(.authenticate(attempt, exchange: exchange))
        if mustLookAgain { out.append(.arm(attempt, .refresh, timeout)) }
        return rule
    }

    private mutating func accept(
        _ rule: Rule, _ time: Duration?, _ now: Instant, _ out: inout Effects<Effect>
    ) -> Rule {
        let wasRunning = mustLookAgain
        state = .authenticated
        expiry = time.map(now.advanced)
        renewal = nil
        settleWaiting(.authenticated, &out)
        if let time, let policy {
            let wait = policy.refreshTime(for: time)
            renewal = now.advanced(by: wait)
            out.append(.arm(attempt, .refresh, wait))
        } else if wasRunning {
            out.append(.disarm(.refresh))
        }
        if rule == .accept { out.append(.raise(attempt, .authenticated)) }
        return rule
    }

    /// Credentials that the server refuses will not do better later; for everything else there is another try as long as
    /// the old ones are good.
    private mutating func failRefresh(
        _ fault: AuthenticationFault, _ now: Instant, _ out: inout Effects<Effect>
    ) -> Rule {
        settleWaiting(.refused(.notAuthenticated), &out)
        let next = now.advanced(by: policy?.retryInterval ?? .zero)
        guard fault != .refused, expiry.map({ next < $0 }) ?? true else {
            return fail(fault, &out)
        }
        state = .authenticated
        guard expiry != nil else { return .retryLater }
        renewal = next
        return out(.retryLater, .arm(attempt, .refresh, next.since(now)))
    }

    /// The spine ends the connection.
    private mutating func fail(_ fault: AuthenticationFault, _ out: inout Effects<Effect>) -> Rule {
        settleWaiting(.refused(.notAuthenticated), &out)
        state = .idle
        return out(.fail, .raise(attempt, .authenticationFailed(fault)))
    }

    private mutating func settleWaiting(_ outcome: Outcome, _ out: inout Effects<Effect>) {
        for operation in waiting { out.append(.settle(operation, outcome)) }
        waiting.removeAll()
    }

    private mutating func end(_ refusal: Refusal, _ out: inout Effects<Effect>) -> Rule {
        if mustLookAgain { out.append(.disarm(.refresh)) }
        settleWaiting(.refused(refusal), &out)
        state = .idle
        expiry = nil
        renewal = nil
        return .end
    }
}
