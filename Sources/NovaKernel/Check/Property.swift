/// What must hold in every situation that a kernel and its world can reach, or of every step between two of them.
package enum Property: Int, CaseIterable, Hashable, Sendable {
    // R1
    case staleChangesNothing, lateTransportReturned, effectsOfAttempt, timersOfAttempt, postsOfAttempt
    // R2, R3
    case oneHolding, holdingOfState, releasedIfHeld, timersOfState, unarmedChangesNothing, armedIsHeeded
    case closedHoldsNothing, closedIsFinal
    // R4
    case endHasCause, phaseIsTrue, endReportedOnce, causeIsComplete, askedIfAsked
    // R5
    case failuresForgotten, failuresCounted, delayAsked
    // R6
    case settledOnce, promisesHeld, outcomesTrue, waitsForReason, idleChangesNothing
    // R7
    case waitersBounded, sendsBounded, messagesBounded, controlFramesBounded, pingsCountedTruly
    // R8
    case lossIsTold, messagesAccounted, bytesAccounted, accountsFollow, closeFrameOnce, closeCountsWhenWritten,
        silentAfterClose, writtenIsWritten
    // R9
    case pingAnswered, deathNeedsSilence, watchedWhenReady, readUnlessFull
    // R6, R7, R8: what is posted
    case postsBounded, postsInOrder, postsGoWhenTheyCan, tokensAccounted, requestsCarried, answersTrue
    // R10, and who we are
    case subscribedOnce, restoredInOrder, readyMeansRestored, gapsTold, credentialsAsked
    // R11
    case sameAgain, timePasses
    // Liveness
    case raisesEnd, closeUnderWay, closeEndsInTime, noDeadState, timeLeaves

    /// What it says.
    package var sentence: String {
        switch self {
        case .staleChangesNothing: "R1: an event of an attempt that is over changes nothing and wants nothing"
        case .lateTransportReturned: "R1: a transport that comes too late is given back"
        case .effectsOfAttempt: "R1: an effect carries the attempt that it is for"
        case .timersOfAttempt: "R1: a timer that runs carries an attempt that is heeded when it fires"
        case .postsOfAttempt: "R1: what is posted for one connection waits and goes out on that one alone"
        case .oneHolding: "R2: nothing is looked up or dialed while something is held"
        case .holdingOfState: "R2, R3: what the world holds is what the state says, of the attempt under way"
        case .releasedIfHeld: "R3: what is released is held"
        case .timersOfState: "R3: the timers that run are those of the states of the spine and of its satellites"
        case .unarmedChangesNothing: "R3: a timer that does not run and fires all the same changes nothing"
        case .armedIsHeeded: "R3: a timer that runs is never stale when it fires"
        case .closedHoldsNothing: "R3, R6: closed, nothing runs, nothing is held, nobody waits"
        case .closedIsFinal: "R3: closed is never left, and wants nothing but to answer and to give back"
        case .endHasCause: "R4: an end has its cause, which is that of the state; a last one says why it is the last"
        case .phaseIsTrue: "R4: an ending names the phase in which it began"
        case .endReportedOnce: "R4: an end is reported by the step that brings it, and by no other"
        case .causeIsComplete: "R4: the cause says what was known: what was heard, how long it was open, what waited"
        case .askedIfAsked: "R4: it is closed because that was asked for exactly if it was asked for"
        case .failuresForgotten: "R5: failures are forgotten in open.ready alone, by stability or by policy"
        case .failuresCounted: "R5: each lost attempt counts as one failure, and nothing else does"
        case .delayAsked: "R5: the caller's own function is asked once for each wait, and only if there is one"
        case .settledOnce: "R6: what is settled is a promise that is open"
        case .promisesHeld: "R6: every open promise is in the state, and no other"
        case .outcomesTrue: "R6: an outcome says what is: opened in ready, closed in closed, a refusal for its reason"
        case .waitsForReason:
            "R6: nobody waits for what is: no send while there is room, no flush while nothing is queued"
        case .idleChangesNothing: "R6: what is refused, unknown or said again changes nothing"
        case .waitersBounded: "R7: no more callers wait than the policy allows"
        case .sendsBounded: "R7: no more sends wait, and no more bytes are accepted, than the policy allows"
        case .messagesBounded: "R7: at the high marks reading stops"
        case .controlFramesBounded: "R7: no more pings and pongs wait for the system than the policy allows"
        case .pingsCountedTruly:
            "R7: a ping counts as written when nothing waits, when its pong has come, or at the end"
        case .lossIsTold: "R8: where accepted messages are lost, the account says so"
        case .messagesAccounted: "R8: a message that comes is handed over or counted as dropped; both accounts agree"
        case .bytesAccounted:
            "R8: bytes are queued by a send and leave by a write, a drop or the end; the account is what waits"
        case .accountsFollow: "R8: the accounts of messages and of sends are open, closing or shut as the spine is"
        case .closeFrameOnce: "R8: there is one close frame, and another only in place of one that has not begun"
        case .closeCountsWhenWritten: "R8: a close frame counts as sent when it is written, with what it says"
        case .silentAfterClose: "R8: nothing is said after the close frame, and no message before it is written either"
        case .writtenIsWritten: "R8: who is told 'written' has nothing left in the queue"
        case .pingAnswered: "R9: while our close frame is not written, every ping is answered, whoever sleeps"
        case .deathNeedsSilence: "R9: the peer is called dead only after a ping and silence, and then it is"
        case .watchedWhenReady: "R9: the keepalive watches in open, and only there; suspended while reading is paused"
        case .readUnlessFull: "R9: the transport is read unless the account of messages is paused"
        case .postsBounded: "R7: no more messages wait, and no more answers are awaited, than the policy allows"
        case .postsInOrder: "R8: a posted message goes before no other of its priority or a higher one that came first"
        case .postsGoWhenTheyCan: "R6: no posted message waits that has a connection, its tokens and room"
        case .tokensAccounted: "R7: every message costs its tokens, and time alone brings them back, up to the capacity"
        case .requestsCarried:
            "R6: an answer is awaited only while the message waits, is kept, or was sent on the connection that is there"
        case .answersTrue: "R6: an answer settles the request that it is for, if that was sent, and no other"
        case .subscribedOnce:
            "R10: a subscription is asked for once on a connection, and given up only after it was asked for"
        case .restoredInOrder:
            "R10: what is wanted is asked for after the authentication, in the order of the first wish"
        case .readyMeansRestored: "R10: ready is authenticated, with every wanted subscription asked for and answered"
        case .gapsTold: "R10: a gap is told once when it begins and once when it ends, and nothing else is called one"
        case .credentialsAsked:
            "credentials are asked for on every connection, and each exchange has a number of its own"
        case .sameAgain: "R11: the same situation and the same event give the same step"
        case .timePasses: "R11: no timer is armed for a negative time"
        case .raisesEnd: "raised facts come to an end within a step"
        case .closeUnderWay: "a close request is on its way to the end by the next step"
        case .closeEndsInTime: "liveness: from everywhere a close request ends in closed if only time passes"
        case .noDeadState: "liveness: a state but idle and closed has a timer or a transport that can leave it"
        case .timeLeaves: "liveness: time alone leaves every state but idle, open.ready and closed"
        }
    }
}

/// Some of the properties.
package struct PropertySet: Hashable, Sendable, ExpressibleByArrayLiteral {
    private var bits: UInt64 = 0

    package init(arrayLiteral elements: Property...) {
        for element in elements { insert(element) }
    }

    package var isEmpty: Bool { bits == 0 }
    package func contains(_ property: Property) -> Bool { bits & Self.bit(property) != 0 }
    package mutating func insert(_ property: Property) { bits |= Self.bit(property) }
    package mutating func formUnion(_ other: PropertySet) { bits |= other.bits }

    package func union(_ other: PropertySet) -> PropertySet {
        var both = self
        both.formUnion(other)
        return both
    }

    /// The properties in the order of their declaration.
    package var array: [Property] { bits == 0 ? [] : Property.allCases.filter(contains) }

    private static func bit(_ property: Property) -> UInt64 { 1 << UInt64(property.rawValue) }
}
