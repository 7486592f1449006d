import NovaKernel
import NovaTestKit
import TestTurns
import Testing

@Suite("Storms", .heavy, .timeLimit(.minutes(30)))
struct StormTests {
    private static let fullJitter = Reconnection(
        backoff: .exponentialFullJitter(base: .milliseconds(500), cap: .seconds(30)))
    private static let constant = Reconnection(backoff: .constant(.seconds(1)))

    /// What must hold whatever happens: the server and the clients have counted the same, and nobody is forgotten.
    private static func checkCounts(_ report: StormReport, sourceLocation: SourceLocation = #_sourceLocation) {
        let seconds = report.during.reduce(0, +) + report.after.reduce(0, +)
        #expect(report.dialed == seconds, sourceLocation: sourceLocation)
        #expect(report.dialed == report.attemptsOfClients.reduce(0, +), sourceLocation: sourceLocation)
        #expect(report.attemptsOfClients.count == report.storm.clients, sourceLocation: sourceLocation)
    }

    @Test("The same seed is the same storm, to the nanosecond; another seed is another")
    func determinism() throws {
        let first = try Storm(clients: 100, seed: 1).run(Self.fullJitter)
        #expect(try Storm(clients: 100, seed: 1).run(Self.fullJitter) == first)
        let other = try Storm(clients: 100, seed: 2).run(Self.fullJitter)
        #expect(other.returns != first.returns)
    }

    @Test("Without jitter all clients come in the same second, again and again")
    func constant() throws {
        let report = try Storm(clients: 300).run(Self.constant)
        Self.checkCounts(report)
        #expect(report.peakDuring?.attempts == 300)
        #expect(report.after == [300])
        #expect(report.peakAfter?.second == 0 && report.peakAfter?.attempts == 300)
        #expect(report.returns.count == 300 && report.gaveUp == 0)
        #expect(Set(report.attemptsOfClients).count == 1)
        let (first, last) = (report.timeUntilBack(percent: 1), report.timeUntilBack(percent: 100))
        #expect(first == last)
        #expect(try #require(last) < .seconds(1.1))
    }

    @Test("Full jitter spreads the clients: a server that comes back sees a tenth of them in a second, at most")
    func jitter() throws {
        let clients = 1000
        let report = try Storm(clients: clients).run(Self.fullJitter)
        Self.checkCounts(report)
        #expect(report.returns.count == clients)
        // 66 are measured; without jitter it were all 1000.
        #expect(try #require(report.peakAfter).attempts <= clients / 10)
        // The price: the first waits are short, and the last client is back as late as the cap allows.
        #expect(try #require(report.peakDuring).attempts > clients)
        #expect(report.peakDuring?.second == 0)
        let last = try #require(report.timeUntilBack(percent: 100))
        #expect(last > .seconds(20) && last < .seconds(31))
        #expect(try #require(report.timeUntilBack(percent: 50)) < last)
    }

    private static let outages: [Storm.Outage] = [
        .refuse, .reset, .stall, .refuseUpgrade(status: 503, retryAfter: nil),
        .refuseUpgrade(status: 503, retryAfter: 10),
    ]

    @Test("After every kind of outage everybody comes back, and the counts add up", arguments: outages)
    func kinds(_ outage: Storm.Outage) throws {
        let report = try Storm(clients: 100, outage: outage).run(Self.fullJitter)
        Self.checkCounts(report)
        #expect(report.returns.count == 100 && report.gaveUp == 0)
        #expect(report.returns == report.returns.sorted())
        #expect(report.returns.allSatisfy { $0 > .seconds(-0.1) })
        #expect(report.attemptsOfClients.allSatisfy { $0 >= 1 })
    }

    @Test("A server that lets everybody in and drops them is not stormed, unless a mere open counts as success")
    func dropped() throws {
        let storm = Storm(clients: 50, outage: .reset)
        let stable = try storm.run(Self.fullJitter)
        var hasty = Self.fullJitter
        hasty.reset = .whenReady
        let forgetful = try storm.run(hasty)
        // 7.4 and 94.7 are measured.
        #expect(stable.attemptsPerClient < 15 && forgetful.attemptsPerClient > 45)
        Self.checkCounts(forgetful)
    }

    @Test("A Retry-After is kept: nobody comes before it is over")
    func retryAfter() throws {
        let outage = Storm.Outage.refuseUpgrade(status: 503, retryAfter: 10)
        let report = try Storm(clients: 50, outage: outage, lasting: .seconds(9)).run(Self.constant)
        // One attempt a second after the loss; the next one ten seconds later.
        #expect(report.during.reduce(0, +) == 50 && report.during[1] == 50)
        #expect(report.after == [0, 0, 50])
    }

    @Test("Who gives up is counted: by a final ending, or after so many attempts")
    func givingUp() throws {
        let refused = try Storm(clients: 10, outage: .refuseUpgrade(status: 403, retryAfter: nil)).run(Self.constant)
        #expect(refused.gaveUp == 10 && refused.returns.isEmpty && refused.dialed == 10)
        #expect(refused.timeUntilBack(percent: 1) == nil && refused.peakAfter == nil)
        var bounded = Self.constant
        bounded.maximumAttempts = 4
        let report = try Storm(clients: 10).run(bounded)
        #expect(report.gaveUp == 10 && report.dialed == 30)  // the loss itself is the first of four
        Self.checkCounts(report)
    }

    @Test("Clients are not waited for beyond the patience")
    func patience() throws {
        var storm = Storm(clients: 10, lasting: .seconds(2))
        storm.patience = .seconds(5)
        let report = try storm.run(Reconnection(backoff: .constant(.seconds(60))))
        #expect(report.returns.isEmpty && report.gaveUp == 0 && report.dialed == 0)
    }

    @Test("What can't be run is refused")
    func refused() {
        #expect(throws: StormError.noClients) { try Storm(clients: 0).run(Self.constant) }
        #expect(throws: StormError.self) { try Storm().run(Reconnection(backoff: .constant(.seconds(-1)))) }
    }

    @Test("The picture keeps to its width, and has a full bar for the busiest second", arguments: [40, 80, 132])
    func picture(_ columns: Int) throws {
        let report = try Storm(clients: 100, lasting: .seconds(100)).run(Self.fullJitter)
        let lines = report.picture(columns: columns).split(separator: "\n").map(String.init)
        #expect(lines.allSatisfy { $0.count <= columns } && lines.contains { $0.count == columns })
        #expect(lines.count <= 63)
        #expect(!report.picture(columns: columns).contains("\u{1B}"))
        let bars = lines.map { line in line.count { $0 == "█" } }
        #expect(bars.max() == columns - 23)
        #expect(bars.firstIndex(of: columns - 23) == 2)  // the first second of the outage
    }

    @Test("The table has a line for each storm, within eighty columns")
    func table() throws {
        let storm = Storm(clients: 20, lasting: .seconds(5))
        let reports = try [Self.constant, Self.fullJitter].map { try storm.run($0) }
        let lines = StormReport.table(reports).split(separator: "\n")
        #expect(lines.count == 4 && lines.allSatisfy { $0.count <= 80 })
        #expect(lines[2].hasPrefix("constant 1s"))
        #expect(lines[2].split(separator: " ").dropFirst(2) == ["20", "20", "0.2", "0.2", "0.2", "0.2", "5.0"])
        #expect(lines[3].hasPrefix("exponentialFullJitter 500ms 30s"))
    }
}
