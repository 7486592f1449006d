import NovaKernel
import NovaSocket
import NovaTestKit
import SessionSupport
import Synchronization
import TestTurns
import Testing

@Suite("The lint of adapters", .heavy, .timeLimit(.minutes(10)))
struct AdapterLintTests {
    /// The service of the tests, which knows the secret.
    private func lint(_ hostilities: [AdapterLint.Hostility] = AdapterLint.Hostility.allCases) -> AdapterLint {
        let service = RPCService()
        service.answers { _, request in
            struct Login: Codable, Sendable { var secret: String }
            struct Token: Codable, Sendable { var expires_in: Int }
            guard request.method == "auth", (try? request.params(as: Login.self))?.secret == LintedAdapter.secret
            else { return nil }
            return [RPCService.result(Token(expires_in: 600), of: request)]
        }
        var lint = AdapterLint { service.received($0.bytes, on: 1) }
        lint.hostilities = hostilities
        lint.refusedChannels = [Channel("forbidden")]
        lint.publication = { RPCService.publication($0, 7) }
        lint.methods = ["dear"]
        lint.secrets = [LintedAdapter.secret, "open%20sesame", ""]
        return lint
    }

    @Test("A correct adapter is clean with every server, whatever the seed", arguments: [1, 2, 3] as [UInt64])
    func correct(_ seed: UInt64) async {
        var lint = lint()
        lint.seed = seed
        let report = await lint.run(LintedAdapter())
        #expect(report.isClean && report.exitStatus == 0, "\(report)")
        #expect(report.hostilities == AdapterLint.Hostility.allCases)
        #expect(report.elapsed > .seconds(13 * 180))
        #expect(report.description.hasSuffix("simulated seconds, no promise broken."))
    }

    /// The servers that are enough to see a defect; what is not seen with others would take long to be not seen.
    private static func servers(for defect: LintedAdapter.Defect) -> [AdapterLint.Hostility] {
        switch defect {
        case .confirmsBlindly: [.refusingLater]
        case .acceptsAll: [.refusing]
        case .hangsInHandle, .toldByClose: [.honest, .noise]
        case .toldByReason: [.garbage]
        case .poisoned: [.honest, .garbage, .afterwards]
        default: [.honest]
        }
    }

    @Test(
        "An adapter with one defect has broken that promise, and it is said how to see it again",
        arguments: LintedAdapter.Defect.allCases)
    func defective(_ defect: LintedAdapter.Defect) async {
        let lint = lint(Self.servers(for: defect))
        let report = await lint.run(LintedAdapter(defect: defect))
        let promise = AdapterLint.Promise.broken(by: defect)
        #expect(report.findings.contains { $0.promise == promise }, "\(report)")
        #expect(!report.isClean && report.exitStatus == 1)
        #expect(!report.description.contains(LintedAdapter.secret), "\(report)")
        for finding in report.findings where finding.hostility != nil {
            #expect(finding.reproduction.hasPrefix("seed = 1; hostilities = [."))
        }
        // What it does well is not held against it.
        let isolated: Set<AdapterLint.Promise> = [
            .urlIsValid, .sortReturnsAtOnce, .messagesFindTheirChannels, .confirmsWhatIsConfirmed,
            .acceptsWhatIsAccepted,
            .unsubscribesWhatItWasGiven, .costsAreAffordable, .recovers,
        ]
        if isolated.contains(promise) { #expect(Set(report.findings.map(\.promise)) == [promise], "\(report)") }
    }

    @Test("Every promise has a defect that breaks it")
    func complete() {
        let broken = Set(LintedAdapter.Defect.allCases.map { AdapterLint.Promise.broken(by: $0) })
        #expect(broken == Set(AdapterLint.Promise.allCases))
    }

    @Test("The same seed finds the same again")
    func deterministic() async {
        let lint = lint([.honest, .garbage, .refusing])
        let first = await lint.run(LintedAdapter(defect: .toldByError))
        let second = await lint.run(LintedAdapter(defect: .toldByError))
        #expect(first.findings == second.findings && !first.isClean)
    }

    @Test("An adapter whose sort never returns is given up, and that is what the report says")
    func blocked() async {
        final class Gate: Sendable {
            let isOpen = Mutex(false)
        }
        struct Blocked: Adapter {
            let url = "wss://rpc.example/"
            let gate: Gate
            func sort(_ message: Message) -> Sorting {
                while !gate.isOpen.withLock(\.self) {}
                return .other
            }
        }
        let gate = Gate()
        var lint = AdapterLint { _ in [] }
        lint.watchdog = .milliseconds(300)
        let report = await lint.run(Blocked(gate: gate))
        gate.isOpen.withLock { $0 = true }
        #expect(report.findings.map(\.promise) == [.sortReturnsAtOnce], "\(report)")
        #expect(report.hostilities == [.honest])
    }

    /// A service of lines: `7 ping` is answered with `7 pong`, `+news` and `-news` are channels, `news: 1` a message.
    struct Lines: Adapter {
        let url = "ws+unix:/run/lines.sock:/"
        var mixesUp = false

        func encode(
            _ method: String, _ parameters: (any Encodable & Sendable)?, id: RequestID
        ) throws -> OutgoingMessage { .text("\(id.number) \(method)") }

        func sort(_ message: Message) -> Sorting {
            let text = message.text
            if let number = text.split(separator: " ").first.flatMap({ UInt64($0) }) {
                return .answer(RequestID(mixesUp ? 2 : number))
            }
            if let end = text.firstIndex(of: ":") { return .channel(String(text[..<end])) }
            return .other
        }

        func decode<Value: Decodable & Sendable>(_ type: Value.Type, from answer: Answer) throws -> Value {
            guard answer.message.text.hasSuffix("pong"), let value = "pong" as? Value else { throw Refused() }
            return value
        }

        struct Refused: Error {}

        func subscribe(to channels: [Channel], _ context: SessionContext) async throws -> [SubscriptionVerdict] {
            var verdicts: [SubscriptionVerdict] = []
            for channel in channels {
                do {
                    _ = try await context.request("+\(channel.name)", as: String.self)
                    verdicts.append(.confirmed)
                } catch is Refused {
                    verdicts.append(.refused(Refused()))
                }
            }
            return verdicts
        }

        func unsubscribe(from channels: [Channel], _ context: SessionContext) async throws {
            for channel in channels { _ = try await context.request("-\(channel.name)", as: String.self) }
        }
    }

    @Test("A service of another kind than JSON-RPC is tried as well")
    func lines() async {
        let number: @Sendable (ReceivedMessage) -> String = { String($0.text.split(separator: " ").first ?? "") }
        var lint = AdapterLint { ["\(number($0)) pong"] }
        lint.refusal = { ["\(number($0)) no"] }
        lint.publication = { "\($0): 1" }
        let report = await lint.run(Lines())
        #expect(report.isClean, "\(report)")
        let broken = await lint.run(Lines(mixesUp: true))
        #expect(broken.findings.contains { $0.promise == .answersFindTheirRequests }, "\(broken)")
    }

    @Test("What the recording shows is what its redaction lets through")
    func redaction() async {
        var lint = lint([.honest])
        lint.redaction = .nothing
        let report = await lint.run(LintedAdapter())
        #expect(report.findings.map(\.sentence) == ["Secret number 1 is in the recording."], "\(report)")
        lint.redaction = .credentials
        #expect(await lint.run(LintedAdapter()).isClean)
    }

    @Test("An adapter of nothing but a URL is clean, its channels too; a finding has the seed")
    func bare() async {
        struct Bare: Adapter { var url = "ws://bare.example/" }
        let report = await AdapterLint.run(Bare(), seed: 9) { _ in [] }
        #expect(report.isClean, "\(report)")
        let lost = await AdapterLint.run(Bare(url: "http://bare.example/"), seed: 9) { _ in [] }
        #expect(lost.findings.map(\.seed) == [9])
    }
}
