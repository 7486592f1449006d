import NovaTransport

/// Buffers that a loop's connections take turns with.
final class BufferPool {
    /// More than these are given back to the system.
    private static let kept = 8
    private var free: [OutgoingBuffer] = []

    /// The pool of this loop.
    static func of(_ loop: EventLoop) -> BufferPool {
        if let pool = loop.pool as? BufferPool { return pool }
        let pool = BufferPool()
        loop.pool = pool
        return pool
    }

    func take() -> OutgoingBuffer { free.popLast() ?? OutgoingBuffer() }

    func giveBack(_ buffer: OutgoingBuffer) {
        if free.count < Self.kept { free.append(buffer) }
    }
}
