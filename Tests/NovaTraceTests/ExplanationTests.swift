import Foundation
import NovaKernel
import NovaTrace
import NovaWire
import Testing

/// Texts that stand in files, and are written anew with `NOVA_REWRITE=1`. Only commit a changed one if you understand
/// what changed it, and want it.
enum Golden {
    static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    static func check(_ text: String, _ path: String) throws {
        let file = root.appendingPathComponent(path)
        if ProcessInfo.processInfo.environment["NOVA_REWRITE"] == "1" {
            try text.write(to: file, atomically: true, encoding: .utf8)
        }
        let written = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
        #expect(text == written, "\(path): run the tests with NOVA_REWRITE=1 and read the difference")
    }

    static func read(_ path: String) throws -> String {
        try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
    }
}

@Suite("Explanations")
struct ExplanationTests {
    @Test("Each end is explained as its file says", arguments: EveryCause.files.indices)
    func golden(_ index: Int) throws {
        let (name, lives) = EveryCause.files[index]
        var text = ""
        for life in lives {
            let ends = try Explanation.of(life.trace())
            #expect(!ends.isEmpty, "\(life.name)")
            for end in ends {
                let detail = end.cause.map { "\($0.ending.detail)" } ?? ""
                text += "=== \(life.name): \(detail)\n\n\(end)\n\n"
            }
        }
        try Golden.check(String(text.dropLast()), "Tests/NovaTraceTests/Explanations/\(name).txt")
    }

    /// Every detail that some life ends with, and those that no life can.
    private static func details() throws -> Set<Ending.Detail> {
        let reached = try EveryCause.lives.flatMap { try Explanation.of($0.trace()) }.compactMap(\.cause?.ending.detail)
        #expect(Set(reached).isDisjoint(with: EveryCause.unreachable))
        return Set(reached + EveryCause.unreachable)
    }

    /// The names of the cases that an enumeration has in its source.
    private static func cases(of name: String, in path: String) throws -> Set<String> {
        let source = try Golden.read(path)
        let body = try #require(source.split(separator: "enum \(name):").dropFirst().first)
        var names: Set<String> = []
        for line in body.split(separator: "\n").dropFirst() {
            let words = line.trimmingCharacters(in: .whitespaces)
            if words.hasPrefix("}") { break }
            guard words.hasPrefix("case ") else { continue }
            names.insert(String(words.dropFirst(5).prefix { $0.isLetter || $0.isNumber }))
        }
        names.remove("")  // an arm of a switch
        return names
    }

    @Test("No cause is left out: every case of every kind of end is among the lives")
    func complete() throws {
        let details = try Self.details()
        func named(_ values: [String]) -> Set<String> {
            Set(values.map { String($0.prefix { $0.isLetter || $0.isNumber }) })
        }
        let kinds = try Self.cases(of: "Detail", in: "Sources/NovaKernel/Ending.swift")
        #expect(kinds.count > 10)
        #expect(named(details.map(\.description)) == kinds)
        let failures = details.compactMap { if case .tlsFailed(let failure) = $0 { failure } else { nil } }
        #expect(
            named(failures.map(\.word)) == (try Self.cases(of: "TLSFailure", in: "Sources/NovaWire/TLSFailure.swift")))
        let ends = details.compactMap { if case .transportEnded(let end) = $0 { end.text } else { nil } }
        #expect(named(ends) == (try Self.cases(of: "TransportEnd", in: "Sources/NovaKernel/Frame.swift")))
        for fault in HandshakeFault.allCases { #expect(details.contains(.upgradeInvalid(fault)), "\(fault)") }
        for violation in ProtocolViolation.allCases { #expect(details.contains(.violation(violation)), "\(violation)") }
        for timer in Timer.allCases { #expect(details.contains(.timedOut(timer)), "\(timer)") }
        let causes = try EveryCause.lives.flatMap { try Explanation.of($0.trace()) }.compactMap(\.cause)
        #expect(Set(causes.map(\.ending.closure)) == Set(Closure.allCases))
        #expect(Set(causes.compactMap(\.finality)) == Set(Finality.allCases))
    }

    /// What is told of the last end of the life with this name.
    private static func story(_ name: String) throws -> Explanation {
        let life = try #require(EveryCause.lives.first { $0.name == name }, "\(name)")
        return try #require(try Explanation.of(life.trace()).last)
    }

    @Test("Nothing is ruled out that may have been the cause")
    func ruledOut() throws {
        let layers = ["not TLS", "look-up", "dialing", "name", "address", "slow"]
        func claims(_ name: String) throws -> String { try Self.story(name).ruledOut.joined(separator: " ") }
        // All phases share the deadline: the first of them may have used it up.
        for name in ["deadline", "outage"] { for layer in layers { #expect(try !claims(name).contains(layer)) } }
        // A name that leads to the wrong host is resolved too.
        for name in ["hostnameMismatch", "status 404"] { #expect(try !claims(name).contains("the name nor")) }
        // An answer of which nothing has come yet may be slow to come.
        #expect(try !claims("upgrade").contains("slow"))
        #expect(try claims("upgrade").contains("No byte of an answer came."))
        // With TLS 1.3 a server that refuses our certificate may reset the connection after TLS is set up.
        #expect(try !claims("in the opening handshake").contains("TLS"))
        #expect(try claims("status 404").contains("not TLS"))
    }

    @Test("A sentence says nothing that its cause does not know")
    func sentences() throws {
        let failed = try Self.story("the transport fails before the server's close frame")
        #expect(!failed.sentence.contains("server ended"))
        let empty = try Self.story("the close frame never left, and nothing waited before it")
        #expect(empty.sentence.hasSuffix("the close frame never left."))
        #expect(try Self.story("the close frame never left").sentence.contains("988,605 bytes still waited"))
        #expect(try Self.story("outage").sentence == "Time ran out: the outage lasted too long.")
        // A refusal is an answer, and part of an answer is one.
        #expect(try !Self.story("dial").sentence.contains("answer"))
        #expect(try !Self.story("upgrade, of which a part came").sentence.contains("did not answer"))
        let defect = try Self.story("a fact that can't be, with reconnection")
        #expect(defect.cause?.finality == .unrecoverable)
        #expect(!"\(defect)".contains("retry table calls") && !defect.sentence.contains("retry table"))
    }

    @Test("Where the policy is not known, advice does not suppose one")
    func unknownPolicy() throws {
        let end = try Self.story("open, without a keepalive")
        let cause = try #require(end.cause)
        #expect(Explanation(cause, records: []).advice.contains("set a keepalive, or shorten"))
        #expect(Explanation(cause, records: [], policy: Policy()).advice.contains(": shorten keepalive.interval"))
    }

    /// The table of the documentation: each end, what is said of it, and what usually helps.
    private static func table() throws -> String {
        var rows: [(detail: String, life: String, sentence: String, advice: String)] = []
        for life in EveryCause.lives {
            for end in try Explanation.of(life.trace()) {
                let detail = end.cause.map { "\($0.ending.detail)" } ?? ""
                let isTold = rows.contains {
                    $0.detail == detail && $0.sentence == end.sentence && $0.advice == end.advice
                }
                if !isTold { rows.append((detail, life.name, end.sentence, end.advice)) }
            }
        }
        let lines = rows.map { row in
            // Where an end is told in several ways, the circumstances belong to it.
            let isOnly = rows.count { $0.detail == row.detail } == 1
            return "| `\(row.detail)`\(isOnly ? "" : " (\(row.life))") | \(row.sentence) | \(row.advice) |"
        }
        return "| End | What is said of it | What usually helps |\n|---|---|---|\n" + lines.joined(separator: "\n")
            + "\n"
    }

    @Test("The table of ends in the documentation is what explanations say")
    func documentation() throws {
        let path = "Sources/NovaSocket/NovaSocket.docc/WhyItEnded.md"
        let page = try Golden.read(path)
        let heading = "## Every end in words\n"
        let start = try #require(page.range(of: heading)?.upperBound)
        let table = try #require(page.range(of: "| End |", range: start..<page.endIndex)?.lowerBound)
        let end = page.range(of: "\n\n", range: table..<page.endIndex)?.lowerBound ?? page.endIndex
        let rest = page[end...].drop { $0 == "\n" }
        let text = page[..<table] + (try Self.table()) + (rest.isEmpty ? "" : "\n" + rest)
        try Golden.check(String(text), path)
        let shown = try #require(
            try EveryCause.lives.first { $0.name == "nothing is heard" }.map { try Explanation.of($0.trace()) })
        #expect(page.contains("```\n\(shown[0])\n```"))
    }
}
