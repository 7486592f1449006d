/// Collects the body of an HTTP/1.1 response, by its length, by its chunks or to the end of the transport (RFC 9112
/// §6.3), and stops when it has as much as is kept.
struct BodyReader {
    enum Output {
        case needMore
        case complete
        case malformed
    }

    private enum Framing {
        case length(rest: Int)
        case chunkSize([UInt8])
        case chunk(rest: Int)
        case chunkEnd(line: [UInt8])
        case untilEnd
    }

    /// What has come.
    private(set) var bytes: [UInt8] = []
    private let maximum: Int
    private var framing: Framing

    /// A reader for the body behind this head; nil if the head contradicts itself.
    init?(_ head: ResponseHead, maximum: Int) {
        self.maximum = maximum
        let lengths = Set(head.fields.values(of: "Content-Length"))
        if head.fields.elements(of: "Transfer-Encoding").last?.lowercased() == "chunked" {
            framing = .chunkSize([])
        } else if head.status == 204 || head.status == 304 {
            framing = .length(rest: 0)
        } else if let length = lengths.first {
            guard lengths.count == 1, let rest = Int(length), rest >= 0 else { return nil }
            framing = .length(rest: rest)
        } else {
            framing = .untilEnd
        }
    }

    mutating func next(_ input: inout DecoderInput) -> Output {
        while bytes.count < maximum {
            switch framing {
            case .length(let rest):
                let left = take(rest, &input)
                framing = .length(rest: left)
                return left == 0 ? .complete : .needMoreUnless(bytes.count >= maximum)
            case .untilEnd:
                _ = take(.max, &input)
                return .needMoreUnless(bytes.count >= maximum)
            case .chunk(let rest):
                let left = take(rest, &input)
                framing = left == 0 ? .chunkEnd(line: []) : .chunk(rest: left)
                if left > 0, input.count == 0 { return .needMoreUnless(bytes.count >= maximum) }
            case .chunkSize, .chunkEnd:
                guard let byte = input.take(1).first else { return .needMore }
                if let output = takeLine(byte) { return output }
            }
        }
        return .complete
    }

    /// Takes up to `rest` bytes of the body; returns how many of them are still to come.
    private mutating func take(_ rest: Int, _ input: inout DecoderInput) -> Int {
        let part = input.take(min(rest, maximum - bytes.count))
        bytes.append(contentsOf: part)
        return rest - part.count
    }

    /// The lines between chunks: a size with extensions that nobody needs, or the end of a chunk (RFC 9112 §7.1).
    private mutating func takeLine(_ byte: UInt8) -> Output? {
        switch framing {
        case .chunkSize(var line):
            line.append(byte)
            framing = .chunkSize(line)
            guard byte == UInt8(ascii: "\n") else { return line.count > 256 ? .malformed : nil }
            let digits = line.prefix { $0 != UInt8(ascii: ";") && $0 != UInt8(ascii: "\r") && $0 != UInt8(ascii: "\n") }
            guard let size = Int(String(decoding: digits, as: UTF8.self).trimmingBlanks, radix: 16), size >= 0 else {
                return .malformed
            }
            framing = .chunk(rest: size)
            return size == 0 ? .complete : nil
        case .chunkEnd(var line):
            line.append(byte)
            guard "\r\n".utf8.starts(with: line) else { return .malformed }
            framing = line.count == 2 ? .chunkSize([]) : .chunkEnd(line: line)
            return nil
        case .length, .chunk, .untilEnd: return nil
        }
    }
}

extension BodyReader.Output {
    fileprivate static func needMoreUnless(_ isFull: Bool) -> Self { isFull ? .complete : .needMore }
}
