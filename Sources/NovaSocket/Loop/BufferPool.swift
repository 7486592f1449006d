import NovaTransport

/// Buffers that a loop's connections take turns with.
final class BufferPool {
    /// A buffer that nobody uses; an object, as lists can't hold what has one owner.
    private final class Spare {
        var buffer: OutgoingBuffer?
        init(_ buffer: consuming OutgoingBuffer) { self.buffer = consume buffer }
    }

    /// More than these are given back to the system.
    private static let kept = 8
    private var free: [Spare] = []

    /// The pool of this loop.
    static func of(_ loop: EventLoop) -> BufferPool {
        if let pool = loop.pool as? BufferPool { return pool }
        let pool = BufferPool()
        loop.pool = pool
        return pool
    }

    func take() -> OutgoingBuffer { free.popLast()?.buffer.take() ?? OutgoingBuffer() }

    func giveBack(_ buffer: consuming OutgoingBuffer) {
        if free.count < Self.kept { free.append(Spare(buffer)) }
    }
}
