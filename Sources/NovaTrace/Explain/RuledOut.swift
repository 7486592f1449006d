import NovaKernel
import NovaWire

extension TerminationCause {
    /// What the end was not, as far as that is known from the account and from what led to it.
    func ruledOut(_ policy: Policy?, _ chain: Chain) -> [String] {
        switch ending.detail {
        case .closedByCaller: handedOver
        case .impossibleFact: []
        case .messageAbandoned, .failedByCaller: ["It was neither the network nor the server."] + handedOver
        case .closedByPeer:
            ["It was not the network: the server's close frame came over it.", "It was not a timeout of ours."]
                + handedOver
        case .authenticationFailed: ["It was not the network: the connection stood."] + handedOver
        case .violation: ["It was not a timeout of ours."] + handedOver
        case .transportEnded where openFor != nil:
            (chain.pausedSince == nil ? alive(policy) : Self.paused) + ["It was not a timeout of ours."] + handedOver
        case .tlsFailed where openFor != nil: ["It was not a timeout of ours."] + handedOver
        case .keepaliveExpired:
            [
                "The transport had reported neither an error nor an end.",
                "It was not a slow consumer: while reading is paused, the keepalive does not judge.",
            ] + handedOver
        // What all phases share may have been used up by any of them.
        case .timedOut(.deadline), .timedOut(.outage): []
        case .resolveFailed, .dialFailed, .tlsFailed, .upgradeRefused, .upgradeInvalid, .transportEnded, .timedOut:
            layers(chain.isSecured) + (openFor == nil ? [] : handedOver)
        }
    }

    /// Whether anything that was accepted stayed here.
    private var handedOver: [String] {
        openFor != nil && unsentBytes == 0 && waitingSends == 0
            ? ["All that was accepted had been handed to the system."] : []
    }

    /// Nobody was listening: how long the server had been silent is not known.
    private static let paused = ["It was not the keepalive: while reading is paused, it does not judge."]

    /// The server's signs of life, held against the keepalive.
    private func alive(_ policy: Policy?) -> [String] {
        guard let sinceHeard else { return [] }
        if sinceHeard == .zero { return ["The server was alive: its last byte came at the same time."] }
        if sinceHeard < .seconds(5) { return ["The server was alive: its last byte came \(sinceHeard.told) before."] }
        guard let policy else { return ["It was not the keepalive."] }
        guard let keepalive = policy.keepalive else { return ["It was not the keepalive: the policy has none."] }
        guard sinceHeard < keepalive.interval else { return ["It was not the keepalive."] }
        return [
            "It was not the keepalive: it last heard the server \(sinceHeard.told) before, and waits "
                + "\(keepalive.interval.told)."
        ]
    }

    /// The layers below the one that failed. That a name leads somewhere does not make it the right one, so it is the
    /// look-up that is spoken of, and not the name.
    private func layers(_ isSecured: Bool) -> [String] {
        var layers: [String] = []
        switch ending.phase {
        case .idle, .resolving, .backingOff: break
        case .dialing: layers.append("It was not the look-up: the name was resolved.")
        case .tunnelling, .securing, .upgrading, .authenticating, .restoring, .ready:
            layers.append("It was neither the look-up nor the dialing: a connection stood.")
        }
        switch ending.detail {
        // With TLS 1.3 the server may refuse our certificate after TLS is set up, and its alert may be lost.
        case .tlsFailed, .transportEnded: return layers
        case .timedOut(.upgrade) where sinceHeard == nil:
            return layers + Self.secured(isSecured) + ["No byte of an answer came."]
        default: return layers + Self.secured(isSecured)
        }
    }

    private static func secured(_ isSecured: Bool) -> [String] {
        isSecured ? ["It was not TLS: it was set up."] : []
    }
}
