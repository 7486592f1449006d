import Foundation
import Testing

/// That others judge us, and strictly, is a promise too: it must not be softened unseen.
@Suite("Judges that we did not write")
struct ConformanceRunTests {
    private static func text(_ path: String) throws -> String {
        try String(contentsOf: RuleTests.root.appendingPathComponent(path), encoding: .utf8)
    }

    @Test("Autobahn runs on every change, strictly, and no case is left out but those of compression")
    func autobahn() throws {
        let script = try Self.text("Tests/Autobahn/run")
        let defaults = script.matches(of: #/add_argument\("(--[a-z]+)", default="([^"]*)"/#)
        #expect(defaults.map { "\($0.output.1) \($0.output.2)" } == ["--cases *", "--exclude 12.*,13.*"])
        // "Non-strict" passes only for whoever asks for it.
        #expect(script.contains("PASSED = {\"OK\", \"INFORMATIONAL\"}\n"))
        let added = script.matches(of: #/PASSED\.[a-z]+\(([^)]*)\)/#).map { String($0.output.1) }
        #expect(added == ["\"NON-STRICT\"", "verdicts"])
        #expect(script.contains("os.environ.get(\"STRICT\", \"1\") in (\"\", \"0\")"))
        #expect(script.contains("\"exclude-agent-cases\": {}"))
        #expect(script.contains("return 1 if trouble or failed or not passed else 0"))

        let lines = try Self.text(".ci/run").split(separator: "\n").map(String.init)
        #expect(lines.contains("set -euo pipefail"))
        #expect(lines.contains("autobahn() { STRICT=1 Tests/Autobahn/run; }"))
        #expect(lines.contains { $0.hasPrefix("step \"") && $0.hasSuffix("\" autobahn") })
    }
}
