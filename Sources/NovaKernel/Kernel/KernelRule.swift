/// The row that decided an event: of the spine, or of the satellite the event belongs to.
@frozen
public enum KernelRule: Hashable, Sendable {
    /// The spine decided.
    case lifecycle(Lifecycle.Rule)
    /// The keepalive decided.
    case keepalive(Keepalive.Rule)
    /// The account of waiting messages decided.
    case inbound(Inbound.Rule)
    /// The account of waiting sends decided.
    case outbound(Outbound.Rule)
    /// The table of pings decided.
    case pings(PingTable.Rule)
    /// The ledger of promises decided.
    case promises(PromiseLedger.Rule)
    /// The line of posted messages decided.
    case outbox(Outbox.Rule)
    /// The rate limiter decided.
    case limiter(RateLimiter.Rule)
    /// The table of requests decided.
    case requests(RequestTable.Rule)
    /// The authentication decided.
    case authentication(Authentication.Rule)
    /// The table of subscriptions decided.
    case subscriptions(SubscriptionTable.Rule)
    /// The event was of an attempt that is over; nobody was asked.
    case stale
}

extension KernelRule: CaseIterable, RawRepresentable {
    /// All rows of all machines.
    public static var allCases: [KernelRule] {
        Lifecycle.Rule.allCases.map(Self.lifecycle) + Keepalive.Rule.allCases.map(Self.keepalive)
            + Inbound.Rule.allCases.map(Self.inbound) + Outbound.Rule.allCases.map(Self.outbound)
            + PingTable.Rule.allCases.map(Self.pings) + PromiseLedger.Rule.allCases.map(Self.promises)
            + Outbox.Rule.allCases.map(Self.outbox) + RateLimiter.Rule.allCases.map(Self.limiter)
            + RequestTable.Rule.allCases.map(Self.requests)
            + Authentication.Rule.allCases.map(Self.authentication)
            + SubscriptionTable.Rule.allCases.map(Self.subscriptions) + [.stale]
    }

    /// `machine.row`; the spine's rows stand without a prefix.
    public var rawValue: String {
        switch self {
        case .lifecycle(let rule): rule.rawValue
        case .keepalive(let rule): "keepalive." + rule.rawValue
        case .inbound(let rule): "inbound." + rule.rawValue
        case .outbound(let rule): "outbound." + rule.rawValue
        case .pings(let rule): "pings." + rule.rawValue
        case .promises(let rule): "promises." + rule.rawValue
        case .outbox(let rule): "outbox." + rule.rawValue
        case .limiter(let rule): "limiter." + rule.rawValue
        case .requests(let rule): "requests." + rule.rawValue
        case .authentication(let rule): "authentication." + rule.rawValue
        case .subscriptions(let rule): "subscriptions." + rule.rawValue
        case .stale: "kernel.stale"
        }
    }

    /// Whether it has this name: without making the name first.
    package func isNamed(_ name: String) -> Bool {
        switch self {
        case .lifecycle(let rule): name == rule.rawValue
        case .keepalive(let rule): Self.isJoined(name, "keepalive.", rule.rawValue)
        case .inbound(let rule): Self.isJoined(name, "inbound.", rule.rawValue)
        case .outbound(let rule): Self.isJoined(name, "outbound.", rule.rawValue)
        case .pings(let rule): Self.isJoined(name, "pings.", rule.rawValue)
        case .promises(let rule): Self.isJoined(name, "promises.", rule.rawValue)
        case .outbox(let rule): Self.isJoined(name, "outbox.", rule.rawValue)
        case .limiter(let rule): Self.isJoined(name, "limiter.", rule.rawValue)
        case .requests(let rule): Self.isJoined(name, "requests.", rule.rawValue)
        case .authentication(let rule): Self.isJoined(name, "authentication.", rule.rawValue)
        case .subscriptions(let rule): Self.isJoined(name, "subscriptions.", rule.rawValue)
        case .stale: name == "kernel.stale"
        }
    }

    private static func isJoined(_ name: String, _ prefix: StaticString, _ row: String) -> Bool {
        name.utf8.count == prefix.utf8CodeUnitCount + row.utf8.count && name.hasSuffix(row)
            && name.hasPrefix(prefix.description)
    }

    /// The row of that name.
    public init?(rawValue: String) {
        guard let rule = Self.byName[rawValue] else { return nil }
        self = rule
    }

    private static let byName = Dictionary(uniqueKeysWithValues: allCases.map { ($0.rawValue, $0) })
}
