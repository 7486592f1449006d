import FoundationEssentials
import Glibc
import NovaTrace

/// How much a line of a log matters, the least first.
public enum LogLevel: String, Hashable, Sendable, CaseIterable, Comparable {
    /// For those who look for a fault.
    case debug
    /// The usual course of things.
    case info
    /// Unusual, and in order.
    case notice
    /// Something was lost or refused; the connection goes on, or is made again.
    case warning
    /// Somebody should look: the connection is gone for good, and nobody asked for that.
    case error

    /// What matters less is less.
    public static func < (left: LogLevel, right: LogLevel) -> Bool { left.rank < right.rank }

    private var rank: Int {
        switch self {
        case .debug: 0
        case .info: 1
        case .notice: 2
        case .warning: 3
        case .error: 4
        }
    }
}

/// Writes a line for each event that matters enough.
///
/// ```
/// time=2026-03-01T09:30:00.123456Z level=warning event=ended endpoint=wss://example.com connection=1 …
/// {"attempt":1,"connection":1,"event":"ended","level":"warning",…}
/// ```
public struct Log: Observer {
    /// The form of the lines.
    public enum Format: String, Hashable, Sendable, CaseIterable {
        /// Names and values: `level=info event=ready duration=0.065`.
        case plain
        /// An object of JSON each.
        case json
    }

    private let format: Format
    private let threshold: LogLevel
    private let level: @Sendable (ConnectionEvent) -> LogLevel?
    private let write: @Sendable (String) -> Void

    /// A log.
    ///
    /// - Parameters:
    ///   - format: the form of the lines.
    ///   - threshold: what matters less is not written.
    ///   - write: takes a line, without its end. It is called on the threads of the connections, perhaps of several at a
    ///     time, and must not block. By default lines go to the standard error stream, which may block if nobody reads it.
    ///   - level: how much an event matters; nil: not at all. By default ``ConnectionEvent/level``.
    public init(
        _ format: Format = .plain, threshold: LogLevel = .info,
        write: @escaping @Sendable (String) -> Void = Log.standardError,
        level: @escaping @Sendable (ConnectionEvent) -> LogLevel? = { $0.level }
    ) {
        self.format = format
        self.threshold = threshold
        self.level = level
        self.write = write
    }

    /// Writes a line to the standard error stream, in one piece.
    public static let standardError: @Sendable (String) -> Void = { line in
        var line = line + "\n"
        line.withUTF8 { _ = Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }

    /// Writes a line if the event matters enough.
    public func observe(_ event: ConnectionEvent, _ context: EventContext) {
        guard let level = level(event), level >= threshold else { return }
        switch format {
        case .plain: write(Self.plain(event, context, level))
        case .json: write(Self.json(event, context, level))
        }
    }

    // MARK: Lines

    private static func plain(_ event: ConnectionEvent, _ context: EventContext, _ level: LogLevel) -> String {
        facts(event, context, level).map { "\($0.name)=\($0.value.description.quoted)" }.joined(separator: " ")
    }

    private static func json(_ event: ConnectionEvent, _ context: EventContext, _ level: LogLevel) -> String {
        let members = facts(event, context, level).map { ($0.name, $0.value.json) }
        let object = JSONValue.object(Dictionary(members, uniquingKeysWith: { first, _ in first }))
        // A value of strings, numbers and flags can always be written.
        return (try? JSONText.write(object)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    private static func facts(
        _ event: ConnectionEvent, _ context: EventContext, _ level: LogLevel
    ) -> [EventFact] {
        var facts = [
            context.calendarTime.map { EventFact("time", date($0)) }
                ?? EventFact("clock", Duration.nanoseconds(Int64(clamping: context.at.nanoseconds))),
            EventFact("level", level.rawValue), EventFact("event", event.name),
            EventFact("endpoint", context.connection.endpoint),
        ]
        if let name = context.connection.name { facts.append(EventFact("name", name)) }
        facts.append(EventFact("connection", context.connection.id))
        facts.append(EventFact("attempt", context.attempt.number))
        return facts + event.facts + [EventFact("message", event.description)]
    }

    /// A date of ISO 8601 in microseconds.
    private static func date(_ nanoseconds: UInt64) -> String {
        let microseconds = nanoseconds / 1000
        var date = Date(timeIntervalSince1970: Double(microseconds / 1_000_000)).formatted(.iso8601)
        if date.hasSuffix("Z") { date.removeLast() }
        return date + "." + "\(1_000_000 + microseconds % 1_000_000)".dropFirst() + "Z"
    }
}

extension String {
    /// The value of a pair: in quotes if it must be, and on one line.
    fileprivate var quoted: String {
        // Nearly every value is a word or a sentence of ours: looking at bytes is enough for those.
        let isOneLine = utf8.allSatisfy { (0x20...0x7E).contains($0) } && utf8.count < 1000
        let text = isOneLine ? self : printable
        let needsQuotes =
            text.isEmpty || text.utf8.contains { $0 == 0x20 || $0.mustBeEscaped || $0 == UInt8(ascii: "=") }
        guard needsQuotes else { return text }
        guard text.utf8.contains(where: \.mustBeEscaped) else { return "\"\(text)\"" }
        return "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }
}

extension UInt8 {
    /// Whether it can't stand in quotes as it is.
    fileprivate var mustBeEscaped: Bool { self == UInt8(ascii: "\"") || self == UInt8(ascii: "\\") }
}

extension EventFact.Value {
    fileprivate var json: JSONValue {
        switch self {
        case .number(let number): .integer(number)
        case .time(let time): .number(Double(time.inSeconds) ?? 0)
        case .text(let text): .string(text)
        case .flag(let flag): .bool(flag)
        }
    }
}

extension ConnectionEvent {
    /// How much it matters, unless the user of a ``Log`` says otherwise.
    public var level: LogLevel {
        switch self {
        case .attemptBegan, .stageBegan, .stageEnded, .backoffEnded, .stabilised, .messageReceived, .messageSent,
            .pingSent,
            .pongReceived, .pingReceived, .requestBegan, .requestSent, .rateLimitWaited, .authenticationBegan,
            .consumerLeft, .readingResumed:
            .debug
        case .opened, .ready, .closing: .info
        case .reconnected, .retryPlanned, .readingPaused: .notice
        case .warned, .messagesDropped, .messagesLost, .pingUnanswered, .strayAnswer, .rateLimitRefused,
            .handlerReported:
            .warning
        case .ended(let cause, _, _): cause.isOrderly ? .info : .warning
        case .closed(let cause): cause.isOrderly ? .info : .error
        case .sendRefused(let refusal, _): refusal == .cancelled ? .debug : .warning
        case .requestEnded(_, let end, _, _):
            switch end {
            case .answered, .cancelled: .debug
            case .timedOut, .lost, .refused: .warning
            }
        case .authenticationEnded(let end, _, _):
            switch end {
            case .accepted: .info
            case .abandoned: .notice
            case .failed: .warning
            }
        case .subscription(_, let event):
            switch event {
            case .requested, .confirmed, .fresh, .ended: .info
            case .resumed: .notice
            case .lost, .stale, .failed: .warning
            }
        }
    }
}
