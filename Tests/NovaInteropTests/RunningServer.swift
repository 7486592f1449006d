import Foundation
import TestSupport
import Testing

/// A server's process, and what it says.
final class RunningServer: Sendable {
    private let process: ChildProcess
    /// Where it listens.
    let url: String

    private struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// Starts the server, and waits until it has told its URL, or has ended.
    convenience init(_ server: Server) async throws {
        let (words, environment) = try server.command()
        try await self.init(words, environment, server.testDescription)
    }

    /// Starts a script in Python that is not one of the echo servers.
    convenience init(script name: String) async throws {
        let python = "\(try #require(Server.folder))/python/bin/python"
        try await self.init([python, "-B", "\(Server.scripts)/\(name).py"], [:], name)
    }

    private init(_ words: [String], _ environment: [String: String], _ name: String) async throws {
        process = try ChildProcess("/usr/bin/env", words, environment: environment)
        guard let first = await process.line() else {
            throw Failure(description: "\(name) does not listen: \(await process.end().errors)")
        }
        url = first
    }

    /// The next line that the server prints; nil if it has ended.
    func line() async -> String? { await process.line() }

    /// Ends the process, and waits until it is gone. There is nothing that it should still do.
    func stop() async {
        process.signal(SIGKILL)
        _ = await process.end()
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
