import NovaWire

/// The head of an HTTP message as it stands in recorded bytes, right or wrong.
struct RecordedHead {
    /// The first line, cut at its blanks, in three parts at most.
    var startLine: [String]
    var fields: [HeaderField]
    /// How many bytes it takes, the empty line included.
    var count: Int

    /// The head that `bytes` begin with; nil if they don't have a whole one. Bytes that are no UTF-8 are replaced.
    init?(_ bytes: ArraySlice<UInt8>) {
        guard let end = Self.end(of: bytes) else { return nil }
        let text = String(decoding: bytes[..<end], as: UTF8.self)
        var lines = text.split(separator: "\r\n", omittingEmptySubsequences: true)
        guard !lines.isEmpty else { return nil }
        startLine = lines.removeFirst().split(separator: " ", maxSplits: 2).map(String.init)
        fields = lines.map { line in
            let halves = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            return HeaderField(String(halves[0]), halves.count > 1 ? Self.trimmed(halves[1]) : "")
        }
        count = end - bytes.startIndex
    }

    /// Behind the first empty line.
    private static func end(of bytes: ArraySlice<UInt8>) -> Int? {
        let mark = Array("\r\n\r\n".utf8)
        var at = bytes.startIndex
        while at + mark.count <= bytes.endIndex {
            if bytes[at] == mark[0], bytes[at..<(at + mark.count)].elementsEqual(mark) { return at + mark.count }
            at += 1
        }
        return nil
    }

    private static func trimmed(_ text: Substring) -> String {
        let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        let rest = text.drop(while: isBlank)
        return String(rest.reversed().drop(while: isBlank).reversed())
    }

    /// The value of the first field of this name; empty if there is none.
    func value(of name: String) -> String { fields.values(of: name).first ?? "" }
}

/// The bytes of one direction of an attempt, with the times at which they crossed the socket.
struct RecordedStream {
    private(set) var bytes: [UInt8] = []
    private var pieces: [(end: Int, t: UInt64, order: Int)] = []

    /// The bytes of one attempt that went this way.
    init(_ traffic: [Traffic], _ direction: Traffic.Direction) {
        for (order, piece) in traffic.enumerated() where piece.direction == direction {
            bytes += piece.bytes
            pieces.append((bytes.count, piece.t, order))
        }
    }

    /// When the byte before this place crossed the socket, in nanoseconds since the beginning of the trace; and the
    /// place of its piece among those of both directions.
    func crossing(before place: Int) -> (t: UInt64, order: Int) {
        var (low, high) = (0, pieces.count)
        while low < high {
            let middle = (low + high) / 2
            if pieces[middle].end < place { low = middle + 1 } else { high = middle }
        }
        guard low < pieces.count else { return (pieces.last?.t ?? 0, .max) }
        return (pieces[low].t, pieces[low].order)
    }

    /// When the first byte crossed it.
    var begin: UInt64? { pieces.first?.t }
}

extension [Traffic] {
    /// The pieces of each attempt that have bytes, in the order of their times; the attempts in theirs.
    var byAttempt: [(attempt: UInt32, pieces: [Traffic])] {
        Dictionary(grouping: filter { !$0.bytes.isEmpty }, by: \.attempt).sorted { $0.key < $1.key }.map {
            // Of the same time, in the order they were told.
            let pieces = $0.value.enumerated().sorted { ($0.element.t, $0.offset) < ($1.element.t, $1.offset) }
            return ($0.key, pieces.map(\.element))
        }
    }
}
