import NovaMachine

extension Kernel {
    /// A timer has fired: whoever armed it looks. The satellites' own are of the attempt under way, or of the connection as a
    /// whole; of which attempt the spine's must be, the spine knows.
    @inline(never)  // the data path stays small: this is rare
    mutating func fire(
        _ attempt: AttemptID, _ timer: Timer, _ now: Instant, _ out: inout Effects<Effect>
    ) -> KernelRule {
        guard timer.isOfSatellite else { return move(.fact(attempt, .fired(timer)), now, &out) }
        guard attempt == (timer.isOfWhole ? .whole : self.attempt) else { return .stale }
        switch timer {
        case .keepalive: return watch(now, &out)
        case .pong: return .pings(pings.handle(.fired(at: now), &out))
        case .request: return expireRequests(now, &out)
        case .outbox: return expireOutbox(now, &out)
        case .limit: return refill(now, &out)
        case .refresh: return .authentication(authentication.handle(.fired(at: now), &out))
        case .subscription: return .subscriptions(subscriptions.handle(.firedRequest(at: now), &out))
        case .freshness: return .subscriptions(subscriptions.handle(.firedFreshness(at: now), &out))
        case .resolve, .dial, .tunnel, .secure, .upgrade, .deadline, .authenticate, .restore, .stability, .close,
            .drain,
            .backoff, .outage:
            return .stale
        }
    }
}
