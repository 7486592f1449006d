import NovaEcho
import NovaSocket
import NovaWire
import SessionSupport
import Synchronization
import TestTurns
import Testing

/// Sessions over real sockets, each recorded whole and replayed to the byte.
@Suite("Sessions on loopback", .live, .replayed, .timeLimit(.minutes(20)))
struct SessionTests {
    struct Ask: Codable, Sendable, Equatable { var number: Int }

    /// A service on loopback, and a server whose connections are counted.
    static func script(_ service: RPCService) -> ServerScript {
        let count = Mutex(0)
        var script = ServerScript()
        script.opened = { _ in count.withLock { $0 += 1 } }
        script.message = { session, _, view in
            if String(validated: view) == "drop" { return session.reset() }
            for answer in service.received(Array(view), on: count.withLock(\.self)) {
                session.send(.text, ByteView(copying: Array(answer.utf8)))
            }
        }
        return script
    }

    @Test("Credentials, a subscription, requests of many tasks: over three lost connections nothing is mixed up")
    func lives() async throws {
        let service = RPCService()
        service.answers { _, request in
            guard request.method == "echo", let value = try? request.params(as: JSONValue.self) else { return nil }
            let number = Int(value["number"]?.int ?? 0)
            return [RPCService.publication("a", number), RPCService.result(value, of: request)]
        }
        let settings = sessionSettings()
        try await withServer(Self.script(service)) { server in
            let adapter = RPCAdapter(url: server.url, secret: "sesame")
            let session = try Session(
                adapter: adapter, calls: CallOptions(timeout: .seconds(200)), configure: settings)
            try await session.connect()
            let subscription = try await session.subscribe(to: "a")
            for round in 0..<4 {
                if round > 0 {
                    let changes = session.stateChanges
                    try await session.send("drop")
                    for await change in changes where change.to == .ready { break }
                }
                try await withThrowingTaskGroup(of: Bool.self) { group in
                    for number in 0..<50 {
                        group.addTask {
                            let ask = Ask(number: round * 100 + number)
                            return try await session.request("echo", ask, as: Ask.self) == ask
                        }
                    }
                    for try await isRight in group { #expect(isRight) }
                }
            }
            #expect(await session.close()?.isOrderly == true)
            var received: [Int] = []
            var gaps = 0
            for try await update in subscription {
                if let number = update.message?.published { received.append(number) }
                if case .gap = update { gaps += 1 }
            }
            #expect(received.count == 200 && Set(received).count == 200)
            #expect(gaps == 3)
        }
        let calls = service.calls.filter { $0 != "echo" }
        #expect(calls == Array(repeating: ["auth", "subscribe a"], count: 4).flatMap(\.self))
    }

    @Test("A channel that the server refuses: its reason is thrown, and the session goes on")
    func refusedChannel() async throws {
        let service = RPCService()
        let settings = sessionSettings()
        try await withServer(Self.script(service)) { server in
            let session = try Session(
                adapter: RPCAdapter(url: server.url), calls: CallOptions(timeout: .seconds(200)), configure: settings)
            try await session.connect()
            let failure = await #expect(throws: JSONRPC.Failure.self) { try await session.subscribe(to: "forbidden") }
            #expect(failure?.message == "no such channel")
            #expect(try await session.request("echo", Ask(number: 1), as: Ask.self) == Ask(number: 1))
            await session.close()
        }
    }

    @Test("A request without an answer ends in its time; one whose task is cancelled at once; the rest goes on")
    func timeouts() async throws {
        let service = RPCService()
        let heard = AsyncStream.makeStream(of: Void.self)
        service.answers { _, request in
            guard request.method == "silence" else { return nil }
            heard.continuation.yield()
            return []
        }
        let settings = sessionSettings()
        try await withServer(Self.script(service)) { server in
            let session = try Session(
                adapter: RPCAdapter(url: server.url), calls: CallOptions(timeout: .seconds(200)), configure: settings)
            try await session.connect()
            let error = await #expect(throws: WebSocketError.self) {
                try await session.request(
                    "silence", as: Int.self, options: CallOptions(timeout: .milliseconds(20)))
            }
            #expect(error?.refusal == .timedOut)
            let task = Task { try await session.request("silence", as: Int.self) }
            var silences = heard.stream.makeAsyncIterator()
            for _ in 1...2 { await silences.next() }
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(try await session.request("echo", Ask(number: 2), as: Ask.self) == Ask(number: 2))
            await session.close()
        }
    }

    @Test("A handler that takes long to say what a message is: that is told, with the time")
    func slowSorting() async throws {
        struct Slow: MessageHandler {
            func sort(_ message: Message) -> Sorting {
                let start = ContinuousClock.now
                while ContinuousClock.now - start < .milliseconds(12) {}  // work, not sleep: it holds the thread
                return .other
            }
        }
        let settings = sessionSettings()
        try await withServer(ServerScript()) { server in
            let session = try Session(server.url, Handlers(messages: Slow()), configure: settings)
            let reports = session.handlerReports
            try await session.connect()
            try await session.send("anything")
            for await report in reports {
                guard case .slow(let time) = report.event else { continue }
                #expect(time >= .milliseconds(10))
                break
            }
            await session.close()
        }
    }

    @Test(
        "A handler of a lost connection answers late, when the next one stands: it is refused, told, and not heard there"
    )
    func lateHandler() async throws {
        /// Waits for a sign before it answers, in each of the ways there are.
        final class Late: MessageHandler {
            let called = AsyncStream.makeStream(of: Void.self)
            let sign = AsyncStream.makeStream(of: Void.self)
            let refusals = Mutex<[WebSocketError.Code]>([])

            func sort(_ message: Message) -> Sorting { .other }

            func handle(_ message: Message, _ context: SessionContext) async throws -> Reaction {
                guard context.attempt.number == 1 else { return .nothing }
                called.continuation.finish()
                for await _ in sign.stream {}
                for retention in [CallOptions.Retention.drop, .keep(for: .seconds(60))] {
                    do {
                        try await context.send(.text("late"), options: CallOptions(retention: retention))
                    } catch let error as WebSocketError { note(error) }
                    do {
                        _ = try await context.request(
                            "late", as: Int.self, options: CallOptions(retention: retention))
                    } catch let error as WebSocketError { note(error) }
                }
                return .replies([.text("late reply"), .text("another")])
            }

            private func note(_ error: WebSocketError) { refusals.withLock { $0.append(error.code) } }
        }
        let opened = Mutex(0)
        let heard = Mutex<[String]>([])
        var script = ServerScript()
        script.opened = { _ in opened.withLock { $0 += 1 } }
        script.message = { server, _, view in
            let text = String(validated: view)
            if text == "drop" { return server.reset() }
            heard.withLock { $0.append("\(opened.withLock(\.self)): \(text)") }
            server.send(.text, view)
        }
        let settings = sessionSettings()
        try await withServer(script) { server in
            let late = Late()
            let calls = CallOptions(timeout: .seconds(200), retention: .keep(for: .seconds(60)))
            let session = try Session(server.url, Handlers(messages: late), calls: calls, configure: settings)
            try await session.connect()
            let (changes, reports) = (session.stateChanges, session.handlerReports)
            try await session.send("first")
            for await _ in late.called.stream {}
            try await session.send("drop")
            for await change in changes where change.to == .ready && change.attempt.number == 2 { break }
            late.sign.continuation.finish()
            for await report in reports {
                guard case .threw(let error) = report.event else { continue }
                #expect(report.handler == .messages && report.attempt.number == 1)
                #expect((error as? WebSocketError)?.code == .connectionEnded)
                break
            }
            #expect(late.refusals.withLock(\.self) == Array(repeating: .connectionEnded, count: 4))
            try await session.send("second")
            #expect(await session.close()?.isOrderly == true)
        }
        #expect(heard.withLock(\.self) == ["1: first", "2: second"])
    }

    @Test("A session that is let go of closes itself, though a subscription is held and the server still speaks")
    func letGo() async throws {
        let service = RPCService()
        let codes = Mutex<[CloseCode?]>([])
        let closed = AsyncStream.makeStream(of: Void.self)
        var script = Self.script(service)
        script.closed = { _, code, _ in
            codes.withLock { $0.append(code) }
            closed.continuation.finish()
        }
        let settings = sessionSettings()
        try await withServer(script) { server in
            do {
                let session = try Session(
                    adapter: RPCAdapter(url: server.url), calls: CallOptions(timeout: .seconds(200)),
                    configure: settings)
                try await session.connect()
                _ = try await session.request("echo", Ask(number: 1), as: Ask.self)
            }
            for await _ in closed.stream {}
            await Witness.until(.lifecycle(.ended))
        }
        #expect(codes.withLock(\.self) == [.goingAway])
    }
}
