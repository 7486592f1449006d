import NovaSocket

/// Echoes every case of a fuzzing server.
enum Autobahn: Command {
    static let name = "autobahn"
    static let usage = "autobahn URL [--agent NAME]"
    static let summary = "Echoes all cases of an Autobahn fuzzing server, and has it write its report."
    static let options = [Option("--agent", value: "NAME", "the name in the report; NovaSocket if it is not given")]

    static func run(_ arguments: Arguments) async throws -> ExitCode {
        guard let base = arguments.positional.first, arguments.positional.count == 1 else {
            throw UsageError("autobahn takes one URL.")
        }
        let root = base.hasSuffix("/") ? String(base.dropLast()) : base
        let agent = escaped(arguments.last("--agent") ?? "NovaSocket")
        let count = try await WebSocket.withConnection(to: "\(root)/getCaseCount", options: settings) { socket in
            for try await message in socket.messages { return Int(message.text) ?? 0 }
            return 0
        }
        for number in 1...max(1, count) where number <= count {
            // Each case has its own way to end: what matters is what the server writes into its report.
            try? await WebSocket.withConnection(to: "\(root)/runCase?case=\(number)&agent=\(agent)", options: settings)
            { socket in
                for try await message in socket.messages { try await socket.send(message) }
            }
        }
        try? await WebSocket.withConnection(to: "\(root)/updateReports?agent=\(agent)", options: settings) { socket in
            for try await _ in socket.messages {}
        }
        Console.out("\(count) cases run.")
        return count > 0 ? .clean : .failure
    }

    /// The name as it stands in a query.
    private static func escaped(_ name: String) -> String {
        name.utf8.map { byte in
            let letter = Character(Unicode.Scalar(byte))
            guard byte < 0x80, letter.isLetter || letter.isNumber || "-._~".contains(letter) else {
                return "%" + String(0x100 + Int(byte), radix: 16).dropFirst()
            }
            return String(letter)
        }.joined()
    }

    private static var settings: WebSocketOptions {
        var options = WebSocketOptions()
        options.policy.wire = WireLimits(maximumFrameBytes: 64 << 20, maximumMessageBytes: 64 << 20)
        return options
    }
}
