import NovaEcho
import Foundation
import NovaSocket
import NovaTransport
import TestSupport
import TestTurns
import Testing

@Suite("While the consumer sleeps", .live, .replayed, .timeLimit(.minutes(20)))
struct SlowConsumerTests {
    /// A server that answers every message with more than may wait.
    private static let flooding: ServerScript = {
        var script = ServerScript()
        script.message = { connection, _, _ in
            for _ in 0..<400 { connection.send(.binary, ByteView(copying: [UInt8](repeating: 7, count: 65_536))) }
        }
        return script
    }()

    private func small(_ settings: inout WebSocketOptions) {
        settings.policy.inbound.maximumBytes = 100_000
        settings.policy.timeouts.close = .seconds(50)  // there is much to read, and the machine may be busy
    }

    @Sendable private func paused() async { await Witness.until(.inbound(.pause)) }

    @Test("A close succeeds while reading is paused: what finds no room is dropped, and counted")
    func close() async throws {
        let settings = options(small)
        try await withServer(Self.flooding) { server in
            let socket = try await WebSocket.connect(to: server.url, options: settings)
            try await socket.send("go")
            await paused()
            let termination = await socket.close()
            #expect(termination?.cause.ending.closure == .clean)
            #expect((termination?.cause.discardedMessages ?? 0) > 0)
            var count = 0
            for try await _ in socket.messages { count += 1 }
            #expect(count + Int(termination?.cause.discardedMessages ?? 0) == 400)
        }
    }

    @Test(
        "A body that leaves early leaves nothing waiting: what still comes is dropped, and does not hold up the close")
    func bodyLeaves() async throws {
        let settings = options(small)
        try await withServer(Self.flooding) { server in
            let socket = try await WebSocket.withConnection(to: server.url, options: settings) { socket in
                try await socket.send("go")
                await paused()
                return socket
            }
            let termination = await socket.termination
            #expect(termination?.cause.ending.closure == .clean)
            #expect(termination?.cause.discardedMessages == 400)
        }
    }

    @Test("A reset is noticed while reading is paused, and what came before it is not lost")
    func reset() async throws {
        let settings = options(small)
        try await withServer(Self.flooding) { server in
            let socket = try await WebSocket.connect(to: server.url, options: settings)
            try await socket.send("go")
            await paused()
            let changes = socket.stateChanges
            await server.forEachConnection { $0.reset() }
            for await _ in changes {}
            #expect(await socket.termination?.cause.ending.detail == .transportEnded(.failed(errno: 104)))
            var messages = socket.messages.makeAsyncIterator()
            #expect(try await messages.next()?.count == 65_536)
        }
    }

    @Test("Pings go on while reading is paused, and the connection lives")
    func keepalive() async throws {
        let settings = options {
            small(&$0)
            $0.policy.keepalive = KeepalivePolicy(interval: .milliseconds(30), timeout: .seconds(20))
        }
        try await withServer(Self.flooding) { server in
            let socket = try await WebSocket.connect(to: server.url, options: settings)
            try await socket.send("go")
            await paused()
            await Witness.until(.keepalive(.probeUnheard), count: 3)
            #expect(await socket.state == .ready)
            var count = 0
            for try await _ in socket.messages {
                count += 1
                if count == 400 { break }
            }
            #expect(count == 400)
            await socket.close()
        }
    }

    @Test(
        "A message in hand does not hold up reading: its holder may wait for what comes behind",
        arguments: [true, false])
    func inHand(_ isOnLoop: Bool) async throws {
        var script = ServerScript()
        script.message = { connection, _, view in for _ in 0..<3 { connection.send(.text, view) } }
        let settings = options {
            $0.policy.inbound.maximumMessages = 3
            $0.policy.timeouts.pong = .seconds(10)
        }
        let body: @Sendable (WebSocket) async throws -> Void = { socket in
            var messages = socket.messages.makeAsyncIterator()
            try await socket.send("one by one")
            await paused()
            for _ in 0..<3 { _ = try await messages.next() }
            try await socket.ping()
            try await socket.send("all at once")
            await Witness.until(.inbound(.pause), count: 2)
            var count = 0
            while count < 3, let batch = try await messages.nextBatch() { count += batch.count }
            try await socket.ping()
        }
        try await withServer(script) { server in
            guard !isOnLoop else {
                return try await WebSocket.withConnection(to: server.url, options: settings, body)
            }
            let socket = try await WebSocket.connect(to: server.url, options: settings)
            try await body(socket)
            await socket.close()
        }
    }

    @Test("What waits does not hold the memory it was received in")
    func memory() async throws {
        var script = ServerScript()
        script.message = { connection, _, view in connection.send(.text, view) }
        try await withServer(script) { server in
            let settings = options()
            let socket = try await WebSocket.connect(to: server.url, options: settings)
            for _ in 0..<10 { try await socket.send("small") }
            try await socket.ping()  // they have come
            try await socket.ping()  // and the turn in which they came is over
            var messages = socket.messages.makeAsyncIterator()
            for _ in 0..<10 {
                let message = try await messages.next()
                #expect(message?.text == "small")
                #expect((message?.view.slab.capacity ?? .max) < 1024)
            }
            await socket.close()
        }
    }

    @Test("A unix domain socket carries what TCP does")
    func unixSocket() async throws {
        let path = TemporaryFile.path()
        let server = try await EchoServer.start(at: .unix(path: path), on: try EventLoop.shared())
        let settings = options()
        let text = try await WebSocket.withConnection(to: "ws+unix:\(path):/feed?x=1", options: settings) { socket in
            try await socket.send("hello")
            var messages = socket.messages.makeAsyncIterator()
            return try await messages.next()?.text
        }
        #expect(text == "hello")
        await server.stop()
        unlink(path)
        let end = try await ending(of: "ws+unix:\(path)", options())
        #expect(end?.cause.ending.detail == .dialFailed(errno: 2))
    }
}
