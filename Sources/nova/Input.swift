import Glibc

/// The lines of stdin, as bytes. The next is read when it is asked for, so that what feeds us waits as we do.
struct InputLines: AsyncSequence, AsyncIteratorProtocol {
    /// A line is longer than can be sent in one message.
    struct TooLong: Error, CustomStringConvertible {
        var description: String { "A line of stdin is longer than \(InputLines.maximumLine) bytes." }
    }

    static let maximumLine = 64 << 20
    private static let chunk = 64 << 10

    private var buffer: [UInt8] = []
    private var start = 0
    private var scanned = 0
    private var isAtEnd = false

    func makeAsyncIterator() -> InputLines { self }

    /// The next line, without its newline; nil at the end. A last line without a newline is one.
    mutating func next() async throws -> [UInt8]? {
        while true {
            if let end = buffer[scanned...].firstIndex(of: UInt8(ascii: "\n")) {
                defer { (start, scanned) = (end + 1, end + 1) }
                return Array(buffer[start..<end])
            }
            guard !isAtEnd else { return takeRest() }
            guard buffer.count - start <= Self.maximumLine else { throw TooLong() }
            buffer.removeFirst(start)
            (start, scanned) = (0, buffer.count)
            let more = await Self.read()
            isAtEnd = more.isEmpty
            buffer += more
        }
    }

    private mutating func takeRest() -> [UInt8]? {
        guard start < buffer.count else { return nil }
        defer { (start, scanned) = (buffer.count, buffer.count) }
        return Array(buffer[start...])
    }

    /// What there is to read next; nothing at the end. Reading blocks, so it is done on a thread of its own.
    private static func read() async -> [UInt8] {
        await withCheckedContinuation { continuation in
            Thread.detach {
                let bytes = [UInt8](unsafeUninitializedCapacity: chunk) { buffer, count in
                    repeat { count = Glibc.read(0, buffer.baseAddress, chunk) } while count < 0 && errno == EINTR
                    count = Swift.max(0, count)
                }
                continuation.resume(returning: bytes)
            }
        }
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
        if code == 0 { pthread_detach(thread) } else { Unmanaged<Body>.fromOpaque(body).takeRetainedValue().run() }
    }
}
