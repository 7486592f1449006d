import NovaKernel

/// What a session knows of one of its subscriptions.
public struct SubscriptionRecord: Sendable {
    /// Something that became of it, and when on the connection's monotonic clock.
    public struct Change: Hashable, Sendable {
        /// What became of it.
        public let status: SubscriptionTable.Status
        /// When.
        public let at: Instant
    }

    /// The channel.
    public let channel: Channel
    /// How it stands.
    public let status: SubscriptionTable.Status
    /// Whether its messages have stayed away longer than they should.
    public let isStale: Bool
    /// How long its messages may stay away before that is told; nil: for ever.
    public let freshness: Duration?
    /// How many take its updates.
    public let consumerCount: Int
    /// What became of it, oldest first: the last sixteen changes.
    public let history: [Change]
}

/// The channels that a session is subscribed to, to be kept and subscribed to again by another session, in the order in
/// which they were wanted. As JSON: `{"version": 1, "channels": [{"name": …, "parameters": …, "freshness": milliseconds}]}`.
public struct SubscriptionList: Hashable, Sendable, Codable {
    /// A channel, and by which terms it is wanted.
    public struct Item: Hashable, Sendable, Codable {
        /// The channel's name.
        public var name: String
        /// What else the server is told.
        public var parameters: JSONValue?
        /// How long its messages may stay away before that is told, to the millisecond, up to 49 days; nil: for ever.
        public var freshness: Duration?

        /// A channel, by these terms.
        public init(name: String, parameters: JSONValue? = nil, freshness: Duration? = nil) {
            (self.name, self.parameters, self.freshness) = (name, parameters, freshness)
        }

        private enum CodingKeys: CodingKey {
            case name, parameters, freshness
        }

        /// Reads the freshness as a whole number of milliseconds.
        public init(from decoder: any Decoder) throws {
            let members = try decoder.container(keyedBy: CodingKeys.self)
            name = try members.decode(String.self, forKey: .name)
            parameters = try members.decodeIfPresent(JSONValue.self, forKey: .parameters)
            let milliseconds = try members.decodeIfPresent(UInt32.self, forKey: .freshness)
            freshness = milliseconds.map { .milliseconds(Int64($0)) }
        }

        /// Writes the freshness as a whole number of milliseconds.
        public func encode(to encoder: any Encoder) throws {
            var members = encoder.container(keyedBy: CodingKeys.self)
            try members.encode(name, forKey: .name)
            try members.encodeIfPresent(parameters, forKey: .parameters)
            try members.encodeIfPresent(freshness?.wholeMilliseconds, forKey: .freshness)
        }
    }

    /// The form that is written, and the only one that is read.
    public static let version = 1

    /// The channels.
    public var channels: [Item]

    /// A list of these.
    public init(_ channels: [Item]) { self.channels = channels }

    private enum CodingKeys: CodingKey {
        case version, channels
    }

    /// Throws `DecodingError` for a list of another version, too.
    public init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        let version = try members.decode(Int.self, forKey: .version)
        guard version == Self.version else {
            throw DecodingError.dataCorruptedError(
                forKey: .version, in: members, debugDescription: "Lists of version \(version) are not known here.")
        }
        channels = try members.decode([Item].self, forKey: .channels)
    }

    /// With its version.
    public func encode(to encoder: any Encoder) throws {
        var members = encoder.container(keyedBy: CodingKeys.self)
        try members.encode(Self.version, forKey: .version)
        try members.encode(channels, forKey: .channels)
    }
}
