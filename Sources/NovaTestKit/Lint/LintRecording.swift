import FoundationEssentials
import NovaSocket
import NovaTrace

/// A recording, and everything in it that can be read.
struct LintRecording {
    /// A line, as far as it has bytes.
    private struct Line: Decodable {
        var b: String?
    }

    let lines: [String]

    /// The lines as they stand, the bytes in them, and what came from the server in one piece, however it was cut.
    var text: String {
        var bytes: [UInt8] = []
        for line in lines {
            bytes += line.utf8
            guard let packed = try? JSONDecoder().decode(Line.self, from: Data(line.utf8)).b,
                let content = Data(base64Encoded: packed)
            else { continue }
            bytes += content
            bytes.append(0x0A)
        }
        // Where it breaks off, its lines have been looked at nevertheless.
        let traffic = (try? Trace(reading: Data(lines.joined().utf8)).traffic) ?? []
        for part in traffic where part.direction == .received { bytes += part.bytes }
        return String(decoding: bytes, as: UTF8.self)
    }
}
