import NovaWire

/// Replaces what may be secret in the answer to an opening handshake, however it is cut: the reason, the values of headers
/// that decide nothing, and a refusal's body. What follows a 101 are frames.
///
/// Follows the reading of the answer step by step, its interim heads too, and shows nothing from where that ends: a server
/// that breaks the rules says secrets in places where none belong.
struct AnswerRedactor {
    private enum Place {
        /// In the first line; in another one, of which so much is known.
        case startLine
        case field(Field)
        /// In a body without chunks, or behind what nobody reads on from.
        case body
        /// In the line that says how long a chunk is; in a chunk of which so much is left, its line break included.
        case chunkSize(isShown: Bool)
        case chunk(left: Int)
        /// The handshake is done.
        case frames
    }

    /// What is known of a line of the head.
    private enum Field {
        case name
        case value(isShown: Bool)
        /// There is no name. The reading ends with the line.
        case malformed
    }

    /// What the handshake, or the reading of a refusal, needs to see.
    private static let needed: Set<String> = [
        "upgrade", "connection", "sec-websocket-accept", "sec-websocket-extensions", "content-length",
        "transfer-encoding", "retry-after", "date", "sec-websocket-protocol",
    ]
    /// How much of the first line decides: the protocol's version, the status, and the blank behind it.
    private static let decidingBytes = 13
    private static let prefix = Array("HTTP/1.".utf8)
    /// A chunk's size has no more digits that count; its line no more bytes.
    private static let mostDigits = 16
    private static let longestChunkSize = 256
    private static let hidden = UInt8(ascii: "x")
    private static let lineFeed = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")

    private var place = Place.startLine
    private var line: [UInt8] = []
    private var status: Int?
    private var isChunked = false
    var frames: FrameRedactor

    /// An answer is followed by frames, in whose messages this is secret; nil: all of it.
    init(secretsAt paths: [JSONPath]?) { frames = FrameRedactor(to: .client, secretsAt: paths) }

    /// What stands in for the bytes of one read.
    mutating func replace(_ bytes: [UInt8]) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count)
        for index in bytes.indices {
            if case .frames = place { return output + frames.replace(bytes[index...]) }
            output.append(next(bytes[index]))
        }
        return output
    }

    private mutating func next(_ byte: UInt8) -> UInt8 {
        switch place {
        case .startLine, .field: return nextOfHead(byte)
        case .body: return Self.hidden
        case .chunkSize(let isShown): return nextOfChunkSize(byte, isShown)
        case .chunk(let left): return nextOfChunk(byte, left)
        case .frames: return byte
        }
    }

    /// What is behind this byte is not read.
    private mutating func endReading(showing byte: UInt8 = AnswerRedactor.hidden) -> UInt8 {
        place = .body
        return byte
    }

    // MARK: The head

    /// Lines end with CR LF, and neither occurs elsewhere.
    private mutating func nextOfHead(_ byte: UInt8) -> UInt8 {
        let afterReturn = line.last == Self.carriageReturn
        if byte == Self.lineFeed {
            guard afterReturn else { return endReading(showing: byte) }
            endLine()
            return byte
        }
        guard !afterReturn else { return endReading() }
        line.append(byte)
        if case .field(let field) = place { return nextOfField(byte, field) }
        guard line.count > Self.prefix.count || Self.prefix.starts(with: line) else { return endReading() }
        return line.count <= Self.decidingBytes ? byte : shown(byte)
    }

    private mutating func nextOfField(_ byte: UInt8, _ field: Field) -> UInt8 {
        switch field {
        case .name:
            if byte == UInt8(ascii: ":") {
                let name = String(decoding: line.dropLast(), as: UTF8.self).lowercased()
                place = .field(.value(isShown: Self.needed.contains(name)))
            } else if byte != Self.carriageReturn, !byte.isOfToken {
                place = .field(.malformed)
            }
            return byte
        case .value(let isShown): return isShown ? byte : shown(byte)
        case .malformed: return shown(byte)
        }
    }

    /// Where a character is wrong, it must stay so, and blanks at the ends of a value don't belong to it.
    private func shown(_ byte: UInt8) -> UInt8 { byte <= 0x20 || byte == 0x7F ? byte : Self.hidden }

    private mutating func endLine() {
        let text = line.dropLast()
        defer { line.removeAll(keepingCapacity: true) }
        switch place {
        case .startLine:
            status = text.count >= 12 ? Int(String(decoding: text[9..<12], as: UTF8.self)) : nil
            place = .field(.name)
        case .field(.name) where text.isEmpty: endHead()
        case .field(.name), .field(.malformed): place = .body
        case .field(.value):
            noteEncoding(String(decoding: text, as: UTF8.self).lowercased())
            place = .field(.name)
        case .body, .chunkSize, .chunk, .frames: break
        }
    }

    /// The last transfer coding says whether there are chunks (RFC 9112 §6.3).
    private mutating func noteEncoding(_ field: String) {
        guard field.hasPrefix("transfer-encoding:") else { return }
        let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        let codings = field.dropFirst("transfer-encoding:".count).split { $0 == "," || isBlank($0) }
        if let last = codings.last { isChunked = last == "chunked" }
    }

    private mutating func endHead() {
        switch status {
        case 101: place = .frames
        case .some(100..<200):  // an interim one
            place = .startLine
            isChunked = false
        default: place = isChunked ? .chunkSize(isShown: true) : .body
        }
    }

    // MARK: A refusal's body

    /// Of a chunk's line the size is shown, if that is what it is, and nothing of the extensions.
    private mutating func nextOfChunkSize(_ byte: UInt8, _ isShown: Bool) -> UInt8 {
        line.append(byte)
        if byte == Self.lineFeed {
            endChunkSize()
            return byte
        }
        guard line.count <= Self.longestChunkSize else { return endReading() }
        switch byte {
        case Self.carriageReturn, UInt8(ascii: ";"):
            place = .chunkSize(isShown: false)
            return isShown ? byte : Self.hidden
        case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "+"), UInt8(ascii: "-"):
            return isShown ? byte : Self.hidden
        default:
            let digits = line.drop { $0 == UInt8(ascii: "0") }.count
            guard isShown, byte.isHexDigit, digits <= Self.mostDigits else {
                place = .chunkSize(isShown: false)
                return Self.hidden
            }
            return byte
        }
    }

    private mutating func endChunkSize() {
        let digits = line.prefix { $0 != UInt8(ascii: ";") && $0 != Self.carriageReturn && $0 != Self.lineFeed }
        let isBlank: (UInt8) -> Bool = { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
        let end = digits.lastIndex { !isBlank($0) } ?? digits.startIndex
        let trimmed = digits.prefix(through: end).drop(while: isBlank)
        let size = digits.isEmpty ? nil : Int(String(decoding: trimmed, as: UTF8.self), radix: 16)
        line.removeAll(keepingCapacity: true)
        if let size, size > 0 { place = .chunk(left: min(size, .max - 2) + 2) } else { place = .body }
    }

    private mutating func nextOfChunk(_ byte: UInt8, _ left: Int) -> UInt8 {
        place = left == 1 ? .chunkSize(isShown: true) : .chunk(left: left - 1)
        guard left <= 2 else { return Self.hidden }
        guard byte == (left == 2 ? Self.carriageReturn : Self.lineFeed) else { return endReading() }
        return byte
    }
}

extension UInt8 {
    /// Whether it is a hexadecimal digit.
    fileprivate var isHexDigit: Bool {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "F"),
            UInt8(ascii: "a")...UInt8(ascii: "f"):
            true
        default: false
        }
    }

    /// Whether names of headers have it (RFC 9110 §5.6.2).
    fileprivate var isOfToken: Bool {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"):
            true
        default: "!#$%&'*+-.^_`|~".utf8.contains(self)
        }
    }
}
