import NovaSocket
import Testing

extension InteropTests {
    private static let many = 100_000

    /// To write down 100,000 steps and to replay them takes far longer than to take them: half of the servers do.
    private static func isRecorded(_ server: Server) -> Bool { !server.isSecure }

    @Test("100,000 messages that the server pushes come in order", arguments: Server.all)
    func pushed(_ server: Server) async throws {
        try await withSocket(server, "/push/\(Self.many)/16", isRecorded: Self.isRecorded(server)) { socket in
            try await Self.expectInOrder(socket)
        }
    }

    @Test("100,000 messages that we send come back in order", arguments: Server.all)
    func echoed(_ server: Server) async throws {
        try await withSocket(server, isRecorded: Self.isRecorded(server)) { socket in
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    for number in 0..<Self.many { try await socket.send(Self.padded(number)) }
                }
                try await Self.expectInOrder(socket)
                try await group.waitForAll()
            }
        }
    }

    private static func expectInOrder(_ socket: WebSocket) async throws {
        var next = 0
        for try await message in socket.messages {
            let text = message.text
            if text != padded(next) { try #require(text == padded(next)) }
            next += 1
            if next == many { break }
        }
        #expect(next == many)
    }

    private static func padded(_ number: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }
}
