/// Bytes of a slab that were received and not yet read.
@frozen
public struct DecoderInput: Sendable {
    /// The memory's owner.
    public let slab: Slab
    /// The first byte that is not read.
    public var offset: Int
    /// Behind the last byte that was received.
    public let end: Int

    /// The first `count` bytes of `slab`.
    @inlinable
    public init(_ slab: Slab, count: Int) {
        self.slab = slab
        offset = 0
        end = min(count, slab.capacity)
    }

    /// A copy of `bytes`, in a slab of its own.
    public init(copying bytes: some Collection<UInt8>) {
        let view = ByteView(copying: bytes)
        self.init(view.slab, count: view.count)
    }

    /// How many bytes are not read.
    @inlinable
    public var count: Int { end - offset }

    /// Where the first unread byte is.
    @inlinable
    var next: UnsafeMutableRawPointer { slab.base + offset }

    /// The unread bytes, at most `limit`; they count as read afterwards.
    mutating func take(_ limit: Int) -> UnsafeMutableRawBufferPointer {
        let taken = UnsafeMutableRawBufferPointer(start: next, count: min(limit, count))
        offset += taken.count
        return taken
    }
}
