import NovaTransport

/// Buffers that a loop's connections take turns with.
final class BufferPool {
    private var spares = SpareBuffers()

    /// The pool of this loop.
    static func of(_ loop: EventLoop) -> BufferPool {
        if let pool = loop.pool as? BufferPool { return pool }
        let pool = BufferPool()
        loop.pool = pool
        return pool
    }

    func take() -> OutgoingBuffer { spares.take() }
    func giveBack(_ buffer: consuming OutgoingBuffer) { spares.giveBack(buffer) }
}
