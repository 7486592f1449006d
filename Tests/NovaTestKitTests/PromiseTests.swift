import Foundation
import NovaSocket
import NovaTestKit
import Testing

// What users of such a library were promised, and no other test says: see `WhatWasPromised.md`.

@Suite("What was promised of connections", .timeLimit(.minutes(4)))
struct PromiseTests {
    private let network = SimulatedNetwork(seed: 70)
    private let server: SimulatedServer
    private let heard = Lines()

    init() { server = network.server("feed.example") }

    private func options(_ change: (inout WebSocketOptions) -> Void = { _ in }) -> WebSocketOptions {
        network.options {
            $0.policy.reconnection = Reconnection(backoff: .constant(.seconds(1)))
            change(&$0)
        }
    }

    @Test("Connecting has one time for all its phases, and an outage one for all its attempts")
    func deadline() async throws {
        // Each phase keeps to its own ten seconds.
        server.suffer(.resolveDelay(.seconds(8), for: .seconds(3600)))
        server.suffer(.ignoreUpgrade(for: .seconds(3600)))
        try await network.run {
            for isRepeated in [false, true] {
                let session = try Session(server.url, Handlers()) { options in
                    network.join(&options)
                    options.policy.timeouts.open = .seconds(12)
                    options.policy.reconnection = isRepeated ? Reconnection(maximumOutage: .seconds(60)) : .never
                }
                let start = network.clock.now
                let error = await #expect(throws: WebSocketError.self) { try await session.connect() }
                let time = start.duration(to: network.clock.now)
                if isRepeated {
                    #expect(error?.termination?.cause.finality == .outageTooLong)
                    #expect(time >= .seconds(72) && time < .seconds(73), "\(time)")
                } else {
                    #expect(error?.termination?.cause.ending.detail == .timedOut(.deadline))
                    #expect(time >= .seconds(12) && time < .seconds(12.1), "\(time)")
                }
            }
        }
    }

    @Test("Text, bytes and fragments come to the server as they were sent, in their order; a close with its reason")
    func frames() async throws {
        let (server, heard) = (server, heard)
        server.onMessage = { _, message in
            heard.append(message.kind == .text ? "text \(message.text)" : "binary \(message.bytes)")
        }
        server.onClose = { _, code, reason in heard.append("close \(code?.rawValue ?? 0) \(reason)") }
        let options = options()
        try await network.run {
            let socket = try await WebSocket.connect(to: server.url, options: options)
            for text in ["{\"a\": 1 }", "", "Grüße 🌍"] { try await socket.send(text) }
            try await socket.send([0, 255, 128])
            let parts = AsyncStream<[UInt8]> { feed in
                for part in [[1], [], [2, 3]] as [[UInt8]] { feed.yield(part) }
                feed.finish()
            }
            try await socket.send(fragments: parts)
            // A reason has 123 bytes at the most, and these letters two each.
            let end = await socket.close(code: .goingAway, reason: String(repeating: "é", count: 100))
            #expect(end?.cause.ending.closure == .clean && end?.cause.ending.sentCode == .goingAway)
            #expect(await socket.close()?.cause == end?.cause)
        }
        #expect(
            heard.all == [
                "text {\"a\": 1 }", "text ", "text Grüße 🌍", "binary [0, 255, 128]", "binary [1, 2, 3]",
                "close 1001 " + String(repeating: "é", count: 61),
            ])
    }

    @Test("Every change of state is told, each from where the last one led; a call at the wrong time changes nothing")
    func states() async throws {
        let (server, options) = (server, options())
        try await network.run {
            let socket = try WebSocket.make(server.url, options)
            let changes = socket.stateChanges
            let early = await #expect(throws: WebSocketError.self) { try await socket.send("early") }
            #expect(early?.refusal == .notOpen)
            #expect(await socket.state == .idle)
            try await socket.connect()
            server.suffer(.reset)
            for await change in socket.stateChanges where change.to == .ready { break }
            await socket.close()
            var told: [StateChange] = []
            for await change in changes { told.append(change) }
            #expect(told.first?.from == .idle && told.last?.to == .closed)
            for (one, next) in zip(told, told.dropFirst()) { #expect(one.to == next.from) }
            let milestones: [Lifecycle.Standing] = [.resolving, .dialing, .securing, .upgrading, .ready, .backingOff]
            let attempt = Array(milestones.dropLast())
            #expect(told.map(\.to).filter(milestones.contains) == milestones + attempt)
            #expect(told.filter { $0.to == .ready }.map(\.attempt) == [AttemptID(1), AttemptID(2)])
        }
    }

    @Test("A ping is answered with its own bytes, also between the fragments of a message, which are one message")
    func controlFrames() async throws {
        let (server, heard) = (server, heard)
        server.onOpen = { connection in
            connection.send(raw: [0x01, 1, 0x61])
            connection.ping(Array("are you there?".utf8))
            connection.send(raw: [0x80, 1, 0x62])
            connection.send("next")
        }
        server.onPong = { connection, bytes in
            heard.append(String(decoding: bytes, as: UTF8.self))
            connection.close(.goingAway, reason: "later")
        }
        let options = options { $0.policy.reconnection = .never }
        try await network.run {
            let socket = try await WebSocket.connect(to: server.url, options: options)
            var texts: [String] = []
            for try await message in socket.messages { texts.append(message.text) }
            #expect(texts == ["ab", "next"])
            #expect(await socket.termination?.cause.ending.detail == .closedByPeer(.goingAway))
            #expect(await socket.termination?.closeReason == "later")
        }
        #expect(heard.all == ["are you there?"])
    }

    /// How a connection's first attempt ended, ten minutes later.
    private func connections(_ change: (inout WebSocketOptions) -> Void = { _ in }) async throws -> Termination? {
        let (network, server, options) = (network, server, options(change))
        return try await network.run {
            let socket = try WebSocket.make(server.url, options)
            do { try await socket.connect() } catch is WebSocketError {}
            try await network.sleep(for: .seconds(600))  // every further attempt was made by then
            let first = await socket.termination
            await socket.close()
            return first
        }
    }

    @Test(
        "A close code is final where a person must mend it, and worth another attempt where it may pass",
        arguments: [(1000, 1), (1001, 2), (1008, 1), (1011, 2), (1012, 2), (4000, 1), (4999, 1)] as [(UInt16, Int)])
    func closeCodes(_ code: UInt16, _ count: Int) async throws {
        server.onOpen = { if $0.number == 1 { $0.close(CloseCode(rawValue: code)) } }
        let end = try await connections()
        #expect(end?.cause.ending.detail == .closedByPeer(CloseCode(rawValue: code)))
        #expect(server.counts.accepted == count && server.counts.dialed == count)
        #expect((end?.cause.finality == .unrecoverable) == (count == 1))
    }

    @Test(
        "A refused upgrade never loops: what a person must mend is one error, and not one connection more",
        arguments: [(301, 1), (401, 1), (403, 1), (404, 1), (429, 2), (503, 2)] as [(UInt16, Int)])
    func statuses(_ status: UInt16, _ count: Int) async throws {
        let server = server
        server.onRequest = { _ in server.counts.accepted == 1 ? .refuse(status: status, body: "why") : nil }
        let end = try await connections()
        #expect(end?.cause.ending.detail == .upgradeRefused(status: status, retryAfter: nil))
        #expect(end?.response?.status == status && end?.responseBody == Array("why".utf8))
        #expect(server.counts.accepted == count && server.counts.dialed == count)
    }

    /// A backoff, and what its waits must be, in seconds.
    struct Waits: Sendable, CustomTestStringConvertible {
        let backoff: Backoff
        let seconds: [ClosedRange<Double>]
        var testDescription: String { "\(backoff)" }

        static let all = [
            Waits(backoff: .constant(.seconds(2)), seconds: [2...2, 2...2, 2...2]),
            Waits(
                backoff: .linear(step: .seconds(1), cap: .seconds(4), jitter: 0),
                seconds: [1...1, 2...2, 3...3, 4...4, 4...4]),
            Waits(
                backoff: .linear(step: .seconds(10), cap: .seconds(25), jitter: 200),
                seconds: [8...12, 16...24, 20...30, 20...30]),
            Waits(
                backoff: .exponentialFullJitter(base: .seconds(1), cap: .seconds(5)),
                seconds: [0...1, 0...2, 0...4, 0...5, 0...5]),
            Waits(
                backoff: .exponentialEqualJitter(base: .seconds(1), cap: .seconds(8)),
                seconds: [0.5...1, 1...2, 2...4, 4...8, 4...8]),
        ]
    }

    @Test("Each wait is that of its formula, and there are as many as allowed", arguments: Waits.all)
    func waits(_ expected: Waits) async throws {
        server.addresses = [.refuses(errno: 111)]
        let attempts = UInt32(expected.seconds.count + 1)
        let (server, options) = (
            server,
            options {
                $0.policy.reconnection = Reconnection(backoff: expected.backoff, maximumAttempts: attempts)
            }
        )
        try await network.run {
            let socket = try WebSocket.make(server.url, options)
            let changes = socket.stateChanges
            let error = await #expect(throws: WebSocketError.self) { try await socket.connect() }
            #expect(error?.termination?.cause.finality == .attemptsExhausted)
            var waits: [Double] = []
            var ended: Instant?
            for await change in changes {
                if change.to == .backingOff { ended = change.at }
                if change.to == .resolving, let ended { waits.append(change.at.since(ended) / .seconds(1)) }
            }
            #expect(waits.count == expected.seconds.count)
            for (wait, seconds) in zip(waits, expected.seconds) { #expect(seconds.contains(wait), "\(waits)") }
        }
        #expect(server.counts.dialed == Int(attempts))
    }

    @Test("A connection keeps a bounded record of itself; a recording tells its attempts and how long it was in use")
    func record() async throws {
        let (network, server, heard, metrics) = (network, server, heard, ConnectionMetrics())
        let options = options {
            $0.flightRecorderCapacity = 8
            $0.recording = .lines { line in heard.append(line) }
            $0.observers = [metrics]
        }
        try await network.run {
            let socket = try await WebSocket.connect(to: server.url, options: options)
            let reading = network.task { for try await _ in socket.messages {} }
            for round in 0..<3 {
                for number in 0..<20 { try await socket.send("\(number)") }
                try await network.sleep(for: .seconds(10))
                guard round < 2 else { break }
                server.suffer(.reset)
                for await change in socket.stateChanges where change.to == .ready { break }
            }
            #expect(await socket.flightRecord.count == 8)
            await socket.close()
            _ = await reading.result
        }
        let summary = try TraceSummary(Trace(reading: Data(heard.all.joined().utf8)))
        #expect(summary.attempts == 3 && summary.ends.count == 3 && summary.state == "closed")
        #expect(summary.inUse > .seconds(30) && summary.inUse < .seconds(30.5), "\(summary.inUse)")
        #expect(metrics.snapshot.total[.attempts] == 3 && metrics.snapshot.total[.reconnections] == 2)
    }
}
