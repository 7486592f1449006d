/// Memory in which outgoing frames gather until they are written. A connection holds one only while it has something
/// to say.
///
/// Has one owner, and no count of them: counting cost as much as encoding a small message (measured).
package struct OutgoingBuffer: ~Copyable {
    /// How much one buffer holds: what one write takes at the most.
    package static let capacity = 256 << 10

    private let base: UnsafeMutableRawPointer
    /// The first byte that is not written.
    private var head = 0
    /// Behind the last byte.
    private var tail = 0

    /// Fresh memory. It costs nothing until it is touched.
    package init() { base = .allocate(byteCount: Self.capacity, alignment: 16) }

    deinit { base.deallocate() }

    /// How many bytes wait to be written.
    var count: Int { tail - head }
    /// How many more there is room for.
    var room: Int { Self.capacity - tail }

    /// What waits to be written.
    var unwritten: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base + head, count: tail - head) }

    /// Where the next byte goes.
    var end: UnsafeMutableRawPointer { base + tail }

    /// Notes that `count` bytes were put there.
    mutating func grow(by count: Int) { tail += count }

    /// Notes that the first `count` unwritten bytes were taken.
    mutating func advance(by count: Int) {
        head += count
        if head == tail { clear() }
    }

    /// Forgets everything.
    mutating func clear() { (head, tail) = (0, 0) }
}
