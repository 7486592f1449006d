import Foundation
import NovaSocket
import NovaTestKit
import NovaTransport
import Testing

/// The articles of the kit say what the code says; `DocumentationTests` looks after their samples.
@Suite("The kit's documentation is true", .timeLimit(.minutes(4)))
struct KitDocumentationTests {
    /// Longer than a connection without its server lives.
    private static let long = Duration.seconds(300)

    /// One fault of each case; a new case must be entered in `name(of:)`, and then here.
    private static let faults: [Fault] = [
        .resolveFailure(code: -3, for: long), .resolveDelay(.seconds(30), for: long), .refuse(for: long),
        .ignore(for: long), .tlsFailure(.certificateExpired, for: long), .reset, .truncate, .stall(for: long),
        .halfOpen, .refuseUpgrade(status: 503, retryAfter: 7, for: long), .garbleUpgrade(for: long),
        .ignoreUpgrade(for: long), .close(.goingAway), .violate(.invalidUTF8), .cutMidFrame, .ignorePings(for: long),
        .ignoreClose(for: long), .stopReading(for: long), .flood(messages: 10, bytes: 100), .pings(10),
    ]

    private static func name(of fault: Fault) -> String {
        switch fault {
        case .resolveFailure: "resolveFailure(code:for:)"
        case .resolveDelay: "resolveDelay(_:for:)"
        case .refuse: "refuse(for:)"
        case .ignore: "ignore(for:)"
        case .tlsFailure: "tlsFailure(_:for:)"
        case .reset: "reset"
        case .truncate: "truncate"
        case .stall: "stall(for:)"
        case .halfOpen: "halfOpen"
        case .refuseUpgrade: "refuseUpgrade(status:retryAfter:for:)"
        case .garbleUpgrade: "garbleUpgrade(for:)"
        case .ignoreUpgrade: "ignoreUpgrade(for:)"
        case .close: "close(_:)"
        case .violate: "violate(_:)"
        case .cutMidFrame: "cutMidFrame"
        case .ignorePings: "ignorePings(for:)"
        case .ignoreClose: "ignoreClose(for:)"
        case .stopReading: "stopReading(for:)"
        case .flood: "flood(messages:bytes:)"
        case .pings: "pings(_:)"
        }
    }

    /// How an attempt ends that begins under the fault; `–` if it succeeds.
    private static func attempt(under fault: Fault) async throws -> String {
        let network = SimulatedNetwork(seed: 1)
        let server = network.server("feed.example")
        return try await network.run {
            server.suffer(fault)
            do throws(WebSocketError) {
                let socket = try WebSocket.make(server.url, network.options())
                do { try await socket.connect() } catch let error as WebSocketError { throw error } catch {}
                await socket.close()
                return "–"
            } catch {
                return error.termination.map { "\($0.cause.ending.detail)" } ?? "\(error.code)"
            }
        }
    }

    /// How an open connection ends that is hit by the fault, and closed by its caller two minutes later; `–` if that ends
    /// it in order.
    private static func connection(hitBy fault: Fault) async throws -> String {
        let network = SimulatedNetwork(seed: 1)
        let server = network.server("feed.example")
        return try await network.run {
            let socket = try await WebSocket.connect(to: server.url, options: network.options())
            let consumer = network.task { for try await _ in socket.messages {} }
            server.suffer(fault)
            try await network.sleep(for: .seconds(120))
            guard let ending = await socket.close()?.cause.ending else { return "no ending" }
            _ = await consumer.result
            guard ending.detail == .closedByCaller else { return "\(ending.detail)" }
            return ending.closure == .clean ? "–" : "\(ending.detail), \(ending.closure)"
        }
    }

    private static func article(_ name: String) throws -> String {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let file = root.appendingPathComponent("Sources/NovaTestKit/NovaTestKit.docc/\(name).md")
        return try String(contentsOf: file, encoding: .utf8)
    }

    /// The cells of the rows that begin with a link to a member of `type`, without the marks of code.
    private static func rows(_ name: String, _ type: String) throws -> [[String]] {
        try article(name).split(separator: "\n").filter { $0.hasPrefix("| ``\(type)/") }.map { row in
            row.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces).replacing("`", with: "") }
        }
    }

    @Test("Every fault is in the table, with the endings that it leads to")
    func faults() async throws {
        let rows = try Self.rows("Faults", "Fault")
        #expect(rows.map(\.[0]) == Self.faults.map { "Fault/\(Self.name(of: $0))" })
        for fault in Self.faults {
            let endings = [try await Self.attempt(under: fault), try await Self.connection(hitBy: fault)]
            let row = rows.first { $0[0] == "Fault/\(Self.name(of: fault))" }
            #expect(row.map { Array($0.suffix(2)) } == endings, "\(Self.name(of: fault)): \(endings)")
        }
    }

    @Test("Every promise of an adapter is in the table, in its own words")
    func promises() throws {
        let rows = try Self.rows("LintingAdapters", "AdapterLint/Promise")
        #expect(rows == AdapterLint.Promise.allCases.map { ["AdapterLint/Promise/\($0.rawValue)", $0.sentence] })
    }

    @Test("Every law is in the table, in its own words")
    func laws() throws {
        let rows = try Self.rows("Simulations", "Law")
        #expect(rows == Law.allCases.map { ["Law/\($0.rawValue)", $0.sentence] })
    }

    @Test("The test that is shown is the one that is printed")
    func printedTest() throws {
        let shrunk = Shrinker().shrink(Simulation.run(try SimulationTests.hopeless()))
        #expect(try Self.article("Simulations").contains("```\n\(shrunk.testCode)\n```"), "\(shrunk.testCode)")
    }
}
