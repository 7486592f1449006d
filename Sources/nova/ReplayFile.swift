import FoundationEssentials
import Glibc
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
        let file = try read(path)
        let changes = arguments.all("--set")
        guard changes.isEmpty else { return try compare(try Trace(reading: file), changes) }
        if let folder = arguments.last("--emit-test") {
            return try EmittedTest(of: file, named: path).write(to: folder)
        }
        return try report(file)
    }

    /// There is no recording under that path.
    private struct Unreadable: Error, CustomStringConvertible {
        let description: String
    }

    /// What is in the file of a recording.
    static func read(_ path: String) throws -> Data {
        do { return try Data(contentsOf: URL(fileURLWithPath: path)) } catch {
            let reason = access(path, R_OK) == 0 ? "it is not a file" : String(cString: strerror(errno))
            throw Unreadable(description: "\(path) can't be read: \(reason)")
        }
    }

    /// Replays, and says what came of it.
    static func report(_ file: Data) throws -> ExitCode {
        let trace = try Trace(reading: file)
        if trace.header.chart != Kernel.chartDigest {
            Console.status("The recording was made by another machine than this one.")
        }
        if let difference = try difference(trace) {
            Console.out("\(difference)")
            return .failure
        }
        let end = trace.isComplete ? "" : "; the recording breaks off"
        let bytes = trace.traffic.reduce(0) { $0 + ($1.direction == .sent ? $1.bytes.count : 0) }
        let written = trace.header.opening != nil ? " and \(bytes) bytes written again" : ""
        Console.out("\(trace.steps.count) steps replayed\(written), no difference\(end).")
        return .clean
    }

    /// Where the replay first differs: of a whole recording, that of everything above the socket.
    static func difference(_ trace: Trace) throws -> Replay.Difference? {
        try trace.header.opening == nil ? Replay.run(trace).difference : Replay.wholly(trace).difference
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
            "  \(summary.attempts) attempts, in use for \(summary.inUse.column) s\(outage), at the end \(summary.state)\n"
        )
    }
}
