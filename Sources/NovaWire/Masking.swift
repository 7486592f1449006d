/// Masking (RFC 6455 §5.3): each byte of a client's payload is combined with a byte of a key that is used for one
/// frame only.
///
/// The one place of this room where raw pointers pay: a checked loop over bytes takes twenty times as long.
public enum Masking {
    /// Copies and masks in one pass. `phase` is how many bytes of the payload were masked before, so that a payload
    /// may be masked in pieces. The key's first byte is its lowest.
    @inlinable
    public static func copy(
        from source: UnsafeRawPointer, to target: UnsafeMutableRawPointer, count: Int, key: UInt32, phase: Int
    ) {
        let wide = widened(key, phase)
        var at = 0
        while at &+ 8 <= count {
            let word = source.loadUnaligned(fromByteOffset: at, as: UInt64.self)
            target.storeBytes(of: word ^ wide, toByteOffset: at, as: UInt64.self)
            at &+= 8
        }
        var rest = wide
        while at < count {
            let byte = source.load(fromByteOffset: at, as: UInt8.self) ^ UInt8(truncatingIfNeeded: rest)
            target.storeBytes(of: byte, toByteOffset: at, as: UInt8.self)
            rest >>= 8
            at &+= 1
        }
    }

    /// Masks, or unmasks, where the bytes are.
    @inlinable
    public static func apply(to bytes: UnsafeMutableRawBufferPointer, key: UInt32, phase: Int) {
        guard let base = bytes.baseAddress else { return }
        copy(from: base, to: base, count: bytes.count, key: key, phase: phase)
    }

    /// The key twice in a row, turned so that it begins with the byte for `phase`; as eight bytes in memory order.
    @inlinable
    static func widened(_ key: UInt32, _ phase: Int) -> UInt64 {
        let turn = UInt32(truncatingIfNeeded: phase & 3) &* 8
        let turned = turn == 0 ? key : (key >> turn) | (key << (32 &- turn))
        return (UInt64(turned) | UInt64(turned) << 32).littleEndian
    }
}
