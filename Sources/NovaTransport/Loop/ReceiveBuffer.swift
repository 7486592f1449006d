import Glibc
import NovaWire

/// The memory that all sockets of a loop are read into. What is read is handed out as views; as long as one of them
/// lives, its bytes are not written again: reading goes on behind them, and in fresh memory when there is no room
/// behind them.
package struct ReceiveBuffer {
    /// Larger ones are no faster (measured), smaller ones take more reads.
    static let capacity = 256 << 10
    /// The least room a read is offered.
    static let minimumRoom = 64 << 10

    private var slab = Slab(capacity: capacity)
    private var used = 0

    /// Room for a read.
    package mutating func space() -> UnsafeMutableRawBufferPointer {
        if isKnownUniquelyReferenced(&slab) {
            used = 0
        } else if slab.capacity - used < Self.minimumRoom {
            slab = Slab(capacity: Self.capacity)
            used = 0
        }
        return UnsafeMutableRawBufferPointer(start: slab.base + used, count: slab.capacity - used)
    }

    /// The first `count` bytes of the last ``space()``, which were written.
    package mutating func input(count: Int) -> DecoderInput {
        defer { used += count }
        return DecoderInput(slab, from: used, count: count)
    }
}
