import FoundationEssentials
import NovaSocket

/// A recording as a test: the outage of a user, for ever after.
struct EmittedTest {
    private let file: Data
    private let trace: Trace
    private let name: String

    /// The recording does not replay: its test would fail, and what it says of itself is not what happened.
    private struct DoesNotReplay: Error, CustomStringConvertible {
        let description: String
    }

    /// The test of the recording in `file`, which was read from `path`. Throws if it is none, or does not replay.
    init(of file: Data, named path: String) throws {
        self.file = file
        trace = try Trace(reading: file)
        if let difference = try ReplayFile.difference(trace) { throw DoesNotReplay(description: "\(difference)") }
        let last = path.split(separator: "/").last ?? "recording"
        name = String(
            last.split(separator: ".").first.map { $0.filter { $0.isASCII && ($0.isLetter || $0.isNumber) } } ?? "")
    }

    func write(to folder: String) throws -> ExitCode {
        let title = name.isEmpty || name.first?.isNumber == true ? "recording\(name)" : name
        let test = URL(fileURLWithPath: "\(folder)/\(title)ReplayTests.swift")
        let fixture = URL(fileURLWithPath: "\(folder)/\(title).trace")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try file.write(to: fixture)
        try Data(source(title).utf8).write(to: test)
        Console.out("\(test.path)\n\(fixture.path)")
        return .clean
    }

    private func source(_ title: String) -> String {
        let replay = trace.header.opening == nil ? "Replay.run" : "Replay.wholly"
        let ends = trace.steps.compactMap(\.cause)
        let story = ends.last.map { "\n/// It ended like this: \($0)" } ?? ""
        return """
            import Foundation
            import NovaSocket
            import Testing

            /// A recorded connection: \(trace.steps.count) steps, \(ends.count) ends.\(story)
            @Test("The recording \(title) replays without a difference")
            func \(title)Replays() throws {
                let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
                    .appendingPathComponent("\(title).trace")
                let trace = try Trace(reading: Data(contentsOf: file))
                let result = try \(replay)(trace)
                #expect(result.difference == nil)
                #expect(result.agreed == \(trace.steps.count))
            }

            """
    }
}
