import Foundation
import NovaSocket
import TestSupport
import TestTurns
import Testing

/// Servers that die, freeze or talk nonsense: processes of their own, as only those can.
@Suite("A server in another process", .live, .replayed, .timeLimit(.minutes(20)))
struct ProcessTests {
    private func server() async throws -> (process: ChildProcess, url: String) {
        let process = try ChildProcess("nova", ["serve"])
        let url = try #require(await process.line())
        return (process, url)
    }

    @Test("Killed: the transport ends without a close frame")
    func killed() async throws {
        let (process, url) = try await server()
        let end = try await ending(of: url, options()) { _ in process.signal(SIGKILL) }
        #expect(end?.cause.ending.detail == .transportEnded(.endOfStream))
        #expect(end?.cause.ending.closure == NovaSocket.Closure.none)
    }

    @Test("Frozen: a half-open connection is found dead, and not before interval and timeout have passed")
    func frozen() async throws {
        let (process, url) = try await server()
        let settings = options {
            $0.policy.keepalive = KeepalivePolicy(interval: .milliseconds(150), timeout: .milliseconds(150))
        }
        let socket = try await WebSocket.connect(to: url, options: settings)
        process.signal(SIGSTOP)
        await #expect(throws: WebSocketError.self) { for try await _ in socket.messages {} }
        #expect(await socket.termination?.cause.ending.detail == .keepaliveExpired)
        #expect(await socket.termination?.cause.unansweredPings == 1)
        // Not before its time. That it is not long after is seen in virtual time, where no other test makes it late.
        #expect(try #require(await socket.termination?.cause.sinceHeard) >= .milliseconds(300))
        process.signal(SIGKILL)
    }

    @Test("Frozen while it is written to: a close does not wait for ever")
    func frozenWhileClosing() async throws {
        let (process, url) = try await server()
        let settings = options { $0.policy.timeouts.close = .milliseconds(100) }
        let socket = try await WebSocket.connect(to: url, options: settings)
        process.signal(SIGSTOP)
        let end = await socket.close()
        #expect(end?.cause.ending.detail == .closedByCaller)
        #expect(end?.cause.ending.closure == .timedOut)
        process.signal(SIGKILL)
    }

    @Test("Started again at the same place: the connection comes back")
    func restarted() async throws {
        let path = TemporaryFile.path()
        let first = try ChildProcess("nova", ["serve", "--unix", path])
        _ = await first.line()
        let settings = options { $0.policy.reconnection = Reconnection(backoff: .constant(.milliseconds(5))) }
        let socket = try await WebSocket.connect(to: "ws+unix:\(path)", options: settings)
        let changes = socket.stateChanges
        first.signal(SIGKILL)
        for await change in changes where change.to == .backingOff { break }
        let second = try ChildProcess("nova", ["serve", "--unix", path])
        _ = await second.line()
        try await socket.connect()
        try await socket.send("still here")
        var messages = socket.messages.makeAsyncIterator()
        #expect(try await messages.next()?.text == "still here")
        await socket.close()
        second.signal(SIGTERM)
        #expect(await second.end().status == 143)
    }
}
