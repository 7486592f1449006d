import Foundation
import NovaKernel
import NovaSocket
import Testing

/// The articles say what the code says: their samples are compiled, and their tables are complete.
@Suite("The documentation is true")
struct DocumentationTests {
    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// The lines of a file that say something, without their indentation.
    private static func lines(_ path: String) throws -> [String] {
        let text = String(decoding: try Data(contentsOf: root.appendingPathComponent(path)), as: UTF8.self)
        return text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
    }

    private static func article(_ name: String) throws -> [String] {
        try lines("Sources/NovaSocket/NovaSocket.docc/\(name).md")
    }

    /// The cells of the tables in an article that begin with a word of code: that word, and the next cell.
    private static func rows(_ name: String) throws -> [(name: String, value: String)] {
        try article(name).filter { $0.hasPrefix("| `") }.map { row in
            let cells = row.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            return (cells[0].replacing("`", with: ""), cells[1].replacing("`", with: ""))
        }
    }

    @Test("The format of traces is told as it is written")
    func format() throws {
        let header = TraceHeader(seed: 1, route: [], policy: Policy(), chart: "")
        let told = try Self.rows("Traces")
        let rows = Dictionary(told.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
        #expect(rows["version"] == "\(header.version).")
        for part in Mirror(reflecting: header).children.compactMap(\.label) { #expect(rows[part] != nil, "\(part)") }
    }

    @Test("Every sample stands in a file that is compiled")
    func samples() throws {
        let suites = ["NovaSocketTests", "NovaKernelTests", "NovaTraceTests", "NovaTestKitTests", "NovaDeribitTests"]
        let compiled =
            try suites.map { try Self.lines("Tests/\($0)/DocumentationSamples.swift") }
            + [Self.lines("Tests/NovaSocketTests/ObservingSamples.swift")]
        var count = 0
        var pages = ["README.md"]
        let rooms = ["NovaSocket", "NovaKernel", "NovaTrace", "NovaTestKit", "NovaDeribit"]
        for folder in rooms.map({ "Sources/\($0)/\($0).docc" }) {
            let names = try FileManager.default.contentsOfDirectory(
                atPath: Self.root.appendingPathComponent(folder).path)
            pages += names.filter { $0.hasSuffix(".md") }.map { "\(folder)/\($0)" }
        }
        for name in pages {
            var rest = try Self.lines(name)[...]
            while let start = rest.firstIndex(of: "```swift") {
                let end = try #require(rest[start...].firstIndex(of: "```"))
                let sample = rest[rest.index(after: start)..<end].filter { !$0.hasPrefix("import ") }
                #expect(compiled.contains { $0.contains(sample) }, "\(name): \(sample.joined(separator: "\n"))")
                count += 1
                rest = rest[end...].dropFirst()
            }
        }
        #expect(count > 30)
    }

    @Test("The README counts what there is")
    func counts() throws {
        let page = try Self.lines("README.md").joined(separator: " ")
        let scenarios = try FileManager.default.contentsOfDirectory(
            atPath: Self.root.appendingPathComponent("Tests/NovaKernelTests/Scenarios").path)
        #expect(page.contains("| \(scenarios.count) scenarios in plain text"), "\(scenarios.count)")
        #expect(page.contains("holds \(Property.allCases.count) laws against it"), "\(Property.allCases.count)")
    }

    @Test("The tables of limits have every value of the policy, with its default")
    func limits() throws {
        let defaults = Policy().words.map {
            ($0.name, $0.name == "reconnection.table" ? "the standard table" : $0.value)
        }
        let rows = try Self.rows("LimitsAndTimeouts")
        #expect(rows.map(\.name).sorted() == defaults.map(\.0).sorted())
        for (name, value) in defaults { #expect(rows.first { $0.name == name }?.value == value, "\(name)") }
    }

    @Test("The retry table is the standard one, row by row")
    func retryTable() throws {
        let rows = try Self.rows("Reconnection").filter { $0.value == "retry" || $0.value == "final" }
        let table = try RetryTable(text: rows.map { "\($0.name):\($0.value)" }.joined(separator: " "))
        #expect(table == .standard)
    }

    @Test("Every word for an end is explained")
    func ends() throws {
        let names = Set(try Self.rows("WhyItEnded").map { String($0.name.prefix { $0 != "(" }) })
        let words = Closure.allCases.map(\.rawValue) + Finality.allCases.map(\.rawValue)
        #expect(names.isSuperset(of: words))
        let details: [Ending.Detail] = [
            .closedByCaller, .messageAbandoned, .closedByPeer(.goingAway), .resolveFailed(code: 0),
            .dialFailed(errno: 0),
            .tlsFailed(.notTLS), .upgradeRefused(status: 404, retryAfter: nil), .upgradeInvalid(.acceptMissing),
            .violation(.invalidUTF8), .transportEnded(.endOfStream), .timedOut(.dial), .keepaliveExpired,
            .authenticationFailed(.refused), .failedByCaller, .impossibleFact,
        ]
        #expect(names.isSuperset(of: details.map { String($0.description.prefix { $0 != " " }) }))
    }
}

extension [String] {
    /// Whether these lines stand in it, one after the other.
    fileprivate func contains(_ lines: [String]) -> Bool {
        guard let first = lines.first else { return true }
        return indices.contains { self[$0] == first && self[$0...].starts(with: lines) }
    }
}
