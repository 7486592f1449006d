import Foundation
import NovaEcho
import NovaSocket
import TestSupport
import TestTurns
import Testing

/// A recording is searched, and exports stay where they belong.
@Suite("Recordings are searched, and exports stay in their folder", .live, .timeLimit(.minutes(10)))
struct TraceSearchTests {
    private func run(_ arguments: [String]) async throws -> (status: Int32, output: String, errors: String) {
        let process = try ChildProcess("nova", arguments)
        process.endInput()
        let end = await process.end()
        return (end.status, String(decoding: end.output, as: UTF8.self), end.errors)
    }

    /// A recording of a connection that is pinged, reset once, and closed on its second attempt.
    private func record() async throws -> String {
        let path = TemporaryFile.path()
        var script = ServerScript()
        script.message = { connection, _, _ in connection.reset() }
        var options = WebSocketOptions()
        options.recording = .file(path: path, .whole())
        options.policy.reconnection = Reconnection(backoff: .constant(.milliseconds(20)))
        try await withServer(script) { [options] server in
            let socket = try await WebSocket.connect(to: server.url, options: options)
            try await socket.ping()
            let changes = socket.stateChanges
            try await socket.send("reset, please")
            for await change in changes where change.to == .ready { break }
            try await socket.ping()
            await socket.close()
        }
        return path
    }

    @Test("Steps are found by state, rule, attempt, time and words, all at once; from code and by the command")
    func search() async throws {
        let path = try await record()
        defer { unlink(path) }
        let trace = try Trace(reading: Data(contentsOf: URL(fileURLWithPath: path)))
        let all = trace.steps
        let reset = try #require(all.first { $0.cause != nil })
        let time = Duration.nanoseconds(Int64(reset.t))
        func query(_ change: (inout TraceQuery) -> Void) -> TraceQuery {
            var query = TraceQuery()
            change(&query)
            return query
        }
        let cases: [(query: TraceQuery, words: [String], matches: (TraceStep) -> Bool)] = [
            (query { _ in }, [], { _ in true }),
            (
                query { $0.states = ["backingOff"] }, ["--state", "backingOff"],
                { $0.before.hasPrefix("backingOff") || $0.after.hasPrefix("backingOff") }
            ),
            (
                query { $0.states = ["connecting.dialing", "closing"] },
                ["--state", "connecting.dialing", "--state", "closing"],
                { step in
                    [step.before, step.after].contains {
                        $0.hasPrefix("connecting.dialing") || $0.hasPrefix("closing.")
                    }
                }
            ),
            (query { $0.rules = ["pings"] }, ["--rule", "pings"], { $0.rule.hasPrefix("pings.") }),
            (query { $0.rules = ["ready"] }, ["--rule", "ready"], { $0.rule == "ready" }),
            (query { $0.attempts = 2...2 }, ["--attempt", "2"], { $0.attempt == 2 }),
            (query { $0.attempts = 0...1 }, ["--attempt", "0-1"], { $0.attempt <= 1 }),
            (query { $0.notBefore = time }, [], { $0.t >= reset.t }),
            (query { $0.notAfter = time }, [], { $0.t <= reset.t }),
            (
                query { $0.text = "TRANSPORTended" }, ["--text", "TRANSPORTended"],
                { step in
                    ([step.event, step.cause ?? ""] + step.effects).contains { $0.contains("transportEnded") }
                }
            ),
            (
                query {
                    $0.rules = ["pings"]
                    $0.attempts = 2...9
                    $0.notBefore = time
                    $0.states = ["open"]
                }, ["--rule", "pings", "--attempt", "2-9", "--state", "open"],
                { $0.rule.hasPrefix("pings.") && $0.attempt == 2 && $0.before.hasPrefix("open") }
            ),
        ]
        for (query, words, matches) in cases {
            let found = trace.steps(matching: query)
            #expect(found == all.filter(matches), "\(query)")
            #expect(!found.isEmpty && (found.count < all.count || query == TraceQuery()), "\(query)")
            #expect(query.stranger == nil)
            guard !words.isEmpty else { continue }
            let end = try await run(["trace", path, "--count"] + words)
            #expect(end.status == 0 && end.output == "\(found.count)\n" && end.errors == "", "\(words): \(end)")
        }
    }

    @Test(
        "The command shows a step a line; what is not there is told by its status, and a name that nothing has by a word"
    )
    func command() async throws {
        let path = try await record()
        defer { unlink(path) }
        let ends = try await run([
            "trace", path, "--text", "transportEnded", "--attempt", "1", "--from", "0", "--to", "600",
        ])
        #expect(ends.status == 0)
        #expect(ends.output.split(separator: "\n").count == 1)
        for words in ["#1  fact 1 transportEnded failed 104", "open.ready → backingOff", "arm 1 backoff 20ms"] {
            #expect(ends.output.contains(words), "\(ends.output)")
        }
        let nothing = try await run(["trace", path, "--state", "open.nowhere"])
        #expect(nothing.status == 1 && nothing.output == "")
        #expect(nothing.errors == "There is no state or rule of the name open.nowhere.\n")
        #expect(try await run(["trace", path, "--from", "600"]).status == 1)
        for words in [
            ["--attempt", "2-1"], ["--attempt", "x"], ["--attempt", "1-2-3"], ["--attempt", ""], ["--from", "soon"],
        ] {
            #expect(try await run(["trace", path] + words).status == 2, "\(words)")
        }
        let hostile = try String(contentsOfFile: path, encoding: .utf8).replacing(
            "\"cause\":\"", with: "\"cause\":\"\\u001b[2J")
        try Data(hostile.utf8).write(to: URL(fileURLWithPath: path))
        #expect(try await !run(["trace", path]).output.contains("\u{1B}"))
    }

    @Test("What is exported into a folder stays in it: no name, and no symbolic link, leads out")
    func folder() async throws {
        let files = FileManager.default
        let root = TemporaryFile.path()
        let (folder, outside) = (root + "/exports", root + "/outside")
        for path in [folder + "/sub", outside] {
            try files.createDirectory(atPath: path, withIntermediateDirectories: true)
        }
        defer { try? files.removeItem(atPath: root) }
        try Data("precious".utf8).write(to: URL(fileURLWithPath: outside + "/file"))
        try files.createSymbolicLink(atPath: folder + "/link", withDestinationPath: outside + "/file")
        try files.createSymbolicLink(atPath: folder + "/away", withDestinationPath: outside)
        try files.createSymbolicLink(atPath: root + "/alias", withDestinationPath: folder)

        let exports = ExportFolder(folder)
        for name in ["a", "sub/b", "..hidden"] {
            try exports.write([1, 2, 3], to: name)
            try exports.write([4], to: name)  // anew
            #expect(try Data(contentsOf: URL(fileURLWithPath: folder + "/" + name)) == Data([4]))
        }
        try ExportFolder(root + "/alias").write([7], to: "c")
        #expect(files.fileExists(atPath: folder + "/c"))
        for name in ["../x", "sub/../../x", "/tmp/x", outside + "/x", "", ".", "..", "sub/", "sub//b", "./a", "a\0b"] {
            #expect(throws: ExportFolder.Failure.leavesFolder(name: name)) { try exports.write([9], to: name) }
        }
        for name in ["link", "away/x", "away/file"] {
            #expect(throws: ExportFolder.Failure.symbolicLink(name: name)) { try exports.write([9], to: name) }
        }
        #expect(throws: ExportFolder.Failure.system(name: "none/x", errno: ENOENT)) {
            try exports.write([9], to: "none/x")
        }
        #expect(throws: ExportFolder.Failure.self) { try exports.write([9], to: "sub") }

        let path = try await record()
        defer { unlink(path) }
        let words = ["export", path, "--to", "har", "--within", folder, "--output"]
        #expect(try await run(words + ["out.har"]).status == 0)
        #expect(try Data(contentsOf: URL(fileURLWithPath: folder + "/out.har")).count > 100)
        for name in ["../out.har", "link", outside + "/out.har"] {
            let end = try await run(words + [name])
            #expect(end.status == 1 && end.errors.contains("\(name) is refused: it leads "), "\(end)")
        }
        #expect(try await run(["export", path, "--to", "har", "--within", folder]).status == 2)
        #expect(try files.contentsOfDirectory(atPath: outside) == ["file"])
        #expect(try Data(contentsOf: URL(fileURLWithPath: outside + "/file")) == Data("precious".utf8))
    }
}
