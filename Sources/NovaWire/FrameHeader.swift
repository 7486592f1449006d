/// What stands before a frame's payload (RFC 6455 §5.2).
@frozen
public struct FrameHeader: Hashable, Sendable {
    /// What the frame is.
    public var opcode: Opcode
    /// Whether it is the last of its message.
    public var isFinal: Bool
    /// The payload's size in bytes.
    public var payloadCount: Int
    /// Whether the payload is masked.
    public var isMasked: Bool

    /// A header of these parts.
    @inlinable
    public init(opcode: Opcode, isFinal: Bool, payloadCount: Int, isMasked: Bool) {
        self.opcode = opcode
        self.isFinal = isFinal
        self.payloadCount = payloadCount
        self.isMasked = isMasked
    }

    /// The longest a header can be.
    public static let maximumEncodedCount = 14

    /// How long the header of such a frame is, in the shortest way to write its length.
    @inlinable
    public static func encodedCount(payloadCount: Int, isMasked: Bool) -> Int {
        (payloadCount < 126 ? 2 : payloadCount < 65_536 ? 4 : 10) + (isMasked ? 4 : 0)
    }

    /// How long this header is.
    @inlinable
    public var encodedCount: Int { Self.encodedCount(payloadCount: payloadCount, isMasked: isMasked) }

    /// Writes the header; returns how long it is. There must be room for ``maximumEncodedCount`` bytes, or for as
    /// many as
    /// ``encodedCount`` says. The key's first byte on the wire is its lowest.
    @inlinable
    public func encode(into target: UnsafeMutableRawPointer, maskKey: UInt32) -> Int {
        let mask: UInt8 = isMasked ? 0x80 : 0
        target.storeBytes(of: (isFinal ? 0x80 : 0) | opcode.rawValue, as: UInt8.self)
        var at = 2
        if payloadCount < 126 {
            target.storeBytes(of: mask | UInt8(truncatingIfNeeded: payloadCount), toByteOffset: 1, as: UInt8.self)
        } else if payloadCount < 65_536 {
            target.storeBytes(of: mask | 126, toByteOffset: 1, as: UInt8.self)
            target.storeBytes(of: UInt16(truncatingIfNeeded: payloadCount).bigEndian, toByteOffset: 2, as: UInt16.self)
            at = 4
        } else {
            target.storeBytes(of: mask | 127, toByteOffset: 1, as: UInt8.self)
            target.storeBytes(of: UInt64(payloadCount).bigEndian, toByteOffset: 2, as: UInt64.self)
            at = 10
        }
        guard isMasked else { return at }
        target.storeBytes(of: maskKey.littleEndian, toByteOffset: at, as: UInt32.self)
        return at + 4
    }
}
