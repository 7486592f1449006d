import FoundationEssentials
import NovaKernel

/// What a whole recording has besides its steps: what came in from outside, in the order in which it came, and what went
/// out. With it everything above the socket can be run again, to the byte.
public enum TraceEntry: Hashable, Sendable {
    // What came in
    /// A caller wants something; with what it sends.
    case command(OperationID, words: String, payload: [UInt8])
    /// Something happened outside: the network, a timer, a caller who left.
    case event(words: String)
    /// Bytes came from the transport, in one read.
    case received(AttemptID, [UInt8])
    /// The transport takes bytes again.
    case writable
    /// A turn of the loop ended.
    case turnEnded
    /// What the driver had put off was done.
    case job
    /// The key of the next frame.
    case maskKey(UInt32)
    /// The key of the opening handshake.
    case handshakeKey(String)

    // What went out
    /// So many bytes were offered to the transport, and these of them were taken.
    case wrote(AttemptID, [UInt8], offered: Int)
    /// A message was handed to the consumer: its size and a digest of its bytes.
    case delivered(count: Int, digest: UInt64)

    /// Whether it came in on its own, and was not an answer to what the driver asked for.
    public var isStimulus: Bool {
        switch self {
        case .command, .event, .received, .writable, .turnEnded, .job: true
        case .maskKey, .handshakeKey, .wrote, .delivered: false
        }
    }

    /// The digest of a delivered message's bytes: FNV-1a, 64 bits.
    public static func digest(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        var digest: UInt64 = 0xCBF2_9CE4_8422_2325
        var index = 0
        while index < bytes.count {  // a loop without an iterator: unoptimised builds take a tenth of the time
            digest = (digest ^ UInt64(bytes[index])) &* 0x100_0000_01B3
            index += 1
        }
        return digest
    }
}

// Messages and credentials are in it: they are never printed.
extension TraceEntry: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// What it is, in a few words; never what was said.
    public var description: String {
        switch self {
        case .command(_, let words, _): "the command '\(words)'"
        case .event(let words): "the event '\(words)'"
        case .received(_, let bytes): "\(bytes.count) bytes that came"
        case .writable: "room for writing"
        case .turnEnded: "the end of a turn"
        case .job: "work that was put off"
        case .maskKey: "a frame's key"
        case .handshakeKey: "the key of an opening handshake"
        case .wrote(_, _, let offered): "\(offered) bytes are offered"
        case .delivered(let count, _): "a message of \(count) bytes"
        }
    }

    /// The same as ``description``.
    public var debugDescription: String { description }

    /// Nothing.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

extension Command {
    /// How many bytes come with it.
    fileprivate var payloadCount: Int {
        switch self {
        case .send(_, _, let count), .post(_, _, let count), .close(_, let count), .fail(_, _, let count): count
        case .connect, .subscribe, .unsubscribe, .authenticate, .flush, .drain, .ping: 0
        }
    }
}

/// A line of a whole recording that is no step: `k` says which, the others are its data.
struct EntryLine: Codable {
    var k: String
    /// The attempt.
    var a: UInt32?
    /// Bytes, in base64.
    var b: Data?
    /// A number: of the operation, of bytes offered, of bytes delivered.
    var n: UInt64?
    /// Words.
    var w: String?
    /// A key or a digest, in hexadecimal digits.
    var x: String?

    init(_ k: String, a: UInt32? = nil, b: [UInt8]? = nil, n: UInt64? = nil, w: String? = nil, x: String? = nil) {
        (self.k, self.a, self.n, self.w, self.x) = (k, a, n, w, x)
        self.b = b.map { Data($0) }
    }
}

extension TraceEntry {
    /// How many bytes one line holds at most; more are spread over several.
    static let bytesOfLine = 512 << 10

    /// The entry as it stands in a file.
    var lines: [EntryLine] {
        switch self {
        case .command(let operation, let words, let payload):
            return Self.parts(payload) { EntryLine("do", b: $0, n: operation.number, w: words) }
        case .event(let words): return [EntryLine("event", w: words)]
        case .received(let attempt, let bytes):
            return Self.parts(bytes) { EntryLine("in", a: attempt.number, b: $0) }
        case .writable: return [EntryLine("writable")]
        case .turnEnded: return [EntryLine("turn")]
        case .job: return [EntryLine("job")]
        case .maskKey(let key): return [EntryLine("mask", x: String(key, radix: 16))]
        case .handshakeKey(let key): return [EntryLine("key", w: key)]
        case .wrote(let attempt, let bytes, let offered):
            return Self.parts(bytes) { EntryLine("out", a: attempt.number, b: $0, n: UInt64(offered)) }
        case .delivered(let count, let digest):
            return [EntryLine("got", n: UInt64(count), x: String(digest, radix: 16))]
        }
    }

    /// Bytes beyond what a line holds go ahead in lines of their own.
    private static func parts(_ bytes: [UInt8], _ last: ([UInt8]) -> EntryLine) -> [EntryLine] {
        var lines: [EntryLine] = []
        var rest = bytes[...]
        while rest.count > bytesOfLine {
            lines.append(EntryLine("part", b: Array(rest.prefix(bytesOfLine))))
            rest = rest.dropFirst(bytesOfLine)
        }
        return lines + [last(Array(rest))]
    }

    /// Reads an entry; `parts` are the bytes of the lines before it.
    init(_ line: EntryLine, parts: [UInt8]) throws(WordError) {
        let bytes = parts + (line.b ?? Data())
        guard bytes.isEmpty || ["do", "in", "out"].contains(line.k) else {
            throw WordError("there are bytes that nothing in '\(line.k)' wants")
        }
        switch line.k {
        case "do":
            guard let number = line.n, let words = line.w else { throw WordError("the command is incomplete") }
            let count = try Command(text: words).payloadCount
            guard bytes.count == count else {
                throw WordError("the command '\(words)' has \(bytes.count) bytes, not \(count)")
            }
            self = .command(OperationID(number), words: words, payload: bytes)
        case "event":
            guard let words = line.w else { throw WordError("the event is incomplete") }
            _ = try Event(text: words)
            self = .event(words: words)
        case "in":
            guard let attempt = line.a else { throw WordError("the attempt is missing") }
            self = .received(AttemptID(attempt), bytes)
        case "writable": self = .writable
        case "turn": self = .turnEnded
        case "job": self = .job
        case "mask":
            guard let key = line.x.flatMap({ UInt32($0, radix: 16) }) else { throw WordError("the key is missing") }
            self = .maskKey(key)
        case "key":
            guard let key = line.w else { throw WordError("the key is missing") }
            self = .handshakeKey(key)
        case "out":
            guard let attempt = line.a, let offered = line.n, offered >= UInt64(bytes.count) else {
                throw WordError("the bytes written are incomplete")
            }
            self = .wrote(AttemptID(attempt), bytes, offered: Int(clamping: offered))
        case "got":
            guard let count = line.n, let digest = line.x.flatMap({ UInt64($0, radix: 16) }) else {
                throw WordError("the delivery is incomplete")
            }
            self = .delivered(count: Int(clamping: count), digest: digest)
        default: throw WordError("'\(line.k)' is no kind of entry")
        }
    }
}
