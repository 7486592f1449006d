import Foundation
import NovaSocket
import NovaTestKit
import Synchronization
import TestTurns
import Testing

/// Answers that nobody should give, and that somebody does.
@Suite("Redaction of odd answers", .heavy, .timeLimit(.minutes(30)))
struct AnswerRedactionTests {
    private static let refusal = "HTTP/1.1 401 No\r\n"
    private static let chunked = refusal + "Transfer-Encoding: chunked\r\n\r\n"

    private static let answers = [
        // What follows an interim head is a head again (RFC 9110 §15.2).
        "HTTP/1.1 103 Early Hints\r\nLink: SECRET\r\n\r\n" + chunked + "6\r\nSECRET\r\n0\r\n\r\n",
        // A status that only looks like 101.
        "HTTP/1.1 403 Error 101\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nSECRET\r\n0\r\n\r\n",
        // Lines that go on, lines without a name, heads that end early.
        refusal + "Set-Cookie: id=\r\n SECRET\r\n\r\n",
        refusal + "{\"token\": \"SECRET\"}\r\n\r\n",
        refusal + "X: y\nSECRET\r\n",
        "SSH-2.0-SECRET\r\nSECRET line\r\n",
        // Chunks: extensions, blanks, signs, sizes in capitals, and bodies that have none.
        chunked + "6;token=SECRET\r\nSECRET\r\n0\r\n\r\n",
        chunked + "6 ;x\r\nSECRET\r\n 06\t\r\nSECRET\r\n0\r\n\r\n",
        chunked + "A\r\n0123SECRET\r\n+6\r\nSECRET\r\n0\r\n\r\n",
        chunked + "6\rSECRET\nSECRET\r\n0\r\n\r\n",
        chunked + "-5\r\nSECRET\r\n0\r\n\r\n",
        chunked + "2\r\nSECRET",
        chunked + "{\"token\": \"SECRET\"}",
        refusal + "Transfer-Encoding: chunked, identity\r\n\r\n6\r\nSECRET\r\n0\r\n\r\n",
    ]

    private static func recorded(_ answer: String, _ pieces: LinkConditions.Pieces) async throws -> [String] {
        let lines = Mutex<[String]>([])
        let network = SimulatedNetwork(seed: 1)
        let server = network.server("feed.example")
        server.conditions.pieces = pieces
        server.onRequest = { _ in .raw(Array(answer.utf8)) }
        let options = network.options {
            $0.policy.reconnection = .never
            $0.recording = .lines(.whole(.all)) { line in lines.withLock { $0.append(line) } }
        }
        try await network.run {
            let socket = try WebSocket.make(server.url, options)
            try? await socket.connect()
            await socket.close()
        }
        return lines.withLock(\.self)
    }

    @Test("No secret survives, and the recording replays to the byte", arguments: answers)
    func answer(_ answer: String) async throws {
        for pieces in [LinkConditions.Pieces.whole, .each(bytes: 1)] {
            let trace = try Trace(reading: Data(try await Self.recorded(answer, pieces).joined().utf8))
            let received = trace.traffic.filter { $0.direction == .received }.flatMap(\.bytes)
            #expect(!String(decoding: received, as: UTF8.self).contains("SECRET"))
            #expect(try Replay.wholly(trace).difference == nil)
        }
    }
}
