import Foundation
import NovaKernel
import NovaTrace
import NovaWire
import Synchronization
import Testing

/// A life with everything in it, as a trace.
private enum Sample {
    static let attempt = AttemptID(1)

    static func policy() -> Policy {
        var policy = Policy()
        policy.reconnection = Reconnection(backoff: .constant(.seconds(1)), maximumOutage: .seconds(90))
        policy.keepalive = nil
        return policy
    }

    static let events: [(seconds: Int64, event: Event)] = [
        (0, .command(OperationID(1), .connect)), (1, .fact(attempt, .resolved)), (1, .fact(attempt, .dialed)),
        (2, .fact(attempt, .upgraded)), (2, .fact(attempt, .authenticated)), (2, .fact(attempt, .restored)),
        (3, .command(OperationID(2), .send(.whole, .text, count: 5))), (3, .wrote(attempt, count: 11, remaining: 0)),
        (4, .heard(attempt, count: 7)), (4, .fact(attempt, .received(.message(.text, count: 5)))),
        (5, .consumed(messages: 1, bytes: 5)), (6, .fact(attempt, .transportEnded(.failed(errno: 104)))),
        (7, .command(OperationID(3), .close(.normalClosure, reasonCount: 0))),
    ]

    static func text() -> String {
        let lines = Mutex("")
        let header = TraceHeader(seed: 7, route: [], policy: policy(), chart: Kernel.chartDigest)
        var writer = TraceWriter(header: header, origin: .zero) { line in lines.withLock { $0 += line } }
        var kernel = Kernel(route: [], policy: policy(), seed: 7)
        for (seconds, event) in events {
            let occurrence = Occurrence(event, at: Instant.zero.advanced(by: .seconds(seconds)))
            let before = kernel.lifecycle.stateText
            let step = kernel.handle(occurrence)
            writer.record(occurrence, before: before, step.rule, step.effects, after: kernel)
        }
        writer.finish()
        return lines.withLock(\.self)
    }

    static var lines: [String] { text().split(separator: "\n").map(String.init) }

    static func read(_ lines: [String]) throws -> Trace {
        try Trace(reading: Data((lines.joined(separator: "\n") + "\n").utf8))
    }
}

@Suite("Traces")
struct TraceTests {
    @Test("What is written is read again, and replays without a difference")
    func roundTrip() throws {
        let trace = try Sample.read(Sample.lines)
        #expect(trace.isComplete)
        #expect(trace.steps.count == Sample.events.count)
        let result = try Replay.run(trace)
        #expect(result.difference == nil)
        #expect(result.agreed == trace.steps.count)
        #expect(result.kernel.policy == Sample.policy())
        #expect(result.kernel.standing == .closed)
        #expect(trace.steps.last?.cause?.contains("closedByCaller") == true)
    }

    @Test("Every value of a policy survives its words")
    func policies() throws {
        var policies = [Policy(), Sample.policy()]
        var odd = Policy()
        odd.keepalive = KeepalivePolicy(interval: .milliseconds(1500), timeout: .nanoseconds(7))
        odd.reconnection = Reconnection(
            backoff: .linear(step: .seconds(1), cap: .seconds(9), jitter: 250), maximumAttempts: 5,
            maximumOutage: .seconds(60), reset: .whenReady,
            table: RetryTable([RetryTable.Row(.status(500...503), .retry), RetryTable.Row(.any, .final)]))
        odd.wire = WireLimits(maximumFrameBytes: 1, maximumMessageBytes: 2, maximumFragments: 3)
        policies.append(odd)
        for policy in policies {
            let header = TraceHeader(seed: 1, route: .tls, policy: policy, chart: "")
            #expect(try header.makeKernel().policy == policy)
        }
    }

    /// What may be wrong with a file: the line, what is done to it, what is said of it.
    static let damages: [(line: Int, damage: @Sendable ([String]) -> [String], reason: String)] = [
        (1, { _ in [] }, "not a trace"), (1, { _ in ["hello"] }, "not a trace"),
        (1, { ["{\"format\":\"other\",\"version\":1}"] + $0.dropFirst() }, "not a trace"),
        (1, { change($0, 0, "\"version\":2", "\"version\":3") }, "version"),
        (1, { change($0, 0, "\"seed\":\"7\"", "\"seed\":\"seven\"") }, "seed"),
        (1, { change($0, 0, "timeouts.dial", "timeouts.dail") }, "timeouts.dail"),
        (1, { change($0, 0, "\"route\":0", "\"route\":4") }, "4 is not a route"),
        (1, { change($0, 0, "\"inbound.maximumBytes\":\"1048576\"", "\"inbound.maximumBytes\":\"-4\"") }, "number"),
        (4, { change($0, 3, "\"n\":3", "\"n\":4") }, "step 4"),
        (3, { Array($0[..<2] + $0[3...]) }, "step 3"),
        (5, { change($0, 4, "\"t\":2000000000", "\"t\":1") }, "backwards"),
        (6, { change($0, 5, "authenticated", "authentificated") }, "event"),
        (6, { change($0, 5, "\"rule\":\"", "\"rule\":\"un") }, "rule"),
        (8, { $0.prefix(7) + [String($0[7].prefix(40))] }, "cut off"),
        (14, { Array($0.dropLast(2)) + [$0[14]] }, "13 steps"),
        (16, { $0 + [$0[5]] }, "last line"),
        (3, { [$0[0], $0[1], String(repeating: "x", count: 2 << 20)] }, "longer"),
    ]

    private static func change(_ lines: [String], _ index: Int, _ old: String, _ new: String) -> [String] {
        var lines = lines
        lines[index] = lines[index].replacingOccurrences(of: old, with: new)
        return lines
    }

    @Test("A damaged or foreign file is refused, with the line and the reason", arguments: damages.indices)
    func damaged(_ index: Int) throws {
        let (line, damage, reason) = Self.damages[index]
        let lines = damage(Sample.lines)
        #expect(lines != Sample.lines)
        let error = #expect(throws: TraceError.self) { try Sample.read(lines) }
        #expect(error?.line == line, "\(String(describing: error))")
        #expect(error?.reason.contains(reason) == true, "\(String(describing: error))")
    }

    @Test("What a file says is told as a terminal can be shown it, and not without end")
    func printable() throws {
        let long = String(repeating: "x", count: 5000)
        let noise = "\u{1B}[2J\n" + long
        var lines = Sample.lines
        lines[5] = lines[5].replacingOccurrences(of: "authenticated", with: #"\u001b[2J\n"# + long)
        let error = try #require(#expect(throws: TraceError.self) { try Sample.read(lines) })
        var trace = try Sample.read(Sample.lines)
        trace.steps[5].after = noise
        let difference = try #require(try Replay.run(trace).difference)
        #expect(difference.recorded == noise)
        for text in ["\(error)", "\(difference)"] {
            #expect(text.contains(#"\u{1B}[2J\nxxx"#))
            #expect(!text.contains("\u{1B}") && !text.contains("\n") && text.utf8.count < 2000)
        }
    }

    @Test("A file that breaks off after a whole step is read, and is not complete")
    func breaksOff() throws {
        let trace = try Sample.read(Array(Sample.lines.dropLast()))
        #expect(!trace.isComplete)
        #expect(try Replay.run(trace).difference == nil)
        #expect(throws: TraceError.self) { try Trace(reading: Data()) }
    }

    @Test("Whatever bytes a file has, reading it ends with a trace or an error", arguments: 0..<4)
    func noise(_ part: Int) throws {
        let good = Array(Sample.text().utf8)
        var state = UInt64(part) &+ 1
        func below(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(bound))
        }
        for _ in 0..<300 {
            var bytes = good
            for _ in 0...below(3) { bytes[below(bytes.count)] = UInt8(below(256)) }
            if let trace = try? Trace(reading: Data(bytes)) { try Self.use(trace) }
        }
    }

    @Test("A hostile file can't stop the machine, however large its numbers are")
    func hostile() throws {
        let huge = "9223372036854775807"
        for (old, new) in [
            ("send whole text 5", "send whole text \(huge)"),
            ("received message text 5", "received message text \(huge)"),
            ("wrote 1 11 0", "wrote 1 \(huge) \(huge)"), ("consumed 1 5", "consumed \(huge) \(huge)"),
            ("heard 1 7", "heard 4294967295 \(huge)"), ("\"t\":7000000000", "\"t\":18446744073709551615"),
        ] {
            let text = Sample.text().replacingOccurrences(of: old, with: new)
            #expect(text != Sample.text())
            let trace = try Trace(reading: Data(text.utf8))
            try Self.use(trace)
        }
    }

    /// Everything that reads a trace comes to its end with it.
    private static func use(_ trace: Trace) throws {
        _ = try Replay.run(trace)
        for end in try Explanation.of(trace) { #expect(!end.description.isEmpty) }
        _ = try Explanation.standing(at: trace)
        #expect(!(try Export.perfetto(trace)).isEmpty)
        #expect(!(try Export.mermaid(trace)).isEmpty)
    }

    @Test("The first difference is named: its step, its part, both values")
    func differences() throws {
        let trace = try Sample.read(Sample.lines)
        func first(_ change: (inout Trace) -> Void) throws -> Replay.Difference? {
            var other = trace
            change(&other)
            return try Replay.run(other).difference
        }
        #expect(try first { $0.steps[3].rule = "dialed" }?.part == "rule")
        #expect(try first { $0.steps[3].rule = "dialed" }?.step == 4)
        #expect(try first { $0.steps[5].after = "open.restoring" }?.part == "state after")
        #expect(try first { $0.steps[1].before = "idle" }?.part == "state before")
        #expect(try first { $0.steps[6].effects = [] }?.part == "effects")
        #expect(try first { $0.steps[9].event = "fact 1 received message text 6" }?.part == "effects")
        #expect(try first { $0.steps[6].attempt = 2 }?.part == "attempt")
        #expect(try first { $0.steps[12].cause = nil }?.part == "cause")
        #expect(try first { $0.header.policy["timeouts.dial"] = "11s" }?.part == "effects")
        let dropped = try first { $0.steps.remove(at: 2) }
        #expect(dropped?.step == 4)
        #expect(dropped?.description.hasPrefix("step 4 (") == true)
    }
}

@Suite("The flight recorder")
struct FlightRecorderTests {
    private func occurrence(_ number: UInt64, _ event: Event) -> Occurrence {
        Occurrence(event, at: Instant(nanoseconds: number))
    }

    @Test("It keeps the last steps, and no more")
    func ring() {
        for capacity in [0, 1, 2, 3, 8] {
            var recorder = FlightRecorder(capacity: capacity)
            for number in UInt64(1)...20 {
                recorder.record(occurrence(number, .abandoned(OperationID(number))), .stale)
                let expected = (1...number).suffix(capacity).map { Event.abandoned(OperationID($0)) }
                #expect(recorder.records.map(\.event) == expected)
            }
            #expect(recorder.steps == 20)
        }
    }

    @Test("A busy connection does not flush its own history out")
    func traffic() {
        var recorder = FlightRecorder(capacity: 4)
        recorder.record(occurrence(1, .fact(AttemptID(1), .dialed)), .lifecycle(.dialed))
        for number in UInt64(2)...1001 {
            let rules: [KernelRule] = [
                .keepalive(.note), .lifecycle(.deliver), .outbound(.transmit), .outbound(.wrote),
            ]
            recorder.record(occurrence(number, .heard(AttemptID(1), count: 9)), rules[Int(number % 4)])
        }
        recorder.record(occurrence(2000, .fact(AttemptID(1), .drained)), .stale)
        #expect(recorder.records.map(\.count) == [1, 1000, 1])
        #expect(recorder.records[1].since == Instant(nanoseconds: 2))
        #expect(recorder.records[1].at == Instant(nanoseconds: 1001))
        #expect(recorder.records[1].description.contains("×1000"))
    }
}

@Suite("Ends in words")
struct SentenceTests {
    private func cause(
        _ detail: Ending.Detail, _ phase: Phase = .ready, _ closure: Closure = .none
    ) throws -> TerminationCause {
        var kernel = Kernel(route: [], policy: Policy(), seed: 1)
        _ = kernel.handle(Occurrence(.command(OperationID(1), .close(.normalClosure, reasonCount: 0)), at: .zero))
        var cause = try #require(kernel.termination)
        cause.ending = Ending(detail, in: phase, closure: closure)
        return cause
    }

    @Test("Every kind of end is a sentence, and no two of them are the same")
    func sentences() throws {
        var details: [Ending.Detail] = [
            .closedByCaller, .messageAbandoned, .failedByCaller, .closedByPeer(.noStatusReceived),
            .resolveFailed(code: -2),
            .dialFailed(errno: 111), .upgradeRefused(status: 403, retryAfter: nil),
            .upgradeRefused(status: 503, retryAfter: 7), .transportEnded(.endOfStream), .transportEnded(.truncated),
            .transportEnded(.failed(errno: 104)), .keepaliveExpired, .impossibleFact,
        ]
        details += (1000...1015).map { .closedByPeer(CloseCode(rawValue: $0)) }.filter { $0 != details[3] }
        details += AuthenticationFault.allCases.map(Ending.Detail.authenticationFailed)
        details += ProtocolViolation.allCases.map(Ending.Detail.violation)
        details += HandshakeFault.allCases.map(Ending.Detail.upgradeInvalid)
        details += [TLSFailure.certificateExpired, .hostnameMismatch, .unknownIssuer, .alert(40), .library(code: 3)]
            .map(Ending.Detail.tlsFailed)
        let timers = Timer.allCases.filter { $0 != .stability && $0 != .backoff && !$0.isOfSatellite }
        details += timers.map(Ending.Detail.timedOut)
        let sentences = try details.map { try cause($0).sentence }
        #expect(Set(sentences).count == sentences.count)
        for sentence in sentences {
            #expect(sentence.first?.isUppercase == true && sentence.last == ".", "\(sentence)")
        }
    }

    @Test("How a closing handshake went is told")
    func closures() throws {
        let closures: [Closure] = [.none, .clean, .unsent, .cut, .timedOut]
        let sentences = try closures.map { try cause(.closedByCaller, .ready, $0).sentence }
        #expect(Set(sentences).count == closures.count)
    }
}
