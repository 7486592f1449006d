import Foundation
import NovaSocket
import Synchronization
import Testing

/// Runs `body` with a connection to `path` of the server. It is recorded whole, and the recording must replay to the byte.
func withSocket<Result: Sendable>(
    _ server: Server, _ path: String = "/", isRecorded: Bool = true,
    _ change: (inout WebSocketOptions) -> Void = { _ in },
    _ body: @escaping @Sendable (WebSocket) async throws -> Result
) async throws -> Result {
    let lines = Lines()
    var options = try Server.options()
    if isRecorded { options.recording = .lines(.whole(.nothing)) { lines.add($0) } }
    change(&options)
    let result = try await WebSocket.withConnection(to: try RunningServers[server].url + path, options: options, body)
    if isRecorded { try lines.expectReplay() }
    return result
}

/// The lines of a recording.
final class Lines: Sendable {
    private let text = Mutex(Data())

    func add(_ line: String) { text.withLock { $0 += Data(line.utf8) } }

    func expectReplay() throws {
        let trace = try Trace(reading: text.withLock { $0 })
        #expect(trace.isComplete)
        #expect(try Replay.run(trace).difference == nil)
        let replay = try Replay.wholly(trace)
        #expect(replay.difference == nil)
        #expect(replay.agreed == trace.steps.count)
        #expect(replay.kernel.lifecycle.standing == .closed)
    }
}
