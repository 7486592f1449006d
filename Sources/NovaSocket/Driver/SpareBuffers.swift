/// Buffers that nobody uses now, kept for whoever comes next: many connections take turns with a few.
package struct SpareBuffers {
    /// One of them; an object, as lists can't hold what has one owner.
    private final class Spare {
        var buffer: OutgoingBuffer?
        init(_ buffer: consuming OutgoingBuffer) { self.buffer = consume buffer }
    }

    /// More than these are given back to the system.
    private static let kept = 8
    private var spares: [Spare] = []

    /// None yet.
    package init() {}

    /// A spare buffer, or a new one.
    package mutating func take() -> OutgoingBuffer { spares.popLast()?.buffer.take() ?? OutgoingBuffer() }

    /// Keeps a buffer, which is empty.
    package mutating func giveBack(_ buffer: consuming OutgoingBuffer) {
        if spares.count < Self.kept { spares.append(Spare(buffer)) }
    }
}
