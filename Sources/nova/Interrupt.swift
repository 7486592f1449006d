import Glibc
import Synchronization

/// Ctrl-C and its relatives, as something to wait for. The second one ends the process at once.
enum Interrupt {
    /// The pipe by which the handler, which may do next to nothing, tells of a signal.
    private static let pipe: (read: Int32, write: Int32) = {
        var ends: [Int32] = [-1, -1]
        _ = ends.withUnsafeMutableBufferPointer { Glibc.pipe($0.baseAddress) }
        return (ends[0], ends[1])
    }()
    private static let pipeEnd = Atomic<Int32>(-1)
    private static let last = Atomic<Int32>(0)

    /// The exit code for having been interrupted: 130 after SIGINT, 143 after SIGTERM.
    static var exitCode: ExitCode { last.load(ordering: .relaxed) == SIGTERM ? .terminated : .interrupted }

    /// Takes the signals over; to be called before ``wait()``.
    static func take() {
        pipeEnd.store(pipe.write, ordering: .relaxed)
        last.store(0, ordering: .relaxed)
        var action = sigaction()
        action.__sigaction_handler.sa_handler = { signal in
            if Interrupt.last.exchange(signal, ordering: .relaxed) != 0 { _exit(128 + signal) }
            var byte: UInt8 = 0
            _ = write(Interrupt.pipeEnd.load(ordering: .relaxed), &byte, 1)
        }
        sigaction(SIGINT, &action, nil)
        sigaction(SIGTERM, &action, nil)
    }

    /// Waits until the process is asked to end.
    static func wait() async {
        await withCheckedContinuation { continuation in
            Thread.detach {
                var byte: UInt8 = 0
                while read(pipe.read, &byte, 1) < 0 && errno == EINTR {}
                continuation.resume()
            }
        }
    }
}
