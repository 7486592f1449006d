import Foundation
import NovaSocket
import Synchronization
import TestTurns
import Testing

// The samples of Observing.md, as they stand there, and what they are compiled against: of other packages only as much as the
// bridges need, in their own words. `DocumentationTests` sees to it that none is missing.

enum ObservingSamples {
    static func overview() async throws {
        let metrics = ConnectionMetrics()

        var options = WebSocketOptions()
        options.observers = [Log(), metrics]
        options.name = "feed"

        try await WebSocket.withConnection(to: "wss://example.com/feed", options: options) { socket in
            try await socket.send("hello")
        }
        print(metrics.snapshot.prometheusText)
    }

    static func log() -> Log {
        let log = Log(.json, threshold: .notice) { line in
            print(line)
        } level: { event in
            switch event {
            case .pongReceived(_, let roundTrip) where roundTrip > .seconds(1): .warning
            case .ended: nil
            default: event.level
            }
        }
        return log
    }

    static func numbers(_ metrics: ConnectionMetrics) {
        let snapshot = metrics.snapshot
        let total = snapshot.total
        print(total[.messages(.received, .text)], total[.reconnections], total[.ended(cause: "keepalive_expired")])
        if let p99 = total[.roundTrip].percentile(0.99) { print("99 % of pings took", p99, "or less") }
    }
}

struct Alarm: Observer {
    let ring: @Sendable (String) -> Void

    func observe(_ event: ConnectionEvent, _ context: EventContext) {
        switch event {
        case .closed(let cause) where cause.finality != .asked: ring("\(context.connection.target): \(cause.sentence)")
        case .requestEnded(_, .timedOut, _, let time) where time > .seconds(10):
            ring("\(context.connection.target): \(event)")
        default: break
        }
    }
}

// MARK: - Bridges

struct SwiftLog: Observer {
    let logger: Logger

    func observe(_ event: ConnectionEvent, _ context: EventContext) {
        var metadata: Logger.Metadata = [
            "connection": "\(context.connection)", "attempt": "\(context.attempt.number)", "event": "\(event.name)",
        ]
        for fact in event.facts { metadata[fact.name] = "\(fact.value)" }
        logger.log(level: Logger.Level(event.level), "\(event)", metadata: metadata)
    }
}

extension Logger.Level {
    init(_ level: LogLevel) {
        switch level {
        case .debug: self = .debug
        case .info: self = .info
        case .notice: self = .notice
        case .warning: self = .warning
        case .error: self = .error
        }
    }
}

struct SwiftMetrics: Observer {
    func observe(_ event: ConnectionEvent, _ context: EventContext) {
        let target = [("target", context.connection.target)]
        switch event {
        case .messageReceived(let kind, let bytes):
            let dimensions = target + [("kind", kind.rawValue)]
            Metrics.Counter(label: "websocket_received", dimensions: dimensions).increment(by: 1)
            Metrics.Counter(label: "websocket_received_bytes", dimensions: dimensions).increment(by: bytes)
        case .pongReceived(_, let time): record("websocket_round_trip", target, time)
        case .ready(let time): record("websocket_connect", target, time)
        case .reconnected: Metrics.Counter(label: "websocket_reconnections", dimensions: target).increment(by: 1)
        default: break
        }
    }

    private func record(_ label: String, _ dimensions: [(String, String)], _ time: Duration) {
        Metrics.Timer(label: label, dimensions: dimensions).recordNanoseconds(Int64(time / .nanoseconds(1)))
    }
}

final class OpenTelemetryBridge: @unchecked Sendable {
    // Sendable: the lock guards the spans, and a tracer may be used from any thread.
    private let tracer: any OpenTelemetryApi.Tracer
    private let lock = NSLock()
    private var spans: [UInt64: any OpenTelemetryApi.Span] = [:]

    init(_ tracer: any OpenTelemetryApi.Tracer) { self.tracer = tracer }

    var observer: ConnectionSpans { ConnectionSpans(began: { self.begin($0) }, ended: { self.end($0) }) }

    private func begin(_ span: ConnectionSpan) {
        let builder = tracer.spanBuilder(spanName: "websocket.\(span.name)")
        _ = builder.setStartTime(time: date(span, after: .zero))
        lock.withLock {
            if let parent = span.parent.flatMap({ spans[$0] }) { _ = builder.setParent(parent) }
            spans[span.id] = builder.startSpan()
        }
    }

    private func end(_ span: ConnectionSpan) {
        guard let duration = span.duration, let known = lock.withLock({ spans.removeValue(forKey: span.id) }) else {
            return
        }
        known.setAttribute(key: "server.address", value: span.connection.endpoint)
        for fact in span.attributes { known.setAttribute(key: "websocket.\(fact.name)", value: "\(fact.value)") }
        if span.outcome == .failure { known.status = .error(description: "") }
        known.end(time: date(span, after: duration))
    }

    private func date(_ span: ConnectionSpan, after time: Duration) -> Date {
        Date(timeIntervalSince1970: Double(span.beganByCalendar ?? 0) / 1e9 + time / .seconds(1))
    }
}

// MARK: - Look-alikes

/// As much of swift-log as the bridge needs.
struct Logger: Sendable {
    enum Level: String, Sendable { case trace, debug, info, notice, warning, error, critical }
    struct Message: ExpressibleByStringInterpolation, Sendable {
        let text: String
        init(stringLiteral text: String) { self.text = text }
    }
    struct MetadataValue: ExpressibleByStringInterpolation, Sendable {
        let text: String
        init(stringLiteral text: String) { self.text = text }
    }
    typealias Metadata = [String: MetadataValue]

    let take: @Sendable (Level, String, [String: String]) -> Void

    func log(
        level: Level, _ message: @autoclosure () -> Message, metadata: @autoclosure () -> Metadata? = nil
    ) {
        take(level, message().text, (metadata() ?? [:]).mapValues(\.text))
    }
}

/// As much of swift-metrics.
enum Metrics {
    static let recorded = Mutex<[String: Int64]>([:])

    private static func add(_ label: String, _ dimensions: [(String, String)], _ more: Int64) {
        let name = ([label] + dimensions.map { "\($0.0)=\($0.1)" }).joined(separator: " ")
        recorded.withLock { $0[name, default: 0] += more }
    }

    struct Counter {
        let label: String
        let dimensions: [(String, String)]
        func increment(by amount: some BinaryInteger) { add(label, dimensions, Int64(amount)) }
    }

    struct Timer {
        let label: String
        let dimensions: [(String, String)]
        func recordNanoseconds(_ duration: Int64) { add(label, dimensions, duration) }
    }
}

/// As much of OpenTelemetry.
enum OpenTelemetryApi {
    enum Status { case unset, ok, error(description: String) }

    protocol Span: AnyObject {
        var status: Status { get set }
        func setAttribute(key: String, value: String)
        func end(time: Date)
    }

    protocol SpanBuilder {
        func setParent(_ parent: any Span) -> Self
        func setStartTime(time: Date) -> Self
        func startSpan() -> any Span
    }

    protocol Tracer { func spanBuilder(spanName: String) -> any SpanBuilder }
}
