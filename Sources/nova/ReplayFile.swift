import FoundationEssentials
import NovaSocket

/// Replays a recorded trace.
enum ReplayFile: Command {
    static let name = "replay"
    static let usage = "replay FILE [OPTIONS]"
    static let summary = """
        Runs a recording again and names the first difference: its steps, and of a whole recording every byte that goes out
        and every message that is delivered.
        """
    static let options = [
        Option("--set", value: "NAME=VALUE", "run it under another policy, and show what differs; may be repeated"),
        Option("--emit-test", value: "FOLDER", "write a test that replays it, and the recording beside it"),
    ]

    static func run(_ arguments: Arguments) async throws -> ExitCode {
        guard arguments.positional.count == 1 else { throw UsageError("replay takes one file.") }
        let path = arguments.positional[0]
        try arguments.takeOne(of: ["--set", "--emit-test"])
        let file = try Files.read(path)
        let changes = arguments.all("--set")
        guard changes.isEmpty else { return try compare(try Trace(reading: file), changes) }
        if let folder = arguments.last("--emit-test") {
            return try EmittedTest(of: file, named: path).write(to: folder)
        }
        return try report(file)
    }

    /// Replays, and says what came of it.
    static func report(_ file: Data) throws -> ExitCode {
        let trace = try Trace(reading: file)
        if trace.header.chart != Kernel.chartDigest {
            Console.status("The recording was made by another machine than this one.")
        }
        if let difference = try trace.difference() {
            Console.out("\(difference)")
            return .failure
        }
        let end = trace.isComplete ? "" : "; the recording breaks off"
        let bytes = trace.traffic.reduce(0) { $0 + ($1.direction == .sent ? $1.bytes.count : 0) }
        let written = trace.isWhole ? " and \(bytes) bytes written again" : ""
        Console.out("\(trace.steps.count) steps replayed\(written), no difference\(end).")
        return .clean
    }

    /// What this machine decides otherwise, and what follows on that, it can't tell of: whoever reads on must know.
    static func warn(_ trace: Trace) throws {
        guard let difference = try Replay.run(trace).difference else { return }
        Console.status(
            "The recording was made by another machine, or was changed; it may be told only as far as this:")
        Console.status("\(difference)")
    }

    // MARK: Under another policy

    private static func compare(_ trace: Trace, _ changes: [String]) throws -> ExitCode {
        try warn(trace)
        var policy = try trace.header.makeKernel().policy
        for change in changes {
            guard let sign = change.firstIndex(of: "=") else { throw UsageError("--set needs NAME=VALUE.") }
            do {
                try policy.set(String(change[..<sign]), to: String(change[change.index(after: sign)...]))
            } catch {
                throw UsageError("--set \(change): \(error).")
            }
        }
        if let problem = policy.problem { throw UsageError("That is no policy: \(problem)") }
        tell("As recorded", try TraceSummary(trace))
        tell("With \(changes.joined(separator: ", "))", try TraceSummary(try WhatIf.run(trace, under: policy)))
        return .clean
    }

    private static func tell(_ title: String, _ summary: TraceSummary) {
        Console.out(Console.bold(title))
        for end in summary.ends.prefix(20) { Console.out("  \(end.at.column) s  \(end.sentence)") }
        if summary.ends.count > 20 { Console.out("  and \(summary.ends.count - 20) more") }
        let outage = summary.longestOutage.map { ", the longest outage \($0.column) s" } ?? ""
        Console.out(
            "  \(summary.attempts) \(summary.attempts == 1 ? "attempt" : "attempts"), in use for \(summary.inUse.column) s\(outage), at the end \(summary.state)\n"
        )
    }
}

extension Trace {
    /// Whether the bytes are in it.
    var isWhole: Bool { header.opening != nil }

    /// The first difference when it is replayed, with its bytes where it has them.
    func difference() throws -> Replay.Difference? {
        try isWhole ? Replay.wholly(self).difference : Replay.run(self).difference
    }
}
