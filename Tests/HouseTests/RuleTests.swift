import Foundation
import Testing

/// The rules of the house that a machine can check.
@Suite("The house")
struct RuleTests {
    /// A file of ours.
    struct File: Sendable, CustomTestStringConvertible {
        let path: String
        let lines: [String]
        var testDescription: String { path }
    }

    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// The Swift files below a folder.
    static func files(in folder: String) -> [File] {
        let enumerator = FileManager.default.enumerator(
            at: root.appendingPathComponent(folder), includingPropertiesForKeys: nil)
        return (enumerator?.compactMap { $0 as? URL } ?? []).filter { $0.pathExtension == "swift" }.compactMap { url in
            guard let text = try? String(contentsOf: url, encoding: .utf8) else { return nil }
            let path = String(url.path.dropFirst(root.path.count + 1))
            return File(
                path: path, lines: text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init))
        }
    }

    static let sources = files(in: "Sources") + files(in: "Benchmarks")

    /// What each room may import: other rooms, and what is not ours.
    static let imports: [String: Set<String>] = [
        "NovaMachine": [], "NovaWire": [], "NovaKernel": ["NovaMachine", "NovaWire"],
        "NovaTransport": ["NovaMachine", "NovaWire", "CLinux", "COpenSSL", "Glibc", "Synchronization"],
        "NovaTrace": ["NovaMachine", "NovaKernel", "NovaWire", "FoundationEssentials", "Glibc"],
        "NovaSocket": [
            "NovaMachine", "NovaWire", "NovaKernel", "NovaTransport", "NovaTrace", "FoundationEssentials", "Glibc",
            "Synchronization",
        ],
        "NovaDeribit": ["NovaSocket", "Synchronization"],
        "NovaEcho": ["NovaWire", "NovaTransport"],
        "NovaTestKit": [
            "NovaMachine", "NovaWire", "NovaKernel", "NovaTransport", "NovaTrace", "NovaSocket", "NovaEcho",
            "FoundationEssentials", "Synchronization",
        ],
    ]

    @Test(
        "Every room imports what the plan allows: the pure ones nothing but each other",
        arguments: imports.keys.sorted())
    func rooms(_ room: String) throws {
        let allowed = try #require(Self.imports[room])
        let files = Self.files(in: "Sources/\(room)")
        #expect(!files.isEmpty)
        for file in files {
            for line in file.lines {
                let words = line.split(separator: " ").filter { !$0.hasPrefix("@") && $0 != "public" }
                guard words.first == "import", let name = words.dropFirst().first else { continue }
                #expect(allowed.contains(String(name)), "\(file.path) imports \(name)")
            }
        }
    }

    @Test("Files are under 300 lines, functions under 70", arguments: sources)
    func sizes(_ file: File) {
        #expect(file.lines.count <= 301)
        var start: (line: Int, indent: Int)?
        for (number, line) in file.lines.enumerated() {
            let indent = line.prefix { $0 == " " }.count
            let isFunction = line.contains("func ") || line.contains(" init(") || line.contains(" init?(")
            if start == nil, isFunction, !line.hasSuffix("}"),
                !line.trimmingCharacters(in: .whitespaces).hasPrefix("//")
            {
                start = (number, indent)
            }
            if let begun = start, indent == begun.indent, line.hasPrefix(String(repeating: " ", count: indent) + "}") {
                #expect(number - begun.line < 70, "\(file.path):\(begun.line + 1)")
                start = nil
            }
        }
    }

    /// Words that no source of ours has, and why.
    static let banned: [(word: String, reason: String)] = [
        ("fatal" + "Error(", "an error is told, not died of"),
        ("precondition" + "Failure(", "an error is told, not died of"),
        ("try" + "!", "an error is told, not died of"), ("as" + "! ", "an error is told, not died of"),
        ("sl" + "eep(", "an event belongs there"), ("TO" + "DO", "later is now"), ("FIX" + "ME", "later is now"),
        ("XX" + "X", "later is now"), ("/wo" + "rk/", "nobody else has this path"),
        ("Async" + "Stream<Message", "messages have a queue of their own"),
    ]

    @Test("Nothing traps, nothing waits by the clock, nothing is left for later", arguments: sources)
    func words(_ file: File) {
        for (number, line) in file.lines.enumerated() {
            for (word, reason) in Self.banned where line.contains(word) {
                // In a simulated network it takes no time.
                if word.hasPrefix("sl"), file.path.hasPrefix("Sources/NovaTestKit/") { continue }
                Issue.record("\(file.path):\(number + 1) has '\(word)': \(reason)")
            }
        }
    }

    @Test("A transition has no default: a new event must be decided in every state")
    func noDefaults() {
        let machines = Self.files(in: "Sources/NovaKernel/Lifecycle") + Self.files(in: "Sources/NovaKernel/Satellites")
        #expect(machines.count > 8)
        for file in machines {
            for (number, line) in file.lines.enumerated()
            where line.contains("default:") && !line.contains("///") {
                Issue.record("\(file.path):\(number + 1)")
            }
        }
    }

    @Test("The interpreter decides nothing: its switch has a line an effect, and no condition")
    func interpreter() throws {
        let driver = try #require(
            Self.files(in: "Sources/NovaSocket/Driver").first { $0.path.hasSuffix("/Driver.swift") })
        let start = try #require(driver.lines.firstIndex { $0.contains("func perform(_ effect: Effect)") })
        let end = try #require(driver.lines[start...].firstIndex { $0 == "    }" })
        let arms = driver.lines[start..<end].filter { $0.contains("case .") }
        #expect(arms.count > 20)
        for line in driver.lines[start..<end] {
            #expect(![" if ", " guard ", " where ", "default:"].contains { line.contains($0) }, "\(line)")
        }
    }

    @Test("At the top there is what belongs there, and nothing else")
    func topLevel() throws {
        let allowed: Set<String> = [
            "Package.swift", "Sources", "Tests", "StateCharts", "Benchmarks", "README.md", "LICENSE", "CHANGELOG.md",
            "Package.resolved",
        ]
        let entries = try FileManager.default.contentsOfDirectory(atPath: Self.root.path)
        #expect(entries.filter { !$0.hasPrefix(".") && !allowed.contains($0) } == [])
    }

    @Test("The package depends on no other")
    func noDependencies() throws {
        let text = try String(contentsOf: Self.root.appendingPathComponent("Package.swift"), encoding: .utf8)
        #expect(!text.contains(".package("))
    }
}
