import NovaSocket
import NovaTestKit
import Synchronization
import Testing

@Suite("What was promised of options, frames and observers", .timeLimit(.minutes(4)))
struct OptionPromiseTests {
    private let network = SimulatedNetwork(seed: 73)
    private let server: SimulatedServer

    init() { server = network.server("feed.example") }

    // MARK: Warnings

    @Test(
        "TLS on port 80 and none on port 443 are warned of, in the log too, and tried nevertheless",
        arguments: [
            ("wss://feed.example:80/", OptionsWarning.tlsOnPlainPort), ("ws://feed.example:443/", .plainOnTLSPort),
            ("wss://feed.example:443/", nil), ("ws://feed.example:80/", nil), ("wss://feed.example/", nil),
            ("ws://feed.example/", nil), ("wss://feed.example:8080/", nil), ("ws+unix:/run/feed:/", nil),
        ])
    func ports(_ url: String, _ warning: OptionsWarning?) async throws {
        let expected = warning.map { [$0] } ?? []
        #expect(try Endpoint(url).warnings == expected)
        guard url.contains("feed.example") else { return }
        let (network, server, lines, notes) = (network, server, Lines(), EventNotes())
        try await network.run {
            let session = try Session(url, Handlers()) { options in
                network.join(&options)
                options.policy.reconnection.backoff = .constant(.seconds(1))
                options.observers = [notes, Log(.plain, threshold: .warning, write: lines.append)]
            }
            let explained = session.explainOptions()
            #expect(explained.warnings == expected)
            #expect(explained.description.contains("Warning: ") == (warning != nil))
            #expect(lines.all.isEmpty)
            try await session.connect()
            server.suffer(.reset)
            for await change in session.stateChanges where change.to == .ready { break }
            await session.close()
        }
        // Once for the handle, ahead of all else, though there were two attempts.
        let told = notes.events.filter { $0.name == "warned" }
        #expect(told == expected.map { .warned($0) })
        #expect(notes.events.first?.name == (warning == nil ? "attempt_began" : "warned"))
        let warnings = lines.all.filter { $0.contains("event=warned") }
        #expect(warnings.count == expected.count)
        if let warning {
            let word = warning == .tlsOnPlainPort ? "tls_on_plain_port" : "plain_on_tls_port"
            #expect(warnings[0].contains("level=warning") && warnings[0].contains("warning=\(word)"))
            #expect(warnings[0].contains(warning.description))
            #expect(notes.all[0].context.attempt.number == 1)
        }
    }
}
