/// Follows a JSON text byte by byte and says of each byte whether it may be shown: what is at one of the paths is secret, and
/// so is everything from where the text is no JSON, or deeper than is looked at.
///
/// It makes no values, and so it is no parser; it only knows where it is.
struct SecretScan {
    /// What may be done with a byte.
    enum Verdict {
        case shown
        case hidden
        /// Of a number, or of true, false or null, in whose place a number may stand.
        case hiddenNumber
    }

    private enum Place {
        case value(mayEnd: Bool)
        case key(mayEnd: Bool)
        case colon
        case behindValue
        case string(isKey: Bool, isHidden: Bool, isEscaped: Bool)
        case number(isHidden: Bool)
        case word(rest: ArraySlice<UInt8>, isHidden: Bool)
        /// It is not JSON.
        case beyond
    }

    /// An array or an object that has begun.
    private struct Level {
        var isObject: Bool
        var isHidden: Bool
        /// How far each path has come: bit n says that n of its segments lead here.
        var reached: [UInt64]
        /// The number of the element under way.
        var index = 0
    }

    private static let deepest = 128
    private static let words = ["true", "false", "null"].map { Array($0.utf8) }

    private let paths: [[JSONPath.Segment]]
    private let longestName: Int
    private var levels: [Level] = []
    private var place = Place.value(mayEnd: false)
    /// The last key, or as much of it as could be a name, and whether it has an escape in it.
    private var key: [UInt8] = []
    private var isKeyEscaped = false

    init(_ paths: [JSONPath]) {
        self.paths = paths.map(\.segments)
        longestName =
            self.paths.joined().map { if case .name(let name) = $0.selector { name.utf8.count } else { 0 } }
            .max() ?? 0
    }

    /// Whether the next byte of the text may be shown.
    mutating func next(_ byte: UInt8) -> Verdict {
        switch place {
        case .value(let mayEnd): return value(byte, mayEnd)
        case .key(let mayEnd): return beginKey(byte, mayEnd)
        case .colon: return colon(byte)
        case .behindValue: return behindValue(byte)
        case .string(let isKey, let isHidden, let isEscaped): return string(byte, isKey, isHidden, isEscaped)
        case .number(let isHidden): return number(byte, isHidden)
        case .word(let rest, let isHidden): return word(byte, rest, isHidden)
        case .beyond: return .hidden
        }
    }

    private mutating func isNoJSON() -> Verdict {
        place = .beyond
        return .hidden
    }

    // MARK: Values

    private mutating func value(_ byte: UInt8, _ mayEnd: Bool) -> Verdict {
        if byte.isBlank { return .shown }
        if mayEnd, byte == UInt8(ascii: "]") { return end() }
        let reached = reachedByValue()
        // A text that is a mere string or number has no path but `$`: who knows what it is.
        let isHidden = reached == nil || levels.isEmpty
        switch byte {
        case UInt8(ascii: "\""): place = .string(isKey: false, isHidden: isHidden, isEscaped: false)
        case UInt8(ascii: "{"), UInt8(ascii: "["): return begin(reached, isObject: byte == UInt8(ascii: "{"))
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            place = .number(isHidden: isHidden)
            return isHidden ? .hiddenNumber : .shown
        default:
            guard let word = Self.words.first(where: { $0.first == byte }) else { return isNoJSON() }
            place = .word(rest: word.dropFirst(), isHidden: isHidden)
            return isHidden ? .hiddenNumber : .shown
        }
        return .shown
    }

    private mutating func begin(_ reached: [UInt64]?, isObject: Bool) -> Verdict {
        guard levels.count < Self.deepest else { return isNoJSON() }
        levels.append(Level(isObject: isObject, isHidden: reached == nil, reached: reached ?? []))
        place = isObject ? .key(mayEnd: true) : .value(mayEnd: true)
        return .shown
    }

    private mutating func end() -> Verdict {
        levels.removeLast()
        place = .behindValue
        return .shown
    }

    private mutating func behindValue(_ byte: UInt8) -> Verdict {
        if byte.isBlank { return .shown }
        guard let level = levels.last else { return isNoJSON() }
        switch byte {
        case UInt8(ascii: ",") where level.isObject: place = .key(mayEnd: false)
        case UInt8(ascii: ","):
            levels[levels.count - 1].index += 1
            place = .value(mayEnd: false)
        case UInt8(ascii: "}") where level.isObject, UInt8(ascii: "]") where !level.isObject: return end()
        default: return isNoJSON()
        }
        return .shown
    }

    // MARK: Scalars

    private mutating func string(_ byte: UInt8, _ isKey: Bool, _ isHidden: Bool, _ isEscaped: Bool) -> Verdict {
        guard byte >= 0x20 else { return isNoJSON() }
        if byte == UInt8(ascii: "\""), !isEscaped {
            place = isKey ? .colon : .behindValue
            return .shown
        }
        let escapes = byte == UInt8(ascii: "\\") && !isEscaped
        place = .string(isKey: isKey, isHidden: isHidden, isEscaped: escapes)
        if isKey { note(byte, escapes) }
        return isHidden ? .hidden : .shown
    }

    private mutating func number(_ byte: UInt8, _ isHidden: Bool) -> Verdict {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "+"),
            UInt8(ascii: "e"), UInt8(ascii: "E"):
            return isHidden ? .hiddenNumber : .shown
        default:
            place = .behindValue
            return behindValue(byte)
        }
    }

    private mutating func word(_ byte: UInt8, _ rest: ArraySlice<UInt8>, _ isHidden: Bool) -> Verdict {
        guard byte == rest.first else { return isNoJSON() }
        place = rest.count == 1 ? .behindValue : .word(rest: rest.dropFirst(), isHidden: isHidden)
        return isHidden ? .hiddenNumber : .shown
    }

    // MARK: Keys

    private mutating func beginKey(_ byte: UInt8, _ mayEnd: Bool) -> Verdict {
        if byte.isBlank { return .shown }
        if mayEnd, byte == UInt8(ascii: "}") { return end() }
        guard byte == UInt8(ascii: "\"") else { return isNoJSON() }
        key.removeAll(keepingCapacity: true)
        isKeyEscaped = false
        place = .string(isKey: true, isHidden: levels.last?.isHidden ?? true, isEscaped: false)
        return .shown
    }

    private mutating func note(_ byte: UInt8, _ escapes: Bool) {
        if escapes { isKeyEscaped = true }
        if key.count <= longestName { key.append(byte) }
    }

    private mutating func colon(_ byte: UInt8) -> Verdict {
        if byte.isBlank { return .shown }
        guard byte == UInt8(ascii: ":") else { return isNoJSON() }
        place = .value(mayEnd: false)
        return .shown
    }

    // MARK: Paths

    /// How far the paths come with the value that begins here; nil if one of them leads to it, or to what it is in.
    private func reachedByValue() -> [UInt64]? {
        guard let level = levels.last else { return paths.contains { $0.isEmpty } ? nil : paths.map { _ in 1 } }
        guard !level.isHidden else { return nil }
        var states: [UInt64] = []
        for (path, reached) in zip(paths, level.reached) {
            let next = advance(reached, along: path, in: level)
            if next >> UInt64(path.count) & 1 == 1 { return nil }
            states.append(next)
        }
        return states
    }

    private func advance(_ reached: UInt64, along path: [JSONPath.Segment], in level: Level) -> UInt64 {
        var next: UInt64 = 0
        for (index, segment) in path.enumerated() where reached >> UInt64(index) & 1 == 1 {
            if fits(segment.selector, level) { next |= 1 << UInt64(index + 1) }
            if segment.isDescendant { next |= 1 << UInt64(index) }
        }
        return next
    }

    /// A key with an escape in it may be any name.
    private func fits(_ selector: JSONPath.Selector, _ level: Level) -> Bool {
        switch selector {
        case .wildcard: true
        case .index(let index): !level.isObject && level.index == index
        case .name(let name): level.isObject && (isKeyEscaped || key.elementsEqual(name.utf8))
        }
    }
}

extension UInt8 {
    /// White space between the tokens of JSON (RFC 8259 §2).
    fileprivate var isBlank: Bool {
        switch self {
        case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"): true
        default: false
        }
    }
}
