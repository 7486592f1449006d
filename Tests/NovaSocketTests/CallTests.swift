import NovaEcho
import NovaSocket
import Synchronization
import TestTurns
import Testing

@Suite("Calls, and callers who leave", .live, .replayed, .timeLimit(.minutes(20)))
struct CallTests {
    private struct Broken: Error {}

    /// A server that reads nothing once the connection is open.
    private static let deaf: ServerScript = {
        var script = ServerScript()
        script.message = { connection, _, _ in connection.stopReading() }
        return script
    }()

    @Test("A message whose fragments end early can't be taken back: the connection ends, and the cause says so")
    func abandoned() async throws {
        let end = try await ending { _ in
        } _: { socket in
            let parts = AsyncThrowingStream<String, any Error> { continuation in
                continuation.yield("begun")
                continuation.finish(throwing: Broken())
            }
            await #expect(throws: Broken.self) { try await socket.send(fragments: parts) }
        }
        #expect(end?.cause.ending.detail == .messageAbandoned)
        #expect(end?.cause.ending.sentCode == .internalError)
    }

    @Test("A cancelled task's sequence may end early: that does not complete its message")
    func cancelledFragments() async throws {
        let received = Mutex(0)
        var script = ServerScript()
        script.message = { _, _, _ in received.withLock { $0 += 1 } }
        let end = try await ending(script) { _ in
        } _: { socket in
            let (parts, feed) = AsyncStream.makeStream(of: String.self)
            let sending = Task { try await socket.send(fragments: parts) }
            feed.yield("begun")
            await Witness.until(.outbound(.transmit))
            sending.cancel()
            await #expect(throws: CancellationError.self) { try await sending.value }
        }
        #expect(end?.cause.ending.detail == .messageAbandoned)
        #expect(received.withLock { $0 } == 0)
    }

    @Test("Fragments of a message that was lost with its connection do not harm the next one")
    func fragmentsOverReconnect() async throws {
        let settings = options { $0.policy.reconnection = Reconnection(backoff: .constant(.milliseconds(1))) }
        try await withServer { server in
            let socket = try await WebSocket.connect(to: server.url, options: settings)
            let (parts, feed) = AsyncStream.makeStream(of: String.self)
            let sending = Task { try await socket.send(fragments: parts) }
            feed.yield("begun")
            await Witness.until(.outbound(.transmit))
            try await socket.ping()  // the server has it
            let changes = socket.stateChanges
            await server.forEachConnection { $0.reset() }
            for await change in changes where change.to == .ready { break }
            feed.yield("goes on")
            let error = await #expect(throws: WebSocketError.self) { try await sending.value }
            #expect(error?.refusal == .noSuchMessage)
            try await socket.send("well")
            var messages = socket.messages.makeAsyncIterator()
            #expect(try await messages.next()?.text == "well")
            #expect(await socket.close()?.cause.attempt == AttemptID(2))
        }
    }

    @Test("A send that waits for room can be given up, and then nothing of it is sent")
    func cancelledSend() async throws {
        let settings = options {
            $0.policy.outbound.maximumBytes = 1 << 16
            $0.policy.timeouts.close = .milliseconds(50)
        }
        try await withServer(Self.deaf) { server in
            let socket = try await WebSocket.connect(to: server.url, options: settings)
            try await socket.send("be deaf")
            // More than any socket buffer holds, and then more than is accepted.
            try await socket.send([UInt8](repeating: 1, count: 32 << 20))
            let waiting = Task { try await socket.send([UInt8](repeating: 2, count: 1 << 16)) }
            await Witness.until(.outbound(.wait))
            waiting.cancel()
            await #expect(throws: CancellationError.self) { try await waiting.value }
            let flushing = Task { try await socket.flush() }
            await Witness.until(.outbound(.awaitFlush))
            flushing.cancel()
            await #expect(throws: CancellationError.self) { try await flushing.value }
            // The server takes nothing any more: the close frame never leaves, and that is told.
            let termination = await socket.close()
            #expect(termination?.cause.ending.closure == .unsent)
            #expect(termination?.cause.ending.sentCode == nil)
            #expect((termination?.cause.unsentBytes ?? 0) > 1 << 20)
        }
    }

    @Test("Where messages are given up for a close frame, whoever waits for them to be written is told at once")
    func givenUp() async throws {
        let settings = options {
            $0.policy.outbound.maximumBytes = 64 << 20
            $0.policy.timeouts.close = .milliseconds(50)
        }
        try await withServer(Self.deaf) { server in
            let socket = try await WebSocket.connect(to: server.url, options: settings)
            try await socket.send("be deaf")
            try await socket.send([UInt8](repeating: 1, count: 32 << 20))  // begun, and stuck
            try await socket.send([UInt8](repeating: 2, count: 1 << 20))  // not begun
            let flushing = Task { try await socket.flush() }
            await Witness.until(.outbound(.awaitFlush))
            let parts = AsyncThrowingStream<String, any Error> { continuation in
                continuation.yield("begun")
                continuation.finish(throwing: Broken())
            }
            await #expect(throws: Broken.self) { try await socket.send(fragments: parts) }
            let error = await #expect(throws: WebSocketError.self) { try await flushing.value }
            #expect(error?.refusal == .closing)
            #expect((await socket.close()?.cause.unsentBytes ?? 0) >= 1 << 20)
        }
    }

    @Test("What was accepted goes out before the close frame, however slowly the server reads")
    func drains() async throws {
        let size = 8 << 20
        let total = Mutex(0)
        var script = ServerScript()
        script.message = { connection, _, view in
            total.withLock { $0 += view.count }
            guard view.count == 7 else { return }
            connection.send(.text, ByteView(copying: Array("deaf".utf8)))
            connection.stopReading()
        }
        let settings = options {
            $0.policy.outbound.maximumBytes = size * 2
            $0.policy.timeouts.close = .seconds(50)
            $0.policy.keepalive = nil  // the server is deaf for as long as this test waits for its turn
        }
        let termination = try await withServer(script) { server in
            let socket = try await WebSocket.connect(to: server.url, options: settings)
            var messages = socket.messages.makeAsyncIterator()
            try await socket.send("be deaf")
            #expect(try await messages.next()?.text == "deaf")
            try await socket.send([UInt8](repeating: 1, count: size))
            async let end = socket.close()
            await socket.until(.draining)
            await server.forEachConnection { $0.goOnReading() }
            return await end
        }
        #expect(termination?.cause.ending.closure == .clean)
        #expect(termination?.cause.unsentBytes == 0)
        #expect(total.withLock { $0 } == size + 7)
    }

    @Test("A flush returns when the system has everything")
    func flush() async throws {
        try await withServer { server in
            try await WebSocket.withConnection(to: server.url, options: options()) { socket in
                try await socket.send([UInt8](repeating: 1, count: 4 << 20))
                try await socket.flush()
                var messages = socket.messages.makeAsyncIterator()
                #expect(try await messages.next()?.count == 4 << 20)
                try await socket.flush()
            }
        }
    }

    @Test("A ping that is never answered is waited for as long as the policy says")
    func pingTimeout() async throws {
        var script = ServerScript()
        script.answersPings = { false }
        let settings = options {
            $0.policy.keepalive = nil
            $0.policy.timeouts.pong = .milliseconds(30)
        }
        try await withServer(script) { server in
            let socket = try await WebSocket.connect(to: server.url, options: settings)
            let error = await #expect(throws: WebSocketError.self) { try await socket.ping() }
            #expect(error?.refusal == .timedOut)
            let waiting = Task { try await socket.ping() }
            waiting.cancel()
            await #expect(throws: CancellationError.self) { try await waiting.value }
            await socket.close()
        }
    }

    @Test("An attempt can be given up while it is made: the task's cancellation ends it, and nothing is left behind")
    func cancelledConnect() async throws {
        var script = ServerScript()
        script.upgrade = { _ in .silence }
        try await withServer(script) { server in
            let settings = options()
            let task = Task { try await WebSocket.connect(to: server.url, options: settings) }
            await Witness.until(.lifecycle(.dialed))
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            await server.untilEmpty()
        }
    }

    @Test("Messages have one consumer; what it leaves wakes the next")
    func consumers() async throws {
        var script = ServerScript()
        script.message = { connection, _, _ in connection.send(raw: [0x81, 1, 0x30, 0x81, 1, 0x31]) }
        try await withServer(script) { server in
            let socket = try await WebSocket.connect(to: server.url, options: options())
            var first: Messages.AsyncIterator? = socket.messages.makeAsyncIterator()
            try await socket.send("two in one write, and so in one batch")
            #expect(try await first?.next()?.text == "0")
            // Two want the next: one of them waits, and the other is told so.
            let (refusals, refused) = AsyncStream.makeStream(of: WebSocketError.Code.self)
            let rivals = (0..<2).map { _ in
                Task { () -> String? in
                    var iterator = socket.messages.makeAsyncIterator()
                    do {
                        return try await iterator.next()?.text
                    } catch let error as WebSocketError {
                        refused.yield(error.code)
                        return nil
                    }
                }
            }
            for await code in refusals {
                #expect(code == .alreadyConsumed)
                break
            }
            first = nil  // what it has not taken is for the one who waits
            var texts: [String] = []
            for rival in rivals { if let text = try await rival.value { texts.append(text) } }
            #expect(texts == ["1"])
            await socket.close()
        }
    }

    @Test("Options that can't work are refused at once, each with its reason")
    func validation() {
        let wrong: [(inout WebSocketOptions) -> Void] = [
            { $0.policy.keepalive = KeepalivePolicy(interval: .zero) }, { $0.policy.timeouts.dial = .seconds(-1) },
            { $0.policy.inbound.maximumBytes = 0 }, { $0.policy.outbound.maximumWaitingSends = 0 },
            { $0.policy.reconnection = Reconnection(backoff: .constant(.seconds(-1))) },
            { $0.policy.reconnection = Reconnection(backoff: .custom(cap: .seconds(1))) },
            { $0.headers = [HeaderField("X\r\nY", "z")] }, { $0.subprotocols = ["a", "a"] },
            { $0.tls.serverName = "" }, { $0.recording = .file(path: "/nowhere/at/all") },
        ]
        for change in wrong {
            var settings = WebSocketOptions()
            change(&settings)
            let error = #expect(throws: WebSocketError.self) { try WebSocket.make("wss://localhost/", settings) }
            #expect([.invalidOptions, .system].contains(error?.code))
        }
        for url in ["http://a/", "ws://", "ws://a:0/", "ws://a b/", "ws://u:p@a/", "ws://a/#b", "ws+unix:relative"] {
            let error = #expect(throws: WebSocketError.self) { try WebSocket.make(url) }
            #expect(error?.code == .invalidURL)
        }
    }

    @Test("Even absurdly long times are times")
    func absurdTimes() async throws {
        try await withServer { server in
            let settings = options {
                $0.policy.timeouts.dial = .seconds(Int64.max)
                $0.policy.timeouts.open = .seconds(Int64.max)
                $0.policy.keepalive = KeepalivePolicy(interval: .seconds(Int64.max), timeout: .seconds(Int64.max))
            }
            try await WebSocket.withConnection(to: server.url, options: settings) { try await $0.ping() }
        }
    }
}
