import NovaKernel
import Synchronization

/// A stretch of time in which something was done, as tracing systems want it.
public struct ConnectionSpan: Hashable, Sendable {
    /// How it ended.
    public enum Outcome: String, Hashable, Sendable, CaseIterable {
        /// As it should.
        case success
        /// Otherwise.
        case failure
    }

    /// `attempt`, `request`, or the name of a stage: `dial`.
    public let name: String
    /// A number no other span of the same ``ConnectionSpans`` has.
    public let id: UInt64
    /// The span that it is a part of: a stage and a request are parts of their attempt. Nil for an attempt, and for a
    /// request that began without one.
    public let parent: UInt64?
    /// The connection.
    public let connection: ObservedConnection
    /// When it began, on the connection's monotonic clock.
    public let began: Instant
    /// The same by the calendar, in nanoseconds since 1970; nil where there is no calendar.
    public let beganByCalendar: UInt64?
    /// How long it took; nil as long as it lasts.
    public internal(set) var duration: Duration?
    /// How it ended; nil as long as it lasts.
    public internal(set) var outcome: Outcome?
    /// What else is known: the number of the attempt or request, and the facts of the event that ended it.
    public internal(set) var attributes: [EventFact]
}

/// Makes spans of what connections do: one for each attempt, with one for each of its stages in it, and one for each
/// request. A bridge to a tracing system is told of each span twice, as it begins and as it ends, so that it can make the
/// parent known before its parts.
public final class ConnectionSpans: Observer {
    fileprivate struct Track {
        var attempt: ConnectionSpan?
        var stage: ConnectionSpan?
        var requests: [RequestID: ConnectionSpan] = [:]
    }

    fileprivate struct Book {
        var lastID: UInt64 = 0
        var tracks: [UInt64: Track] = [:]
    }

    private let book = Mutex(Book())
    private let began: @Sendable (ConnectionSpan) -> Void
    private let ended: @Sendable (ConnectionSpan) -> Void

    /// Spans for those who want them.
    ///
    /// - Parameters:
    ///   - began: takes a span that begins.
    ///   - ended: takes the same span as it ends. Both are called on the connections' threads, and must not block.
    public init(
        began: @escaping @Sendable (ConnectionSpan) -> Void = { _ in },
        ended: @escaping @Sendable (ConnectionSpan) -> Void
    ) {
        (self.began, self.ended) = (began, ended)
    }

    /// Begins or ends the spans that the event is about.
    public func observe(_ event: ConnectionEvent, _ context: EventContext) {
        let (begun, over) = book.withLock { book in
            defer { if case .closed = event { book.tracks[context.connection.id] = nil } }
            return book.take(event, context)
        }
        // Outside of the lock: what is called may be slow, or look at other spans.
        for span in over { ended(span) }
        for span in begun { began(span) }
    }
}

extension ConnectionSpans.Book {
    typealias Changes = (begun: [ConnectionSpan], over: [ConnectionSpan])

    fileprivate mutating func take(_ event: ConnectionEvent, _ context: EventContext) -> Changes {
        switch event {
        case .messageReceived, .messageSent: ([], [])  // the data path first: it makes no span
        case .attemptBegan: ([begin("attempt", nil, event.facts, context) { $0.attempt = $1 }], [])
        case .stageBegan(let stage):
            ([begin(stage.rawValue, tracks[context.connection.id]?.attempt?.id, [], context) { $0.stage = $1 }], [])
        case .stageEnded(_, let isComplete, let time):
            ([], end(isComplete, time, [], context) { $0.stage.take() })
        case .ended(let cause, let time, _):
            ([], end(cause.isOrderly, time, event.facts, context) { $0.attempt.take() })
        case .requestBegan(let id, _):
            (
                [
                    begin("request", tracks[context.connection.id]?.attempt?.id, event.facts, context) {
                        $0.requests[id] = $1
                    }
                ], []
            )
        case .requestEnded(let id, let how, _, let time):
            ([], end(how == .answered, time, event.facts, context) { $0.requests.removeValue(forKey: id) })
        default: ([], [])
        }
    }

    private mutating func begin(
        _ name: String, _ parent: UInt64?, _ facts: [EventFact], _ context: EventContext,
        _ keep: (inout ConnectionSpans.Track, ConnectionSpan) -> Void
    ) -> ConnectionSpan {
        lastID += 1
        let span = ConnectionSpan(
            name: name, id: lastID, parent: parent, connection: context.connection, began: context.at,
            beganByCalendar: context.calendarTime,
            attributes: [EventFact("attempt", context.attempt.number)] + facts)
        keep(&tracks[context.connection.id, default: ConnectionSpans.Track()], span)
        return span
    }

    private mutating func end(
        _ isSuccess: Bool, _ time: Duration, _ facts: [EventFact], _ context: EventContext,
        _ find: (inout ConnectionSpans.Track) -> ConnectionSpan?
    ) -> [ConnectionSpan] {
        guard var span = find(&tracks[context.connection.id, default: ConnectionSpans.Track()]) else { return [] }
        span.duration = time
        span.outcome = isSuccess ? .success : .failure
        span.attributes += facts.filter { fact in !span.attributes.contains { $0.name == fact.name } }
        return [span]
    }
}
