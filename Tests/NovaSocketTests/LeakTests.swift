import Foundation
import NovaEcho
import NovaSocket
import NovaTransport
import TestSupport
import TestTurns
import Testing

/// Whatever way a connection ends, it leaves nothing on its loop, and no object behind.
@Suite("Nothing is left", .live, .replayed, .timeLimit(.minutes(20)))
struct LeakTests {
    /// Waits for the loop to have nothing to do but this; what it watches then is what was left.
    private func census(of loop: EventLoop) async -> (descriptors: Int, timers: Int) {
        for _ in 0..<8 {  // what ends in a later turn has ended by then
            await withCheckedContinuation { continuation in loop.execute { continuation.resume() } }
            await Task.yield()
        }
        return await withCheckedContinuation { continuation in
            loop.execute { continuation.resume(returning: loop.census) }
        }
    }

    /// A way to end: the truth about it, and who brings it.
    struct Way: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let detail: Ending.Detail
        var script = ServerScript()
        var change: @Sendable (inout WebSocketOptions) -> Void = { _ in }
        var closes = false

        init(_ name: String, _ detail: Ending.Detail, _ adjust: (inout Way) -> Void = { _ in }) {
            testDescription = name
            self.detail = detail
            adjust(&self)
        }

        /// A server that answers the opening handshake with these bytes, and ends.
        init(_ name: String, _ detail: Ending.Detail, answering text: String) {
            self.init(name, detail) { $0.script.upgrade = { _ in .bytesThenEnd(Array(text.utf8)) } }
        }
    }

    static let ways = [
        Way("closed by us", .closedByCaller) { $0.closes = true },
        Way("reset", .transportEnded(.failed(errno: 104))) {
            $0.script.message = { connection, _, _ in connection.reset() }
        },
        Way("ended", .transportEnded(.endOfStream)) { $0.script.message = { connection, _, _ in connection.end() } },
        Way(
            "refused", .upgradeRefused(status: 403, retryAfter: nil),
            answering: "HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno"),
        Way(
            "refused for now", .upgradeRefused(status: 503, retryAfter: 1),
            answering: "HTTP/1.1 503 Later\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n"),
        Way(
            "a malformed refusal", .upgradeRefused(status: 503, retryAfter: nil),
            answering: "HTTP/1.1 503 Later\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n"),
        Way(
            "a wrong key", .upgradeInvalid(.acceptMismatch),
            answering: "HTTP/1.1 101 S\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: x\r\n\r\n"),
        Way("garbage", .upgradeInvalid(.malformedStatusLine), answering: "\u{1}\u{2}\u{3} garbage"),
        Way("nothing", .transportEnded(.endOfStream), answering: ""),
        Way("silence", .timedOut(.upgrade)) {
            $0.script.upgrade = { _ in .silence }
            $0.change = { $0.policy.timeouts.upgrade = .milliseconds(20) }
        },
        Way("a violation", .violation(.reservedBits)) { $0.script.upgrade = { _ in .acceptThen([0xC1, 0]) } },
        Way("dead", .keepaliveExpired) {
            $0.script.answersPings = { false }
            $0.change = {
                $0.policy.keepalive = KeepalivePolicy(interval: .milliseconds(10), timeout: .milliseconds(10))
            }
        },
        Way("mute", .closedByCaller) {
            $0.script.answersClose = { false }
            $0.change = { $0.policy.timeouts.close = .milliseconds(20) }
            $0.closes = true
        },
    ]

    @Test("Each end has its true cause, and leaves no descriptor, no timer, not the connection itself", arguments: ways)
    func leaks(_ way: Way) async throws {
        let loop = try EventLoop(name: "nova-leak")
        let server = try await EchoServer.start(on: try EventLoop.shared(), script: way.script)
        weak var driver: AnyObject?
        for _ in 0..<5 {
            let settings = options {
                way.change(&$0)
                $0.loop = loop
            }
            let socket = try WebSocket.make(server.url, settings)
            driver = socket.identity
            do {
                try await socket.connect()
                if !way.closes { try await socket.send("x") }
                if way.closes { await socket.close() }
                for try await _ in socket.messages {}
            } catch is WebSocketError {}
            #expect(await socket.close()?.cause.ending.detail == way.detail)
        }
        let left = await census(of: loop)
        #expect(left.descriptors == 0 && left.timers == 0)
        #expect(driver == nil)
        await server.stop()
        loop.shutDown()
    }

    @Test("Over hundreds of connections, plain and secure, the process has the descriptors it had")
    func descriptors() async {
        await #expect(processExitsWith: .success) {
            func count() throws -> Int { try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count }
            let identity = try Certificates.shared().server
            var tls = TLSConfiguration()
            tls.identity = identity
            let loop = try EventLoop.shared()
            let plain = try await EchoServer.start(on: loop)
            let secure = try await EchoServer.start(tls: try TLSContext(.server, tls), on: loop)
            var before = 0
            for round in 0..<101 {
                for (server, trusts) in [(plain, true), (secure, true), (secure, false)] {
                    var settings = WebSocketOptions()
                    if trusts { settings.tls.trustRoots = .text(try Certificates.shared().authority) }
                    try? await WebSocket.withConnection(to: server.url, options: settings) { try await $0.send("x") }
                    await server.untilEmpty()
                }
                _ = try? await WebSocket.connect(to: "ws://127.0.0.1:1/")
                if round == 0 { before = try count() }
            }
            exit(try count() == before ? 0 : 1)
        }
    }

    @Test("A loop that is shut down sees its connections to their end, and takes no others")
    func shutDownInUse() async throws {
        let loop = try EventLoop(name: "nova-last")
        try await withServer { server in
            let unused = try WebSocket.make(server.url, options { $0.loop = loop })
            let socket = try await WebSocket.connect(to: server.url, options: options { $0.loop = loop })
            loop.shutDown()
            var late = WebSocketOptions()
            late.loop = loop
            #expect(throws: WebSocketError.self) { try WebSocket.make(server.url, late) }
            try await socket.ping()
            try await unused.connect()
            #expect(await socket.close()?.cause.ending.closure == .clean)
            #expect(await unused.close()?.cause.ending.closure == .clean)
            // The loop has ended now, or does soon: either way the call is answered.
            await #expect(throws: WebSocketError.self) { try await socket.send("late") }
            await #expect(throws: WebSocketError.self) { try await unused.connect() }
        }
    }

    @Test("A loop that is shut down leaves nobody waiting")
    func shutDown() async throws {
        let loop = try EventLoop(name: "nova-late")
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<50 {
                group.addTask(executorPreference: loop) { for _ in 0..<10 { await Task.yield() } }
            }
            loop.shutDown()
        }
        await Task(executorPreference: loop) { await Task.yield() }.value
    }
}
