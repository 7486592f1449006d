import FoundationEssentials
import NovaSocket

/// Replays a recorded trace.
enum ReplayFile: Command {
    static let name = "replay"
    static let usage = "replay FILE"
    static let summary = "Gives the events of a recording to the machine again, and names the first difference."
    static let options: [Option] = []

    static func run(_ arguments: Arguments) async throws -> ExitCode {
        guard arguments.positional.count == 1 else { throw UsageError("replay takes one file.") }
        return try report(try Data(contentsOf: URL(fileURLWithPath: arguments.positional[0])))
    }

    /// Replays, and says what came of it.
    static func report(_ file: Data) throws -> ExitCode {
        let trace = try Trace(reading: file)
        if trace.header.chart != Kernel.chartDigest {
            Console.status("The recording was made by another machine than this one.")
        }
        let isWhole = trace.header.opening != nil
        if let difference = try isWhole ? Replay.wholly(trace).difference : Replay.run(trace).difference {
            Console.out("\(difference)")
            return .failure
        }
        let end = trace.isComplete ? "" : "; the recording breaks off"
        let bytes = trace.traffic.reduce(0) { $0 + ($1.direction == .sent ? $1.bytes.count : 0) }
        let written = isWhole ? " and \(bytes) bytes written again" : ""
        Console.out("\(trace.steps.count) steps replayed\(written), no difference\(end).")
        return .clean
    }
}
