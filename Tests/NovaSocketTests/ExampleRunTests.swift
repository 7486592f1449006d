import Foundation
import TestSupport
import TestTurns
import Testing

/// The examples that bring their own server, as a user runs them. `Tests/Examples/run` runs all of them, against theirs.
@Suite("Examples that bring their own server", .live, .timeLimit(.minutes(4)))
struct ExampleRunTests {
    private static let expected = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent()
        .appendingPathComponent("Examples/expected")

    @Test("An example prints what its page shows, and ends well", arguments: ["EchoExample", "ResubscribeExample"])
    func run(_ name: String) async throws {
        let process = try ChildProcess(name, [])
        process.endInput()
        let end = await process.end()
        let expected = try String(contentsOf: Self.expected.appendingPathComponent(name), encoding: .utf8)
        #expect(end.status == 0, "\(end.errors)")
        #expect(String(decoding: end.output, as: UTF8.self) == expected)
    }
}
