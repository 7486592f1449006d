/// A message that is not whole in one piece of memory: its fragments, or the part of its only frame that has come, in
/// memory of its own.
struct Assembly {
    let kind: MessageKind
    /// How many bytes have come.
    private(set) var count = 0
    /// How many frames have begun.
    var fragments = 1
    private var slab: Slab
    private var validator = UTF8Validator()

    /// What is made room for at once, however large a frame says it is: a header is cheap to send, memory is not.
    private static let largestFirstSlab = 1 << 20

    /// An empty message; its first frame has `payloadCount` bytes.
    init(_ kind: MessageKind, payloadCount: Int) {
        self.kind = kind
        slab = Slab(capacity: min(payloadCount, Self.largestFirstSlab))
    }

    /// Makes room for a part of a frame of which `rest` bytes are still to come, this part included. Room is doubled,
    /// but not beyond what the last frame needs.
    private mutating func makeRoom(for part: Int, rest: Int, isLast: Bool) {
        let needed = count + part
        guard needed > slab.capacity else { return }
        let doubled = isLast ? min(slab.capacity * 2, count + rest) : slab.capacity * 2
        let larger = Slab(capacity: max(needed, doubled))
        larger.base.copyMemory(from: slab.base, byteCount: count)
        slab = larger
    }

    /// Takes a part of a frame's payload, of which `rest` bytes are still to come, this part included; false if it
    /// can't be of a text message.
    mutating func append(_ part: UnsafeRawBufferPointer, rest: Int, isLast: Bool) -> Bool {
        guard let source = part.baseAddress, !part.isEmpty else { return true }
        makeRoom(for: part.count, rest: rest, isLast: isLast)
        (slab.base + count).copyMemory(from: source, byteCount: part.count)
        count += part.count
        return kind == .binary || validator.feed(part)
    }

    /// The message, if it is whole; nil if text ends within a scalar.
    var message: ByteView? {
        kind == .binary || validator.isComplete ? ByteView(slab, 0, count) : nil
    }
}
