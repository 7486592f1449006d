/// What must hold in every simulation, whatever happens.
public enum Law: String, Hashable, Sendable, CaseIterable {
    // At each step
    case ownAttempt, oneTransport, timersFollowState, nothingHeldWhenOver, causeOfEveryEnd, failuresForgottenInUseOnly
    case settledOnce, bounded, pingAnswered, attemptsSpaced, oneWriter
    // Over a connection's life
    case everyCallReturns, nothingLostInbound, orderKeptOutbound, closeLosesNothing, keepsProtocol, closeCodeTold
    case changesTold, nothingAfterClosed, replaysToTheByte, pongsAnswerPings
    // Of sessions
    case answersMatch, requestsGoOnce, restoredInOrder, sequencesWhole, limitKept, authenticatedFirst
    case nothingSecretShown
    // When the faults have stopped
    case recovers, closes, leavesNothing
    // Of the simulation itself
    case timePasses

    /// The law in a sentence.
    public var sentence: String {
        switch self {
        case .ownAttempt: "Every effect is of the attempt under way (R1)."
        case .oneTransport: "There is at most one look-up or one transport (R2)."
        case .timersFollowState: "The timers that run are those of the state (R3)."
        case .nothingHeldWhenOver: "Between attempts and after the end nothing is held (R3)."
        case .causeOfEveryEnd: "Every attempt that ends has its cause (R4)."
        case .failuresForgottenInUseOnly: "Failures are forgotten in use only (R5)."
        case .settledOnce: "Each promise is settled exactly once (R6)."
        case .bounded: "What waits stays within its bounds (R7)."
        case .pingAnswered: "A ping is answered in the step in which it comes (R9)."
        case .attemptsSpaced: "The next attempt comes after the backoff, unless a caller hurries it."
        case .oneWriter: "Every step is taken on the loop (R12)."
        case .everyCallReturns: "Every call returns, once."
        case .nothingLostInbound: "What has arrived is taken in its order, none of it twice, and none is lost."
        case .orderKeptOutbound: "The server gets what was accepted, in its order (R8)."
        case .closeLosesNothing:
            "Whoever has got our close frame has got all that was accepted before, but what was told as unsent (R8)."
        case .keepsProtocol: "The client never breaks the protocol."
        case .closeCodeTold: "The close code that is told as sent, and the caller's reason, are what the server got."
        case .changesTold: "Each change of state is told, in order, to the last."
        case .nothingAfterClosed: "After the end nothing is delivered."
        case .pongsAnswerPings: "Each pong answers one ping, with its payload (RFC 6455 §5.5.3)."
        case .replaysToTheByte: "A whole recording replays to the byte."
        case .answersMatch: "Each request is settled once, by its own answer or by why there is none (R6)."
        case .requestsGoOnce: "A request reaches the server once; one that is kept, once a connection."
        case .restoredInOrder:
            "On each connection a subscription is asked for once, in the order of the first wish (R10)."
        case .sequencesWhole:
            "A channel's messages come in their order, none twice; where some are missing stands a gap."
        case .limitKept: "No more goes out than the rate limit allows, in any time."
        case .authenticatedFirst: "Before its credentials nothing of a session goes out but these."
        case .nothingSecretShown: "No credentials and no token appear in recordings, reports, errors or descriptions."
        case .recovers: "When the faults have stopped, a connection that may come back does, and works."
        case .closes: "A connection that is asked to close is closed in bounded time."
        case .leavesNothing: "A closed connection leaves nothing behind."
        case .timePasses: "Time passes."
        }
    }
}

/// A law that was broken.
public struct LawViolation: Hashable, Sendable, CustomStringConvertible {
    /// Which.
    public let law: Law
    /// By which user's connection; nil if by none in particular.
    public let user: Int?
    /// When, from the beginning of the simulation.
    public let at: Duration
    /// In what way.
    public let details: String

    /// `settledOnce (user 0, 12.5 s): ...`
    public var description: String {
        "\(law.rawValue) (\(user.map { "user \($0), " } ?? "")\(at)): \(details)"
    }
}
