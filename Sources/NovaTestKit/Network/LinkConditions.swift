/// How the links to a server carry bytes, in both directions.
///
/// A link keeps the order of bytes and loses none, as TCP does. What it may do is take its time, cut what arrives where it
/// hurts, and take no more than there is room for: ``Fault/stall(for:)`` and ``Fault/halfOpen`` do the rest.
public struct LinkConditions: Hashable, Sendable {
    /// How received bytes are cut: what one read of the receiver brings.
    public enum Pieces: Hashable, Sendable {
        /// As they were written.
        case whole
        /// Into pieces of so many bytes; at most a hundred pieces of one write.
        case each(bytes: Int)
        /// At random, to be the same for the same seed; at most a hundred pieces of one write.
        case random
    }

    /// How long bytes travel one way; 10 ms unless it is said otherwise. A round trip takes twice as long, and so does
    /// connecting.
    public var latency: Duration = .milliseconds(10)
    /// How much longer each write may travel by chance; nothing by default. The order of bytes stays: what is late holds up
    /// what follows.
    public var jitter: Duration = .zero
    /// How received bytes are cut; not at all by default.
    public var pieces = Pieces.whole
    /// How many bytes may be under way, or wait unread at the other end, in one direction, before a write is not taken any
    /// more; 256 KiB by default. It stands for the buffers of both systems: the smaller, the sooner a slow reader is felt.
    public var capacity = 256 << 10

    /// 10 ms, no jitter, whole writes, 256 KiB.
    public init() {}
}
