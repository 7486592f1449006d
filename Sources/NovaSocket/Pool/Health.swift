import NovaKernel

/// How good a session of a pool is for the next message: facts, and what follows from them. A pure value.
public struct Health: Hashable, Sendable, CustomStringConvertible {
    /// What a session without a measured round trip is counted with: 100 ms.
    public static let assumedRoundTrip = Duration.milliseconds(100)

    /// The state of its connection. Only one that is ready is chosen.
    public var state: Lifecycle.Standing
    /// How many of the pool's requests it has not answered yet.
    public var pendingRequests: Int
    /// How often it has failed of late (see ``RecentFailures``).
    public var recentFailures: Double
    /// How long its answers take, as a running mean; nil if none has come.
    public var roundTrip: Duration?

    /// These facts.
    public init(
        state: Lifecycle.Standing, pendingRequests: Int = 0, recentFailures: Double = 0, roundTrip: Duration? = nil
    ) {
        (self.state, self.pendingRequests, self.recentFailures) = (state, pendingRequests, recentFailures)
        self.roundTrip = roundTrip
    }

    /// How long an answer may be expected to take, in seconds: the round trip, once for the request and once for each that
    /// is pending, and that again for each recent failure. The less, the healthier.
    public var expectedTime: Double {
        let time = Double((roundTrip ?? Self.assumedRoundTrip).wholeNanoseconds) / 1e9
        return time * Double(1 + max(0, pendingRequests)) * (1 + max(0, recentFailures))
    }

    /// The facts in a line.
    public var description: String {
        let time = roundTrip.map { "\(Self.milliseconds($0)) ms" } ?? "not measured"
        return "\(state.name), \(pendingRequests) pending, \(Self.rounded(recentFailures)) recent failures, "
            + "round trip \(time), expected \(Self.rounded(expectedTime * 1000)) ms"
    }

    private static func milliseconds(_ time: Duration) -> String { rounded(Double(time.wholeNanoseconds) / 1e6) }

    /// With one digit behind the point.
    private static func rounded(_ value: Double) -> String { "\((value * 10).rounded() / 10)" }

    /// Which of these is chosen: the ready one with the least expected time, of equals the first. Those of `excluded` are
    /// not.
    public static func choice(among all: [Health], excluding excluded: Set<Int> = []) -> HealthChoice {
        let fit = all.indices.filter { all[$0].state == .ready && !excluded.contains($0) }
        let best = fit.min { (all[$0].expectedTime, $0) < (all[$1].expectedTime, $1) }
        return HealthChoice(index: best, candidates: all, excluded: excluded)
    }
}

/// Which session of a pool was chosen, and why.
public struct HealthChoice: Hashable, Sendable, CustomStringConvertible {
    /// Its place; nil if none is fit.
    public let index: Int?
    /// All that there were.
    public let candidates: [Health]
    /// Those that were not to be chosen, whatever their health.
    public let excluded: Set<Int>

    /// The choice in a sentence, and a line for each candidate.
    public var description: String {
        let head =
            index.map { "Member \($0 + 1) is chosen: of those that are ready it has the least expected time." }
            ?? "No member is chosen: none is ready\(excluded.isEmpty ? "" : " that was not tried before")."
        let lines = candidates.enumerated().map { number, health in
            let note = excluded.contains(number) ? " (tried before)" : ""
            return "\(number == index ? "→" : " ") \(number + 1): \(health)\(note)"
        }
        return ([head] + lines).joined(separator: "\n")
    }
}
