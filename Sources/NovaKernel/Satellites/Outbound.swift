import NovaMachine

/// The account of what waits for the network: admits sends while there is room, keeps a bounded line of those that
/// wait, and keeps the fragments of one message together (RFC 6455 §5.4; laws R6, R7, R8).
public struct Outbound: Machine {
    /// A send that waits.
    public struct Waiting: Hashable, Sendable {
        /// Whose it is.
        public var operation: OperationID
        /// How long its frame is on the wire, in bytes.
        public var bytes: Int
        /// Which part of a message it is.
        public var part: Part
    }

    /// A caller that waits until all that was accepted before is written.
    public struct Flush: Hashable, Sendable {
        /// Whose it is.
        public var operation: OperationID
        /// How many bytes had been accepted when it was asked for.
        public var mark: UInt64
    }

    /// What the account is told.
    public enum Event: Hashable, Sendable {
        /// A caller wants to send a frame of that many bytes.
        case offered(OperationID, bytes: Int, Part)
        /// A caller wants to know when all that was accepted is written.
        case flush(OperationID)
        /// The system has taken so many bytes; so many still wait, of whatever kind.
        case wrote(count: Int, remaining: Int)
        /// So many bytes of accepted messages were given up for a close frame.
        case dropped(count: Int)
        /// A ping has come and wants its pong.
        case pingCame
        /// A caller stopped waiting.
        case abandoned(OperationID)
        /// The connection of this attempt is open.
        case began(AttemptID)
        /// The connection is being closed: no more is accepted.
        case closing
        /// The connection is at its end.
        case ended
    }

    /// The rows of the table.
    public enum Rule: String, Hashable, Sendable, CaseIterable {
        case begin, transmit, wait, refuseFull, refuseSealed, noSuchMessage
        case flushed, awaitFlush, wrote, drain, progress, drained, drop, uncounted, pong, replacePong
        case forget, notWaiting, breakMessage, seal, end
    }

    /// Whether messages are accepted.
    public enum State: Hashable, Sendable {
        /// There is no open connection, or everything was written that is to be.
        case sealed
        /// The connection is being closed: nothing more is accepted, what was is being written.
        case draining
        /// Any message may go.
        case free
        /// Only fragments of this message may go.
        case fragmenting(OperationID)
    }

    /// Whether messages are accepted.
    public internal(set) var state: State = .sealed
    /// Bytes of data frames accepted on this connection.
    public internal(set) var accepted: UInt64 = 0
    /// Bytes that wait for the system.
    public internal(set) var queued = 0
    /// Bytes that the system refused when it was last asked.
    public internal(set) var leftover = 0
    /// Bytes of this connection that were accepted, and will not be written.
    public internal(set) var unsent = 0
    /// Sends that wait for room, or for the end of a fragmented message.
    public internal(set) var line: [Waiting] = []
    /// The fragment that waits for room; its message holds the lane.
    public internal(set) var fragment: Waiting?
    /// Callers that wait for the writing.
    public internal(set) var flushes: [Flush] = []
    var queuedPongs = 0
    var attempt = AttemptID(0)
    /// The bounds.
    public let limits: OutboundLimits

    /// An empty account.
    public init(_ limits: OutboundLimits) { self.limits = limits }

    /// The state's name; the line of waiting sends is a state of its own.
    public var path: [String] {
        switch state {
        case .sealed: ["sealed"]
        case .draining: ["draining"]
        case .free: ["accepting", line.isEmpty ? "free" : "congested"]
        case .fragmenting: ["accepting", "fragmenting"]
        }
    }

    /// How many sends wait.
    public var waiting: Int { line.count + (fragment == nil ? 0 : 1) }

    /// Whether a message of that many bytes would go at once.
    func takes(_ bytes: Int) -> Bool { state == .free && line.isEmpty && hasRoom(for: bytes) }

    /// How many of the accepted bytes are written.
    var written: UInt64 { accepted - min(accepted, UInt64(queued)) }

    private func hasRoom(for bytes: Int) -> Bool { queued == 0 || bytes <= limits.maximumBytes - queued }

    /// State × event → state′ × effects.
    @inline(__always)
    public mutating func handle(_ event: Event, _ out: inout Effects<Effect>) -> Rule {
        #if MUTANTS
            if let rule = Mutation.intercept(&self, event, &out) { return rule }
        #endif
        switch event {
        case .offered(let operation, let bytes, let part): return offer(operation, bytes, part, &out)
        case .wrote(let count, let remaining): return wrote(count, remaining, &out)
        case .dropped(let count): return drop(count, &out)
        case .pingCame:
            guard queuedPongs < limits.maximumQueuedPongs else {
                return out(.replacePong, .replacePong(attempt))
            }
            queuedPongs += 1
            return out(.pong, .pong(attempt))
        case .flush(let operation): return flush(operation, &out)
        case .abandoned(let operation): return forget(operation, &out)
        case .began(let attempt):
            _ = end(&out)  // nothing crosses from one connection to the next
            self.attempt = attempt
            state = .free
            (accepted, queued, leftover, unsent) = (0, 0, 0, 0)
            return .begin
        case .closing:
            refuseWaiting(.closing, then: .draining, &out)
            return .seal
        case .ended: return end(&out)
        }
    }

    // MARK: Offers

    @inline(__always)
    private mutating func offer(_ operation: OperationID, _ bytes: Int, _ part: Part, _ out: inout Effects<Effect>)
        -> Rule
    {
        if case .whole = part, case .free = state, line.isEmpty, hasRoom(for: bytes) {
            accept(bytes)
            return out(.transmit, .transmit(attempt, operation))
        }
        return offerSlowly(Waiting(operation: operation, bytes: bytes, part: part), &out)
    }

    @inline(__always)
    private mutating func accept(_ bytes: Int) {
        queued = queued.saturatingPlus(bytes)
        accepted &+= UInt64(bytes)
    }

    private mutating func offerSlowly(_ send: Waiting, _ out: inout Effects<Effect>) -> Rule {
        if state == .sealed || state == .draining {
            return out(.refuseSealed, .settle(send.operation, .refused(.notOpen)))
        }
        if case .next(let message) = send.part, state != .fragmenting(message) { return noSuchMessage(send, &out) }
        if case .last(let message) = send.part, state != .fragmenting(message) { return noSuchMessage(send, &out) }
        if send.part.continuesMessage {
            guard fragment == nil else { return refuseFull(send, &out) }
            fragment = send
        } else {
            guard line.count < limits.maximumWaitingSends else { return refuseFull(send, &out) }
            line.append(send)
        }
        return admitWaiting(&out) ? .transmit : .wait
    }

    private func noSuchMessage(_ send: Waiting, _ out: inout Effects<Effect>) -> Rule {
        out(.noSuchMessage, .settle(send.operation, .refused(.noSuchMessage)))
    }

    private func refuseFull(_ send: Waiting, _ out: inout Effects<Effect>) -> Rule {
        out(.refuseFull, .settle(send.operation, .refused(.tooManyWaiting)))
    }

    /// Lets go, in order, of what has room now: first the fragment of the message that holds the lane, then the line.
    /// Says whether there was any.
    private mutating func admitWaiting(_ out: inout Effects<Effect>) -> Bool {
        var isAny = false
        while let next = fragment ?? (state == .free ? line.first : nil), hasRoom(for: next.bytes) {
            if fragment != nil { fragment = nil } else { line.removeFirst() }
            accept(next.bytes)
            if case .posted(let retaining) = next.part {
                out.append(.dispatch(attempt, next.operation, retaining))
            } else {
                out.append(.transmit(attempt, next.operation))
            }
            isAny = true
            switch next.part {
            case .first: state = .fragmenting(next.operation)
            case .last: state = .free
            case .whole, .next, .posted: break
            }
        }
        return isAny
    }

    // MARK: Progress

    @inline(__always)
    private mutating func wrote(_ count: Int, _ remaining: Int, _ out: inout Effects<Effect>) -> Rule {
        if case .sealed = state { return .uncounted }  // the opening handshake, or what follows the last word
        queued = remaining
        leftover = remaining
        if remaining == 0 { queuedPongs = 0 }
        if case .draining = state { return wroteLast(count, &out) }
        guard !flushes.isEmpty || waiting > 0 else { return .wrote }
        keepFlushes(&out)
        _ = admitWaiting(&out)
        return .drain
    }

    /// What was accepted before the close is on its way, and the close frame behind it.
    private mutating func wroteLast(_ count: Int, _ out: inout Effects<Effect>) -> Rule {
        keepFlushes(&out)
        guard queued == 0 else { return count > 0 ? out(.progress, .raise(attempt, .progressed)) : .wrote }
        state = .sealed
        return out(.drained, .raise(attempt, .drained))
    }

    private mutating func keepFlushes(_ out: inout Effects<Effect>) {
        let written = written
        while let first = flushes.first, first.mark <= written {
            flushes.removeFirst()
            out.append(.settle(first.operation, .written))
        }
    }

    /// What was given up is counted, and those who wait for it are told (R8). It was accepted last: who waits for what
    /// came before waits on.
    private mutating func drop(_ count: Int, _ out: inout Effects<Effect>) -> Rule {
        guard count > 0 else { return .drop }
        unsent = unsent.saturatingPlus(count)
        queued -= min(queued, count)
        accepted -= min(accepted, UInt64(count))
        for flush in flushes where flush.mark > accepted {
            out.append(.settle(flush.operation, .refused(.closing)))
        }
        flushes.removeAll { $0.mark > accepted }
        _ = admitWaiting(&out)
        return .drop
    }

    private mutating func flush(_ operation: OperationID, _ out: inout Effects<Effect>) -> Rule {
        if queued == 0 { return out(.flushed, .settle(operation, .written)) }
        guard flushes.count < limits.maximumWaitingSends else {
            return out(.refuseFull, .settle(operation, .refused(.tooManyWaiting)))
        }
        flushes.append(Flush(operation: operation, mark: accepted))
        return .awaitFlush
    }

    // MARK: Ends

    /// A send that was not accepted yet can be taken back. A message of which a part was accepted can't.
    private mutating func forget(_ operation: OperationID, _ out: inout Effects<Effect>) -> Rule {
        if state == .fragmenting(operation) { return out(.breakMessage, .raise(attempt, .messageAbandoned)) }
        let before = waiting + flushes.count
        line.removeAll { $0.operation == operation }
        flushes.removeAll { $0.operation == operation }
        if fragment?.operation == operation { fragment = nil }
        guard waiting + flushes.count < before else { return .notWaiting }
        out.append(.settle(operation, .refused(.cancelled)))
        _ = admitWaiting(&out)  // those behind it may need less room
        return .forget
    }

    /// Nobody waits for room any more.
    private mutating func refuseWaiting(_ refusal: Refusal, then next: State, _ out: inout Effects<Effect>) {
        if let fragment { out.append(.settle(fragment.operation, .refused(refusal))) }
        for send in line { out.append(.settle(send.operation, .refused(refusal))) }
        fragment = nil
        line.removeAll()
        state = next
    }

    /// What was accepted and is not written never will be.
    private mutating func end(_ out: inout Effects<Effect>) -> Rule {
        refuseWaiting(.connectionLost, then: .sealed, &out)
        for flush in flushes { out.append(.settle(flush.operation, .refused(.connectionLost))) }
        flushes.removeAll()
        unsent = unsent.saturatingPlus(queued)
        (queued, leftover, queuedPongs) = (0, 0, 0)
        return .end
    }
}
