/// Whether bytes that come piece by piece are UTF-8 (RFC 3629), told at the first byte that can't be.
struct UTF8Validator {
    /// How many continuation bytes the scalar that was cut off still needs, and between which bounds the next one lies.
    private var missing: UInt8 = 0
    private var low: UInt8 = 0x80
    private var high: UInt8 = 0xBF

    /// Whether the bytes so far end with a whole scalar.
    var isComplete: Bool { missing == 0 }

    /// Whether these bytes are UTF-8 from first to last.
    @inline(__always)
    static func isValid(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var validator = UTF8Validator()
        return validator.feed(bytes) && validator.isComplete
    }

    /// Takes more bytes; false if no UTF-8 begins like this.
    mutating func feed(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var at = 0
        while missing > 0 {
            guard at < bytes.count else { return true }
            guard take(bytes[at]) else { return false }
            at += 1
        }
        let rest = UnsafeRawBufferPointer(rebasing: bytes[at...])
        return rest.withMemoryRebound(to: UInt8.self) { feedWhole($0) }
    }

    /// Takes bytes that begin with a whole scalar. The standard library's validator is the fast part; only a scalar
    /// that is cut off at the end is gone through byte by byte.
    private mutating func feedWhole(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        do {
            _ = try UTF8Span(validating: bytes.span)
            return true
        } catch {
            guard error.kind == .truncatedScalar, error.byteOffsets.upperBound == bytes.count else { return false }
            return bytes[error.byteOffsets.lowerBound...].allSatisfy { take($0) }
        }
    }

    /// Takes one byte (the table of RFC 3629 §4).
    private mutating func take(_ byte: UInt8) -> Bool {
        if missing > 0 {
            guard byte >= low, byte <= high else { return false }
            missing -= 1
            (low, high) = (0x80, 0xBF)
            return true
        }
        guard let next = UTF8Scalar.following(byte) else { return false }
        (missing, low, high) = (next.count, next.bounds.lowerBound, next.bounds.upperBound)
        return true
    }
}

/// The form of a scalar in UTF-8 (RFC 3629 §4).
package enum UTF8Scalar {
    /// What must follow the first byte of a scalar: so many bytes, the first of them within these bounds, all others from
    /// 0x80 to 0xBF; nil: no scalar begins like that.
    package static func following(_ first: UInt8) -> (count: UInt8, bounds: ClosedRange<UInt8>)? {
        switch first {
        case 0x00...0x7F: (0, 0x80...0xBF)
        case 0xC2...0xDF: (1, 0x80...0xBF)
        case 0xE0: (2, 0xA0...0xBF)
        case 0xED: (2, 0x80...0x9F)
        case 0xE1...0xEF: (2, 0x80...0xBF)
        case 0xF0: (3, 0x90...0xBF)
        case 0xF1...0xF3: (3, 0x80...0xBF)
        case 0xF4: (3, 0x80...0x8F)
        default: nil
        }
    }
}
