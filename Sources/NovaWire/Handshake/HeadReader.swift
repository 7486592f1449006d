/// Collects an HTTP/1.1 head from bytes that come piece by piece, line by line, and never more than it may be.
struct HeadReader {
    /// What a head may be.
    static let maximumBytes = 16 << 10
    static let maximumFields = 128

    enum Output {
        case needMore
        case head(startLine: String, [HeaderField])
        case startLineMalformed
        case fieldMalformed
        case tooLarge
    }

    /// What the first line must begin with: anything else need not be waited out.
    let prefix: String
    private var line: [UInt8] = []
    private var startLine: String?
    private var fields: [HeaderField] = []
    private var total = 0

    init(prefix: String) { self.prefix = prefix }

    /// Reads on; what follows the head is left unread.
    mutating func next(_ input: inout DecoderInput) -> Output {
        while let byte = input.take(1).first {
            total += 1
            guard total <= Self.maximumBytes else { return .tooLarge }
            guard let ending = lineEnds(byte) else { return malformed }
            guard ending else { continue }
            if let output = endLine() { return output }
        }
        return .needMore
    }

    /// Forgets a head that was only an interim one; its size still counts.
    mutating func startOver() {
        startLine = nil
        fields = []
    }

    private var malformed: Output { startLine == nil ? .startLineMalformed : .fieldMalformed }

    /// Takes a byte. Lines end with CR LF, and neither occurs elsewhere (RFC 9112 §2.2); nil if one does.
    private mutating func lineEnds(_ byte: UInt8) -> Bool? {
        let afterReturn = line.last == UInt8(ascii: "\r")
        if byte == UInt8(ascii: "\n") { return afterReturn ? true : nil }
        guard !afterReturn else { return nil }
        line.append(byte)
        guard startLine == nil else { return false }
        let isExpected = line.count > prefix.utf8.count || prefix.utf8.starts(with: line)
        return isExpected ? false : nil
    }

    private mutating func endLine() -> Output? {
        defer { line.removeAll(keepingCapacity: true) }
        let text = String(decoding: line.dropLast(), as: UTF8.self)
        guard startLine != nil else {
            startLine = text
            return nil
        }
        guard !text.isEmpty else { return .head(startLine: startLine ?? "", fields) }
        guard fields.count < Self.maximumFields else { return .tooLarge }
        guard let field = Self.field(text) else { return .fieldMalformed }
        fields.append(field)
        return nil
    }

    /// A field: a token, a colon right behind it, a value. A line that begins with a blank goes on with the one
    /// before, which nobody may send any more (RFC 9112 §5.2).
    private static func field(_ line: String) -> HeaderField? {
        guard let colon = line.utf8.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        let field = HeaderField(String(line[..<colon]), line[line.utf8.index(after: colon)...].trimmingBlanks)
        return field.hasLegalName && field.hasLegalValue ? field : nil
    }
}
