import Foundation
import Synchronization

/// A process that a test has started, and that ends with the test: by its pid, and nobody else's.
package final class ChildProcess: Sendable {
    private let process: Mutex<Process>
    private let input: FileHandle
    private let output: Collected
    private let errors: Collected
    /// Its number.
    package let pid: pid_t

    /// Bytes that a process writes, as they come.
    private final class Collected: Sendable {
        private let bytes = Mutex(Data())
        private let lines: AsyncStream<String>
        private let continuation: AsyncStream<String>.Continuation
        private let finished: AsyncStream<Void>

        init(_ handle: FileHandle) {
            (lines, continuation) = AsyncStream.makeStream(of: String.self)
            let (finished, end) = AsyncStream.makeStream(of: Void.self)
            self.finished = finished
            Thread.detachNewThread { [self] in
                var rest = Data()
                while case let chunk = handle.availableData, !chunk.isEmpty {
                    bytes.withLock { $0 += chunk }
                    rest += chunk
                    while let newline = rest.firstIndex(of: UInt8(ascii: "\n")) {
                        continuation.yield(String(decoding: rest[..<newline], as: UTF8.self))
                        rest = Data(rest[(newline + 1)...])
                    }
                }
                continuation.finish()
                end.finish()
            }
        }

        func line() async -> String? {
            for await line in lines { return line }
            return nil
        }

        func all() async -> Data {
            for await _ in finished {}
            return bytes.withLock(\.self)
        }
    }

    /// Starts `executable`; a name without a slash is looked up in the folder of the tests' own binary.
    package init(
        _ executable: String, _ arguments: [String], environment: [String: String] = [:], directory: String? = nil
    ) throws {
        let process = Process()
        let folder = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
        process.executableURL =
            executable.contains("/") ? URL(fileURLWithPath: executable) : folder.appendingPathComponent(executable)
        process.arguments = arguments
        if let directory { process.currentDirectoryURL = URL(fileURLWithPath: directory) }
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        let (input, output, errors) = (Pipe(), Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        pid = process.processIdentifier
        self.input = input.fileHandleForWriting
        self.output = Collected(output.fileHandleForReading)
        self.errors = Collected(errors.fileHandleForReading)
        self.process = Mutex(process)
    }

    /// Nobody leaves a process behind.
    deinit { if process.withLock({ $0.isRunning }) { kill(pid, SIGKILL) } }

    /// The next line of its stdout; nil at the end.
    package func line() async -> String? { await output.line() }

    /// The next line of its stderr; nil at the end.
    package func errorLine() async -> String? { await errors.line() }

    /// Gives it bytes to read.
    package func write(_ bytes: [UInt8]) { try? input.write(contentsOf: Data(bytes)) }

    /// Gives it a line to read.
    package func write(line: String) { write(Array((line + "\n").utf8)) }

    /// Ends its stdin.
    package func endInput() { try? input.close() }

    /// Sends it a signal.
    package func signal(_ number: Int32) { kill(pid, number) }

    /// Its exit status, or minus the signal that ended it, and what it wrote to stdout and stderr in all.
    package func end() async -> (status: Int32, output: Data, errors: String) {
        let (output, errors) = (await output.all(), await errors.all())
        let status = process.withLock { process in
            process.waitUntilExit()
            return process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus
        }
        return (status, output, String(decoding: errors, as: UTF8.self))
    }
}
