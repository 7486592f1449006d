import Foundation
import NovaEcho
import NovaSocket
import NovaWire
import SessionSupport
import Synchronization
import TestSupport
import TestTurns
import Testing

/// `nova session` as scripts see it.
@Suite("nova session", .live, .timeLimit(.minutes(20)))
struct SessionCommandTests {
    private func run(_ arguments: [String], input: String = "") async throws -> (
        status: Int32, output: String, errors: String
    ) {
        let process = try ChildProcess("nova", ["session"] + arguments)
        process.write(Array(input.utf8))
        process.endInput()
        let end = await process.end()
        return (end.status, String(decoding: end.output, as: UTF8.self), end.errors)
    }

    private func lastLine(_ text: String) -> String { text.split(separator: "\n").last.map(String.init) ?? "" }

    /// The messages that the service has heard.
    private final class Heard: Sendable {
        let lines = Mutex<[String]>([])
    }

    /// A service whose `tell` publishes twice, whose `ask` asks back, whose `drop` resets, and whose `mute` says nothing.
    private func script(_ service: RPCService, _ heard: Heard = Heard()) -> ServerScript {
        service.answers { _, request in
            switch request.method {
            case "tell":
                [RPCService.publication("a", 1), RPCService.publication("b", 2), RPCService.result(true, of: request)]
            case "ask": [#"{"jsonrpc":"2.0","id":"back","method":"who"}"#, RPCService.result(1, of: request)]
            case "null": [RPCService.result(JSONValue.null, of: request)]
            case "mute": []
            default: nil
            }
        }
        var script = ServerScript()
        script.message = { session, _, view in
            let text = String(validated: view)
            heard.lines.withLock { $0.append(text) }
            if text.contains("drop") { return session.reset() }
            for answer in service.received(Array(view), on: 1) {
                session.send(.text, ByteView(copying: Array(answer.utf8)))
            }
        }
        return script
    }

    @Test("A request on the command line: its result on stdout, and a clean end")
    func once() async throws {
        try await withServer(script(RPCService())) { server in
            let end = try await run([server.url, "request", "echo", #"{"b":[1,2.5,null],"a":"é"}"#, "--once"])
            #expect(end.status == 0)
            #expect(end.output == #"{"a":"é","b":[1,2.5,null]}"# + "\n")
            #expect(lastLine(end.errors) == "The connection was closed in order, as asked.")
            let null = try await run([server.url, "request", "null", "--once"])
            #expect(null.status == 0 && null.output == "null\n")
        }
    }

    @Test("Lines of stdin are calls, answered in their order; what the service tells comes as it is")
    func lines() async throws {
        let service = RPCService()
        let heard = Heard()
        try await withServer(script(service, heard)) { server in
            let input = """
                > echo {"n":1}
                   request   echo   [2, "two  words"]

                notify note {"n":3}
                > tell
                > ask
                """
            let end = try await run([server.url, "-E"], input: input)
            #expect(end.status == 0, "\(end.errors)")
            let lines = Set(end.output.split(separator: "\n").map(String.init))
            #expect(lines.isSuperset(of: [#"{"n":1}"#, #"[2,"two  words"]"#, "true", "1"]))
            #expect(end.output.contains(#"{"n":1}"# + "\n" + #"[2,"two  words"]"#))
        }
        #expect(service.calls == ["echo", "echo", "tell", "ask"])
        #expect(heard.lines.withLock(\.self).contains { $0.contains(#""method":"note","params":{"n":3}"#) })
    }

    @Test(
        "Notifications are printed raw, one a line; a request of the service's is answered that there is no such method"
    )
    func notifications() async throws {
        let heard = Heard()
        let answered = AsyncStream.makeStream(of: Void.self)
        var script = script(RPCService(), heard)
        let message = script.message
        script.message = { session, kind, view in
            message(session, kind, view)
            if String(validated: view).contains("back") { answered.continuation.finish() }
        }
        try await withServer(script) { server in
            let process = try ChildProcess("nova", ["session", server.url])
            process.write(line: "> tell")
            let lines = [await process.line(), await process.line(), await process.line()].compactMap(\.self)
            let told = [RPCService.publication("a", 1), RPCService.publication("b", 2)]
            #expect(lines.filter { $0 != "true" } == told)
            process.write(line: "> ask")
            for await _ in answered.stream {}
            #expect(heard.lines.withLock { $0.last { $0.contains("back") }?.contains("-32601") } == true)
            process.signal(SIGINT)
            #expect(await process.end().status == 130)
        }
    }

    @Test("--once without a call ends with the first message")
    func firstMessage() async throws {
        var script = script(RPCService())
        script.opened = { $0.send(.text, ByteView(copying: Array(RPCService.publication("a", 7).utf8))) }
        try await withServer(script) { server in
            let process = try ChildProcess("nova", ["session", server.url, "--once"])
            let end = await process.end()
            #expect(end.status == 0)
            #expect(String(decoding: end.output, as: UTF8.self) == RPCService.publication("a", 7) + "\n")
        }
    }

    @Test("Errors go to stderr with their code, and decide the exit code; the next call goes on")
    func errors() async throws {
        try await withServer(script(RPCService())) { server in
            let end = try await run([server.url, "-E"], input: "> nothing\n> echo [1]\n")
            #expect(end.status == 1)
            #expect(end.output == "[1]\n")
            #expect(end.errors.contains("-32601: no such method"))
            let late = try await run([server.url, "request", "mute", "--timeout", "0.05", "--once"])
            #expect(late.status == 16)
            #expect(late.output.isEmpty && late.errors.contains("No answer came in time."))
            let lost = try await run([server.url, "request", "drop", "--once"])
            #expect(lost.status == 17)
            for line in ["hello", "request", "> echo 1", "> echo {", "> echo [1] x"] {
                let bad = try await run([server.url, "-E"], input: line + "\n")
                #expect(bad.status == 1 && bad.output.isEmpty && bad.errors.contains("not sent"), "\(line)")
            }
        }
    }

    @Test("Words that are none are refused before anything is tried; a header's value is told to nobody but the server")
    func usage() async throws {
        for words in [
            [], ["http://a/"], ["ws://a/", "say", "m"], ["ws://a/", "request"], ["ws://a/", "request", "m", "1"],
            ["ws://a/", "request", "m", "[]", "x"], ["ws://a/", "--timeout", "0"], ["ws://a/", "--binary"],
        ] {
            #expect(try await run(words).status == 2, "\(words)")
        }
        let seen = Mutex("")
        var script = script(RPCService())
        script.upgrade = { request in
            seen.withLock { $0 = request.fields.filter { $0.name == "Authorization" }.map(\.value).joined() }
            return .accept(subprotocol: nil)
        }
        try await withServer(script) { server in
            let end = try await run(
                [server.url, "-H", "Authorization: Bearer secret", "request", "nothing", "--once"])
            #expect(end.status == 1 && !end.errors.contains("secret"))
        }
        #expect(seen.withLock(\.self) == "Bearer secret")
    }
}
