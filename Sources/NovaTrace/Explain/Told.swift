import NovaKernel

extension Duration {
    /// The duration as a person says it: `0.4 ms`, `35 ms`, `0.2 s`, `12.3 s`, `20 s`, `3 min 20 s`, `5 h 3 min`.
    /// Cut, not rounded: what is said to be past is past.
    package var told: String {
        let nanoseconds = wholeNanoseconds
        let seconds = nanoseconds / 1_000_000_000
        switch nanoseconds {
        case 0: return "0 s"
        case ..<100_000: return "under 0.1 ms"
        case ..<10_000_000: return Self.tenths(nanoseconds / 100_000) + " ms"
        case ..<100_000_000: return "\(nanoseconds / 1_000_000) ms"
        case ..<120_000_000_000: return Self.tenths(nanoseconds / 100_000_000) + " s"
        case ..<7_200_000_000_000: return Self.pair(seconds, 60, "min", "s")
        default: return Self.pair(seconds / 60, 60, "h", "min")
        }
    }

    private static func tenths(_ count: UInt64) -> String {
        count % 10 == 0 ? "\(count / 10)" : "\(count / 10).\(count % 10)"
    }

    private static func pair(_ count: UInt64, _ size: UInt64, _ large: String, _ small: String) -> String {
        "\(count / size) \(large)" + (count % size == 0 ? "" : " \(count % size) \(small)")
    }

    /// Seconds with three places, as they stand in a column: `12.345`. Cut, not rounded.
    package var column: String {
        let milliseconds = wholeNanoseconds / 1_000_000
        return "\(milliseconds / 1000)." + "\(1000 + milliseconds % 1000)".dropFirst()
    }
}

/// `1 message`, `2 messages`, `12,345 messages`.
package func counted(_ count: some BinaryInteger, _ one: String, _ many: String? = nil) -> String {
    let digits = Array("\(count)".utf8)
    var text = ""
    for (index, digit) in digits.enumerated() {
        if index > 0, (digits.count - index).isMultiple(of: 3) { text += "," }
        text.unicodeScalars.append(Unicode.Scalar(digit))
    }
    return text + " " + (count == 1 ? one : many ?? one + "s")
}

/// A size in bytes as a person says it: `500 bytes`, `16 MiB`, where it is a whole number of them.
func sized(_ bytes: Int) -> String {
    if bytes > 0, bytes.isMultiple(of: 1 << 20) { return "\(bytes >> 20) MiB" }
    if bytes > 0, bytes.isMultiple(of: 1 << 10) { return "\(bytes >> 10) KiB" }
    return counted(bytes, "byte")
}
