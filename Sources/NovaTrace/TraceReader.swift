import FoundationEssentials
import Glibc
import NovaKernel

/// A file is not a trace, or is damaged: where, and in what way.
public struct TraceError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The line, from 1.
    public var line: Int
    /// What is wrong with it; what the file says, only as far as a terminal can be shown it.
    public var reason: String

    /// An error at that line.
    package init(line: Int, reason: String) {
        self.line = line
        self.reason = reason.printable
    }

    /// `line 3: ...`
    public var description: String { "line \(line): \(reason)" }
}

extension Trace {
    /// How long a line may be, in bytes: a bound on what a hostile file can make us hold.
    public static let maximumLineBytes = 1 << 20
    /// How many bytes may belong together, of a message or a read.
    public static let maximumPayloadBytes = 256 << 20

    /// Reads a trace. Anything that is not one throws, with the line and the reason.
    public init(reading data: Data) throws(TraceError) {
        var lines = LineReader(data)
        guard let first = try lines.next() else { throw TraceError(line: 1, reason: "the file is empty") }
        let header = try Self.header(first)
        self.init(header: header, steps: [], isComplete: false)
        var unfinished = Unfinished()
        while let line = try lines.next() {
            if isComplete { throw TraceError(line: lines.number, reason: "something follows the last line") }
            try add(line, &unfinished, lines.number)
        }
        events = unfinished.events
    }

    /// What the lines so far have brought, and the trace does not have yet.
    private struct Unfinished {
        /// Bytes whose rest follows.
        var parts: [UInt8] = []
        /// The events of the steps.
        var events: [Event] = []
    }

    /// Which kind of line it is shows at its beginning, as its keys are in order; one that was written otherwise is tried
    /// as all of them.
    private mutating func add(_ line: Data, _ unfinished: inout Unfinished, _ number: Int) throws(TraceError) {
        let looksLikeStep = line.starts(with: Self.beginningOfStep)
        if !looksLikeStep, let entry = try? JSONDecoder().decode(EntryLine.self, from: line) {
            return try add(entry, &unfinished.parts, number)
        }
        guard unfinished.parts.isEmpty else {
            throw TraceError(line: number, reason: "bytes that belong together are not followed by the rest")
        }
        if !looksLikeStep, let footer = try? JSONDecoder().decode(TraceFooter.self, from: line) {
            guard footer.end == UInt64(steps.count) else {
                throw TraceError(
                    line: number, reason: "the trace says it has \(footer.end) steps, but has \(steps.count)")
            }
            isComplete = true
            return
        }
        let (step, event) = try step(line, number)
        steps.append(step)
        unfinished.events.append(event)
    }

    private static let beginningOfStep = Array("{\"after\"".utf8)

    private mutating func add(_ line: EntryLine, _ parts: inout [UInt8], _ number: Int) throws(TraceError) {
        guard header.opening != nil else {
            throw TraceError(line: number, reason: "this recording is not whole, but has '\(line.k.prefix(20))'")
        }
        if line.k == "part" {
            parts += line.b ?? Data()
            guard parts.count <= Self.maximumPayloadBytes else {
                throw TraceError(line: number, reason: "more than \(Self.maximumPayloadBytes) bytes belong together")
            }
            return
        }
        do {
            entries.append((after: steps.count, entry: try TraceEntry(line, parts: parts)))
        } catch {
            throw TraceError(line: number, reason: error.description)
        }
        parts = []
    }

    private static func header(_ line: Data) throws(TraceError) -> TraceHeader {
        struct Name: Codable {
            var format: String
            var version: Int
        }
        guard let name = try? JSONDecoder().decode(Name.self, from: line), name.format == TraceHeader.format else {
            throw TraceError(line: 1, reason: "this is not a trace of NovaSocket")
        }
        guard name.version == TraceHeader.version else {
            throw TraceError(line: 1, reason: "the format's version is \(name.version), not \(TraceHeader.version)")
        }
        let header: TraceHeader
        do { header = try JSONDecoder().decode(TraceHeader.self, from: line) } catch {
            throw TraceError(line: 1, reason: "the header is incomplete")
        }
        do { _ = try header.makeKernel() } catch { throw TraceError(line: 1, reason: error.description) }
        guard header.opening?.headers.allSatisfy({ $0.count == 2 }) != false else {
            throw TraceError(line: 1, reason: "a header of the opening handshake is not a name and a value")
        }
        return header
    }

    private func step(_ line: Data, _ number: Int) throws(TraceError) -> (TraceStep, Event) {
        guard let step = try? JSONDecoder().decode(TraceStep.self, from: line) else {
            throw TraceError(line: number, reason: "this is not a step of a trace, or it is cut off")
        }
        guard step.n == UInt64(steps.count) + 1 else {
            throw TraceError(line: number, reason: "step \(step.n) stands where step \(steps.count + 1) should")
        }
        if let last = steps.last, step.t < last.t { throw TraceError(line: number, reason: "time runs backwards") }
        let event: Event
        do { event = try Event(of: step) } catch {
            throw TraceError(line: number, reason: "the event can't be read: \(error)")
        }
        guard KernelRule(rawValue: step.rule) != nil else {
            throw TraceError(line: number, reason: "'\(step.rule)' is not a rule of this machine")
        }
        return (step, event)
    }
}

/// The lines of a file, each with its number.
private struct LineReader {
    private let data: Data
    private var offset = 0
    private(set) var number = 0

    init(_ data: Data) { self.data = data }

    mutating func next() throws(TraceError) -> Data? {
        guard offset < data.count else { return nil }
        number += 1
        let length = lengthOfLine
        let start = data.startIndex + offset
        offset += length + 1
        guard length <= Trace.maximumLineBytes else {
            throw TraceError(line: number, reason: "the line is longer than \(Trace.maximumLineBytes) bytes")
        }
        return Data(data[start..<start + length])
    }

    /// By the system's own search: a trace has megabytes.
    private var lengthOfLine: Int {
        data.withUnsafeBytes { bytes in
            let rest = UnsafeRawBufferPointer(rebasing: bytes[offset...])
            guard let base = rest.baseAddress, let end = memchr(base, Int32(UInt8(ascii: "\n")), rest.count) else {
                return rest.count
            }
            return UnsafeRawPointer(end) - base
        }
    }
}
