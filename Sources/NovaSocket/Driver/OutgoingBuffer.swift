/// Memory in which outgoing frames gather until they are written. A connection holds one only while it has something
/// to say.
package final class OutgoingBuffer {
    /// How much one buffer holds: what one write takes at the most.
    package static let capacity = 256 << 10

    /// The memory. It costs nothing until it is touched.
    let base = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 16)
    /// The first byte that is not written.
    @exclusivity(unchecked) private var head = 0
    /// Behind the last byte.
    @exclusivity(unchecked) private var tail = 0

    package init() {}

    deinit { base.deallocate() }

    var count: Int { tail - head }
    var room: Int { Self.capacity - tail }

    /// What waits to be written.
    var unwritten: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base + head, count: count) }

    /// Where the next byte goes.
    var end: UnsafeMutableRawPointer { base + tail }

    /// Notes that `count` bytes were put there.
    func grow(by count: Int) { tail += count }

    /// Notes that the first `count` unwritten bytes were taken.
    func advance(by count: Int) {
        head += count
        if head == tail { clear() }
    }

    func clear() { (head, tail) = (0, 0) }
}
