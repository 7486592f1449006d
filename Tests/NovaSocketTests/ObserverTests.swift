import Foundation
import NovaEcho
import NovaSocket
import Synchronization
import TestTurns
import Testing

@Suite("Observers of connections on loopback", .live, .replayed, .timeLimit(.minutes(4)))
struct ObserverTests {
    /// Computes for a while whenever it is told something.
    private struct Slow: Observer {
        let count = Counter()
        final class Counter: Sendable {
            let number = Atomic(0)
        }

        func observe(_ event: ConnectionEvent, _ context: EventContext) {
            let clock = ContinuousClock()
            let end = clock.now.advanced(by: .milliseconds(5))
            while clock.now < end {}
            count.number.add(1, ordering: .relaxed)
        }
    }

    @Test(
        "A slow one slows its connection, and harms nothing: all is sent and received, in order, and the end is clean")
    func slow() async throws {
        let (slow, metrics) = (Slow(), ConnectionMetrics())
        try await withServer { server in
            let given = options { $0.observers = [slow, metrics] }
            try await WebSocket.withConnection(to: server.url, options: given) { socket in
                for number in 0..<50 { try await socket.send("\(number)") }
                var expected = 0
                for try await message in socket.messages {
                    #expect(message.text == "\(expected)")
                    expected += 1
                    if expected == 50 { break }
                }
                await socket.close()
                #expect(await socket.termination?.isOrderly == true)
            }
        }
        let total = metrics.snapshot.total
        #expect(total[.messages(.sent, .text)] == 50 && total[.messages(.received, .text)] == 50)
        #expect(slow.count.number.load(ordering: .relaxed) > 100)
    }

    private final class End: Sendable {
        let isReached = Atomic(false)
    }

    @Test("Metrics are read from other threads while connections on two loops write them, and no count is lost")
    func threads() async throws {
        let metrics = ConnectionMetrics()
        let loops = [try EventLoop(), try EventLoop()]
        let end = End()
        try await withServer { server in
            async let reading = {
                var last: UInt64 = 0
                while !end.isReached.load(ordering: .relaxed) {
                    let count = metrics.snapshot.total[.messages(.received, .binary)]
                    #expect(count >= last)
                    last = count
                    await Task.yield()
                }
                return last
            }()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<6 {
                    let given = options {
                        $0.observers = [metrics]
                        $0.loop = loops[number % 2]
                    }
                    group.addTask {
                        try await WebSocket.withConnection(to: server.url, options: given) { socket in
                            var messages = socket.messages.makeAsyncIterator()
                            for _ in 0..<200 {
                                try await socket.send([1, 2, 3])
                                _ = try await messages.next()
                            }
                        }
                    }
                }
                try await group.waitForAll()
            }
            end.isReached.store(true, ordering: .relaxed)
            _ = await reading
        }
        let total = metrics.snapshot.total
        #expect(total[.messages(.received, .binary)] == 1200 && total[.bytes(.sent, .binary)] == 3600)
        #expect(total[.attempts] == 6 && total.connections == 0)
        #expect(total[.stage(.dial)].count == 6)
    }

    @Test("Events have the calendar's time, and a log writes it")
    func calendar() async throws {
        let lines = Mutex<[String]>([])
        let before = Date().timeIntervalSince1970
        try await withServer { server in
            let log = Log(write: { line in lines.withLock { $0.append(line) } })
            await (try await WebSocket.connect(to: server.url, options: options { $0.observers = [log] })).close()
        }
        let time = try #require(lines.withLock(\.first)?.split(separator: " ").first?.dropFirst("time=".count))
        let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        let date = try Date(String(time), strategy: style).timeIntervalSince1970
        #expect(date > before - 1 && date < before + 60)
    }

    private final class Bystander: Observer {
        func observe(_ event: ConnectionEvent, _ context: EventContext) {}
    }

    @Test("A connection that is closed, or was never begun, holds no observer any more")
    func leaks() async throws {
        final class Weak: @unchecked Sendable {
            // Sendable: written before anything else runs.
            weak var object: AnyObject?
            init(_ object: AnyObject) { self.object = object }
        }
        let loop = try EventLoop()
        let seen = try await withServer { server in
            let (one, other, counting) = (Bystander(), Bystander(), ConnectionMetrics())
            let given = options {
                $0.observers = [one, counting]
                $0.loop = loop
            }
            _ = try WebSocket.make(
                server.url,
                options {
                    $0.observers = [other, counting]
                    $0.loop = loop
                })
            await (try await WebSocket.connect(to: server.url, options: given)).close()
            return [Weak(one), Weak(other), Weak(counting)]
        }
        for _ in 0..<8 {  // what ends in a later turn has ended by then
            await withCheckedContinuation { continuation in loop.execute { continuation.resume() } }
        }
        #expect(seen.allSatisfy { $0.object == nil })
    }

    @Test("What was told live is told from the recording")
    func replayed() async throws {
        let told = Mutex<[ConnectionEvent]>([])
        struct Notes: Observer {
            let take: @Sendable (ConnectionEvent) -> Void
            func observe(_ event: ConnectionEvent, _ context: EventContext) { take(event) }
        }
        try await withServer { server in
            let notes = Notes { event in told.withLock { $0.append(event) } }
            let socket = try await WebSocket.connect(to: server.url, options: options { $0.observers = [notes] })
            try await socket.send("hello")
            try await socket.ping()
            await socket.close()
        }
        let witness = try #require(Witness.current)
        let trace = try Trace(reading: Data(try #require(witness.traces.last).utf8))
        #expect(try Telemetry.events(of: trace).map(\.event) == told.withLock(\.self))
    }
}

@Suite("The bridges that the documentation shows", .live, .timeLimit(.minutes(4)))
struct BridgeTests {
    final class OneSpan: OpenTelemetryApi.Span {
        let name: String
        var parent: (any OpenTelemetryApi.Span)?
        var begin = Date.distantPast
        var end: Date?
        var attributes: [String: String] = [:]
        var status = OpenTelemetryApi.Status.unset

        init(_ name: String) { self.name = name }
        func setAttribute(key: String, value: String) { attributes[key] = value }
        func end(time: Date) { end = time }
    }

    struct Builder: OpenTelemetryApi.SpanBuilder {
        let span: OneSpan
        func setParent(_ parent: any OpenTelemetryApi.Span) -> Self {
            span.parent = parent
            return self
        }
        func setStartTime(time: Date) -> Self {
            span.begin = time
            return self
        }
        func startSpan() -> any OpenTelemetryApi.Span { span }
    }

    final class Tracer: OpenTelemetryApi.Tracer {
        var spans: [OneSpan] = []
        func spanBuilder(spanName: String) -> any OpenTelemetryApi.SpanBuilder {
            spans.append(OneSpan(spanName))
            return Builder(span: spans[spans.count - 1])
        }
    }

    @Test("Each takes what a connection does")
    func all() async throws {
        let logged = Mutex<[String]>([])
        let logger = Logger { level, text, metadata in
            logged.withLock { $0.append("\(level) \(metadata["event"] ?? "") \(text)") }
        }
        let tracer = Tracer()
        let bridge = OpenTelemetryBridge(tracer)
        let alarm = Alarm { _ in Issue.record("an end that was asked for is no alarm") }
        try await withServer { server in
            var options = WebSocketOptions()
            options.name = "bridged"
            options.observers = [
                SwiftLog(logger: logger), SwiftMetrics(), bridge.observer, alarm, ObservingSamples.log(),
            ]
            try await WebSocket.withConnection(to: server.url, options: options) { socket in
                try await socket.send("hello")
                for try await _ in socket.messages { break }
                try await socket.ping()
            }
        }
        #expect(logged.withLock(\.self).contains { $0.hasPrefix("info ready The connection was ready after ") })
        let recorded = Metrics.recorded.withLock(\.self)
        #expect(recorded["websocket_received_bytes target=bridged kind=text"] == 5)
        #expect((recorded["websocket_round_trip target=bridged"] ?? 0) > 0)
        let attempt = try #require(tracer.spans.first)
        #expect(attempt.name == "websocket.attempt" && attempt.parent == nil)
        #expect(abs(attempt.begin.timeIntervalSinceNow) < 60 && attempt.attributes["websocket.attempt"] == "1")
        let stages = tracer.spans.dropFirst()
        #expect(stages.first?.name == "websocket.resolve" && stages.allSatisfy { $0.parent === attempt })
        for span in tracer.spans { #expect(try #require(span.end) >= span.begin) }
    }
}
