/// Bytes of a slab that were received and not yet read.
@frozen
public struct DecoderInput: Sendable {
    /// The memory's owner.
    public let slab: Slab
    /// The first byte that is not read.
    public var offset: Int
    /// Behind the last byte that was received.
    public let end: Int

    /// The `count` bytes of `slab` that begin at `offset`; fewer if the slab ends before.
    @inlinable
    public init(_ slab: Slab, from offset: Int = 0, count: Int) {
        self.slab = slab
        self.offset = offset
        end = min(offset + count, slab.capacity)
    }

    /// A copy of `bytes`, in a slab of its own.
    public init(copying bytes: some Collection<UInt8>) {
        let view = ByteView(copying: bytes)
        self.init(view.slab, count: view.count)
    }

    /// How many bytes are not read.
    @inlinable
    public var count: Int { end - offset }

    /// Lends the unread bytes; they stay unread.
    package func withUnreadBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        body(UnsafeRawBufferPointer(start: UnsafeRawPointer(slab.base) + offset, count: count))
    }

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
