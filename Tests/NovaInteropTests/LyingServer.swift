import Foundation
import NovaSocket
import SessionSupport
import Synchronization
import TestSupport
import Testing

/// Runs `body` with a session at `path` of a server that lies, and with nobody else there. Every connection of it is recorded
/// whole, and the recording must replay to the byte.
func withSession(
    _ path: String = "/", secret: String? = nil, _ change: @escaping (inout WebSocketOptions) -> Void = { _ in },
    _ body: (Session) async throws -> Void
) async throws {
    let server = try await RunningServer(script: "websockets_lying")
    let lines = Lines()
    do {
        let session = try Session(
            adapter: RPCAdapter(url: server.url + path, secret: secret), calls: CallOptions(timeout: .seconds(60))
        ) { options in
            options.recording = .lines(.whole(.nothing)) { lines.add($0) }
            options.policy.reconnection.backoff = .constant(.milliseconds(1))
            change(&options)
        }
        try await body(session)
        await session.close()
        await server.stop()
    } catch {
        await server.stop()
        throw error
    }
    try lines.expectReplay()
}

extension Session {
    /// What the server was asked for since the last time.
    func log() async throws -> [String] { try await request("log", as: [String].self) }

    /// Asks the server to drop the connection, and waits until the next one is ready.
    func drop() async throws {
        let changes = stateChanges
        await #expect(throws: WebSocketError.self) { try await self.request("drop", as: Int.self) }
        for await change in changes where change.to == .ready { break }
    }
}
