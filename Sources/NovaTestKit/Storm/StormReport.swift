import NovaKernel

/// What a storm came to: how many attempts the server saw, and when the clients were back.
///
/// Attempts are counted where they arrive, at the server. The histogram has two halves, as they weigh differently: during
/// the outage attempts are in vain, after it they fall on a server that has just come back.
public struct StormReport: Hashable, Sendable {
    /// A second of the histogram, and how many attempts came in it.
    public struct Peak: Hashable, Sendable {
        /// The second: 0 for the first of the outage, or of the time after it.
        public let second: Int
        /// How many attempts the server saw in it.
        public let attempts: Int
    }

    /// The storm.
    public let storm: Storm
    /// The clients' policy.
    public let reconnection: Reconnection
    /// Attempts to connect that the server saw in each second of the outage, from its first.
    public internal(set) var during: [Int] = []
    /// Attempts that it saw in each second after the outage, up to the one in which the last client was back.
    public internal(set) var after: [Int] = []
    /// All attempts since the outage began, by the server's own count.
    public internal(set) var dialed = 0
    /// When clients were back for good: the times since the outage ended, the shortest first. A client that never was is
    /// missing.
    public internal(set) var returns: [Duration] = []
    /// How many clients gave up, because their policy said so.
    public internal(set) var gaveUp = 0
    /// The attempts of each client since the outage began, in the order in which the clients were made.
    public internal(set) var attemptsOfClients: [Int] = []

    init(_ storm: Storm, _ reconnection: Reconnection) {
        (self.storm, self.reconnection) = (storm, reconnection)
    }

    /// The second of the outage with the most attempts; of several the first, and nil if there was no attempt.
    public var peakDuring: Peak? { Self.peak(during) }
    /// The second after the outage with the most attempts; of several the first, and nil if there was no attempt.
    public var peakAfter: Peak? { Self.peak(after) }

    private static func peak(_ seconds: [Int]) -> Peak? {
        guard let most = seconds.max(), most > 0, let second = seconds.firstIndex(of: most) else { return nil }
        return Peak(second: second, attempts: most)
    }

    /// How long after the outage so many in a hundred of all clients were back; nil if so many never were. `percent` is
    /// between 1 and 100.
    public func timeUntilBack(percent: Int) -> Duration? {
        let count = (storm.clients * percent + 99) / 100
        return returns.indices.contains(count - 1) ? returns[count - 1] : nil
    }

    /// How many attempts a client made since the outage began, on the average.
    public var attemptsPerClient: Double { Double(dialed) / Double(storm.clients) }
}
