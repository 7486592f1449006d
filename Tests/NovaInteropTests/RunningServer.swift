import Foundation
import Synchronization
import Testing

/// A server's process, and what it says.
final class RunningServer: Sendable {
    private let process = Process()
    private let input = Pipe()
    private let lines: AsyncStream<String>
    /// Where it listens.
    let url: String

    private struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// Starts the server, and waits until it has told its URL.
    init(_ server: Server) async throws {
        let (words, environment) = try server.command()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = words
        process.environment = environment
        process.standardInput = input
        process.standardOutput = output
        lines = Self.lines(of: output)
        try process.run()
        guard let first = await Self.first(of: lines) else {
            process.terminate()
            throw Failure(description: "The server \(server.testDescription) does not listen.")
        }
        url = first
    }

    /// The next line that the server prints; nil if there is none in time.
    func line() async -> String? { await Self.first(of: lines) }

    /// Ends the process, and waits until it is gone.
    func stop() async {
        try? input.fileHandleForWriting.close()
        process.terminate()
        for _ in 0..<500 where process.isRunning { try? await Task.sleep(for: .milliseconds(10)) }
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    }

    private static func first(of lines: AsyncStream<String>) async -> String? {
        await withTaskGroup(of: String?.self) { group in
            group.addTask {
                for await line in lines { return line }
                return nil
            }
            group.addTask {
                try? await Task.sleep(for: .seconds(20))
                return nil
            }
            let first = await group.next()
            group.cancelAll()
            return first ?? nil
        }
    }

    private static func lines(of output: Pipe) -> AsyncStream<String> {
        let (stream, continuation) = AsyncStream.makeStream(of: String.self)
        let pending = Mutex(Data())
        output.fileHandleForReading.readabilityHandler = { handle in
            let bytes = handle.availableData
            if bytes.isEmpty {
                handle.readabilityHandler = nil
                continuation.finish()
            }
            pending.withLock { pending in
                pending += bytes
                while let end = pending.firstIndex(of: UInt8(ascii: "\n")) {
                    continuation.yield(String(decoding: pending[..<end], as: UTF8.self))
                    pending = Data(pending[(end + 1)...])
                }
            }
        }
        return stream
    }
}

/// Runs every server for the time of a suite.
struct RunningServers: SuiteTrait, TestScoping {
    @TaskLocal private static var running: [Server: RunningServer] = [:]

    /// The one that runs.
    static subscript(server: Server) -> RunningServer {
        get throws { try #require(running[server]) }
    }

    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        var running: [Server: RunningServer] = [:]
        let outcome: Result<Void, any Error>
        do {
            for server in Server.all { running[server] = try await RunningServer(server) }
            try await Self.$running.withValue(running, operation: function)
            outcome = .success(())
        } catch {
            outcome = .failure(error)
        }
        for server in running.values { await server.stop() }
        try outcome.get()
    }
}

extension Trait where Self == RunningServers {
    /// Every server runs for the time of the suite.
    static var runningServers: RunningServers { RunningServers() }
}
