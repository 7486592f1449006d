import NovaKernel
import NovaMachine

/// A planned change of connections: a second connection is made, authenticated and subscribed before the first is left.
///
/// **What it governs.** How many connections a session has, and which of them it is: two live ones at most, and only here
/// (the one exception of law R2). A session's connections have numbers, `legs`: the first is 1, and each that is made to
/// take the place of another is one more. A leg reconnects by itself, as its policy says, as long as it is the session's.
///
/// **What it does not.** What goes on inside a leg: each has a kernel of its own. Nor which messages come twice: that
/// `Overlap` says, channel by channel.
///
/// **The laws it keeps.**
/// - A leg is made only where there is no other besides the session's; whatever was begun is ended: left, or given up.
/// - Until the new leg is ready, the session is the old one's: a rollover that fails costs nothing.
/// - Whoever asked is told once, with the end of it (R6); each state but the resting ones has a timer, or ends with a leg
///   that is being closed, which has one (R7).
package struct Rollover: Machine {
    /// Where the change of connections is.
    package enum State: String, Hashable, Sendable, CaseIterable {
        /// There is one connection.
        case steady
        /// The next is being made; the session is still the first. Timer `preparation`.
        case preparing
        /// The next is the session; the first finishes what it has begun. Timer `overlap`.
        case leaving
        /// The first is being closed in order: all it had to do is done, or its time is over.
        case parting
        /// The next came to nothing, and is being closed; the session is the first, as before.
        case retracting
        /// The session has ended.
        case ended
    }

    /// What it is told.
    package enum Event: Hashable, Sendable {
        /// A caller wants the connections changed; whether the session is ready.
        case asked(OperationID, isReady: Bool)
        /// The caller stopped waiting.
        case abandoned(OperationID)
        /// The connection of this leg is ready.
        case ready(leg: UInt32)
        /// It is lost, or it can't do what the session's does.
        case fell(leg: UInt32)
        /// It will never be any more.
        case closed(leg: UInt32)
        /// Nothing waits for it any more.
        case finished(leg: UInt32)
        /// The time for this leg's state is over.
        case expired(leg: UInt32, State)
        /// The session is being closed.
        case closing
    }

    /// What it wants done.
    package enum Effect: Hashable, Sendable {
        /// Make the connection of this leg, with everything that the session's is subscribed to.
        case prepare(leg: UInt32)
        /// From now on this leg is the session.
        case turn(to: UInt32)
        /// Move what this leg still keeps to the session's, and close it in order.
        case leave(leg: UInt32)
        /// Close this leg: nothing that it has or keeps is wanted any more.
        case giveUp(leg: UInt32)
        /// Tell after this time that it is over for this leg's state.
        case arm(leg: UInt32, State, Duration)
        /// Tell the caller how it ended.
        case settle(OperationID, Verdict)
    }

    /// How a rollover ended for whoever asked.
    package enum Verdict: Hashable, Sendable {
        /// The session has another connection, and the one before is gone.
        case done
        /// It has not.
        case refused(Refusal)
    }

    /// The rows of the table.
    package enum Rule: String, Hashable, Sendable, CaseIterable {
        case begin, join, refuseNotReady, refuseBusy, refuseEnded, forget, callOff, notHeld
        case turnOver, fall, fallShort, loseEarlier, finish, prepareTimedOut, overlapTimedOut
        case part, goneEarly, retracted, vanish, end, stale
    }

    /// Where it is.
    package internal(set) var state = State.steady
    /// The number of the leg that is the session.
    package internal(set) var leg: UInt32 = 1
    /// The other's, if there is one.
    package internal(set) var other: UInt32?
    /// Who waits for the end of it.
    package internal(set) var waiting: [OperationID] = []
    /// How long things may take.
    package let policy: RolloverPolicy
    var last: UInt32 = 1

    /// A session with its first connection.
    package init(_ policy: RolloverPolicy) { self.policy = policy }

    /// The state's name.
    package var path: [String] { [state.rawValue] }

    /// State × event → state′ × effects.
    package mutating func handle(_ event: Event, _ out: inout Effects<Effect>) -> Rule {
        switch event {
        case .asked(let operation, let isReady): return ask(operation, isReady, &out)
        case .abandoned(let operation): return forget(operation, &out)
        case .ready(let leg): return becomeReady(leg, &out)
        case .fell(let leg): return fall(leg, &out)
        case .closed(let leg): return close(leg, &out)
        case .finished(let leg):
            guard state == .leaving, leg == other else { return .stale }
            return part(.finish, &out)
        case .expired(let leg, let state): return expire(leg, state, &out)
        case .closing: return end(&out)
        }
    }

    // MARK: Wishes

    private mutating func ask(_ operation: OperationID, _ isReady: Bool, _ out: inout Effects<Effect>) -> Rule {
        switch state {
        case .steady where isReady:
            last += 1
            (state, other) = (.preparing, last)
            waiting = [operation]
            return out(.begin, .prepare(leg: last), .arm(leg: last, .preparing, policy.preparation))
        case .steady: return out(.refuseNotReady, .settle(operation, .refused(.notOpen)))
        case .preparing, .leaving, .parting:
            guard waiting.count < policy.maximumWaiters else {
                return out(.refuseBusy, .settle(operation, .refused(.tooManyWaiting)))
            }
            waiting.append(operation)
            return .join
        case .retracting: return out(.refuseBusy, .settle(operation, .refused(.closing)))
        case .ended: return out(.refuseEnded, .settle(operation, .refused(.closed)))
        }
    }

    /// Where nobody wants the next connection any more before it is the session, it is not made.
    private mutating func forget(_ operation: OperationID, _ out: inout Effects<Effect>) -> Rule {
        guard let index = waiting.firstIndex(of: operation) else { return .notHeld }
        waiting.remove(at: index)
        out.append(.settle(operation, .refused(.cancelled)))
        guard state == .preparing, waiting.isEmpty else { return .forget }
        return retract(.callOff, because: .cancelled, &out)
    }

    // MARK: Legs

    private mutating func becomeReady(_ leg: UInt32, _ out: inout Effects<Effect>) -> Rule {
        guard state == .preparing, leg == other else { return .stale }
        (state, other, self.leg) = (.leaving, self.leg, leg)
        out.append(.turn(to: leg))
        return out(.turnOver, .arm(leg: leg, .leaving, policy.overlap))
    }

    private mutating func fall(_ leg: UInt32, _ out: inout Effects<Effect>) -> Rule {
        switch state {
        case .preparing: retract(leg == other ? .fallShort : .fall, because: .connectionLost, &out)
        case .leaving where leg == other: part(.loseEarlier, &out)
        case .leaving, .steady, .parting, .retracting, .ended: .stale  // the session's leg makes the next by itself
        }
    }

    /// Leg numbers are never used again: a leg that is neither is none of ours any more.
    private mutating func close(_ leg: UInt32, _ out: inout Effects<Effect>) -> Rule {
        if leg == self.leg { return end(&out) }
        guard leg == other else { return .stale }
        switch state {
        case .preparing: return rest(.vanish, .refused(.connectionLost), &out)
        case .leaving: return rest(.goneEarly, .done, &out)
        case .parting: return rest(.part, .done, &out)
        case .retracting: return rest(.retracted, .refused(.connectionLost), &out)
        case .steady, .ended: return .stale
        }
    }

    private mutating func expire(_ leg: UInt32, _ state: State, _ out: inout Effects<Effect>) -> Rule {
        switch (self.state, state) {
        case (.preparing, .preparing) where leg == other: retract(.prepareTimedOut, because: .timedOut, &out)
        case (.leaving, .leaving) where leg == self.leg: part(.overlapTimedOut, &out)
        case (.preparing, _), (.leaving, _), (.steady, _), (.parting, _), (.retracting, _), (.ended, _): .stale
        }
    }

    // MARK: Ways on

    private mutating func part(_ rule: Rule, _ out: inout Effects<Effect>) -> Rule {
        state = .parting
        if let other { out.append(.leave(leg: other)) }
        return rule
    }

    private mutating func retract(_ rule: Rule, because refusal: Refusal, _ out: inout Effects<Effect>) -> Rule {
        state = .retracting
        if let other { out.append(.giveUp(leg: other)) }
        settle(.refused(refusal), &out)
        return rule
    }

    /// One leg is left, and it is the session.
    private mutating func rest(_ rule: Rule, _ verdict: Verdict, _ out: inout Effects<Effect>) -> Rule {
        (state, other) = (.steady, nil)
        settle(verdict, &out)
        return rule
    }

    private mutating func end(_ out: inout Effects<Effect>) -> Rule {
        guard state != .ended else { return .stale }
        if let other, state == .preparing || state == .leaving { out.append(.giveUp(leg: other)) }
        (state, other) = (.ended, nil)
        settle(.refused(.closed), &out)
        return .end
    }

    private mutating func settle(_ verdict: Verdict, _ out: inout Effects<Effect>) {
        for operation in waiting { out.append(.settle(operation, verdict)) }
        waiting = []
    }
}
