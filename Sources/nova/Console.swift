import Glibc
import NovaSocket

/// The terminal. Messages go to stdout, everything about them to stderr.
enum Console {
    static func out(_ line: String) { write(1, line + "\n") }

    static func out(bytes: [UInt8]) { bytes.withUnsafeBytes { write(1, $0) } }

    static func status(_ line: String) { write(2, line + "\n") }

    /// Dimmed, where that can be seen.
    static func dim(_ text: String, on descriptor: Int32 = 1) -> String { paint(text, "2", descriptor) }

    static func bold(_ text: String, on descriptor: Int32 = 1) -> String { paint(text, "1", descriptor) }

    private static func paint(_ text: String, _ style: String, _ descriptor: Int32) -> String {
        guard isatty(descriptor) == 1, getenv("NO_COLOR") == nil else { return text }
        return "\u{1B}[\(style)m\(text)\u{1B}[0m"
    }

    private static func write(_ descriptor: Int32, _ text: String) {
        var text = text
        text.withUTF8 { write(descriptor, UnsafeRawBufferPointer($0)) }
    }

    private static func write(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
            guard count > 0 || errno == EINTR else { return }
            rest = rest.dropFirst(max(0, count))
        }
    }

    /// The lines of stdin, read on a thread of their own: reading blocks.
    static func lines() -> AsyncStream<String> {
        let (stream, continuation) = AsyncStream.makeStream(of: String.self)
        Thread.detach {
            while let line = readLine() { continuation.yield(line) }
            continuation.finish()
        }
        return stream
    }
}

/// A thread that nobody waits for.
enum Thread {
    private final class Body {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    static func detach(_ run: @escaping @Sendable () -> Void) {
        var thread = pthread_t()
        let body = Unmanaged.passRetained(Body(run)).toOpaque()
        let code = pthread_create(
            &thread, nil,
            { argument in
                if let argument { Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run() }
                return nil
            }, body)
        if code == 0 { pthread_detach(thread) }
    }
}
