import NovaSocket
import NovaTestKit
import SessionSupport
import Testing

@Suite("Metrics count and time what connections do")
struct MetricsTests {
    @Test("A life in numbers")
    func life() async throws {
        let total = try await ObservedLives.session().metrics.snapshot.total
        #expect(total.connections == 0 && total.readyConnections == 0)
        #expect(total[.attempts] == 2 && total[.opened] == 2 && total[.ready] == 2 && total[.reconnections] == 1)
        #expect(total[.ended(cause: "transport_ended")] == 1 && total[.ended(cause: "closed_by_caller")] == 1)
        #expect(total[.pings(.sent)] == 2 && total[.pings(.answered)] == 2 && total[.pings(.unanswered)] == 0)
        #expect(total[.authentications(end: "accepted")] == 2)
        #expect(total[.subscriptions(event: "lost")] == 1 && total[.subscriptions(event: "resumed")] == 1)
        #expect(total[.requestsBegun] == 6)
        #expect(total[.requests(end: "answered")] == 5 && total[.requests(end: "lost")] == 1)
        #expect(total[.messages(.sent, .text)] == 7 && total[.bytes(.sent, .text)] == 69 + 73 + 5 + 69 + 73 + 63 + 76)
        #expect(total[.messages(.received, .text)] == 6 && total[.messages(.received, .binary)] == 0)
        #expect(total[.stage(.dial)].count == 2 && total[.stage(.dial)].sum == .milliseconds(40))
        #expect(total[.connect].minimum == .milliseconds(85) && total[.connect].maximum == .milliseconds(105))
        #expect(total[.roundTrip].percentile(0.5) == .milliseconds(20))
        #expect(total[.request].count == 5 && total[.request].maximum == .milliseconds(20))
        #expect(total[.backoff].sum == .seconds(1) && total[.send].count == 7)
    }

    @Test("What is refused, held back, dropped and reported is counted")
    func troubles() async throws {
        let limit = try await ObservedLives.rateLimit().metrics.snapshot.total
        #expect(limit[.rateLimitWaits] == 2 && limit[.rateLimitRefusals] == 1 && limit[.sendsRefused] == 1)
        #expect(limit[.rateLimitWait].sum == .seconds(6))
        let requests = try await ObservedLives.requests().metrics.snapshot.total
        for (end, count) in ["answered": 3, "timed_out": 1, "cancelled": 1, "lost": 1, "refused": 1] as [String: UInt64]
        {
            #expect(requests[.requests(end: end)] == count, "\(end)")
        }
        #expect(requests[.strayAnswers] == 2)
        #expect(try await ObservedLives.leaving().metrics.snapshot.total[.messagesDropped] == 2)
        #expect(try await ObservedLives.losses().metrics.snapshot.total[.messagesLost] == 2)
        #expect(try await ObservedLives.consumer().metrics.snapshot.total[.readingPauses] == 1)
        let handlers = try await ObservedLives.subscriptions().metrics.snapshot.total
        #expect(
            handlers[.handlerReports(finding: "threw")] == 1 && handlers[.handlerReports(finding: "unreadable")] == 1)
        #expect(try await ObservedLives.pings().metrics.snapshot.total[.pings(.unanswered)] == 1)
    }

    @Test("Each connection has an account of its own, also when it is closed; the total is their sum, by name too")
    func several() async throws {
        let network = SimulatedNetwork(seed: 1)
        let server = network.server("feed.example")
        let metrics = ConnectionMetrics()
        let during = try await network.run {
            var sockets: [WebSocket] = []
            for (name, count) in [("a", 1), ("b", 2), ("b", 3)] {
                let options = network.options {
                    $0.observers = [metrics]
                    $0.name = name
                }
                let socket = try await WebSocket.connect(to: server.url, options: options)
                for _ in 0..<count { try await socket.send("hello") }
                sockets.append(socket)
            }
            try await network.sleep(for: .seconds(1))
            await sockets[2].close()
            let snapshot = metrics.snapshot
            await sockets[0].close()
            await sockets[1].close()
            return snapshot
        }
        let sent = Measurements.Counter.messages(.sent, .text)
        #expect(during.total.connections == 2 && during.total.readyConnections == 2 && during.total[sent] == 6)
        #expect(during.targets["a"]?.readyConnections == 1 && during.targets["b"]?.readyConnections == 1)
        let after = metrics.snapshot
        #expect(after.total.connections == 0 && after.total[sent] == 6 && after.total[.attempts] == 3)
        #expect(after.targets.mapValues { $0[sent] } == ["a": 1, "b": 5])
        #expect(after.connections.values.map { $0[sent] }.sorted() == [1, 2, 3])
        #expect(after.total[.connect].count == 3 && after.total[.connect].percentile(1) == .milliseconds(65))
    }

    @Test("However many connections come and go, their accounts stay bounded, and no count is lost")
    func bounded() async throws {
        let metrics = ConnectionMetrics()
        let end = try #require(try await ObservedLives.pings().events.last)
        for number in 1...1000 as ClosedRange<UInt64> {
            let connection = ObservedConnection(id: number, name: "feed \(number)", endpoint: "wss://feed.example")
            let context = EventContext(connection: connection, attempt: AttemptID(1), at: .zero)
            let observer = metrics.observer(of: connection)
            observer.observe(.attemptBegan(failures: 0), context)
            observer.observe(end, context)
        }
        let snapshot = metrics.snapshot
        #expect(snapshot.connections.count == 64 && snapshot.targets.count == 257)
        #expect(snapshot.total[.attempts] == 1000 && snapshot.total.connections == 0)
        #expect(snapshot.targets[ConnectionMetrics.otherTargets]?[.attempts] == 744)
    }
}
