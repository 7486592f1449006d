import FoundationEssentials
import NovaSocket

/// Writes a recorded trace in the form of another tool.
enum ExportFile: Command {
    static let name = "export"
    static let usage = "export FILE --to FORM [--output PATH [--within FOLDER]]"
    static let summary = "Writes a recording in the form of another tool: a timeline, a diagram, an archive, a capture."
    static let options = [
        Option("--to", value: "FORM", "perfetto (JSON for ui.perfetto.dev), mermaid, har or pcapng"),
        Option("--output", value: "PATH", "a file that is made anew, in place of stdout"),
        Option("--within", value: "FOLDER", "PATH is a name in this folder; one that leaves it is refused"),
    ]

    private static let forms: [(name: String, write: @Sendable (Trace, [Traffic]) throws(Export.Failure) -> [UInt8])] =
        [
            ("perfetto", { (trace, _) throws(Export.Failure) in Array(try Export.perfetto(trace)) }),
            ("mermaid", { (trace, _) throws(Export.Failure) in Array(try Export.mermaid(trace).utf8) }),
            ("har", { (trace, traffic) throws(Export.Failure) in Array(try Export.har(trace, traffic)) }),
            ("pcapng", { (trace, traffic) throws(Export.Failure) in try Export.pcapng(trace, traffic) }),
        ]

    static func run(_ arguments: Arguments) async throws -> ExitCode {
        guard arguments.positional.count == 1 else { throw UsageError("export takes one file.") }
        guard let wanted = arguments.last("--to") else { throw UsageError("export needs --to.") }
        guard let form = forms.first(where: { $0.name == wanted }) else {
            let names = forms.map(\.name).joined(separator: ", ")
            throw UsageError("There is no form \(wanted); there are \(names).")
        }
        if arguments.has("--within"), !arguments.has("--output") { throw UsageError("--within needs --output.") }
        let trace = try Trace(reading: try Files.read(arguments.positional[0]))
        try ReplayFile.warn(trace)
        // A recording of steps holds no bytes: the forms that need some say so.
        let content = try form.write(trace, trace.traffic)
        if let folder = arguments.last("--within"), let name = arguments.last("--output") {
            try ExportFolder(folder).write(content, to: name)
        } else if let path = arguments.last("--output") {
            try Files.write(content, to: path)
        } else {
            try Console.put(content)
        }
        return .clean
    }
}
