import Glibc
import NovaTransport

/// Where a connection's steps are written down, as lines of JSON (see ``TraceHeader`` and ``TraceStep``).
public enum Recording: Sendable {
    /// To this file, which is made or made anew.
    case file(path: String)
    /// To this function, which gets each line with its newline, on the connection's loop: it must not block.
    case lines(@Sendable (String) -> Void)

    /// What takes the lines; the file is closed when the closure is gone.
    func open() throws(WebSocketError) -> (String) -> Void {
        switch self {
        case .lines(let take): return take
        case .file(let path):
            guard let file = RecordingFile(path) else {
                throw WebSocketError(.system, "The recording can't be written to \(path): \(SystemError.words(errno)).")
            }
            return file.write
        }
    }
}

/// A file that lines are added to. Each is written at once: what a crash leaves behind is what is wanted most.
private final class RecordingFile {
    private let descriptor: Int32

    init?(_ path: String) {
        descriptor = Glibc.open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return nil }
    }

    deinit { close(descriptor) }

    func write(_ line: String) {
        var line = line
        line.withUTF8 { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = Glibc.write(descriptor, UnsafeBufferPointer(rebasing: rest).baseAddress, rest.count)
                guard count > 0 || errno == EINTR else { return }
                rest = rest.dropFirst(max(0, count))
            }
        }
    }
}
