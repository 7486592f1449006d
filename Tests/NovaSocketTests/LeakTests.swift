import Foundation
import NovaEcho
import NovaSocket
import NovaTransport
import TestSupport
import Testing

/// Whatever way a connection ends, it leaves nothing on its loop, and no object behind.
@Suite("Nothing is left", .replayed, .timeLimit(.minutes(1)))
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

    private static let ways:
        [(name: String, script: ServerScript, change: @Sendable (inout WebSocketOptions) -> Void)] = {
            func script(_ change: (inout ServerScript) -> Void) -> ServerScript {
                var script = ServerScript()
                change(&script)
                return script
            }
            func bytes(_ text: String) -> ServerScript {
                script { $0.upgrade = { _ in .bytesThenEnd(Array(text.utf8)) } }
            }
            let plain: @Sendable (inout WebSocketOptions) -> Void = { _ in }
            return [
                ("closed", script { _ in }, plain),
                ("reset", script { $0.message = { connection, _, _ in connection.reset() } }, plain),
                ("ended", script { $0.message = { connection, _, _ in connection.end() } }, plain),
                ("refused", bytes("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno"), plain),
                ("later", bytes("HTTP/1.1 503 Later\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n"), plain),
                (
                    "wrong key",
                    bytes(
                        "HTTP/1.1 101 S\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: x\r\n\r\n"
                    ), plain
                ),
                ("garbage", bytes("\u{1}\u{2}\u{3} garbage"), plain), ("nothing", bytes(""), plain),
                (
                    "silent", script { $0.upgrade = { _ in .silence } },
                    { $0.policy.timeouts.upgrade = .milliseconds(20) }
                ),
                ("violation", script { $0.upgrade = { _ in .acceptThen([0xC1, 0]) } }, plain),
                (
                    "dead", script { $0.answersPings = false },
                    { $0.policy.keepalive = KeepalivePolicy(interval: .milliseconds(10), timeout: .milliseconds(10)) }
                ),
                (
                    "mute", script { $0.answersClose = false },
                    { $0.policy.timeouts.close = .milliseconds(20) }
                ),
            ]
        }()

    @Test("Not a descriptor, not a timer, not the connection itself", arguments: ways.indices)
    func leaks(_ way: Int) async throws {
        let (name, script, change) = Self.ways[way]
        let loop = try EventLoop(name: "nova-leak")
        let server = try await EchoServer.start(on: try EventLoop.shared(), script: script)
        weak var driver: AnyObject?
        for _ in 0..<5 {
            let settings = options {
                change(&$0)
                $0.loop = loop
            }
            let socket = try WebSocket.make(server.url, settings)
            driver = socket.identity
            do {
                try await socket.connect()
                try await socket.send("x")
                if name == "closed" || name == "mute" { await socket.close() }
                for try await _ in socket.messages {}
            } catch is WebSocketError {}
            #expect(await socket.close() != nil, "\(name)")
        }
        let left = await census(of: loop)
        #expect(left.descriptors == 0 && left.timers == 0, "\(name)")
        #expect(driver == nil, "\(name)")
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
