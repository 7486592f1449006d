import NovaKernel

/// Which channel is on which connection. A pure value: it decides, and does nothing.
///
/// A channel that has a place stays there. Any other goes to the fullest connection that has room, of equals to the oldest;
/// if none has, to a new one, as long as there may be more. So few connections carry much, and the others become empty.
public struct ShardTable: Hashable, Sendable {
    /// Where a channel goes.
    public enum Placement: Hashable, Sendable {
        /// To a connection that has it, or has room for it.
        case onto(ShardID)
        /// To a connection that must be made.
        case new(ShardID)
        /// Nowhere: all connections are full, and there may be no more.
        case full
    }

    /// A connection, as far as the table knows it.
    public struct Shard: Hashable, Sendable {
        /// Its number.
        public let id: ShardID
        /// How many channels are on it.
        public internal(set) var channelCount = 0
        /// Whether it is being closed: nothing goes to it any more.
        public internal(set) var isLeaving = false
        /// Since when it has been empty; nil: it is not.
        var emptySince: Instant?
    }

    private struct Place: Hashable {
        let shard: ShardID
        /// How many subscriptions share it.
        var holders: Int
    }

    /// The bounds.
    public let limits: ShardLimits
    /// The connections, the oldest first.
    public private(set) var shards: [Shard] = []
    private var places: [Channel: Place] = [:]
    private var lastID = 0

    /// No connections yet.
    package init(limits: ShardLimits) { self.limits = limits }

    /// Where a channel is.
    public func shard(of channel: Channel) -> ShardID? { places[channel]?.shard }

    /// Whether a channel has its place only on a connection that must be made.
    package func needsConnection(for channel: Channel) -> Bool {
        places[channel] == nil && !shards.contains(where: hasRoom) && shards.count < limits.maximumConnections
    }

    private func hasRoom(_ shard: Shard) -> Bool {
        !shard.isLeaving && shard.channelCount < limits.channelsPerConnection
    }

    /// Finds a place for one more subscription to a channel, and takes it.
    package mutating func place(_ channel: Channel) -> Placement {
        if let shard = places[channel]?.shard {
            places[channel]?.holders += 1
            return .onto(shard)
        }
        let open = shards.indices.filter { hasRoom(shards[$0]) }
        // Of equals `max` would take the last.
        if let index = open.min(by: { shards[$0].channelCount > shards[$1].channelCount }) {
            return .onto(put(channel, index))
        }
        guard shards.count < limits.maximumConnections else { return .full }
        lastID += 1
        shards.append(Shard(id: ShardID(lastID)))
        return .new(put(channel, shards.count - 1))
    }

    private mutating func put(_ channel: Channel, _ index: Int) -> ShardID {
        shards[index].channelCount += 1
        shards[index].emptySince = nil
        places[channel] = Place(shard: shards[index].id, holders: 1)
        return shards[index].id
    }

    /// One subscription to a channel that was on this connection is over. Says whether the connection is empty with it.
    package mutating func release(_ channel: Channel, on shard: ShardID, at now: Instant) -> Bool {
        // The connection may be gone, and the channel on another by now.
        guard let place = places[channel], place.shard == shard else { return false }
        guard place.holders == 1 else {
            places[channel]?.holders -= 1
            return false
        }
        places[channel] = nil
        guard let index = shards.firstIndex(where: { $0.id == shard }) else { return false }
        shards[index].channelCount -= 1
        guard shards[index].channelCount == 0 else { return false }
        shards[index].emptySince = now
        return true
    }

    /// When the first of the connections that are empty has been so for long enough; nil if none is empty.
    package var nextLeave: Instant? {
        shards.lazy.filter { !$0.isLeaving }.compactMap(\.emptySince).min().map { $0.advanced(by: limits.idleTime) }
    }

    /// Which connections have been empty for long enough by now, and are to be closed; each is named once.
    package mutating func leaving(at now: Instant) -> [ShardID] {
        var gone: [ShardID] = []
        for index in shards.indices where !shards[index].isLeaving {
            guard let since = shards[index].emptySince, since.advanced(by: limits.idleTime) <= now else { continue }
            shards[index].isLeaving = true
            gone.append(shards[index].id)
        }
        return gone
    }

    /// A connection has ended for good, with all that was on it.
    package mutating func remove(_ shard: ShardID) {
        shards.removeAll { $0.id == shard }
        places = places.filter { $0.value.shard != shard }
    }
}
