import NovaMachine
import NovaWire

/// The account of messages that wait for the consumer: stops reading at the high marks, goes on at half of them (law
/// R7).
public struct Inbound: Machine {
    /// Whether the transport is read.
    public enum State: String, Hashable, Sendable, CaseIterable {
        /// There is no open connection; messages of the last one may still wait.
        case idle
        /// The transport is read.
        case flowing
        /// It is not: the consumer is behind. Left when it has caught up.
        case paused
        /// It is, to its end: the connection is being closed. What finds no room is dropped, and counted.
        case closing
        /// The same; a message has found no room, and so all that follow are dropped too: nothing is handed over behind a
        /// gap.
        case overflowing
    }

    /// Whether anybody still takes messages.
    public enum Consumer: String, Hashable, Sendable, CaseIterable {
        /// Messages are kept for it.
        case present
        /// Nobody will ever ask: messages are dropped, and counted.
        case gone
    }

    /// What the account is told.
    public enum Event: Hashable, Sendable {
        /// The connection of this attempt is open, and is read.
        case began(AttemptID)
        /// A message of that many bytes has come.
        case arrived(MessageKind, count: Int)
        /// The consumer is done with so many messages of so many bytes in all.
        case consumed(messages: Int, bytes: Int)
        /// The consumer will not ask again.
        case consumerLeft
        /// The connection is being closed.
        case closing
        /// The connection is at its end.
        case ended
    }

    /// The rows of the table.
    public enum Rule: String, Hashable, Sendable, CaseIterable {
        case begin, beginPaused, take, pause, discard, consume, resume, consumerLeft, readToEnd, end, stale
    }

    /// Whether the transport is read.
    public internal(set) var state: State = .idle
    /// Whether anybody still takes messages.
    public internal(set) var consumer: Consumer = .present
    /// Messages that wait.
    public internal(set) var messages = 0
    /// Their bytes.
    public internal(set) var bytes = 0
    /// Messages that were dropped: nobody took them any more, or the connection was being closed and there was no room.
    public internal(set) var discarded: UInt64 = 0
    var attempt = AttemptID(0)
    /// The high marks.
    public let limits: InboundLimits

    /// An empty account.
    public init(_ limits: InboundLimits) { self.limits = limits }

    /// The state's name.
    public var path: [String] { [state.rawValue] }

    private var isFull: Bool { messages >= limits.maximumMessages || bytes >= limits.maximumBytes }
    private var hasRoom: Bool { messages <= limits.maximumMessages / 2 && bytes <= limits.maximumBytes / 2 }

    /// State × event → state′ × effects.
    @inline(__always)
    public mutating func handle(_ event: Event, _ out: inout Effects<Effect>) -> Rule {
        #if MUTANTS
            if let rule = Mutation.intercept(&self, event, &out) { return rule }
        #endif
        switch (state, event) {
        case (_, .arrived(let kind, let count)): return arrive(kind, count, &out)
        case (_, .consumed(let messages, let bytes)):
            self.messages = max(0, self.messages - messages)
            self.bytes = max(0, self.bytes - bytes)
            return resumeIfRoom(.consume, &out)
        case (_, .consumerLeft):
            consumer = .gone
            discarded &+= UInt64(messages)
            messages = 0
            bytes = 0
            return resumeIfRoom(.consumerLeft, &out)
        case (_, .began(let attempt)):
            self.attempt = attempt
            state = isFull ? .paused : .flowing
            return state == .paused ? out(.beginPaused, .pauseReading(attempt)) : .begin
        case (.flowing, .closing), (.paused, .closing):
            let wasPaused = state == .paused
            state = .closing
            return wasPaused ? out(.readToEnd, .resumeReading(attempt)) : .readToEnd
        case (.idle, .closing), (.closing, .closing), (.overflowing, .closing), (.idle, .ended): return .stale
        case (.flowing, .ended), (.paused, .ended), (.closing, .ended), (.overflowing, .ended):
            state = .idle
            return .end
        }
    }

    /// What one read brought is taken in even when full: it is in memory already.
    @inline(__always)
    private mutating func arrive(_ kind: MessageKind, _ count: Int, _ out: inout Effects<Effect>) -> Rule {
        if case .gone = consumer { return discard() }
        if case .overflowing = state { return discard() }
        if case .closing = state, isFull {
            state = .overflowing
            return discard()
        }
        messages += 1
        bytes = bytes.saturatingPlus(count)
        guard isFull, case .flowing = state else { return out(.take, .deliver(attempt, kind, count: count)) }
        state = .paused
        return out(.pause, .deliver(attempt, kind, count: count), .pauseReading(attempt))
    }

    private mutating func discard() -> Rule {
        discarded &+= 1
        return .discard
    }

    @inline(__always)
    private mutating func resumeIfRoom(_ rule: Rule, _ out: inout Effects<Effect>) -> Rule {
        guard hasRoom, case .paused = state else { return rule }
        state = .flowing
        return out(.resume, .resumeReading(attempt))
    }
}
