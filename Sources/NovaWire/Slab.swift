/// A piece of memory with an owner: the bytes that came from the wire, for as long as anything looks into them.
public final class Slab: @unchecked Sendable {
    // Sendable: bytes are written by one thread only, before a view of them is handed out, and never after.
    /// The first byte.
    public let base: UnsafeMutableRawPointer
    /// How many bytes there are.
    public let capacity: Int

    /// Memory for so many bytes, not initialised. At least one, so that there is always an address.
    public init(capacity: Int) {
        self.capacity = capacity
        base = .allocate(byteCount: max(1, capacity), alignment: 16)
    }

    deinit { base.deallocate() }

    /// What an empty view looks into.
    static let empty = Slab(capacity: 0)
}

/// Some bytes of a slab, and a share in it.
@frozen
public struct ByteView: Sendable {
    /// The memory's owner.
    public let slab: Slab
    /// The first byte, counted from the slab's.
    public let offset: Int
    /// How many bytes.
    public let count: Int

    /// `count` bytes of `slab` from `offset`. The caller sees to it that they exist.
    @inlinable
    init(_ slab: Slab, _ offset: Int, _ count: Int) {
        self.slab = slab
        self.offset = offset
        self.count = count
    }

    /// No bytes.
    public init() { self.init(.empty, 0, 0) }

    /// A copy of `bytes`, with an owner of its own.
    public init(copying bytes: some Collection<UInt8>) {
        let slab = Slab(capacity: bytes.count)
        UnsafeMutableRawBufferPointer(start: slab.base, count: bytes.count).copyBytes(from: bytes)
        self.init(slab, 0, bytes.count)
    }

    /// Whether there are none.
    @inlinable
    public var isEmpty: Bool { count == 0 }

    /// Lends the bytes.
    @inlinable
    public func withUnsafeBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(UnsafeRawBufferPointer(start: UnsafeRawPointer(slab.base) + offset, count: count))
    }

    /// A copy of the bytes.
    public var array: [UInt8] { withUnsafeBytes { Array($0) } }
}

extension ByteView {
    /// Whether the view keeps alive much more memory than it looks into.
    package var isSmallPart: Bool { isSmallPart(together: count) }

    /// The same of several views into this memory, which have so many bytes together.
    package func isSmallPart(together count: Int) -> Bool { count < slab.capacity / 4 }
}

/// Views that move out of a memory which is mostly not theirs, into one that is.
package struct PackedViews {
    private let slab: Slab
    private var used = 0

    /// Room for so many bytes.
    package init(capacity: Int) { slab = Slab(capacity: capacity) }

    /// The same bytes, in this memory. The caller sees to the room.
    package mutating func add(_ view: ByteView) -> ByteView {
        view.withUnsafeBytes { bytes in
            if let source = bytes.baseAddress { (slab.base + used).copyMemory(from: source, byteCount: bytes.count) }
        }
        defer { used += view.count }
        return ByteView(slab, used, view.count)
    }
}

extension ByteView: Hashable {
    /// Whether the bytes are the same, wherever they are.
    public static func == (left: ByteView, right: ByteView) -> Bool {
        left.count == right.count
            && left.withUnsafeBytes { left in right.withUnsafeBytes { left.elementsEqual($0) } }
    }

    /// Hashes the bytes.
    public func hash(into hasher: inout Hasher) { withUnsafeBytes { hasher.combine(bytes: $0) } }
}

extension Array where Element == UInt8 {
    /// A copy of the view's bytes.
    public init(_ view: ByteView) { self = view.array }
}

extension String {
    /// A copy of bytes that are known to be UTF-8.
    public init(validated view: ByteView) {
        self = view.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
    }
}
