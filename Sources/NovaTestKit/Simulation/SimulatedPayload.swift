import NovaKernel
import NovaWire

/// What the messages of a simulation say: a number, and whether it is an echo or wants one. Those of even numbers are text,
/// with scalars of two bytes in it; the others are binary, and no UTF-8.
struct SimulatedPayload {
    var number: UInt32
    var wantsEcho = false
    var isEcho = false

    /// The shortest message: four times seven bits of the number, and what it wants.
    private static let headCount = 5
    private static let flags: (wantsEcho: UInt8, isEcho: UInt8) = (1, 2)
    private static var dot: UInt8 { UInt8(ascii: ".") }
    /// An é.
    private static var lead: UInt8 { 0xC3 }
    private static var trail: UInt8 { 0xA9 }
    private static var noUTF8: UInt8 { 0xFF }

    var kind: MessageKind { number.isMultiple(of: 2) ? .text : .binary }

    /// The message, with so many bytes, or a few more.
    func message(bytes count: Int) -> ReceivedMessage {
        var bytes = (0..<4).map { UInt8(truncatingIfNeeded: number >> (7 * $0) & 0x7F) }
        bytes.append((wantsEcho ? Self.flags.wantsEcho : 0) | (isEcho ? Self.flags.isEcho : 0))
        return ReceivedMessage(kind: kind, bytes: bytes + filler(max(0, count - Self.headCount)))
    }

    /// So many bytes that say nothing.
    func filler(_ count: Int) -> [UInt8] {
        guard kind == .text else { return [UInt8](repeating: Self.noUTF8, count: count) }
        var bytes = [UInt8](repeating: Self.lead, count: count)
        for index in stride(from: count - 1, to: 0, by: -2) { bytes[index] = Self.trail }
        if !count.isMultiple(of: 2) { bytes[0] = Self.dot }
        return bytes
    }

    init(number: UInt32, wantsEcho: Bool = false, isEcho: Bool = false) {
        (self.number, self.wantsEcho, self.isEcho) = (number, wantsEcho, isEcho)
    }

    /// Reads a message; nil if it is not one of a simulation, whole and of its kind.
    init?(_ kind: MessageKind, _ bytes: [UInt8]) {
        guard bytes.count >= Self.headCount else { return nil }
        self.init(
            number: bytes[..<4].reversed().reduce(0) { $0 << 7 | UInt32($1 & 0x7F) },
            wantsEcho: bytes[4] & Self.flags.wantsEcho != 0, isEcho: bytes[4] & Self.flags.isEcho != 0)
        guard kind == self.kind else { return nil }
        let rest = bytes[Self.headCount...]
        let isWhole =
            kind == .binary
            ? rest.allSatisfy { $0 == Self.noUTF8 }
            : Self.isText(rest)
        guard isWhole else { return nil }
    }

    /// Whether these bytes are dots and whole scalars.
    private static func isText(_ bytes: ArraySlice<UInt8>) -> Bool {
        var awaitsTrail = false
        for byte in bytes {
            switch (awaitsTrail, byte) {
            case (true, trail): awaitsTrail = false
            case (false, lead): awaitsTrail = true
            case (false, dot): break
            default: return false
            }
        }
        return !awaitsTrail
    }
}
