/// Where in a batch its elements are, so that each can be read and kept alone: read as a part of the whole, a batch of
/// a thousand would be gone through a thousand times.
///
/// It makes no values and decides nothing, so it is no parser: Foundation has read the text before, and counted the
/// elements.
enum BatchElements {
    /// The bytes of each element of an array, without the commas.
    static func ranges(in text: UnsafeRawBufferPointer) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var depth = 0
        var start = 0
        var isInString = false
        var isEscaped = false
        var isBlank = true
        func end(_ index: Int) {
            // Behind a last comma there is no element.
            if !isBlank { ranges.append(start..<index) }
            start = index + 1
            isBlank = true
        }
        for (index, byte) in text.enumerated() {
            if isInString {
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    isInString = false
                }
                continue
            }
            switch byte {
            case UInt8(ascii: "["), UInt8(ascii: "{"):
                depth += 1
                if depth == 1 { start = index + 1 } else { isBlank = false }
            case UInt8(ascii: "]"), UInt8(ascii: "}"):
                depth -= 1
                if depth == 0 { end(index) }
            case UInt8(ascii: ",") where depth == 1: end(index)
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"): break
            case UInt8(ascii: "\""):
                isInString = true
                isBlank = false
            default: isBlank = depth == 0
            }
        }
        return ranges
    }
}
