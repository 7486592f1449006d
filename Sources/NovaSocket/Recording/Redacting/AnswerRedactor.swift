import NovaWire

/// Replaces what may be secret in the answer to an opening handshake, however it is cut: the reason, the values of headers
/// that decide nothing, and a refusal's body. What follows a 101 are frames.
struct AnswerRedactor {
    private enum Place {
        /// In the head; the bytes of the present line so far, and which line it is.
        case head
        /// In a body without chunks, or whose chunks have gone wrong.
        case body
        /// In the line that says how long a chunk is; in a chunk of which so much is left, its line break included.
        case chunkSize
        case chunk(left: Int)
        /// The handshake is done.
        case frames
    }

    /// What the handshake, or the reading of a refusal, needs to see.
    private static let needed: Set<String> = [
        "upgrade", "connection", "sec-websocket-accept", "sec-websocket-extensions", "content-length",
        "transfer-encoding", "retry-after", "date", "sec-websocket-protocol",
    ]
    /// How much of the first line decides: the protocol's version, the status, and the blank behind it.
    private static let decidingBytes = 13

    private var place = Place.head
    private var line: [UInt8] = []
    private var lineNumber = 0
    private var isChunked = false
    private var accepts = false
    private var frames = FrameRedactor(to: .client)

    /// What stands in for the bytes of one read.
    mutating func replace(_ bytes: [UInt8]) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count)
        for byte in bytes {
            if case .frames = place {
                output += frames.replace(CollectionOfOne(byte))
            } else {
                output.append(next(byte))
            }
        }
        return output
    }

    private mutating func next(_ byte: UInt8) -> UInt8 {
        switch place {
        case .head: return nextOfHead(byte)
        case .body: return UInt8(ascii: "x")
        case .chunkSize: return nextOfChunkSize(byte)
        case .chunk(let left): return nextOfChunk(byte, left)
        case .frames: return byte
        }
    }

    // MARK: The head

    private mutating func nextOfHead(_ byte: UInt8) -> UInt8 {
        if byte == UInt8(ascii: "\n") {
            endLine()
            return byte
        }
        line.append(byte)
        if byte < 0x20 || byte == 0x7F { return byte }  // where it is wrong, it must stay so
        if lineNumber == 0 { return line.count <= Self.decidingBytes ? byte : UInt8(ascii: "x") }
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon < line.count - 1, byte != UInt8(ascii: " ")
        else { return byte }
        return Self.needed.contains(name(colon)) ? byte : UInt8(ascii: "x")
    }

    private func name(_ colon: Int) -> String { String(decoding: line[..<colon], as: UTF8.self).lowercased() }

    private mutating func endLine() {
        let text = String(decoding: line, as: UTF8.self).lowercased()
        if lineNumber == 0 { accepts = text.contains(" 101") }
        if text.hasPrefix("transfer-encoding:"), text.contains("chunked") { isChunked = true }
        let isEmpty = text.isEmpty || text == "\r"
        line.removeAll(keepingCapacity: true)
        lineNumber += 1
        if isEmpty { place = accepts ? .frames : isChunked ? .chunkSize : .body }
    }

    // MARK: A refusal's body

    private mutating func nextOfChunkSize(_ byte: UInt8) -> UInt8 {
        guard byte == UInt8(ascii: "\n") else {
            line.append(byte)
            return byte
        }
        let size = Int(String(decoding: line.prefix { $0 != 13 && $0 != 59 }, as: UTF8.self), radix: 16)
        line.removeAll(keepingCapacity: true)
        place = size.map { $0 == 0 ? .body : .chunk(left: min($0, .max - 2) + 2) } ?? .body
        return byte
    }

    private mutating func nextOfChunk(_ byte: UInt8, _ left: Int) -> UInt8 {
        place = left == 1 ? .chunkSize : .chunk(left: left - 1)
        return left <= 2 ? byte : UInt8(ascii: "x")
    }
}
