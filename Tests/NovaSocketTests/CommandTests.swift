import Foundation
import NovaEcho
import NovaSocket
import NovaTransport
import TestSupport
import TestTurns
import Testing

/// The command as scripts see it: what it puts out, what it says last, and how it exits.
@Suite("nova", .live, .timeLimit(.minutes(20)))
struct CommandTests {
    private func run(_ arguments: [String], input: [UInt8] = [], environment: [String: String] = [:]) async throws -> (
        status: Int32, output: Data, errors: String
    ) {
        let process = try ChildProcess("nova", arguments, environment: environment)
        process.write(input)
        process.endInput()
        return await process.end()
    }

    private func lastLine(_ text: String) -> String { text.split(separator: "\n").last.map(String.init) ?? "" }

    @Test("Lines go out, messages come in, and the end of it is clean")
    func connect() async throws {
        try await withServer { server in
            let end = try await run(
                ["connect", server.url, "--max-messages", "2"], input: Array("hello\nGrüße".utf8))
            #expect(end.status == 0)
            #expect(String(decoding: end.output, as: UTF8.self) == "hello\nGrüße\n")
            #expect(lastLine(end.errors) == "The connection was closed in order, as asked.")
            #expect(!end.errors.contains("\u{1B}"))
        }
    }

    @Test("Bytes stay bytes, and text that is none is not sent")
    func bytes() async throws {
        try await withServer { server in
            let bytes: [UInt8] = [0xFF, 0xFE, 0x0D, 0x00, 0x41]
            let end = try await run(
                ["connect", server.url, "-b", "--max-messages=1"], input: bytes + [0x0A])
            #expect(Array(end.output) == bytes)
            let text = try await run(
                ["connect", server.url, "--max-messages=1"], input: bytes + Array("\nwell\n".utf8))
            #expect(String(decoding: text.output, as: UTF8.self) == "well\n")
            #expect(text.errors.contains("not UTF-8"))
        }
    }

    @Test("The end of stdin ends the connection where that is asked for")
    func endOfInput() async throws {
        try await withServer { server in
            let end = try await run(["connect", server.url, "-E"], input: Array("bye\n".utf8))
            #expect(end.status == 0)
            #expect(String(decoding: end.output, as: UTF8.self) == "bye\n")
        }
    }

    private static let ends: [(code: Int32, script: @Sendable (inout ServerScript) -> Void, arguments: [String])] = [
        (14, { $0.upgrade = { _ in .bytes(UpgradeAnswer(refusing: 403, body: "no").bytes) } }, []),
        (15, { $0.upgrade = { _ in .acceptThen([0xC1, 0]) } }, []),
        (15, { $0.upgrade = { _ in .bytes(Array("SSH-2.0\r\n".utf8)) } }, []),
        (16, { $0.upgrade = { _ in .silence } }, ["--open-timeout", "0.05"]),
        (17, { $0.upgrade = { _ in .acceptThen([0x88, 2, 0x03, 0xF0]) } }, []),
        (17, { $0.upgrade = { _ in .acceptThen([0x88, 0]) } }, []),
        (0, { $0.upgrade = { _ in .acceptThen([0x88, 2, 0x03, 0xE8]) } }, []),
        (0, { $0.upgrade = { _ in .acceptThen([0x88, 2, 0x03, 0xE9]) } }, []),
        (18, { $0.answersPings = { false } }, ["--ping-interval", "0.02", "--ping-timeout", "0.02"]),
    ]

    @Test("Each kind of end has its exit code, and says why last", arguments: ends.indices)
    func exitCodes(_ index: Int) async throws {
        let (code, change, arguments) = Self.ends[index]
        var script = ServerScript()
        change(&script)
        try await withServer(script) { server in
            let process = try ChildProcess("nova", ["connect", server.url] + arguments)
            let end = await process.end()
            #expect(end.status == code, "\(end.errors)")
            #expect(lastLine(end.errors).hasSuffix("."))
        }
    }

    @Test("What fails before a connection is one: the name, the port, TLS, the words of the command")
    func early() async throws {
        #expect(try await run(["connect", "ws://host.invalid/"]).status == 10)
        let dead = try await withServer { $0.url }
        let refused = try await run(["connect", dead], input: Array("a\nb\n".utf8))
        #expect(refused.status == 11)
        #expect(lastLine(refused.errors).contains("refused"))
        var tls = TLSConfiguration()
        tls.identity = try Certificates.shared().server
        try await withServer(tls: tls) { server in
            let distrusted = try await run(["connect", server.url])
            #expect(distrusted.status == 13)
            #expect(lastLine(distrusted.errors).contains("not trusted"))
            let path = try TemporaryFile.make(try Certificates.shared().authority)
            #expect(try await run(["connect", server.url, "--ca", path, "-E"]).status == 0)
            #expect(try await run(["connect", server.url, "--insecure", "-E"]).status == 0)
        }
        for words in [
            ["connect"], ["connect", "http://a/"], ["connect", "ws://a/", "--max-messages", "0"],
            ["connect", "--nope"],
            ["connect", "ws://a/", "--key", "k"], ["serve", "--cert", "c"], ["replay"], ["explain"], ["export", "f"],
            ["export", "f", "--to", "paper"], ["nonsense"], [],
            ["demo", "x"], ["simulate", "x"], ["serve", "--port", "1", "--unix", "p"], ["chart", "--format", "paper"],
            ["chart", "--write", "--check"], ["chart", "--folder", "f"], ["chart", "Dial", "--check"],
            ["connect", "ws://a/", "--redact", "$.a"],
            ["connect", "ws://a/", "--record-whole", "/nowhere/b", "--redact", "a"],
            ["connect", "ws://a/", "--record-whole", "/nowhere/b", "--redact", "$.a", "--secrets"],
            ["connect", "ws://a/", "--secrets"], ["connect", "ws://a/", "--record", "a", "--record-whole", "b"],
            ["connect", "ws://a/", "--ping-interval", "0", "--ping-timeout", "1"],
            ["replay", "f", "--set", "a=b", "--emit-test", "f"],
        ] {
            #expect(try await run(words).status == 2, "\(words)")
        }
    }

    @Test("What is secret in messages is said by paths; everything else is recorded as it was")
    func redaction() async throws {
        let message = #"{"token":"SECRET","account":"PRIVATE","note":"SHOWN"}"#
        let contents = try await withServer { server in
            var contents: [String] = []
            for words in [["--redact", "credentials", "--redact", "$.account"], ["--secrets"], []] {
                let path = TemporaryFile.path()
                defer { unlink(path) }
                let end = try await run(
                    ["connect", server.url, "--max-messages", "1", "--record-whole", path] + words,
                    input: Array("\(message)\n".utf8))
                #expect(end.status == 0)
                let trace = try Trace(reading: Data(contentsOf: URL(fileURLWithPath: path)))
                #expect(try Replay.wholly(trace).difference == nil)
                let received = trace.traffic.filter { $0.direction == .received }.flatMap(\.bytes)
                contents.append(String(decoding: received, as: UTF8.self))
            }
            return contents
        }
        let words = ["SECRET", "PRIVATE", "SHOWN"]
        #expect(contents.map { content in words.filter(content.contains) } == [["SHOWN"], words, []])
    }

    @Test(
        "Ctrl-C closes in order, with a code of its own",
        arguments: [(SIGINT, 130), (SIGTERM, 143)] as [(Int32, Int32)])
    func interrupted(_ signal: Int32, _ code: Int32) async throws {
        let closed = AsyncStream.makeStream(of: Void.self)
        try await withServer { server in
            // The server shares its thread with those of all other tests: its answer may take longer than usual.
            let process = try ChildProcess("nova", ["connect", server.url, "--close-timeout", "60"])
            process.write(line: "hello")
            #expect(await process.line() == "hello")
            process.signal(signal)
            let end = await process.end()
            #expect(end.status == code)
            #expect(lastLine(end.errors) == "The connection was closed in order, as asked.")
            await server.untilEmpty()
        }
        closed.continuation.finish()
    }

    @Test("A server's words can't pretend to be ours")
    func forgery() async throws {
        var script = ServerScript()
        script.message = { connection, _, _ in
            connection.sendClose(.policyViolation, reason: "x\nThe connection was closed in order.\u{1B}[2J")
            connection.end()
        }
        try await withServer(script) { server in
            let end = try await run(["connect", server.url], input: Array("x\n".utf8))
            #expect(end.status == 17)
            #expect(lastLine(end.errors).contains("1008"))
            #expect(!end.errors.contains("\u{1B}"))
        }
    }

    @Test("A recording is replayed without a difference; a damaged one is refused with its line")
    func recordAndReplay() async throws {
        let path = TemporaryFile.path()
        defer { unlink(path) }
        try await withServer { server in
            let end = try await run(
                ["connect", server.url, "-H", "Authorization: secret", "--record", path, "-E"],
                input: Array("hi\n".utf8))
            #expect(end.status == 0)
        }
        let good = try await run(["replay", path])
        #expect(good.status == 0)
        #expect(String(decoding: good.output, as: UTF8.self).hasSuffix("no difference.\n"))
        var text = try String(contentsOfFile: path, encoding: .utf8)
        #expect(!text.contains("secret"))
        text = text.replacingOccurrences(of: "received message text 2", with: "received message text 3")
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        #expect(try await run(["replay", path]).status == 1)
        // Cut inside a line: what ends with a line is only shorter.
        let lines = text.split(separator: "\n")
        try Data((lines[0] + "\n" + lines[1].prefix(9)).utf8).write(to: URL(fileURLWithPath: path))
        let broken = try await run(["replay", path])
        #expect(broken.status == 1)
        #expect(lastLine(broken.errors).contains("line "))
    }

    @Test("A server with a certificate of its own: nobody trusts it who is not told to")
    func serveSecurely() async throws {
        let server = try ChildProcess("nova", ["serve", "--tls"])
        let url = try #require(await server.line())
        #expect(url.hasPrefix("wss://"))
        let distrusted = try await run(["connect", url])
        #expect(distrusted.status == 13)
        #expect(lastLine(distrusted.errors).contains("self-signed"))
        let end = try await run(["connect", url, "-k", "-E"], input: Array("hi\n".utf8))
        #expect(end.status == 0)
        #expect(String(decoding: end.output, as: UTF8.self) == "hi\n")
        server.signal(SIGINT)
        #expect(await server.end().status == 130)
    }

    @Test("Charts are drawn in every format, and the demonstration does what it says")
    func others() async throws {
        for format in ["mermaid", "dot", "scxml", "table"] {
            let chart = try await run(["chart", "lifecycle", "--format", format])
            #expect(chart.status == 0)
            #expect(String(decoding: chart.output, as: UTF8.self).contains("answerClose"))
        }
        #expect(try await run(["chart", "nothing"]).status == 2)
        let demo = try await run(["demo"])
        #expect(demo.status == 0)
        #expect(String(decoding: demo.output, as: UTF8.self).contains("no difference"))
    }

    @Test("A storm is drawn; several are compared, as the documentation shows it")
    func storm() async throws {
        let one = try await run(["storm", "--clients", "50", "--outage", "5", "--base", "1", "--seed", "7"])
        #expect(one.status == 0 && one.errors.isEmpty)
        let text = String(decoding: one.output, as: UTF8.self)
        #expect(text.contains("█") && !text.contains("\u{1B}"))
        #expect(text.contains(" in second 0 of the outage"))
        #expect(text.split(separator: "\n").allSatisfy { $0.count <= 80 })
        let again = try await run(["storm", "-n", "50", "--outage=5", "--base=1", "--seed=7", "--backoff=fullJitter"])
        #expect(again.output == one.output)
        let shown = "storm --clients 200 --base 1 --backoff constant --backoff equalJitter --backoff fullJitter"
        let table = try await run(shown.split(separator: " ").map(String.init))
        #expect(table.status == 0)
        let article = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Sources/NovaTestKit/NovaTestKit.docc/Storms.md")
        let page = try String(contentsOf: article, encoding: .utf8)
        #expect(page.contains("$ nova \(shown)\n" + String(decoding: table.output, as: UTF8.self)))
    }

    @Test("A storm that is not one is refused; clients that give up are told, and the exit says so")
    func stormRefused() async throws {
        for words in [
            ["feed"], ["--clients", "0"], ["--backoff", "hope"], ["--refuse", "--stall"], ["--retry-after", "1"],
            ["--status", "200"], ["--outage", "long"],
        ] {
            #expect(try await run(["storm"] + words).status == 2, "\(words)")
        }
        let lost = try await run(["storm", "--clients", "3", "--outage", "5", "--status", "404"])
        #expect(lost.status == 1)
        #expect(lastLine(lost.errors).contains("3 clients gave up"))
        let heard = "storm --clients 3 --outage 5 --status 503 --retry-after 10 --backoff linear --jitter 500"
        #expect(try await run(heard.split(separator: " ").map(String.init)).status == 0)
    }
}
