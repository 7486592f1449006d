import NovaMachine

extension Kernel {
    /// The charts of the spine and of all satellites, each drawn from its code.
    public static let charts = Result { () throws(UnboundedMachine) in
        [
            try Lifecycle.chart.get(), try Keepalive.chart.get(), try Inbound.chart.get(), try Outbound.chart.get(),
            try PingTable.chart.get(), try PromiseLedger.chart.get(), try Outbox.chart.get(),
            try RateLimiter.chart.get(), try RequestTable.chart.get(),
            try Authentication.chart.get(), try SubscriptionTable.chart.get(),
        ]
    }

    /// The digest of all charts together: traces carry it, so that a trace of another machine is known as such.
    ///
    /// A constant, because to ask the machines takes a second; a test holds it against what they say.
    public static let chartDigest = "fdfee391260fe0b3"
}
