extension Checker {
    mutating func outcomes(_ passage: Passage) {
        if passage.rule.changesNothing { demand(.idleChangesNothing, passage.old == passage.new) }
        for effect in passage.effects {
            guard case .settle(let operation, let outcome) = effect else { continue }
            demand(.outcomesTrue, passage.isTrue(outcome, for: operation))
            guard case .written = outcome else { continue }
            demand(.writtenIsWritten, passage.isWritten(operation))
        }
    }

    mutating func bounds(_ passage: Passage) {
        let kernel = passage.new
        let most = kernel.promises.maximum
        demand(
            .waitersBounded,
            kernel.promises.openers.count <= most && kernel.promises.closers.count <= most
                && kernel.pings.waiting <= kernel.pings.maximum)
        let outbound = kernel.outbound
        var isBounded =
            outbound.line.count <= outbound.limits.maximumWaitingSends
            && outbound.flushes.count <= outbound.limits.maximumWaitingSends
        if passage.accepted > 0 {
            isBounded = isBounded && outbound.queued <= max(outbound.limits.maximumBytes, World.frame)
        }
        demand(.sendsBounded, isBounded)
        demand(.bytesAccounted, outbound.queued == passage.queuedBytes)
        demand(.waitsForReason, !outbound.letsWaitForNothing)
        let world = passage.after.world
        demand(
            .controlFramesBounded,
            world.pongs <= outbound.limits.maximumQueuedPongs && world.pings <= kernel.pings.maximum + 1)
    }

    /// What was dropped is counted, and nothing else is.
    private mutating func drops(_ passage: Passage) {
        let discarded = Int(truncatingIfNeeded: passage.new.inbound.discarded &- passage.old.inbound.discarded)
        switch passage.event {
        case .consumerLeft: demand(.messagesAccounted, discarded == passage.old.inbound.messages)
        case .fact(_, .received(.message)): demand(.messagesAccounted, discarded == 0 || discarded == 1)
        case .command, .abandoned, .answered, .authentication, .subscription, .consumed, .fact, .heard, .wrote,
            .dropped, .fired, .tokensGranted:
            demand(.messagesAccounted, discarded == 0)
        }
    }

    private mutating func pings(_ passage: Passage) {
        let (old, new) = (passage.old.pings, passage.new.pings)
        switch passage.event {
        case .fact(_, .received(.pong(let token?))) where passage.rule == .pings(.answer):
            let number = old.pending.first { $0.token == token }?.number ?? 0
            demand(.pingsCountedTruly, new.written == max(old.written, number) || passage.hasEnded)
        case .wrote(_, _, let remaining) where passage.isHeeded:
            demand(.pingsCountedTruly, new.written == (remaining == 0 ? new.count : old.written))
        case .command, .abandoned, .answered, .authentication, .subscription, .consumed, .consumerLeft, .fact, .heard,
            .wrote, .dropped, .fired, .tokensGranted:
            demand(.pingsCountedTruly, new.written == (passage.hasEnded ? new.count : old.written))
        }
    }

    mutating func messages(_ passage: Passage) {
        drops(passage)
        pings(passage)
        let (inbound, world) = (passage.new.inbound, passage.after.world)
        let limits = inbound.limits
        let isFull = inbound.messages >= limits.maximumMessages || inbound.bytes >= limits.maximumBytes
        let hasRoom = inbound.messages <= limits.maximumMessages / 2 && inbound.bytes <= limits.maximumBytes / 2
        demand(.messagesBounded, !(inbound.state == .flowing && isFull) && !(inbound.state == .paused && hasRoom))
        if world.transport != nil { demand(.readUnlessFull, world.isReading == (inbound.state != .paused)) }
        demand(
            .messagesAccounted,
            inbound.messages == world.handed && inbound.bytes == world.small + world.large * Situation.large
                && (inbound.consumer == .present || inbound.messages == 0))
        guard case .fact(_, .received(.message)) = passage.event, passage.isHeeded, passage.isTaken else { return }
        let delivered = passage.count { if case .deliver = $0 { true } else { false } }
        demand(
            .messagesAccounted,
            delivered + Int(truncatingIfNeeded: inbound.discarded &- passage.old.inbound.discarded) == 1)
        let wasFull =
            passage.old.inbound.messages >= limits.maximumMessages
            || passage.old.inbound.bytes >= limits.maximumBytes
        let isBehindGap = passage.old.inbound.state == .overflowing
        let mayDrop = inbound.consumer == .gone || passage.old.inbound.state == .closing && wasFull || isBehindGap
        demand(.lossIsTold, delivered == 1 ? !isBehindGap : mayDrop)
    }

    mutating func life(_ passage: Passage) {
        if case .fact(_, .received(.ping)) = passage.event, passage.isHeeded {
            let pongs = passage.count { effect in
                switch effect {
                case .pong, .replacePong: true
                default: false
                }
            }
            let mayAnswer = [.authenticating, .restoring, .ready, .draining].contains(passage.old.standing)
            demand(.pingAnswered, pongs == (mayAnswer ? 1 : 0))
        }
        let isDead = passage.effects.contains { if case .raise(_, .keepaliveExpired) = $0 { true } else { false } }
        if passage.timer == .keepalive, passage.isHeeded, passage.old.keepalive.state == .probing {
            demand(.deathNeedsSilence, isDead == !passage.before.world.heardSinceProbe)
        } else {
            demand(.deathNeedsSilence, !isDead)
        }
        if case .command(_, .close) = passage.event {
            demand(.closeUnderWay, [.draining, .closeSent, .awaitingEnd, .closed].contains(passage.new.standing))
        }
        if !passage.new.isOver, passage.new.standing != .idle {
            demand(.noDeadState, !passage.new.lifecycle.timers.isEmpty || passage.new.lifecycle.holding != nil)
        }
    }

    private mutating func accounts(_ kernel: Kernel, _ world: World) {
        let outbound = kernel.outbound
        demand(
            .accountsFollow,
            kernel.mayAccept.contains(outbound.path[0]) && kernel.mayTake.contains(kernel.inbound.state))
        guard outbound.state != .sealed else { return }
        let data = world.queuedData
        demand(
            .bytesAccounted,
            data <= outbound.queued && outbound.queued <= world.queued && (outbound.leftover > 0) == world.isRefused)
    }

    /// What is true whenever the kernel has come to rest: its raised facts are answered.
    mutating func check(resting situation: Situation) {
        let (kernel, world) = (situation.kernel, situation.world)
        var held: UInt32 = 0
        for operation in kernel.promisesHeld where operation.number < 32 { held |= 1 << UInt32(operation.number) }
        demand(.promisesHeld, held == world.open)
        if kernel.standing == .closed {
            demand(
                .closedHoldsNothing,
                world.armed.isEmpty && world.lookup == nil && world.transport == nil && world.open == 0)
        }
        let isWatched = kernel.standing.isOpen && kernel.policy.keepalive != nil
        let isSuspended = isWatched && kernel.inbound.state == .paused
        demand(
            .watchedWhenReady,
            (kernel.keepalive.state != .off) == isWatched && (kernel.keepalive.state == .suspended) == isSuspended)
        guard world.isHonest, world.pending.isEmpty else { return }
        accounts(kernel, world)
        if case .closing(let farewell) = kernel.lifecycle.state {
            demand(
                .closeCountsWhenWritten,
                farewell.ending.sentCode == (world.close == .written ? world.code : nil)
                    && (world.code == farewell.code || farewell.ending.sentCode != nil))
        }
    }
}

extension Passage {
    /// Whether the message that came was for the consumer.
    fileprivate var isTaken: Bool {
        switch old.standing {
        case .authenticating, .restoring, .ready, .draining, .closeSent: true
        case .idle, .resolving, .dialing, .tunnelling, .securing, .upgrading, .refused, .awaitingEnd, .backingOff,
            .closed:
            false
        }
    }

    /// How many bytes the account of sends must say are queued after this step.
    fileprivate var queuedBytes: Int {
        if hasEnded { return 0 }
        let accepted = accepted * World.frame
        switch event {
        case .wrote(_, _, let remaining) where isHeeded && old.outbound.state != .sealed: return remaining + accepted
        case .dropped(_, let count) where isHeeded: return max(0, old.outbound.queued - count) + accepted
        case .command, .abandoned, .answered, .authentication, .subscription, .consumed, .consumerLeft, .fact, .heard,
            .wrote, .dropped, .fired, .tokensGranted:
            return old.outbound.queued + accepted
        }
    }

    fileprivate func isTrue(_ outcome: Outcome, for operation: OperationID) -> Bool {
        switch outcome {
        case .opened: new.standing == .ready
        case .closed: new.standing == .closed
        case .failing: wantsFailure && new.attempt == old.attempt && (new.isOver || new.standing.isClosing)
        case .written: true
        case .answered:
            switch event {
            case .fact(_, .received(.pong(_?))): true
            case .answered(_, operation): true
            default: false
            }
        case .refused(.notOpen): new.standing != .ready
        case .refused(.closing): [.draining, .closeSent, .awaitingEnd].contains(new.standing)
        case .refused(.closed): new.standing == .closed
        case .refused(.connectionLost): new.isOver || wantsFailure || isPostedLate
        case .refused(.timedOut): [.pong, .request, .subscription].contains(timer) || isWord(.unanswered)
        case .subscribed: isAboutSubscription || isWord(.confirmed)
        case .unsubscribed: isAboutSubscription
        case .authenticated: if case .authentication(_, .accepted) = event { true } else { false }
        case .refused(.subscriptionRefused): isWord(.refused)
        case .refused(.subscriptionEnded): isWord(.ended) || isWord(.refused)
        case .refused(.notAuthenticated):
            if case .authentication(_, .failed) = event { true } else { timer == .refresh }
        case .refused(.rateLimited): isPosted(operation) && new.limiter?.limit.mode == .reject
        case .refused(.costTooHigh): isPosted(operation) && new.limiter != nil
        case .refused(.expired): timer == .outbox || hasEnded
        case .refused(.tooManyWaiting): if case .command(operation, _) = event { true } else { false }
        case .refused(.cancelled): event == .abandoned(operation) || isAboutSubscription
        case .refused(.noSuchMessage):
            if case .command(operation, .send(let part, _, _)) = event { part.continuesMessage } else { false }
        }
    }

    private var wantsFailure: Bool { if case .command(_, .fail) = event { true } else { false } }

    private var isAboutSubscription: Bool {
        switch event {
        case .command(_, .subscribe), .command(_, .unsubscribe): true
        default: false
        }
    }

    private func isWord(_ word: SubscriptionWord) -> Bool {
        if case .subscription(_, _, word) = event { true } else { false }
    }

    private func isPosted(_ operation: OperationID) -> Bool {
        if case .command(operation, .post) = event { true } else { false }
    }

    /// How many messages were accepted.
    fileprivate var accepted: Int {
        count { effect in
            switch effect {
            case .transmit, .dispatch: true
            default: false
            }
        }
    }

    /// Whether no more data waits for the system than was accepted after the flush was asked for.
    fileprivate func isWritten(_ operation: OperationID) -> Bool {
        let world = after.world
        let data = world.queuedData
        let mark =
            old.outbound.flushes.first { $0.operation == operation }?.mark ?? old.outbox.mark(of: operation)
            ?? old.outbound.accepted
        return UInt64(max(0, data)) <= new.outbound.accepted - min(mark, new.outbound.accepted)
    }
}

extension Outbound {
    /// Whether a send waits that could go, or a flush with nothing to wait for.
    fileprivate var letsWaitForNothing: Bool {
        let room = limits.maximumBytes - queued
        let isFree = { (send: Waiting) in self.queued == 0 || send.bytes <= room }
        if let fragment, isFree(fragment) { return true }
        if state == .free, let first = line.first, isFree(first) { return true }
        return !flushes.isEmpty && queued == 0
    }
}

extension Kernel {
    /// The states in which the account of sends may be, by their outer word.
    fileprivate var mayAccept: Set<String> {
        switch standing {
        case .authenticating, .restoring, .ready: ["accepting"]
        case .draining: ["draining"]
        case .awaitingEnd: ["draining", "sealed"]
        case .idle, .resolving, .dialing, .tunnelling, .securing, .upgrading, .refused, .closeSent, .backingOff,
            .closed:
            ["sealed"]
        }
    }

    /// The states in which the account of messages may be.
    fileprivate var mayTake: Set<Inbound.State> {
        switch standing {
        case .authenticating, .restoring, .ready: [.flowing, .paused]
        case .draining, .closeSent, .awaitingEnd: [.closing, .overflowing]
        case .idle, .resolving, .dialing, .tunnelling, .securing, .upgrading, .refused, .backingOff, .closed: [.idle]
        }
    }

    /// All promises to callers that are in the state.
    fileprivate var promisesHeld: [OperationID] {
        promises.openers + promises.closers + outbound.line.map(\.operation)
            + (outbound.fragment.map { [$0.operation] } ?? []) + outbound.flushes.map(\.operation)
            + pings.pending.compactMap(\.operation) + outbox.items.filter { !$0.terms.awaitsAnswer }.map(\.operation)
            + requests.pending.map(\.operation) + authentication.waiting
            + subscriptions.entries.flatMap(\.waiting)
    }
}
