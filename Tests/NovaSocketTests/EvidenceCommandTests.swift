import Foundation
import NovaEcho
import NovaSocket
import TestSupport
import TestTurns
import Testing

/// What the command makes of a recording: an explanation, and the forms of other tools.
@Suite("nova explain and nova export", .live, .timeLimit(.minutes(20)))
struct EvidenceCommandTests {
    private func run(_ arguments: [String]) async throws -> (status: Int32, output: String, errors: String) {
        let process = try ChildProcess("nova", arguments)
        process.endInput()
        let end = await process.end()
        return (end.status, String(decoding: end.output, as: UTF8.self), end.errors)
    }

    /// A recording of a connection whose server resets it, once or again and again.
    private func record(_ change: (inout WebSocketOptions) -> Void = { _ in }) async throws -> String {
        let path = TemporaryFile.path()
        var script = ServerScript()
        script.message = { connection, _, _ in connection.reset() }
        var options = WebSocketOptions()
        options.recording = .file(path: path)
        change(&options)
        _ = try await withServer(script) { [options] server in
            try await ending(of: server.url, options) { try await $0.send("secret-in-the-message") }
        }
        return path
    }

    @Test("The end of a recording is explained, with its chain, its advice, and what it was not")
    func explain() async throws {
        let path = try await record()
        defer { unlink(path) }
        let end = try await run(["explain", path])
        #expect(end.status == 0)
        #expect(end.errors == "")
        for phrase in [
            "The recording began at \(Date().formatted(.iso8601).prefix(4))", "Attempt 1: The transport failed (1006)",
            "the server accepted the opening handshake: open", "1 send",
            "the transport failed (errno 104)", "What helps: ", "It was not a timeout of ours.",
        ] { #expect(end.output.contains(phrase), "\(end.output)") }
        #expect(!end.output.contains("secret"))
    }

    @Test("Attempts before the last are told in short")
    func attempts() async throws {
        let path = TemporaryFile.path()
        defer { unlink(path) }
        var options = WebSocketOptions()
        options.recording = .file(path: path)
        options.policy.reconnection = Reconnection(backoff: .constant(.milliseconds(2)), maximumAttempts: 3)
        _ = try await ending(of: try await withServer { $0.url }, options)
        let end = try await run(["explain", path])
        #expect(end.status == 0)
        let lines = end.output.split(separator: "\n")
        #expect(lines.count { $0.hasPrefix("Attempt ") } == 3)
        #expect(lines.count { $0.hasPrefix("  the next attempt began, ") } == 2)
        #expect(end.output.components(separatedBy: "What helps: Nobody listens there").count == 2)
        #expect(end.output.contains("the last one allowed."))
    }

    @Test("A recording that breaks off tells how the connection stood")
    func standing() async throws {
        let path = try await record()
        defer { unlink(path) }
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
        let opened = try #require(lines.firstIndex { $0.contains("\"rule\":\"ready\"") })
        try Data((lines[...opened].joined(separator: "\n") + "\n").utf8).write(to: URL(fileURLWithPath: path))
        let end = try await run(["explain", path])
        #expect(end.status == 0)
        #expect(end.output.contains("\n\nAt the end of the recording: The connection has been open for "))
        #expect(end.output.contains("Nothing has ended."))
    }

    @Test("A file that is no trace is refused with its line and the reason; one of another machine is told as such")
    func damaged() async throws {
        let path = try await record()
        defer { unlink(path) }
        let text = try String(contentsOfFile: path, encoding: .utf8)
        try Data((text + "noise\n").utf8).write(to: URL(fileURLWithPath: path))
        for words in [["explain", path], ["export", path, "--to", "perfetto"]] {
            let end = try await run(words)
            #expect(end.status == 1)
            #expect(end.errors.contains("line "), "\(end.errors)")
            #expect(end.output == "")
        }
        let other = text.replacingOccurrences(
            of: "\"event\":\"fact 1 transportEnded failed 104", with: "\"event\":\"fact 1 transportEnded failed 32")
        #expect(other != text)
        try Data(other.utf8).write(to: URL(fileURLWithPath: path))
        let end = try await run(["explain", path])
        #expect(end.status == 0)
        #expect(!end.output.contains("errno"))
        for words in [["explain"], ["export", "--to", "mermaid"], ["replay", "--set", "timeouts.dial=1s"]] {
            let end = try await run(words + [path])
            #expect(end.status == 0)
            #expect(end.errors.contains("another machine") && end.errors.contains("(fact 1 transportEnded"), "\(words)")
        }
        try Data((text.split(separator: "\n")[0] + "\n").utf8).write(to: URL(fileURLWithPath: path))
        #expect(try await run(["explain", path]).output.hasSuffix("\n\nThere are no steps to explain.\n"))
    }

    @Test("A recording is written as a timeline and as a diagram; what needs bytes says so")
    func export() async throws {
        let path = try await record()
        defer { unlink(path) }
        let diagram = try await run(["export", path, "--to", "mermaid"])
        #expect(diagram.status == 0)
        #expect(diagram.output.hasPrefix("sequenceDiagram\n"))
        let target = TemporaryFile.path()
        defer { unlink(target) }
        let timeline = try await run(["export", path, "--to", "perfetto", "--output", target])
        #expect(timeline.status == 0)
        #expect(timeline.output == "")
        let file = try JSONSerialization.jsonObject(with: try Data(contentsOf: URL(fileURLWithPath: target)))
        #expect(((file as? [String: Any])?["traceEvents"] as? [Any])?.count ?? 0 > 10)
        for form in ["har", "pcapng"] {
            let end = try await run(["export", path, "--to", form])
            #expect(end.status == 1)
            #expect(end.output == "")
            #expect(end.errors == "nova export: the recording holds no bytes\n")
        }
    }

    /// The recording that stands beside the emitted test.
    private static let emitted = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("NovaTestKitTests/Emitted")

    @Test("A whole recording has the bytes: it is replayed to them, and written as an archive and as a capture")
    func whole() async throws {
        let path = Self.emitted.appendingPathComponent("outage.trace").path
        let replay = try await run(["replay", path])
        #expect(replay.status == 0)
        #expect(replay.output.contains(" bytes written again, no difference."))
        let capture = TemporaryFile.path()
        defer { unlink(capture) }
        #expect(try await run(["export", path, "--to", "pcapng", "--output", capture]).status == 0)
        #expect(try Data(contentsOf: URL(fileURLWithPath: capture)).starts(with: [0x0A, 0x0D, 0x0D, 0x0A]))
        let archive = try await run(["export", path, "--to", "har"])
        let object = try JSONSerialization.jsonObject(with: Data(archive.output.utf8)) as? [String: Any]
        #expect(((object?["log"] as? [String: Any])?["entries"] as? [Any])?.count == 3)
    }

    @Test("A recording becomes the test that stands beside it")
    func emitTest() async throws {
        let folder = TemporaryFile.path()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = Self.emitted.appendingPathComponent("outage.trace").path
        #expect(try await run(["replay", path, "--emit-test", folder]).status == 0)
        for name in ["outageReplayTests.swift", "outage.trace"] {
            let made = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)"))
            #expect(made == (try Data(contentsOf: Self.emitted.appendingPathComponent(name))), "\(name)")
        }
    }

    @Test("A recording that does not replay becomes no test, and what its file says becomes no code")
    func emitNoTest() async throws {
        let folder = TemporaryFile.path()
        let path = try await record()
        defer {
            unlink(path)
            try? FileManager.default.removeItem(atPath: folder)
        }
        let text = try String(contentsOfFile: path, encoding: .utf8)
        let other = text.replacing("transportEnded failed 104\"", with: "transportEnded failed 32\"")
        #expect(other != text)
        try Data(other.utf8).write(to: URL(fileURLWithPath: path))
        let refused = try await run(["replay", path, "--emit-test", folder])
        #expect(refused.status == 1 && refused.errors.contains("does not replay"), "\(refused)")
        #expect(!FileManager.default.fileExists(atPath: folder))
        let hostile = text.replacing("\"cause\":\"", with: "\"cause\":\"\\nlet injected = 1 //")
        #expect(hostile != text)
        try Data(hostile.utf8).write(to: URL(fileURLWithPath: path))
        _ = try await run(["replay", path, "--emit-test", folder])
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        for name in names where name.hasSuffix(".swift") {
            let source = try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
            #expect(!source.split(separator: "\n").contains { $0.hasPrefix("let injected") }, "\(source)")
        }
    }

    @Test("A file that is not there is named, with the reason in a line")
    func files() async throws {
        let missing = TemporaryFile.path()
        for words in [["replay", missing], ["explain", missing], ["export", missing, "--to", "har"]] {
            let end = try await run(words)
            #expect(end.status == 1)
            #expect(end.errors == "nova \(words[0]): \(missing): No such file or directory\n")
        }
        #expect(try await run(["replay", "/tmp"]).errors == "nova replay: /tmp: Is a directory\n")
        let path = try await record()
        defer { unlink(path) }
        let end = try await run(["export", path, "--to", "mermaid", "--output", "\(missing)/x"])
        #expect(end.status == 1 && end.errors == "nova export: \(missing)/x: No such file or directory\n", "\(end)")
    }

    @Test("Names that the command does not know are answered with those it does, each to be told from the next")
    func names() async throws {
        let check = try await run(["check", "nothing"])
        #expect(check.status == 2 && check.errors.contains("\"spine, hasty\", "), "\(check.errors)")
        let storm = try await run(["storm", "--backoff", "nothing"])
        #expect(storm.status == 2 && storm.errors.contains("there are exponentialFullJitter, "), "\(storm.errors)")
    }

    @Test("Every command is told in a line of its own")
    func overview() async throws {
        let lines = try await run(["--help"]).output.split(separator: "\n").dropFirst().dropLast()
        #expect(lines.count == 13)
        #expect(lines.allSatisfy { $0.hasPrefix("  ") && $0.utf8.count <= 130 }, "\(lines)")
    }

    @Test("A chart is drawn wherever one stands, and the socket of a server that lives is left to it")
    func elsewhere() async throws {
        let folder = TemporaryFile.path()
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let charts = try ChildProcess("nova", ["chart", "Dial", "--format", "table"], directory: folder)
        charts.endInput()
        #expect(await charts.end().status == 0)

        let path = folder + "/socket"
        let first = try ChildProcess("nova", ["serve", "--unix", path])
        #expect(await first.line() != nil)
        #expect(try await run(["serve", "--unix", path]).status == 1)
        #expect(FileManager.default.fileExists(atPath: path))
        first.signal(SIGKILL)
        _ = await first.end()
        let next = try ChildProcess("nova", ["serve", "--unix", path])
        #expect(await next.line() != nil)
        next.signal(SIGTERM)
        #expect(await next.end().status == 143)
    }

    @Test("Under another policy a recording is told beside what it was; what is no policy is refused")
    func otherPolicy() async throws {
        let path = Self.emitted.appendingPathComponent("outage.trace").path
        let end = try await run(["replay", path, "--set", "reconnection.backoff=constant 5s"])
        #expect(end.status == 0)
        let halves = end.output.components(separatedBy: "With reconnection.backoff=constant 5s")
        #expect(halves.count == 2 && halves[0].contains("3 attempts") && halves[1].contains("1 attempt,"))
        for words in ["nonsense=1", "timeouts.close", "timeouts.close=soon"] {
            let end = try await run(["replay", path, "--set", words])
            #expect(end.status == 2, "\(words): \(end.errors)")
        }
    }

    @Test("Seeds are simulated, and counted")
    func simulate() async throws {
        let end = try await run(["simulate", "--seeds", "5", "--from", "40", "--jobs", "2"])
        #expect(end.status == 0)
        #expect(end.output.hasPrefix("5 seeds in ") && end.output.contains(" 0 broke a law"))
    }
}
