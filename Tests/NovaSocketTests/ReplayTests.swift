import Foundation
import NovaEcho
import NovaSocket
import Synchronization
import TestTurns
import Testing

@Suite("Recordings", .live, .timeLimit(.minutes(20)))
struct ReplayTests {
    private final class Lines: Sendable {
        private let text = Mutex("")
        var data: Data { Data(text.withLock { $0 }.utf8) }
        func add(_ line: String) { text.withLock { $0 += line } }
    }

    @Test("An outage that was survived replays without a difference")
    func outage() async throws {
        let lines = Lines()
        var script = ServerScript()
        script.message = { connection, kind, view in
            if view.count == 4 { connection.reset() } else { connection.send(kind.opcode, view) }
        }
        var options = WebSocketOptions()
        options.policy.reconnection = Reconnection(backoff: .constant(.milliseconds(1)))
        options.recording = .lines { lines.add($0) }
        let settings = options
        let before = Date()
        try await withServer(script) { server in
            try await WebSocket.withConnection(to: server.url, options: settings) { socket in
                var messages = socket.messages.makeAsyncIterator()
                var changes = socket.stateChanges.makeAsyncIterator()
                try await socket.send("drop")
                while let change = await changes.next(), change.to != .ready {}
                try await socket.send("hello again")
                #expect(try await messages.next()?.attempt == AttemptID(2))
            }
        }
        let trace = try Trace(reading: lines.data)
        #expect(trace.isComplete)
        let began = Date(timeIntervalSince1970: Double(try #require(trace.header.began)) / 1e9)
        #expect(began > before - 1 && began < Date() + 1)
        let result = try Replay.run(trace)
        #expect(result.difference == nil)
        #expect(result.agreed == trace.steps.count)
        #expect(result.kernel.lifecycle.standing == .closed)
    }
}
