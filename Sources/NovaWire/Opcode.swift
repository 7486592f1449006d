/// What a frame is (RFC 6455 §5.2).
@frozen
public enum Opcode: UInt8, Hashable, Sendable, CaseIterable {
    /// Goes on with the message that has begun.
    case continuation = 0
    /// Begins a text message.
    case text = 1
    /// Begins a binary message.
    case binary = 2
    /// Begins or answers the closing handshake.
    case close = 8
    /// Asks for a pong.
    case ping = 9
    /// Answers a ping.
    case pong = 10

    /// Control frames may stand between the fragments of a message, and may not be fragmented themselves (§5.5).
    @inlinable
    public var isControl: Bool { rawValue >= 8 }
}

/// What a message is (RFC 6455 §5.6).
@frozen
public enum MessageKind: String, Hashable, Sendable, CaseIterable {
    /// UTF-8.
    case text
    /// Any bytes.
    case binary

    /// The opcode of its first frame.
    @inlinable
    public var opcode: Opcode { self == .text ? .text : .binary }
}

/// Which end of the connection one is: clients mask their frames, servers don't (RFC 6455 §5.1).
@frozen
public enum WireRole: Hashable, Sendable {
    /// The end that opened the connection.
    case client
    /// The end that accepted it.
    case server
}

/// What is accepted from the wire (RFC 6455 §10.4). Checked from a frame's header, before memory is spent on its
/// payload.
public struct WireLimits: Hashable, Sendable {
    /// The largest payload of one frame, in bytes.
    public var maximumFrameBytes: Int
    /// The largest message, all its fragments together, in bytes.
    public var maximumMessageBytes: Int
    /// The largest number of frames one message may come in.
    public var maximumFragments: Int

    /// 16 MiB for a frame and for a message, 131,072 frames, unless said otherwise.
    public init(maximumFrameBytes: Int = 16 << 20, maximumMessageBytes: Int = 16 << 20, maximumFragments: Int = 131_072)
    {
        self.maximumFrameBytes = maximumFrameBytes
        self.maximumMessageBytes = maximumMessageBytes
        self.maximumFragments = maximumFragments
    }

    /// No limits but those of the machine.
    public static let none = WireLimits(
        maximumFrameBytes: .max, maximumMessageBytes: .max, maximumFragments: .max)
}
