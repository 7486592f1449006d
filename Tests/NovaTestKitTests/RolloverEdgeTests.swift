import NovaKernel
import NovaSocket
import NovaTestKit
import NovaWire
import SessionSupport
import Synchronization
import Testing

@Suite("Changes of connections that do not go smoothly")
struct RolloverEdgeTests {
    let network = SimulatedNetwork(seed: 1)
    let server: SimulatedServer
    let service: RPCService

    init() {
        server = network.server("feed.example")
        service = RPCService(at: server)
    }

    private func session(
        _ handlers: Handlers? = nil, _ change: (inout WebSocketOptions) -> Void = { _ in }
    ) throws -> Session {
        let handlers = handlers ?? Handlers(RPCAdapter(url: server.url))
        return try Session(server.url, handlers) { options in
            network.join(&options, retryingEachSecond: change)
        }
    }

    @Test(
        "Whatever is kept goes out once, in its order: what had not gone out, and at the end of the time what has no answer"
    )
    func kept() async throws {
        let heard = Mutex<[String]>([])
        service.answers { connection, request in
            heard.withLock { $0.append("\(connection) \(request.method)") }
            return request.method == "mute" && connection == 1
                ? [] : [RPCService.result(["\(connection)"], of: request)]
        }
        let kept = CallOptions(timeout: .seconds(300), retention: .keep(for: .seconds(300)))
        let adapter = RPCAdapter(url: server.url, rateLimit: RateLimit(capacity: 4, refill: 1, every: .seconds(30)))
        try await network.run {
            let session = try session(Handlers(adapter)) { $0.rollover.overlap = .seconds(20) }
            try await session.connect()
            async let mute = session.request("mute", as: [String].self, options: kept)
            try await network.sleep(for: .seconds(1))
            // The first of them is too dear for now; the others wait behind it.
            let dear = CallOptions(timeout: .seconds(300), retention: .keep(for: .seconds(300)), cost: 4)
            async let first = session.request("first", as: [String].self, options: dear)
            async let second = session.request("second", as: [String].self, options: kept)
            try await network.sleep(for: .seconds(1))
            #expect(heard.withLock(\.self) == ["1 mute"])
            let began = network.elapsed
            try await session.rollOver()
            #expect(network.elapsed - began >= .seconds(20))
            let answers = try await (mute, first, second)
            #expect(answers.0 == ["2"] && answers.1 == ["2"] && answers.2 == ["2"])
            await session.close()
        }
        #expect(heard.withLock(\.self).filter { $0.hasPrefix("1") } == ["1 mute"])
        #expect(heard.withLock(\.self).filter { $0.hasPrefix("2") }.sorted() == ["2 first", "2 mute", "2 second"])
        let second = heard.withLock { $0.filter { $0 != "2 mute" } }
        #expect(second == ["1 mute", "2 first", "2 second"])
    }

    @Test("What is wanted while the next connection is made is had there too; what is refused on both stops nothing")
    func wishes() async throws {
        let gate = Mutex<[(SimulatedConnection, JSONRPC.Request)]>([])
        service.answers { connection, request in
            guard request.method == "subscribe", connection == 2 else { return nil }
            if let connection = server.connection(2) { gate.withLock { $0.append((connection, request)) } }
            return []
        }
        try await network.run {
            let session = try session()
            try await session.connect()
            let old = try await session.subscribe(to: "old")
            let change = network.task { try await session.rollOver() }
            try await network.sleep(for: .seconds(1))
            #expect(await session.status.isChangingConnections)
            let new = try await session.subscribe(to: "new")
            await #expect(throws: JSONRPC.Failure.self) { try await session.subscribe(to: "forbidden") }
            // The gate opens: one request after the other, as the handler asks for them.
            service.answers { _, _ in nil }
            let waiting = gate.withLock(\.self)
            for (connection, request) in waiting {
                let names = (try? request.params(as: RPCService.Channels.self))?.channels ?? []
                connection.send(RPCService.result(names, of: request))
            }
            try await network.sleep(for: .seconds(1))
            #expect(await session.status.attempt == AttemptID(2))
            for name in ["old", "new"] { server.connection(2)?.send(RPCService.publication(name, 7)) }
            try await change.value
            await session.close()
            for subscription in [old, new] {
                var numbers: [Int] = []
                for try await update in subscription {
                    if let number = update.message?.published { numbers.append(number) }
                }
                #expect(numbers == [7])
            }
        }
        #expect(service.calls.filter { $0.hasPrefix("subscribe") }.count == 5)
    }

    @Test("A next connection that ends for good says how it ended", arguments: [true, false])
    func finalEnd(hasSubscription: Bool) async throws {
        try await network.run {
            let session = try session { $0.policy.reconnection = .never }
            try await session.connect()
            let subscription = hasSubscription ? try await session.subscribe(to: "prices") : nil
            server.suffer(.refuseUpgrade(status: 403, retryAfter: nil, for: .seconds(60)))
            let error = await #expect(throws: WebSocketError.self) { try await session.rollOver() }
            #expect(error?.code == .connectionEnded && error?.termination?.response?.status == 403)
            let echo = try await session.request("echo", [1], as: [Int].self)
            #expect(echo == [1])
            await session.close()
            withExtendedLifetime(subscription) {}
        }
    }

    @Test("The new connection is lost while the old one is being left: the gap is told, and the channel goes on")
    func successorLost() async throws {
        service.answers { connection, request in request.method == "mute" ? [] : nil }
        try await network.run {
            var handlers = Handlers(RPCAdapter(url: server.url))
            handlers.positions = RolloverTests.Numbers()
            let session = try session(handlers)
            try await session.connect()
            let prices = try await session.subscribe(to: "prices")
            async let mute = session.request("mute", as: [String].self, options: CallOptions(timeout: .seconds(8)))
            try await network.sleep(for: .seconds(1))
            let change = network.task { try await session.rollOver() }
            for await change in session.stateChanges where change.to == .ready { break }
            for connection in [1, 2] { server.connection(connection)?.send(RPCService.publication("prices", 1)) }
            try await network.sleep(for: .seconds(1))
            server.connection(2)?.reset()
            for await change in session.stateChanges where change.to == .ready { break }
            server.connection(3)?.send(RPCService.publication("prices", 5))
            try await change.value
            do {
                _ = try await mute
                Issue.record("an answer that was never given")
            } catch let error as WebSocketError { #expect(error.refusal == .timedOut) }
            #expect(server.counts.accepted == 3)
            await session.close()
            var words: [String] = []
            for try await update in prices {
                switch update {
                case .message(let message): words.append("\(message.published ?? 0)")
                case .interrupted: words.append("interrupted")
                case .gap: words.append("gap")
                case .stale, .fresh: words.append("?")
                }
            }
            #expect(words == ["1", "interrupted", "gap", "5"])
        }
    }

    @Test("Silence that was told is not told twice, and its end is, on whichever connection it comes")
    func stale() async throws {
        try await network.run {
            var handlers = Handlers(RPCAdapter(url: server.url))
            handlers.positions = RolloverTests.Numbers()
            let session = try session(handlers) { $0.rollover.overlap = .seconds(1) }
            try await session.connect()
            let prices = try await session.subscribe(to: Channel("prices"), freshness: .seconds(5))
            try await network.sleep(for: .seconds(6))
            try await session.rollOver()
            try await network.sleep(for: .seconds(1))
            server.connection(2)?.send(RPCService.publication("prices", 1))
            try await network.sleep(for: .seconds(20))
            server.connection(2)?.send(RPCService.publication("prices", 2))
            try await network.sleep(for: .seconds(1))
            await session.close()
            var words: [String] = []
            for try await update in prices {
                switch update {
                case .message(let message): words.append("\(message.published ?? 0)")
                case .stale: words.append("stale")
                case .fresh: words.append("fresh")
                case .interrupted, .gap: words.append("?")
                }
            }
            #expect(words == ["stale", "1", "fresh", "stale", "2", "fresh"])
        }
    }

    @Test("A channel that the server took back is wanted by new terms: the old ones are forgotten everywhere")
    func newTerms() async throws {
        service.answers { connection, request in
            connection == 2 && request.method == "subscribe" ? [RPCService.result([String](), of: request)] : nil
        }
        try await network.run {
            let session = try session()
            try await session.connect()
            let old = try await session.subscribe(to: Channel("prices"), freshness: .seconds(5))
            server.connection(1)?.reset()
            for await change in session.stateChanges where change.to == .ready { break }
            #expect(await session.subscriptions.map(\.status) == [.failed])
            service.answers { _, _ in nil }
            let new = try await session.subscribe(to: Channel("prices"))
            #expect(await session.subscriptions.map(\.freshness) == [nil])
            #expect(await session.exportSubscriptions().channels.map(\.freshness) == [nil])
            await session.close()
            withExtendedLifetime((old, new)) {}
        }
    }

    @Test("A handler that wants the session stopped for the next connection's sake stops that one alone")
    func stopped() async throws {
        struct Strict: ErrorHandler {
            func severity(of error: any Error, from handler: HandlerReport.Handler) -> ErrorSeverity { .fatal }
        }
        service.answers { connection, request in
            request.method == "auth" && connection > 1
                ? [RPCService.failure(JSONRPC.Failure(13004, "invalid_credentials"), of: request)] : nil
        }
        try await network.run {
            var handlers = Handlers(RPCAdapter(url: server.url, secret: "sesame"))
            handlers.errors = Strict()
            let session = try session(handlers)
            try await session.connect()
            await #expect(throws: WebSocketError.self) { try await session.rollOver() }
            try await network.sleep(for: .seconds(10))
            let echo = try await session.request("echo", [1], as: [Int].self)
            #expect(echo == [1])
            await session.close()
        }
    }

    @Test(
        "Closed, or let go of, while the old connection is being left: both end, and nothing is left",
        arguments: [true, false])
    func endedWhileLeaving(isClosed: Bool) async throws {
        service.answers { _, request in request.method == "mute" ? [] : nil }
        let codes = Mutex<[Int: CloseCode?]>([:])
        server.onClose = { connection, code, _ in codes.withLock { $0[connection.number] = code } }
        try await network.run {
            var session: Session? = try session()
            try await session?.connect()
            let mute = network.task { [weak open = session] in _ = try await open?.request("mute", as: [String].self) }
            try await network.sleep(for: .seconds(1))
            let change = network.task { [weak open = session] in try await open?.rollOver() }
            if let changes = session?.stateChanges { for await change in changes where change.to == .ready { break } }
            if isClosed {
                await session?.close()
                let error = await #expect(throws: WebSocketError.self) { try await change.value }
                #expect(error?.refusal == .closed)
                await #expect(throws: WebSocketError.self) { try await mute.value }
            } else {
                mute.cancel()
                change.cancel()
                _ = try? await (mute.value, change.value)
            }
            session = nil
            try await network.sleep(for: .seconds(10))
        }
        #expect(server.connection(1) == nil && server.connection(2) == nil)
        #expect(codes.withLock(\.count) == 2)
    }
}
