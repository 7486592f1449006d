import FoundationEssentials
import NovaSocket

/// A recording as a test: the outage of a user, for ever after.
struct EmittedTest {
    /// The recording does not replay: its test would fail, and what it says of itself is not what happened.
    struct Differs: Error, CustomStringConvertible {
        let difference: Replay.Difference
        var description: String { "no test was written, as the recording does not replay: \(difference)" }
    }

    private let file: Data
    private let trace: Trace
    private let name: String

    /// The test of the recording in `file`, which was read from `path`. Throws if it is none, or does not replay.
    init(of file: Data, named path: String) throws {
        self.file = file
        trace = try Trace(reading: file)
        if let difference = try trace.difference() { throw Differs(difference: difference) }
        let last = path.split(separator: "/").last ?? "recording"
        name = String(
            last.split(separator: ".").first.map { $0.filter { $0.isASCII && ($0.isLetter || $0.isNumber) } } ?? "")
    }

    func write(to folder: String) throws -> ExitCode {
        let title = name.isEmpty || name.first?.isNumber == true ? "recording\(name)" : name
        let (test, fixture) = ("\(folder)/\(title)ReplayTests.swift", "\(folder)/\(title).trace")
        try Files.makeFolder(folder)
        try Files.write(file, to: fixture)
        try Files.write(Array(source(title).utf8), to: test)
        Console.out("\(test)\n\(fixture)")
        return .clean
    }

    private func source(_ title: String) -> String {
        let replay = trace.isWhole ? "Replay.wholly" : "Replay.run"
        let ends = trace.steps.compactMap(\.cause)
        // A file's words stay in their line: what follows a comment is code.
        let story = ends.last.map { "\n/// It ended like this: \($0.filter { !$0.isNewline })" } ?? ""
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
