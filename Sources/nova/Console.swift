import Glibc
import Synchronization

/// The terminal. Messages go to stdout, everything about them to stderr.
enum Console {
    /// stdout takes nothing any more: there is nobody left to tell.
    struct OutputClosed: Error, CustomStringConvertible {
        let description: String
    }

    /// Whether the last line was said on stderr: nothing may follow it.
    private static let isOver = Mutex(false)

    static func out(_ line: String) { _ = write(1, Array((line + "\n").utf8)) }

    /// Writes to stdout, or says that nobody reads there.
    static func put(_ bytes: [UInt8]) throws(OutputClosed) {
        if let code = write(1, bytes) { throw OutputClosed(description: "stdout: \(String(cString: strerror(code)))") }
    }

    static func status(_ line: String) {
        isOver.withLock { if !$0 { _ = write(2, Array((line + "\n").utf8)) } }
    }

    /// The last word: why it ended.
    static func finalStatus(_ line: String) {
        isOver.withLock { isOver in
            if !isOver { _ = write(2, Array((line + "\n").utf8)) }
            isOver = true
        }
    }

    /// Dimmed, where that can be seen.
    static func dim(_ text: String, on descriptor: Int32 = 1) -> String { paint(text, "2", descriptor) }

    static func bold(_ text: String, on descriptor: Int32 = 1) -> String { paint(text, "1", descriptor) }

    private static func paint(_ text: String, _ style: String, _ descriptor: Int32) -> String {
        guard isatty(descriptor) == 1, !forbidsColor else { return text }
        return "\u{1B}[\(style)m\(text)\u{1B}[0m"
    }

    /// `NO_COLOR`, if it says anything at all (no-color.org).
    private static var forbidsColor: Bool { getenv("NO_COLOR").map { $0.pointee != 0 } ?? false }

    /// Writes all of it; returns the `errno` if that can't be done.
    private static func write(_ descriptor: Int32, _ bytes: [UInt8]) -> Int32? {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count >= 0 {
                rest = rest.dropFirst(count)
            } else if errno == EAGAIN {
                var ready = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                poll(&ready, 1, -1)
            } else if errno != EINTR {
                return errno
            }
        }
        return nil
    }
}
