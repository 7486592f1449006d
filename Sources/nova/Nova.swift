import Glibc
import NovaSocket

/// A command of `nova`.
protocol Command: Sendable {
    static var name: String { get }
    static var usage: String { get }
    static var summary: String { get }
    static var options: [Option] { get }
    static func run(_ arguments: Arguments) async throws -> ExitCode
}

extension Command {
    /// The summary's first words, in a line.
    static var brief: String {
        let words = summary.split(separator: "\n").joined(separator: " ")
        let end = [": ", ". "].compactMap { words.firstRange(of: $0)?.lowerBound }.min()
        return end.map { words[..<$0] + "." } ?? words
    }

    static var help: String {
        let lines = options.map { option in
            let names = option.names.joined(separator: ", ") + (option.value.map { " " + $0 } ?? "")
            return "  " + names + String(repeating: " ", count: max(2, 30 - names.utf8.count)) + option.summary
        }
        return "usage: nova \(usage)\n\n\(summary)\n"
            + (lines.isEmpty ? "" : "\n" + lines.joined(separator: "\n") + "\n")
    }
}

@main
enum Nova {
    static var commands: [any Command.Type] {
        [
            Demo.self, Connect.self, SessionCommand.self, Serve.self, ReplayFile.self, SearchTrace.self, Explain.self,
            ExportFile.self,
            Charts.self,
            ModelCheck.self, Simulate.self, StormCommand.self, Autobahn.self,
        ]
    }

    static func main() async {
        signal(SIGPIPE, SIG_IGN)  // a pipe that nobody reads is told by its error
        let words = CommandLine.arguments.dropFirst()
        guard let name = words.first, let command = commands.first(where: { $0.name == name }) else {
            let isAsked = words.first == "--help" || words.first == "-h" || words.first == "help"
            if isAsked { Console.out(overview) } else { Console.status(overview) }
            exit(isAsked ? ExitCode.clean.rawValue : ExitCode.usage.rawValue)
        }
        if words.dropFirst().prefix(while: { $0 != "--" }).contains(where: { $0 == "--help" || $0 == "-h" }) {
            Console.out(command.help)
            exit(ExitCode.clean.rawValue)
        }
        do {
            exit(try await command.run(try Arguments(words.dropFirst(), command.options)).rawValue)
        } catch let error as UsageError {
            Console.status("\(command.help)\nnova \(name): \(error.message)")
            exit(ExitCode.usage.rawValue)
        } catch {
            Console.finalStatus("nova \(name): \(error)")
            exit(ExitCode(error).rawValue)
        }
    }

    private static var overview: String {
        let lines = commands.map {
            "  " + $0.name + String(repeating: " ", count: 12 - $0.name.utf8.count) + $0.brief
        }
        return "usage: nova COMMAND [OPTIONS]\n\n" + lines.joined(separator: "\n")
            + "\n\n`nova COMMAND --help` says more."
    }
}
