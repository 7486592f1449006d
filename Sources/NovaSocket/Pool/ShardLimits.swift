/// The bounds of a sharded session.
public struct ShardLimits: Hashable, Sendable {
    /// How many channels a connection carries at most; 100 by default, at least 1.
    public var channelsPerConnection = 100
    /// How many connections there are at most, those that are being closed included; 8 by default, at least 1.
    public var maximumConnections = 8
    /// How long a connection without a channel is kept; 30 seconds by default.
    public var idleTime = Duration.seconds(30)

    /// The defaults, or these.
    public init(channelsPerConnection: Int = 100, maximumConnections: Int = 8, idleTime: Duration = .seconds(30)) {
        self.channelsPerConnection = channelsPerConnection
        self.maximumConnections = maximumConnections
        self.idleTime = idleTime
    }

    /// Throws for what can be known to be wrong.
    func validate() throws(WebSocketError) {
        if channelsPerConnection < 1 || maximumConnections < 1 {
            throw WebSocketError(
                .invalidOptions,
                "A sharded session has at least one connection, and room for at least one channel on it.")
        }
    }
}

/// What a connection of a sharded session is known by; never given to another one.
public struct ShardID: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// 1 for the first connection, one more for each that was added.
    public let number: Int

    /// The connection of that number.
    public init(_ number: Int) { self.number = number }

    /// `shard 2`
    public var description: String { "shard \(number)" }

    /// The earlier added is less.
    public static func < (left: ShardID, right: ShardID) -> Bool { left.number < right.number }
}
