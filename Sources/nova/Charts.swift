import FoundationEssentials
import NovaKernel
import NovaMachine
import NovaSocket
import NovaTransport

/// Draws the machines' charts, writes them into StateCharts, or compares what is there.
enum Charts: Command {
    static let name = "chart"
    static let usage = "chart [MACHINE] [--format FORMAT] | --write | --check"
    static let summary = "Draws a machine's statechart from its code."
    static let options = [
        Option("--format", value: "FORMAT", "mermaid (default), dot, scxml, promela or table"),
        Option("--write", "write all charts into StateCharts, and the lifecycle's picture into README.md"),
        Option("--check", "compare them with the code; exit 1 if they differ"),
        Option("--folder", value: "PATH", "another folder than StateCharts; README.md is left alone then"),
    ]

    /// Rules that say "nothing happens": they would hide the picture behind arrows. The tables have them.
    private static let quiet: Set<String> = [
        "stale", "refuse", "impossible", "join", "alreadyOpen", "alreadyClosing", "ignoreAfterClose", "admit",
    ]

    static func run(_ arguments: Arguments) async throws -> ExitCode {
        guard arguments.positional.count <= 1 else { throw UsageError("chart takes one machine.") }
        try arguments.takeOne(of: ["--write", "--check", "--format"])
        if arguments.has("--write") || arguments.has("--check") { return try keep(arguments) }
        guard !arguments.has("--folder") else { throw UsageError("--folder needs --write or --check.") }
        let charts = try all()
        let wanted = arguments.positional.first ?? "Lifecycle"
        guard let chart = charts.first(where: { $0.title.lowercased() == wanted.lowercased() }) else {
            throw UsageError("There is no machine \(wanted); there are \(charts.map(\.title).joined(separator: ", ")).")
        }
        let format = arguments.last("--format") ?? "mermaid"
        guard let file = files(chart).first(where: { $0.format == format }) else {
            let formats = files(chart).map(\.format).joined(separator: ", ")
            throw UsageError("There is no format \(format); there are \(formats).")
        }
        Console.out(file.text)
        return .clean
    }

    /// Writes what is kept of all charts, or compares it.
    private static func keep(_ arguments: Arguments) throws -> ExitCode {
        guard arguments.positional.isEmpty else { throw UsageError("--write and --check take all machines.") }
        let folder = arguments.last("--folder")
        let page = folder == nil ? try READMEPicture() : nil
        return arguments.has("--write")
            ? try write(try all(), folder ?? "StateCharts", page) : check(try all(), folder ?? "StateCharts", page)
    }

    private static func all() throws -> [Chart] {
        try Kernel.charts.get() + [try Dial.chart.get(), try Rollover.chart.get()]
    }

    private static func files(_ chart: Chart) -> [(format: String, name: String, text: String)] {
        [
            ("mermaid", "\(chart.title).mmd", chart.mermaid(without: quiet)),
            ("dot", "\(chart.title).dot", chart.dot(without: quiet)),
            ("scxml", "\(chart.title).scxml", chart.scxml()), ("promela", "\(chart.title).pml", chart.promela()),
            ("table", "\(chart.title).md", chart.table()),
        ]
    }

    private static func write(_ charts: [Chart], _ folder: String, _ page: READMEPicture?) throws -> ExitCode {
        try Files.makeFolder(folder)
        for file in charts.flatMap(files) { try Files.write(Array(file.text.utf8), to: "\(folder)/\(file.name)") }
        try page?.write(charts[0].mermaid(without: quiet))
        for chart in charts { Console.out("\(chart.title): \(chart.summary)") }
        return .clean
    }

    private static func check(_ charts: [Chart], _ folder: String, _ page: READMEPicture?) -> ExitCode {
        var different = charts.flatMap(files).filter { file in
            (try? Files.read("\(folder)/\(file.name)")) != Data(file.text.utf8)
        }.map { "\(folder)/\($0.name)" }
        if let page, page.picture != charts[0].mermaid(without: quiet) { different.append(READMEPicture.path) }
        for name in different { Console.status("\(name) is not what the code says.") }
        for chart in charts { Console.out("\(chart.title): \(chart.summary)") }
        return different.isEmpty ? .clean : .failure
    }
}
