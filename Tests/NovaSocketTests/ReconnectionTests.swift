import NovaEcho
import NovaSocket
import Synchronization
import TestTurns
import Testing

@Suite("Over several connections", .live, .replayed, .timeLimit(.minutes(20)))
struct ReconnectionTests {
    /// A URL at which nobody listens.
    private func deadURL() async throws -> String { try await withServer { $0.url } }

    private static let patient = Reconnection(backoff: .constant(.seconds(600)))

    @Test("A handle outlives its connection: what was asked of it goes on with the next")
    func survives() async throws {
        var script = ServerScript()
        script.message = { connection, kind, view in
            if view.count == 4 { connection.reset() } else { connection.send(kind.opcode, view) }
        }
        let settings = options { $0.policy.reconnection = Reconnection(backoff: .constant(.milliseconds(1))) }
        try await withServer(script) { server in
            try await WebSocket.withConnection(to: server.url, options: settings) { socket in
                var messages = socket.messages.makeAsyncIterator()
                try await socket.send("hello")
                #expect(try await messages.next()?.attempt == AttemptID(1))
                let changes = socket.stateChanges
                try await socket.send("drop")
                for await change in changes where change.to == .ready { break }
                try await socket.send("hello again")
                let message = try await messages.next()
                #expect(message?.attempt == AttemptID(2))
                #expect(message?.text == "hello again")
            }
            #expect(await server.counts.ever == 2)
        }
    }

    @Test("Closed while it waits for the next attempt: everybody who waits is told, with the true cause")
    func closedInBackoff() async throws {
        let settings = options { $0.policy.reconnection = Self.patient }
        let socket = try WebSocket.make(try await deadURL(), settings)
        async let opener: Bool = ends({ $0.cause.ending.detail == .closedByCaller }) { try await socket.connect() }
        async let reader: Int = {
            var count = 0
            for try await _ in socket.messages { count += 1 }
            return count
        }()
        await socket.until(.backingOff)
        let termination = await socket.close()
        #expect(termination?.cause.ending.detail == .closedByCaller)
        #expect(termination?.cause.ending.phase == .backingOff)
        #expect(termination?.cause.finality == .asked)
        #expect(await opener)
        #expect(try await reader == 0)
    }

    @Test("An outage that lasts too long ends the waiting")
    func outage() async throws {
        let settings = options {
            $0.policy.reconnection = Reconnection(
                backoff: .constant(.seconds(600)), maximumOutage: .milliseconds(50))
        }
        let url = try await deadURL()
        #expect(
            await ends({ $0.cause.finality == .outageTooLong && $0.cause.ending.detail == .dialFailed(errno: 111) }) {
                _ = try await WebSocket.connect(to: url, options: settings)
            })
    }

    @Test("As many attempts as allowed, and no more")
    func attempts() async throws {
        let settings = options {
            $0.policy.reconnection = Reconnection(backoff: .constant(.milliseconds(1)), maximumAttempts: 3)
        }
        let url = try await deadURL()
        #expect(
            await ends({ $0.cause.finality == .attemptsExhausted && $0.cause.failures == 3 }) {
                _ = try await WebSocket.connect(to: url, options: settings)
            })
    }

    @Test("The caller's own function chooses the waits, and ends them")
    func ownDelay() async throws {
        let asked = Mutex<[UInt32]>([])
        let settings = options {
            $0.policy.reconnection = Reconnection(backoff: .custom(cap: .seconds(600)))
            $0.chooseDelay = { failures, last in
                asked.withLock { $0.append(failures) }
                guard last.cause.ending.detail == .dialFailed(errno: 111) else { return nil }
                return failures < 4 ? .milliseconds(1) : nil
            }
        }
        let url = try await deadURL()
        #expect(
            await ends({ $0.cause.finality == .delayDenied }) {
                _ = try await WebSocket.connect(to: url, options: settings)
            })
        #expect(asked.withLock { $0 } == [1, 2, 3, 4])
    }

    @Test("What was found out about an end is still known when it turns out to be the last")
    func evidenceStays() async throws {
        var script = ServerScript()
        script.upgrade = { _ in .bytes(UpgradeAnswer(refusing: 503, reason: "Later", body: "busy").bytes) }
        let end = try await ending(script) {
            $0.policy.reconnection = Reconnection(backoff: .custom(cap: .seconds(600)))
            $0.chooseDelay = { _, _ in nil }
        }
        #expect(end?.cause.finality == .delayDenied)
        #expect(end?.response?.status == 503)
        #expect(end.map { String(decoding: $0.responseBody, as: UTF8.self) } == "busy")
    }

    @Test("A server that refuses for a while is left alone for a while, as it asks")
    func retryAfter() async throws {
        let refusals = Mutex(0)
        var script = ServerScript()
        script.upgrade = { _ in
            refusals.withLock { $0 += 1 }
            return .bytes(
                UpgradeAnswer(refusing: 503, reason: "Later", headers: [HeaderField("Retry-After", "600")], body: "")
                    .bytes)
        }
        let settings = options { $0.policy.reconnection = Reconnection(backoff: .constant(.milliseconds(1))) }
        try await withServer(script) { server in
            let socket = try WebSocket.make(server.url, settings)
            async let opener: Bool = ends({ _ in true }) { try await socket.connect() }
            await socket.until(.backingOff)
            let armed = await socket.flightRecord.last?.rule
            #expect(armed == .lifecycle(.refusalEnded))
            await socket.close()
            #expect(await opener)
        }
        #expect(refusals.withLock { $0 } == 1)
    }

    @Test("Nothing is tried again that a person must mend: a wrong certificate, a refusal with 403")
    func final() async throws {
        var script = ServerScript()
        script.upgrade = { _ in .bytes(UpgradeAnswer(refusing: 403, body: "no").bytes) }
        let end = try await ending(script) { $0.policy.reconnection = .standard }
        #expect(end?.cause.ending.detail == .upgradeRefused(status: 403, retryAfter: nil))
        #expect(end?.cause.finality == .unrecoverable)
    }

    @Test("A handle that is let go of closes itself")
    func letGo() async throws {
        try await withServer { server in
            do {
                let socket = try await WebSocket.connect(to: server.url, options: options())
                #expect(await socket.state == .ready)
            }
            await server.untilEmpty()
        }
    }
}
