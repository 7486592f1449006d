import NovaKernel
import NovaTransport
import NovaWire

/// Everything that a call of this library can fail with.
public struct WebSocketError: Error, Sendable, CustomStringConvertible {
    /// What kind of failure it is. New kinds may come: a `switch` over it needs a `default`.
    public struct Code: RawRepresentable, Hashable, Sendable {
        /// The code's name.
        public let rawValue: String

        /// The code of that name.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// The URL is not one of a WebSocket (RFC 6455 §3).
        public static let invalidURL = Code(rawValue: "invalidURL")
        /// The options contradict each other, or a value is out of its range.
        public static let invalidOptions = Code(rawValue: "invalidOptions")
        /// The connection ended, or could not be made: see ``WebSocketError/termination``.
        public static let connectionEnded = Code(rawValue: "connectionEnded")
        /// The call was refused, and nothing was changed: see ``WebSocketError/refusal``.
        public static let refused = Code(rawValue: "refused")
        /// Messages have one consumer, and there is one already.
        public static let alreadyConsumed = Code(rawValue: "alreadyConsumed")
        /// What the server sent can't be read as what was asked for.
        public static let unreadable = Code(rawValue: "unreadable")
        /// The name is taken by a live session.
        public static let nameTaken = Code(rawValue: "nameTaken")
        /// The session has not ended: it needs no other in its place.
        public static let notEnded = Code(rawValue: "notEnded")
        /// A limit that was set leaves no room for it.
        public static let limitReached = Code(rawValue: "limitReached")
        /// The system refused a thread or a file descriptor.
        public static let system = Code(rawValue: "system")
    }

    private final class Storage: Sendable {
        let code: Code
        let description: String
        let termination: Termination?
        let refusal: Refusal?

        init(_ code: Code, _ description: String, _ termination: Termination?, _ refusal: Refusal?) {
            self.code = code
            self.description = description
            self.termination = termination
            self.refusal = refusal
        }
    }

    // One word: an error travels through every call, and there is none nearly always.
    private let storage: Storage

    /// What kind of failure it is.
    public var code: Code { storage.code }
    /// What happened, in a sentence. Never contains credentials.
    public var description: String { storage.description }
    /// How the connection ended, if it did.
    public var termination: Termination? { storage.termination }
    /// Why the call was refused, if it was.
    public var refusal: Refusal? { storage.refusal }

    init(_ code: Code, _ description: String, termination: Termination? = nil, refusal: Refusal? = nil) {
        storage = Storage(code, description, termination, refusal)
    }

    static func ended(_ termination: Termination) -> WebSocketError {
        WebSocketError(.connectionEnded, termination.description, termination: termination)
    }

    static func refused(_ refusal: Refusal) -> WebSocketError {
        WebSocketError(.refused, refusal.sentence, refusal: refusal)
    }
}

extension Refusal {
    /// The refusal in a sentence.
    public var sentence: String {
        switch self {
        case .notOpen: "There is no open connection now."
        case .closing: "The connection is being closed."
        case .closed: "The connection is closed."
        case .connectionLost: "The connection was lost before this could be done."
        case .tooManyWaiting: "As many callers are waiting as the policy allows."
        case .timedOut: "No answer came in time."
        case .cancelled: "The caller stopped waiting."
        case .rateLimited: "The rate limit lets nothing through."
        case .costTooHigh: "The message costs more than the rate limit's bucket ever holds."
        case .expired: "The message waited for a connection as long as it might."
        case .subscriptionRefused: "The server has refused the subscription."
        case .subscriptionEnded: "The server has ended the subscription."
        case .notAuthenticated: "The server does not accept the credentials, or there are none."
        case .noSuchMessage: "The fragmented message this belongs to has ended."
        }
    }
}
