/// What the laws must know of the world around a kernel: what runs, what is held, what is queued, who waits. It does
/// what the effects say, as the driver does, and notes whether that can be.
struct World: Hashable, Sendable {
    /// How far our close frame is.
    enum CloseFrame: UInt8, Hashable, Sendable {
        case none, waiting, begun, written
    }

    /// The timers that run.
    var armed: TimerSet = []
    /// Those of them that carry an attempt that is over.
    var aged: TimerSet = []
    /// The look-up under way.
    var lookup: AttemptID?
    /// The transport that is held.
    var transport: AttemptID?
    /// Whether the transport is read.
    var isReading = true
    /// Data frames that wait for the system.
    var messages = 0
    /// Whether some bytes of the first of them have gone.
    var hasBegun = false
    /// Pings that wait for the system, and pongs.
    var pings = 0, pongs = 0
    /// Our close frame, and what it says.
    var close = CloseFrame.none, code: CloseCode?
    /// Messages of one byte, and of more, that the consumer has and is not done with.
    var small = 0, large = 0
    /// Promises to callers that are not kept, one bit each.
    var open: UInt32 = 0
    /// Whether the system refused bytes when it was last asked.
    var isRefused = false
    /// Whether a caller has asked for the end.
    var isAsked = false
    /// Whether accepted messages of this connection were given up.
    var isLost = false
    /// Whether all that was told of this attempt can have been. Some laws speak of an honest world only.
    var isHonest = true
    /// Whether a sign of life has come since the keepalive's last ping, and in this attempt; whether it was ready.
    var heardSinceProbe = false, heard = false, opened = false
    /// Subscriptions that were asked for on this connection, those of which messages are missed, and those of which
    /// there will be no more; one bit each.
    var asked: UInt8 = 0, missing: UInt8 = 0
    /// The ticket under which tokens are asked for elsewhere.
    var claim: UInt32?
    /// What the interpreter tells before anything else can happen.
    var pending: [Event] = []

    /// The length of a data frame, of what is left of one that has begun, of a control frame, and of a close frame
    /// that has begun.
    static let frame = 7, restOfFrame = 4, control = 8, restOfClose = 6

    /// Bytes that wait for the system.
    var queued: Int {
        let last =
            switch close {
            case .none, .written: 0
            case .waiting: Self.control
            case .begun: Self.restOfClose
            }
        return queuedData + (pings + pongs) * Self.control + last
    }

    /// Bytes of messages among them.
    var queuedData: Int { messages * Self.frame - (hasBegun ? Self.frame - Self.restOfFrame : 0) }

    /// Messages that the consumer has.
    var handed: Int { small + large }

    func isOpen(_ operation: OperationID) -> Bool { open & Self.bit(operation) != 0 }
    mutating func promise(_ operation: OperationID) { open |= Self.bit(operation) }

    private static func bit(_ operation: OperationID) -> UInt32 {
        operation.number < 32 ? 1 << UInt32(operation.number) : 0
    }

    // MARK: What the kernel wants done

    /// Performs an effect of a kernel that is `kernel` now, and says what is wrong with it.
    mutating func perform(_ effect: Effect, for kernel: Kernel) -> PropertySet {
        switch effect {
        case .resolve(let attempt):
            let isFree = lookup == nil && transport == nil
            lookup = attempt
            return check(attempt, kernel).union(isFree ? [] : [.oneHolding])
        case .dial(let attempt):
            let isFree = transport == nil
            (lookup, transport) = (nil, attempt)
            return check(attempt, kernel).union(isFree ? [] : [.oneHolding])
        case .tunnel(let attempt), .secure(let attempt), .upgrade(let attempt), .report(let attempt),
            .askDelay(let attempt, _):
            return check(attempt, kernel)
        case .release(let attempt, let holding): return release(attempt, holding)
        case .transmit(let attempt, let operation): return check(attempt, kernel).union(transmit(operation))
        case .dispatch(let attempt, _, _):
            messages += 1
            return check(attempt, kernel).union(speak()).union(close == .none ? [] : [.silentAfterClose])
        case .ping(let attempt, _):
            // Behind a close frame that has begun nothing is queued; beyond the bound it does not matter how far.
            if close != .begun { pings = min(pings + 1, kernel.pings.maximum + 2) }
            return check(attempt, kernel).union(speak())
        case .pong(let attempt):
            if close != .begun { pongs = min(pongs + 1, kernel.outbound.limits.maximumQueuedPongs + 1) }
            return check(attempt, kernel).union(speak())
        case .replacePong(let attempt): return check(attempt, kernel).union(speak())
        case .sendClose(let attempt, let code, let urgency):
            return check(attempt, kernel).union(sendClose(attempt, code, urgency))
        case .hastenClose(let attempt):
            dropMessages(attempt)
            return check(attempt, kernel).union(close == .none ? [.closeFrameOnce] : [])
        case .deliver(let attempt, _, let count):
            if count > 1 { large += 1 } else { small += 1 }
            return check(attempt, kernel)
        case .pauseReading(let attempt):
            isReading = false
            return check(attempt, kernel)
        case .resumeReading(let attempt):
            isReading = true
            return check(attempt, kernel)
        case .authenticate(let attempt, _): return check(attempt, kernel)
        case .subscribe(let attempt, let id):
            let isFirst = asked & id.bit == 0
            asked |= id.bit
            return check(attempt, kernel).union(isFirst && transport != nil ? [] : [.subscribedOnce])
        case .unsubscribe(let attempt, let id):
            let wasAsked = asked & id.bit != 0
            asked &= ~id.bit
            return check(attempt, kernel).union(wasAsked ? [] : [.subscribedOnce])
        case .tell(let id, let news): return tell(id, news)
        case .askTokens(let attempt, let ticket, _):
            let isFirst = claim == nil
            claim = ticket
            return check(attempt, kernel).union(isFirst && transport != nil ? [] : [.tokensAccounted])
        case .returnTokens(let attempt, let ticket, _):
            let wasAsked = claim == ticket
            claim = nil
            return check(attempt, kernel).union(wasAsked ? [] : [.tokensAccounted])
        case .arm(let attempt, let timer, let duration): return arm(attempt, timer, duration, kernel)
        case .disarm(let timer):
            armed.remove(TimerSet(timer))
            aged.remove(TimerSet(timer))
            return []
        case .settle(let operation, _): return settle(operation)
        case .raise(let attempt, _): return check(attempt, kernel)
        }
    }

    /// Work is for the attempt under way.
    private func check(_ attempt: AttemptID, _ kernel: Kernel) -> PropertySet {
        attempt == kernel.attempt ? [] : [.effectsOfAttempt]
    }

    private mutating func release(_ attempt: AttemptID, _ holding: Holding) -> PropertySet {
        switch holding {
        case .lookup where lookup == attempt: lookup = nil
        case .transport where transport == attempt:
            transport = nil
            isLost = isLost || messages > 0
            (messages, hasBegun, pings, pongs, close, code) = (0, false, 0, 0, .none, nil)
            (isReading, isRefused, asked) = (true, false, 0)
        case .lookup, .transport: return [.releasedIfHeld]
        }
        return []
    }

    private mutating func tell(_ id: SubscriptionID, _ news: SubscriptionNews) -> PropertySet {
        let wasMissing = missing & id.bit != 0
        switch news {
        case .lost:
            missing |= id.bit
            return wasMissing ? [.gapsTold] : []
        case .resumed, .failed:
            missing &= ~id.bit
            if case .failed = news { asked &= ~id.bit }
            if case .resumed = news, !wasMissing { return [.gapsTold] }
            return []
        case .confirmed: return wasMissing ? [.gapsTold] : []
        case .stale, .fresh: return wasMissing ? [.gapsTold] : []
        }
    }

    private mutating func transmit(_ operation: OperationID) -> PropertySet {
        messages += 1
        return settle(operation).union(speak()).union(close == .none ? [] : [.silentAfterClose])
    }

    /// Nothing is said after the close frame, nor without a transport.
    private func speak() -> PropertySet {
        (transport == nil || close == .written) && isHonest ? [.silentAfterClose] : []
    }

    private mutating func sendClose(
        _ attempt: AttemptID, _ next: CloseCode, _ urgency: Urgency
    ) -> PropertySet {
        if urgency == .now { dropMessages(attempt) }
        if close == .begun {
            if let code { pending.append(.fact(attempt, .closeKept(code))) }
            return []
        }
        let isWrong = close == .written && isHonest || transport == nil
        (close, code) = (.waiting, next)
        return isWrong ? [.closeFrameOnce] : []
    }

    /// A frame that has begun must be finished.
    private mutating func dropMessages(_ attempt: AttemptID) {
        let dropped = messages - (hasBegun ? 1 : 0)
        messages -= dropped
        isLost = isLost || dropped > 0
        pending.append(.dropped(attempt, count: dropped * Self.frame))
    }

    private mutating func arm(
        _ attempt: AttemptID, _ timer: Timer, _ duration: Duration, _ kernel: Kernel
    ) -> PropertySet {
        armed.insert(TimerSet(timer))
        aged.remove(TimerSet(timer))
        var owner = kernel.attempt
        if timer == .outage, case .running(let since) = kernel.lifecycle.outage { owner = since }
        if timer.isOfWhole { owner = .whole }
        if attempt != kernel.attempt { aged.insert(TimerSet(timer)) }
        var faults: PropertySet = []
        if attempt != owner { faults.insert(.effectsOfAttempt) }
        if duration < .zero { faults.insert(.timePasses) }
        return faults
    }

    private mutating func settle(_ operation: OperationID) -> PropertySet {
        let wasOpen = isOpen(operation)
        open &= ~Self.bit(operation)
        return wasOpen ? [] : [.settledOnce]
    }
}

extension SubscriptionID {
    /// The bit that stands for it.
    var bit: UInt8 { number < 8 ? 1 << UInt8(number) : 0 }
}
