import Foundation
import Testing

/// The page of promises cites tests that there are, each in its suite, and has no number twice.
@Suite("The page of promises")
struct PromisePageTests {
    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// A row of one of the two tables.
    private struct Row {
        var number: Int
        var citations: [(test: String, suite: String)]
    }

    /// The rows of the table below a heading. What is in quotes, with a suite in parentheses behind it, is a test.
    private static func rows(below heading: String) throws -> [Row] {
        let path = root.appendingPathComponent("Sources/NovaSocket/NovaSocket.docc/WhatWasPromised.md")
        let lines = try String(contentsOf: path, encoding: .utf8).split(separator: "\n")
        let start = try #require(lines.firstIndex { $0 == "## \(heading)" }, "\(heading)")
        let table = lines[start...].dropFirst().prefix { !$0.hasPrefix("## ") }.filter { $0.hasPrefix("| ") }
        return try table.dropFirst().map { line in  // the first has the names of the columns
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            try #require(cells.count == 4, "\(line)")
            let number = try #require(Int(cells[0]), "\(line)")
            let citations = cells[3].matches(of: #/"([^"]+)" \(([^()]+)\)/#)
            // Nothing else is in the cell: what does not look like a test is none that was checked.
            #expect(cells[3] == citations.map(\.output.0).joined(separator: "; "), "\(number)")
            return Row(number: number, citations: citations.map { (String($0.output.1), String($0.output.2)) })
        }
    }

    /// What is in the tests' files, each suite on one line with its name.
    private static func sources() throws -> [String] {
        let folder = root.appendingPathComponent("Tests")
        let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
        return try (files?.compactMap { $0 as? URL } ?? []).filter { $0.pathExtension == "swift" }
            .map { try String(contentsOf: $0, encoding: .utf8).replacing(#/@Suite\(\s+/#, with: "@Suite(") }
    }

    private static let tables = [("What users expect", 70), ("Traps", 10)]

    @Test("Numbers are in their order and range, none of them twice", arguments: tables)
    func numbers(_ heading: String, _ most: Int) throws {
        let numbers = try Self.rows(below: heading).map(\.number)
        #expect(numbers.allSatisfy((1...most).contains))
        for (number, next) in zip(numbers, numbers.dropFirst()) { #expect(number < next) }
        #expect(numbers.count > most / 2)
    }

    @Test("Each test that is cited is there, in the suite that is named", arguments: tables.map(\.0))
    func citations(_ heading: String) throws {
        let sources = try Self.sources()
        for row in try Self.rows(below: heading) {
            #expect(!row.citations.isEmpty, "\(row.number)")
            for (test, suite) in row.citations {
                let isThere = sources.contains { source in
                    source.contains("\"\(test)\"") && source.contains("@Suite(\"\(suite)\"")
                }
                #expect(isThere, "\(row.number): \"\(test)\" (\(suite))")
            }
        }
    }
}
