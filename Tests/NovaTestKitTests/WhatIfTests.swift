import Foundation
import NovaSocket
import NovaTestKit
import Synchronization
import Testing

@Suite("Under another policy", .timeLimit(.minutes(4)))
struct WhatIfTests {
    /// A server that goes silent after ten seconds; the keepalive finds it, and the connection comes back.
    private static func recorded(_ contents: Recording.Contents = .steps) async throws -> Trace {
        let lines = Mutex("")
        let network = SimulatedNetwork(seed: 21)
        let server = network.server("feed.example")
        let options = network.options {
            $0.policy.keepalive = KeepalivePolicy(interval: .seconds(20), timeout: .seconds(20))
            $0.policy.reconnection = Reconnection(backoff: .constant(.seconds(1)))
            $0.recording = .lines(contents) { line in lines.withLock { $0 += line } }
        }
        try await network.run {
            let socket = try await WebSocket.connect(to: server.url, options: options)
            try await network.sleep(for: .seconds(10))
            try await socket.send("there?")
            try await network.sleep(for: .milliseconds(100))
            server.suffer(.halfOpen)
            server.suffer(.refuse(for: .seconds(8)))
            try await network.sleep(for: .seconds(90))
            await socket.close()
        }
        return try Trace(reading: Data(lines.withLock { $0 }.utf8))
    }

    private static func policy(of trace: Trace, _ change: (inout Policy) -> Void) throws -> Policy {
        var policy = try trace.header.makeKernel().policy
        change(&policy)
        return policy
    }

    private static func run(_ trace: Trace, _ change: (inout Policy) -> Void) throws -> TraceSummary {
        let run = try WhatIf.run(trace, under: try policy(of: trace, change))
        // What comes out is a trace like any other.
        #expect(try Replay.run(run).difference == nil)
        return try TraceSummary(run)
    }

    @Test("Under its own policy a recording comes to what it came to", arguments: [true, false])
    func same(_ isWhole: Bool) async throws {
        let trace = try await Self.recorded(isWhole ? .whole(.all) : .steps)
        let (recorded, run) = (try TraceSummary(trace), try Self.run(trace) { _ in })
        #expect(run.attempts == recorded.attempts && run.state == recorded.state)
        #expect(run.ends == recorded.ends)
        #expect(run.inUse == recorded.inUse && run.longestOutage == recorded.longestOutage)
    }

    @Test("A shorter keepalive finds the same death earlier, and meets the outage that the recording shows")
    func shorter() async throws {
        let trace = try await Self.recorded()
        let recorded = try TraceSummary(trace)
        #expect(recorded.ends.first.map { $0.at > .seconds(50) } == true && recorded.ends.count == 2)
        let run = try Self.run(trace) { $0.keepalive = KeepalivePolicy(interval: .seconds(2), timeout: .seconds(2)) }
        let first = try #require(run.ends.first)
        #expect(first.sentence.contains("not even an answer to a ping"))
        #expect(first.at > .seconds(13) && first.at < .seconds(16), "\(run)")
    }

    @Test("Without reconnection the first end is the last; without a keepalive nobody finds out")
    func others() async throws {
        let trace = try await Self.recorded()
        let never = try Self.run(trace) { $0.reconnection = .never }
        #expect(never.attempts == 1 && never.state == "closed" && never.ends.count == 1)
        let deaf = try Self.run(trace) { $0.keepalive = nil }
        #expect(deaf.attempts == 1 && deaf.ends.last.map { $0.at > .seconds(90) } == true)
    }

    @Test("A connection that is in use when the recording ends was in use until then")
    func stillInUse() async throws {
        var trace = try await Self.recorded()
        let close = try #require(trace.steps.lastIndex { $0.rule == "startClosing" })
        trace.steps.removeSubrange(close...)
        let summary = try TraceSummary(trace)
        #expect(summary.state == "open.ready")
        let whole = try TraceSummary(try await Self.recorded())
        #expect(summary.inUse > whole.inUse - .seconds(21), "\(summary.inUse) of \(whole.inUse)")
    }

    @Test("A function of the caller's that was not asked so often is not supposed to say no")
    func delays() async throws {
        let lines = Mutex("")
        let network = SimulatedNetwork(seed: 3)
        let server = network.server("feed.example")
        let options = network.options {
            $0.policy.reconnection = Reconnection(backoff: .custom(cap: .seconds(7)), maximumAttempts: 2)
            $0.chooseDelay = { _, _ in .seconds(2) }
            $0.recording = .lines { line in lines.withLock { $0 += line } }
        }
        server.suffer(.refuse(for: .seconds(3600)))
        _ = try await network.run { try? await WebSocket.connect(to: server.url, options: options) }
        let trace = try Trace(reading: Data(lines.withLock { $0 }.utf8))
        let longer = try Self.run(trace) { $0.reconnection.maximumAttempts = 4 }
        #expect(longer.attempts == 4 && longer.ends.last?.sentence.contains("It was attempt 4 in a row") == true)
        // One that was never asked leaves the cap.
        let standard = Reconnection(backoff: .constant(.seconds(1)), maximumAttempts: 2)
        let run = try WhatIf.run(trace, under: Self.policy(of: trace) { $0.reconnection = standard })
        let custom = try Self.run(run) { $0.reconnection.backoff = .custom(cap: .seconds(7)) }
        #expect(custom.attempts == 2 && custom.ends.last.map { $0.at > .seconds(7) } == true, "\(custom)")
    }

    @Test("Recordings of simulations run under any policy to an end, and replay", arguments: 0..<16)
    func simulated(_ seed: UInt64) throws {
        let recordings = Simulation.recordings(of: SimulationPlan(seed: seed))
        for recording in recordings {
            let trace = try Trace(reading: Data(recording.utf8))
            for policy in [Policy(), SimulationPlan(seed: seed &+ 1).policy] {
                let run = try WhatIf.run(trace, under: policy)
                #expect(try Replay.run(run).difference == nil)
            }
        }
    }
}
