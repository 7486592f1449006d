/// Holds properties against what happens, and counts how often it did.
struct Checker {
    private(set) var counts = [Int](repeating: 0, count: Property.allCases.count)
    private(set) var broken: PropertySet = []

    /// The properties found broken since the last call.
    mutating func take() -> PropertySet {
        defer { broken = [] }
        return broken
    }

    mutating func demand(_ property: Property, _ holds: Bool) {
        counts[property.rawValue] += 1
        if !holds { broken.insert(property) }
    }

    /// What is true of every step by itself, between the raised facts too.
    mutating func check(_ passage: Passage) {
        for property in Self.ofEffects { demand(property, !passage.faults.contains(property)) }
        attempts(passage)
        timers(passage)
        ends(passage)
        failures(passage)
        outcomes(passage)
        bounds(passage)
        messages(passage)
        life(passage)
        posts(passage)
        session(passage)
    }

    private static let ofEffects: [Property] = [
        .effectsOfAttempt, .oneHolding, .releasedIfHeld, .settledOnce, .closeFrameOnce, .silentAfterClose, .timePasses,
        .subscribedOnce, .gapsTold, .tokensAccounted,
    ]

    private mutating func attempts(_ passage: Passage) {
        if !passage.isHeeded {
            let isQuiet = passage.effects.isEmpty || passage.lateTransport != nil
            demand(.staleChangesNothing, passage.old == passage.new && isQuiet && passage.isStale)
        }
        if let attempt = passage.lateTransport {
            demand(.lateTransportReturned, passage.effects == [.release(attempt, .transport)])
        }
        let world = passage.after.world
        let (lookup, transport): (AttemptID?, AttemptID?) =
            switch passage.new.lifecycle.holding {
            case nil: (nil, nil)
            case .lookup: (passage.new.attempt, nil)
            case .transport: (nil, passage.new.attempt)
            }
        demand(.holdingOfState, world.lookup == lookup && world.transport == transport)
        if passage.old.standing == .closed {
            let isQuiet = passage.effects.allSatisfy { effect in
                switch effect {
                case .settle: true
                case .release: passage.lateTransport != nil
                default: false
                }
            }
            demand(.closedIsFinal, passage.old.lifecycle == passage.new.lifecycle && isQuiet)
        }
    }

    private mutating func timers(_ passage: Passage) {
        let kernel = passage.new
        let world = passage.after.world
        var due = kernel.lifecycle.timers
        if kernel.keepalive.state != .off { due.insert(TimerSet(.keepalive)) }
        if kernel.pings.waiting > 0 { due.insert(TimerSet(.pong)) }
        if !kernel.requests.pending.isEmpty { due.insert(TimerSet(.request)) }
        if kernel.authentication.mustLookAgain { due.insert(TimerSet(.refresh)) }
        due.formUnion(kernel.subscriptions.timers)
        if kernel.outbox.mustLookAgain { due.insert(TimerSet(.outbox)) }
        if kernel.limiter?.mustLookAgain == true { due.insert(TimerSet(.limit)) }
        demand(.timersOfState, world.armed == due)
        let outliving = Timer.allCases.filter { $0 == .outage || $0.isOfWhole }
        demand(.timersOfAttempt, world.aged.isSubset(of: TimerSet(outliving.map { TimerSet($0) })))
        guard passage.timer != nil, passage.isHeeded else { return }
        if passage.wasArmed {
            demand(.armedIsHeeded, !passage.isStale)
        } else {
            demand(.unarmedChangesNothing, passage.old == kernel && passage.effects.isEmpty)
        }
    }

    private mutating func ends(_ passage: Passage) {
        let kernel = passage.new
        switch kernel.lifecycle.state {
        case .backingOff(let ending): demand(.endHasCause, kernel.tells(ending, nil))
        case .closed(let ending, let finality): demand(.endHasCause, kernel.tells(ending, finality))
        case .idle, .connecting, .open, .closing: break
        }
        if let ending = passage.newEnding, let phase = passage.old.standing.phase {
            demand(.phaseIsTrue, ending.phase == phase)
        }
        if case .closed(_, let why) = kernel.lifecycle.state, passage.hasEnded {
            demand(.askedIfAsked, (why == .asked) == passage.after.world.isAsked)
        }
        let reports = passage.count { if case .report = $0 { true } else { false } }
        demand(.endReportedOnce, reports == (passage.hasEnded ? 1 : 0))
        guard passage.hasEnded, let told = kernel.termination else { return }
        let before = passage.before.world
        if told.ending != passage.old.termination?.ending {
            let old = passage.old
            let unsent = before.opened ? old.outbound.unsent.saturatingPlus(old.outbound.queued) : 0
            demand(
                .causeIsComplete,
                told.failures == kernel.lifecycle.failures && (told.sinceHeard != nil) == before.heard
                    && (told.openFor != nil) == before.opened && told.unsentBytes == unsent
                    && told.waitingSends == old.outbound.waiting && told.unansweredPings == old.pings.pending.count
                    && told.discardedMessages == old.inbound.discarded)
        }
        if passage.hasLost {
            demand(.lossIsTold, told.unsentBytes > 0 || !(before.isLost || before.messages > 0))
            if before.isHonest {
                let sent = before.close == .written ? before.code : nil
                demand(.closeCountsWhenWritten, told.ending.sentCode == sent && told.ending.isClosureTrue)
            }
        }
    }

    private mutating func failures(_ passage: Passage) {
        let (old, new) = (passage.old.lifecycle, passage.new.lifecycle)
        if new.failures < old.failures {
            let isReady = passage.rule == .lifecycle(.ready) && new.policy.reconnection.reset == .whenReady
            demand(
                .failuresForgotten, new.standing == .ready && (isReady || passage.rule == .lifecycle(.stabilised)))
        }
        var isFailure = passage.hasLost
        if case .closed(_, .asked) = new.state { isFailure = false }
        if isFailure {
            demand(.failuresCounted, new.failures == old.failures + 1)
        } else {
            demand(.failuresCounted, new.failures <= old.failures)
        }
        var isAsked = false
        if case .custom = new.policy.reconnection.backoff { isAsked = passage.hasLost && new.standing == .backingOff }
        let asks = passage.count { if case .askDelay = $0 { true } else { false } }
        demand(.delayAsked, asks == (isAsked ? 1 : 0))
    }
}

extension Kernel {
    fileprivate func tells(_ ending: Ending, _ finality: Finality?) -> Bool {
        termination?.ending == ending && termination?.finality == finality && termination?.attempt == attempt
    }
}

extension Passage {
    /// How the attempt ends that went on until this step.
    fileprivate var newEnding: Ending? {
        switch new.lifecycle.state {
        case .closing(let farewell): farewell.ending
        // Giving up while backing off tells the old story.
        case .backingOff(let ending) where hasEnded: ending
        case .closed(let ending, let why) where hasEnded && (old.standing != .backingOff || why == .asked): ending
        case .idle, .connecting, .open, .backingOff, .closed: nil
        }
    }
}

extension Lifecycle.Standing {
    /// The phase of what ends here; nil where the end has begun before.
    fileprivate var phase: Phase? {
        switch self {
        case .idle: .idle
        case .resolving: .resolving
        case .dialing: .dialing
        case .tunnelling: .tunnelling
        case .securing: .securing
        case .upgrading, .refused: .upgrading
        case .authenticating: .authenticating
        case .restoring: .restoring
        case .ready: .ready
        case .backingOff: .backingOff
        case .draining, .closeSent, .awaitingEnd, .closed: nil
        }
    }
}

extension Ending {
    /// Clean is what both close frames make, and nothing else is.
    fileprivate var isClosureTrue: Bool { (closure == .clean) == (sentCode != nil && receivedCode != nil) }
}
