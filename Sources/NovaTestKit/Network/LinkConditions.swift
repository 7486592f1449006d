/// How a link carries bytes.
public struct LinkConditions: Hashable, Sendable {
    /// How received bytes are cut.
    public enum Pieces: Hashable, Sendable {
        /// As they were written.
        case whole
        /// Into pieces of so many bytes; at most a hundred pieces of one write.
        case each(bytes: Int)
        /// At random.
        case random
    }

    /// How long bytes travel one way.
    public var latency: Duration = .milliseconds(10)
    /// How much longer they may travel by chance; their order stays.
    public var jitter: Duration = .zero
    /// How received bytes are cut.
    public var pieces = Pieces.whole
    /// Bytes that may be under way, or wait unread at the other end, before a write is not taken any more.
    public var capacity = 256 << 10

    /// 10 ms, no jitter, whole writes, 256 KiB.
    public init() {}
}
