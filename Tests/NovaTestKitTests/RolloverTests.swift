import NovaKernel
import NovaSocket
import NovaTestKit
import NovaTrace
import NovaWire
import SessionSupport
import Synchronization
import Testing

import struct Foundation.Data

@Suite("Planned changes of connections")
struct RolloverTests {
    let network = SimulatedNetwork(seed: 1)
    let server: SimulatedServer
    let service: RPCService
    let publisher = Publisher()

    init() {
        server = network.server("feed.example")
        service = RPCService(at: server)
        let (publisher, service) = (publisher, service)
        server.onMessage = { connection, message in
            for answer in service.received(message.bytes, on: connection.number) { connection.send(answer) }
            if message.text.contains("\"subscribe\"") { publisher.add(connection) }
        }
    }

    /// Sends each number to all connections that are subscribed.
    final class Publisher: Sendable {
        private let book = Mutex((connections: [SimulatedConnection](), last: 0))

        func add(_ connection: SimulatedConnection) {
            book.withLock { book in
                if !book.connections.contains(where: { $0 === connection }) { book.connections.append(connection) }
            }
        }

        func publish() {
            let (connections, number) = book.withLock { book in
                book.last += 1
                return (book.connections, book.last)
            }
            for connection in connections where connection.isOpen {
                connection.send(RPCService.publication("prices", number))
            }
        }

        var last: Int { book.withLock(\.last) }
    }

    struct Numbers: PositionHandler {
        var isKey = false
        func position(of message: Message, in channel: Channel) -> MessagePosition? {
            message.published.map { isKey ? .key("\($0)") : .sequence(UInt64($0), after: UInt64($0 - 1)) }
        }
    }

    private func session(
        _ positions: (any PositionHandler)? = Numbers(), _ change: (inout WebSocketOptions) -> Void = { _ in }
    ) throws -> Session {
        var handlers = Handlers(RPCAdapter(url: server.url, secret: "sesame"))
        handlers.positions = positions
        return try Session(server.url, handlers) { options in
            network.join(&options, retryingEachSecond: change)
        }
    }

    /// Publishes ten times a second until the work is done, and then a little more.
    private func publishing<Result: Sendable>(
        _ work: @Sendable () async throws -> Result
    ) async throws -> Result {
        let (publisher, network) = (publisher, network)
        let task = network.task {
            while true {
                publisher.publish()
                try await network.sleep(for: .milliseconds(100))
            }
        }
        defer { task.cancel() }
        let result = try await work()
        try await network.sleep(for: .seconds(1))
        return result
    }

    /// The session is closed, and everything that came of a subscription until then.
    private func updates(of subscription: Subscription, after session: Session) async throws -> [String] {
        await session.close()
        var words: [String] = []
        for try await update in subscription {
            switch update {
            case .message(let message): words.append("\(message.published ?? 0)")
            case .interrupted: words.append("interrupted")
            case .gap(let gap): words.append("gap \(gap.cause)".prefix { $0 != "(" }.description)
            case .stale, .fresh: words.append("?")
            }
        }
        return words
    }

    @Test(
        "A new connection takes the place of the old one: no message is lost and none comes twice, whichever is faster",
        arguments: [false, true], [(20, 20), (300, 20), (20, 300)])
    func seamless(isKey: Bool, latencies: (Int, Int)) async throws {
        server.conditions.latency = .milliseconds(latencies.0)
        try await network.run {
            let session = try session(Numbers(isKey: isKey))
            try await session.connect()
            let subscription = try await session.subscribe(to: "prices")
            try await publishing {
                try await network.sleep(for: .seconds(2))
                server.conditions.latency = .milliseconds(latencies.1)
                try await session.rollOver()
            }
            #expect(await session.status.attempt == AttemptID(2))
            #expect(await session.termination?.cause.ending.closure == .clean)
            let updates = try await updates(of: subscription, after: session)
            #expect(updates.count > 25)
            #expect(updates == (1...updates.count).map { "\($0)" })
        }
        #expect(server.counts.accepted == 2)
        #expect(service.calls == ["auth", "subscribe prices", "auth", "subscribe prices"])
    }

    @Test("Where nobody says which message is which, the change is marked as a gap")
    func unplaced() async throws {
        try await network.run {
            let session = try session(nil)
            try await session.connect()
            let subscription = try await session.subscribe(to: "prices")
            try await publishing {
                try await network.sleep(for: .seconds(1))
                try await session.rollOver()
            }
            let updates = try await updates(of: subscription, after: session)
            #expect(updates.filter { $0 == "gap rolledOver" }.count == 1)
            #expect(updates.contains("\(publisher.last - 2)"))
        }
    }

    @Test("What the old connection has begun is finished there, what is new goes to the new one")
    func requests() async throws {
        let slow = Mutex<[(Int, JSONRPC.Request)]>([])
        service.answers { connection, request in
            guard request.method == "slow" else { return nil }
            slow.withLock { $0.append((connection, request)) }
            return []
        }
        try await network.run {
            let session = try session()
            try await session.connect()
            let states = Mutex<[String]>([])
            let watching = network.task {
                for await change in session.stateChanges {
                    states.withLock { $0.append("\(change.to)\(change.attempt.number)") }
                }
            }
            async let old = session.request("slow", ["old"], as: String.self)
            try await network.sleep(for: .seconds(1))
            let change = network.task { try await session.rollOver() }
            for await change in session.stateChanges where change.to == .ready { break }
            #expect(await session.status.attempt == AttemptID(2))
            let new = try await session.request("echo", ["new"], as: [String].self)
            #expect(new == ["new"])
            let roundTrip = try await session.ping()
            #expect(roundTrip > .zero)
            let first = slow.withLock(\.first)
            let (connection, request) = try #require(first)
            #expect(connection == 1)
            server.connection(1)?.send(RPCService.result("late", of: request))
            let late = try await old
            #expect(late == "late")
            try await change.value
            await session.close()
            try await watching.value
            #expect(states.withLock(\.self) == ["ready2", "draining2", "closeSent2", "awaitingEnd2", "closed2"])
        }
    }

    @Test(
        "A new connection that can't be made, or can't do what the old one does, changes nothing",
        arguments: ["refused", "forbidden", "mute"])
    func futile(reason: String) async throws {
        let service = service
        try await network.run {
            let session = try session { $0.rollover.preparation = .seconds(8) }
            try await session.connect()
            let subscription = try await session.subscribe(to: "prices")
            switch reason {
            case "refused": server.suffer(.refuseUpgrade(status: 503, retryAfter: nil, for: .seconds(60)))
            case "forbidden":
                service.answers { connection, request in
                    request.method == "subscribe" && connection > 1 ? [RPCService.result([String](), of: request)] : nil
                }
            default: service.answers { connection, _ in connection > 1 ? [] : nil }
            }
            let error = try await publishing {
                await #expect(throws: (any Error).self) { try await session.rollOver() }
            }
            switch reason {
            case "refused": #expect((error as? WebSocketError)?.termination?.response?.status == 503)
            case "forbidden": #expect((error as? JSONRPC.Failure)?.code == JSONRPC.Failure.Code.invalidParams)
            default: #expect((error as? WebSocketError)?.refusal == .timedOut)
            }
            #expect(await session.status.attempt == AttemptID(1))
            let echo = try await session.request("echo", ["here"], as: [String].self)
            #expect(echo == ["here"])
            service.answers { _, _ in nil }
            server.recover()
            try await publishing { try await session.rollOver() }
            let updates = try await updates(of: subscription, after: session)
            #expect(updates == (1...updates.count).map { "\($0)" })
        }
    }

    @Test(
        "The old connection is lost while it is being left: what it keeps goes out on the new one, and the channel goes on"
    )
    func lostWhileLeaving() async throws {
        service.answers { connection, request in request.method == "slow" && connection == 1 ? [] : nil }
        let service = service
        try await network.run {
            let session = try session(Numbers())
            try await session.connect()
            let subscription = try await session.subscribe(to: "prices")
            let kept = CallOptions(timeout: .seconds(60), retention: .keep(for: .seconds(60)))
            async let lost = session.request("slow", ["lost"], as: [String].self)
            async let matched = session.ask(.text("{\"id\":1,\"method\":\"echo\",\"params\":[77]}"), options: kept) {
                $0.attempt == AttemptID(2) && $0.text.contains("77") ? $0.text : nil
            }
            async let again = session.request("slow", ["kept"], as: [String].self, options: kept)
            try await network.sleep(for: .seconds(1))
            service.answers { connection, request in
                request.method == "slow" ? [RPCService.result(["\(connection)"], of: request)] : nil
            }
            try await publishing {
                let change = network.task { try await session.rollOver() }
                for await change in session.stateChanges where change.to == .ready { break }
                server.connection(1)?.reset()
                try await change.value
            }
            let answer = try await again
            #expect(answer == ["2"])
            let found = try await matched
            #expect(found.contains("77"))
            do {
                _ = try await lost
                Issue.record("an answer without a connection")
            } catch let error as WebSocketError {
                #expect(error.code == .connectionEnded)
            }
            let updates = try await updates(of: subscription, after: session)
            #expect(updates == (1...updates.count).map { "\($0)" })
        }
    }

    @Test("It can be called off, is refused where the session is not ready, and ends with the session")
    func ends() async throws {
        service.answers { connection, _ in connection > 1 ? [] : nil }
        try await network.run {
            let session = try session()
            let early = await #expect(throws: WebSocketError.self) { try await session.rollOver() }
            #expect(early?.refusal == .notOpen)
            try await session.connect()
            let calledOff = network.task { try await session.rollOver() }
            try await network.sleep(for: .seconds(2))
            #expect(server.counts.accepted == 2)
            calledOff.cancel()
            await #expect(throws: CancellationError.self) { try await calledOff.value }
            try await network.sleep(for: .seconds(10))
            #expect(server.connection(2) == nil)
            let closed = network.task { try await session.rollOver() }
            try await network.sleep(for: .seconds(2))
            await session.close()
            let error = await #expect(throws: WebSocketError.self) { try await closed.value }
            #expect(error?.refusal == .closed)
            let late = await #expect(throws: WebSocketError.self) { try await session.rollOver() }
            #expect(late?.refusal == .closed)
            try await network.sleep(for: .seconds(10))
            #expect(server.connection(3) == nil)
        }
    }

    @Test("Each connection has a recording of its own, and replays to the byte")
    func recordings() async throws {
        let lines = Mutex<[Int: String]>([:])
        try await network.run {
            let session = try session { options in
                options.recording = .each(.whole()) { number in
                    { line in lines.withLock { $0[number, default: ""] += line } }
                }
            }
            try await session.connect()
            let subscription = try await session.subscribe(to: "prices")
            try await publishing { try await session.rollOver() }
            _ = try await updates(of: subscription, after: session)
        }
        let recordings = lines.withLock(\.self)
        #expect(recordings.count == 2)
        for (number, recording) in recordings {
            let trace = try Trace(reading: Data(recording.utf8))
            #expect(trace.header.previousAttempt == (number == 2 ? 1 : nil))
            #expect(trace.isComplete)
            let difference = try Replay.wholly(trace).difference
            #expect(difference == nil, "connection \(number)")
        }
    }

    @Test("Connections that can't be recorded apart are not changed")
    func onlyOneRecording() async throws {
        try await network.run {
            let session = try session { $0.recording = .lines { _ in } }
            try await session.connect()
            let error = await #expect(throws: WebSocketError.self) { try await session.rollOver() }
            #expect(error?.code == .invalidOptions)
            let echo = try await session.request("echo", [1], as: [Int].self)
            #expect(echo == [1])
            await session.close()
        }
    }
}
