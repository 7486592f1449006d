/// Memory in which outgoing frames gather until they are written. A connection holds one only while it has something to say.
package struct OutgoingBuffer: ~Copyable {
    /// How much one buffer holds: what one write takes at the most.
    package static let capacity = 256 << 10

    let base: UnsafeMutableRawPointer
    /// The first byte that is not written.
    var head = 0
    /// Behind the last byte.
    var tail = 0

    /// Fresh memory. It costs nothing until it is touched.
    package init() { base = .allocate(byteCount: Self.capacity, alignment: 16) }

    deinit { base.deallocate() }

    var count: Int { tail - head }
    var room: Int { Self.capacity - tail }

    /// What waits to be written.
    var unwritten: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base + head, count: count) }

    /// Notes that the first `count` unwritten bytes were taken.
    mutating func advance(by count: Int) {
        head += count
        if head == tail { (head, tail) = (0, 0) }
    }
}
