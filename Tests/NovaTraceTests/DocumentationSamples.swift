import Foundation
import NovaKernel
import NovaTrace
import Testing

// The samples of the module's documentation, as they stand there.

enum Samples {
    static func replay(_ data: Data) throws -> Int {
        let trace = try Trace(reading: data)
        let result = try Replay.run(trace)
        if let difference = result.difference {
            print(difference)
        } else {
            print("\(result.agreed) steps agree")
        }
        return result.difference == nil ? result.agreed : -1
    }

    static func explain(_ trace: Trace) throws {
        for end in try Explanation.of(trace) { print(end) }
    }

    static func write(_ policy: Policy) -> String {
        var text = ""
        var kernel = Kernel(route: [], policy: policy, seed: 7)
        let header = TraceHeader(seed: 7, route: [], policy: policy, chart: Kernel.chartDigest)
        var writer = TraceWriter(header: header, origin: .zero) { line in text += line }

        let occurrence = Occurrence(.command(OperationID(1), .connect), at: .zero)
        let before = kernel.lifecycle.stateText
        let step = kernel.handle(occurrence)
        writer.record(occurrence, before: before, step.rule, step.effects, after: kernel)
        writer.finish()
        return text
    }
}

@Suite("The samples of the documentation")
struct SampleTests {
    @Test("What is written is read and replayed")
    func writeAndReplay() throws {
        let text = Samples.write(Policy())
        #expect(try Samples.replay(Data(text.utf8)) == 1)
        try Samples.explain(try Trace(reading: Data(text.utf8)))
        #expect(text.hasSuffix("{\"end\":1}\n"))
    }

    @Test("The step that the article on traces shows is written like that")
    func step() throws {
        var kernel = Kernel(route: [], policy: Policy(), seed: 7)
        var lines: [String] = []
        let header = TraceHeader(seed: 7, route: [], policy: Policy(), chart: Kernel.chartDigest)
        var writer = TraceWriter(header: header, origin: .zero) { lines.append($0) }
        let attempt = AttemptID(1)
        let events: [Event] = [
            .command(OperationID(1), .connect), .fact(attempt, .resolved), .fact(attempt, .dialed),
            .fact(attempt, .upgraded), .fact(attempt, .authenticated), .fact(attempt, .restored),
        ]
        for event in events {
            let occurrence = Occurrence(event, at: Instant(nanoseconds: 3_000_000))
            let before = kernel.lifecycle.stateText
            let step = kernel.handle(occurrence)
            writer.record(occurrence, before: before, step.rule, step.effects, after: kernel)
        }
        writer.finish()
        let path = "Sources/NovaSocket/NovaSocket.docc/Traces.md"
        let root = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let article = String(decoding: try Data(contentsOf: root.appendingPathComponent(path)), as: UTF8.self)
        let shown = try #require(article.split(separator: "```json\n").last?.split(separator: "\n```").first)
        #expect(shown.replacing("\n ", with: "") + "\n" == lines[6])
        #expect(lines[7] == "{\"end\":6}\n")
    }
}
