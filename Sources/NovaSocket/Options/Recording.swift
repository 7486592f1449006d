import Glibc
import NovaTransport

/// Where a connection's steps are written down, as lines of JSON (see `TraceHeader` and `TraceStep`).
public enum Recording: Sendable {
    /// What is written down.
    public enum Contents: Sendable {
        /// The steps of the machine: what happened, what was decided. No byte of what was said.
        case steps
        /// The steps, and everything that came in and went out: enough to run all above the socket again, to the byte.
        case whole(Redaction = .all)
    }

    /// To this file, which is made or made anew.
    case file(path: String, Contents = .steps)
    /// To this function, which gets each line with its newline: the first where the handle is made, all others on the
    /// connection's loop. It must not block.
    case lines(Contents = .steps, @Sendable (String) -> Void)

    /// The same for a session whose connections are changed (``Session/rollOver()``): each is a recording of its own, whose
    /// lines go to what this function returns for its number, 1 for the first. With ``file(path:_:)`` the second goes to a
    /// file of its own, too: `trace-2.jsonl` beside `trace.jsonl`.
    case each(Contents = .steps, @Sendable (_ number: Int) -> @Sendable (String) -> Void)

    /// What is written down.
    var contents: Contents {
        switch self {
        case .file(_, let contents), .lines(let contents, _), .each(let contents, _): contents
        }
    }

    /// The recording of a session's connection of that number; nil if it can't be told from that of the first.
    func ofConnection(_ number: UInt32) -> Recording? {
        switch self {
        case .lines: nil
        case .each(let contents, let make): .lines(contents, make(Int(number)))
        case .file(let path, let contents):
            .file(path: Self.path(path, number), contents)
        }
    }

    private static func path(_ path: String, _ number: UInt32) -> String {
        let start = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
        guard let dot = path[start...].lastIndex(of: "."), dot > start else { return "\(path)-\(number)" }
        return "\(path[..<dot])-\(number)\(path[dot...])"
    }

    /// What takes the lines; the file is closed when the closure is gone.
    func open() throws(WebSocketError) -> (String) -> Void {
        switch self {
        case .lines(_, let take): return take
        case .each(_, let make): return make(1)
        case .file(let path, _):
            let descriptor = Glibc.open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
            guard descriptor >= 0 else {
                throw WebSocketError(.system, "The recording can't be written to \(path): \(SystemError.words(errno)).")
            }
            return RecordingFile(descriptor).write
        }
    }
}

/// A file that lines are added to. Each is written at once: what a crash leaves behind is what is wanted most. Where the
/// system takes no more, the recording breaks off, and its reader says so.
private final class RecordingFile {
    private var descriptor: Int32

    init(_ descriptor: Int32) { self.descriptor = descriptor }

    deinit { end() }

    private func end() {
        if descriptor >= 0 { close(descriptor) }
        descriptor = -1
    }

    func write(_ line: String) {
        var line = line
        line.withUTF8 { bytes in
            var rest = bytes[...]
            while !rest.isEmpty, descriptor >= 0 {
                let count = Glibc.write(descriptor, UnsafeBufferPointer(rebasing: rest).baseAddress, rest.count)
                if count < 0, errno != EINTR { return end() }
                rest = rest.dropFirst(max(0, count))
            }
        }
    }
}
