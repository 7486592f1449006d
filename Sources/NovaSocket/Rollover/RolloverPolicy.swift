/// How long a planned change of connections may take. See ``Session/rollOver()``.
public struct RolloverPolicy: Hashable, Sendable {
    /// How long the new connection may take to be ready: made, authenticated, subscribed. One minute by default.
    public var preparation = Duration.seconds(60)
    /// How long the old one may take to finish what it has begun, once the new one is ready: requests that wait for their
    /// answers, messages that wait to be sent, channels whose messages have not been seen on both. Half a minute by default;
    /// requests that are not answered by then fail, unless they are kept.
    public var overlap = Duration.seconds(30)
    /// How many callers may wait for one: 64.
    public var maximumWaiters = 64

    /// The defaults.
    public init() {}

    /// What is wrong with it; nil if nothing is.
    var problem: String? {
        if preparation <= .zero || overlap <= .zero { return "The times of a rollover must be more than nothing." }
        return maximumWaiters > 0 ? nil : "At least one caller must be able to wait for a rollover."
    }
}
