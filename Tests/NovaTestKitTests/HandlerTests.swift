import NovaSocket
import NovaTestKit
import SessionSupport
import Synchronization
import Testing

/// Handlers of connections and of errors, and what they make the connection do, in virtual time.
@Suite("Handlers in a simulated network", .timeLimit(.minutes(4)))
struct HandlerTests {
    struct Bad: Error {}

    /// What was seen, in order.
    final class Diary: Sendable {
        private let lines = Mutex<[String]>([])
        private let (stream, feed) = AsyncStream.makeStream(of: String.self)
        var all: [String] { lines.withLock(\.self) }
        func note(_ line: String) {
            lines.withLock { $0.append(line) }
            feed.yield(line)
        }

        /// Waits for a line, once.
        func until(_ line: String) async { for await next in stream where next == line { return } }
    }

    /// Says what is done about messages by what they say.
    struct Judge: MessageHandler, ErrorHandler, ConnectionHandler {
        var diary = Diary()
        var severities: [String: ErrorSeverity] = [:]
        var delay: Duration?
        var retries: [RetryDecision] = []

        func sort(_ message: Message) -> Sorting { .other }

        func handle(_ message: Message, _ context: SessionContext) async throws -> Reaction {
            diary.note("handled \(message.text) on \(context.attempt.number)")
            switch message.text {
            case "unacceptable": return .fail(CloseCode(rawValue: 4001), reason: "what is this?")
            case "strange": throw Bad()
            case "ask me": return .replies([.text("one"), .text("two")])
            default: return .nothing
            }
        }

        func severity(of error: any Error, from handler: HandlerReport.Handler) -> ErrorSeverity {
            severities[handler.rawValue] ?? .harmless
        }

        func decide(
            _ error: any Error, from handler: HandlerReport.Handler, _ context: SessionContext
        ) async -> ErrorDecision {
            switch severity(of: error, from: handler) {
            case .harmless: .ignore
            case .transient: .reconnect(after: delay, reason: "strange")
            case .fatal: .stop(reason: "enough")
            }
        }

        func decide(_ termination: Termination, failures: UInt32) async -> RetryDecision {
            diary.note("asked after failure \(failures): \(termination.cause.ending.detail)")
            return retries.isEmpty ? .standard : retries[Int(failures - 1) % retries.count]
        }

        var wantsPingsAndPongs: Bool { true }
        func connecting(_ attempt: AttemptID) async { diary.note("connecting \(attempt.number)") }
        func connected(_ context: SessionContext) async throws -> Reaction {
            diary.note("connected \(context.attempt.number)")
            return .reply(.text("hello"))
        }
        func disconnected(_ termination: Termination) async {
            diary.note("disconnected: \(termination.cause.ending.detail)")
        }
        func received(_ frame: ControlFrame, _ context: SessionContext) async throws -> Reaction {
            diary.note("\(frame)")
            if case .ping(let bytes) = frame, bytes == Array("please leave".utf8) { return .close(.goingAway) }
            return .nothing
        }
        func statusNote() async -> String? { "\(diary.all.count) lines" }
    }

    private struct World {
        let network = SimulatedNetwork(seed: 3)
        let server: SimulatedServer
        let heard: AsyncStream<String>
        let closes = Diary()

        init() {
            server = network.server("rpc.example")
            let (heard, feed) = AsyncStream.makeStream(of: String.self)
            self.heard = heard
            server.onMessage = { _, message in feed.yield(message.text) }
            let closes = closes
            server.onClose = { _, code, reason in closes.note("\(code?.rawValue ?? 1005) \(reason)") }
        }

        func session(_ judge: Judge, errors: Bool = true, connection: Bool = false) throws -> Session {
            try Session(
                server.url,
                Handlers(messages: judge, connection: connection ? judge : nil, errors: errors ? judge : nil)
            ) { options in
                network.join(&options)
                options.policy.reconnection.backoff = .constant(.seconds(1))
            }
        }
    }

    @Test("A message that a handler fails ends its connection, with its code and reason; the next one follows")
    func failed() async throws {
        let world = World()
        world.server.onOpen = { if $0.number == 1 { $0.send("unacceptable") } else { $0.send("ask me") } }
        let judge = Judge()
        try await world.network.run {
            let session = try world.session(judge, errors: false)
            let changes = session.stateChanges
            try await session.connect()
            var first: Termination?
            for await change in changes {
                if let termination = change.termination { first = termination }
                if change.to == .ready, change.attempt == AttemptID(2) { break }
            }
            #expect(first?.cause.ending.detail == .failedByCaller)
            #expect(first?.cause.ending.sentCode == CloseCode(rawValue: 4001))
            #expect(first?.cause.finality == nil)
            #expect(first?.description.contains("\"what is this?\"") == true)
            var heard = world.heard.makeAsyncIterator()
            #expect(await heard.next() == "one")
            #expect(await heard.next() == "two")
            await session.close()
        }
        #expect(world.closes.all == ["4001 what is this?", "1000 "])
        #expect(judge.diary.all == ["handled unacceptable on 1", "handled ask me on 2"])
    }

    @Test("What a handler throws is as bad as the handler of errors says: nothing, another connection, or the end")
    func severities() async throws {
        for severity in ErrorSeverity.allCases {
            let world = World()
            world.server.onOpen = { if $0.number == 1 { $0.send("strange") } else { $0.send("well") } }
            let judge = Judge(severities: ["messages": severity], delay: .seconds(42))
            try await world.network.run {
                let session = try world.session(judge)
                let (changes, reports) = (session.stateChanges, session.handlerReports)
                try await session.connect()
                for await report in reports {
                    guard case .threw(let error) = report.event else { continue }
                    #expect(error is Bad)
                    break
                }
                var ended: Instant?
                if severity != .harmless {
                    for await change in changes {
                        if change.termination != nil { ended = change.at }
                        if change.to == .closed || (change.to == .resolving && change.attempt == AttemptID(2)) {
                            if let ended, change.to == .resolving { #expect(change.at.since(ended) == .seconds(42)) }
                            break
                        }
                    }
                }
                await session.close()
                let end = await session.termination
                switch severity {
                case .harmless: #expect(world.closes.all == ["1000 "])
                case .transient: #expect(world.closes.all == ["1008 strange"])
                case .fatal:
                    #expect(world.closes.all == ["1008 enough"])
                    #expect(end?.cause.ending.detail == .failedByCaller)
                    #expect(end?.cause.finality == .asked)
                }
            }
            #expect(world.server.counts.accepted == 1)
        }
    }

    @Test("The handler of errors says when to try again, or that it is enough; the backoff runs meanwhile")
    func retries() async throws {
        let world = World()
        world.server.addresses = [.refuses(errno: 111)]
        let judge = Judge(retries: [.retry(after: .milliseconds(70)), .standard, .retry(after: .seconds(9)), .stop])
        let start = world.network.clock.now
        let times = Mutex<[Duration]>([])
        try await world.network.run {
            let session = try world.session(judge, connection: true)
            let changes = session.stateChanges
            await #expect(throws: WebSocketError.self) { try await session.connect() }
            var ended: Instant?
            for await change in changes {
                if change.to == .backingOff { ended = change.at }
                if change.to == .resolving, let ended { times.withLock { $0.append(change.at.since(ended)) } }
            }
            #expect(await session.termination?.cause.finality == .delayDenied)
            for _ in 1...4 { await judge.diary.until("disconnected: dialFailed 111") }
        }
        #expect(times.withLock(\.self) == [.milliseconds(70), .seconds(1), .seconds(9)])
        #expect(judge.diary.all.count { $0.hasPrefix("asked") } == 4)
        #expect(judge.diary.all.count { $0.hasPrefix("disconnected") } == 4)
        #expect(start.duration(to: world.network.clock.now) < .seconds(11))
    }

    @Test("The handler of connections sees all that happens, in order, and what it wants done is done")
    func connections() async throws {
        let world = World()
        let (network, server) = (world.network, world.server)
        let arrived = AsyncStream.makeStream(of: SimulatedConnection.self)
        server.onOpen = { arrived.continuation.yield($0) }
        let judge = Judge()
        try await network.run {
            let session = try world.session(judge, errors: false, connection: true)
            try await session.connect()
            var (heard, connections) = (world.heard.makeAsyncIterator(), arrived.stream.makeAsyncIterator())
            #expect(await heard.next() == "hello")
            await connections.next()?.close(.goingAway, reason: "later")
            #expect(await heard.next() == "hello")
            let changes = session.stateChanges
            await connections.next()?.ping(Array("please leave".utf8))
            for await _ in changes {}
            await judge.diary.until("disconnected: closedByCaller")
            let status = await session.status
            #expect(status.state == .closed && status.attempt == AttemptID(2))
            #expect(status.note == "\(judge.diary.all.count) lines")
        }
        #expect(
            judge.diary.all == [
                "connecting 1", "connected 1", "close frame with code 1001", "disconnected: closedByPeer 1001",
                "connecting 2", "connected 2", "ping of 12 bytes", "close frame with code 1001",
                "disconnected: closedByCaller",
            ])
    }
}
