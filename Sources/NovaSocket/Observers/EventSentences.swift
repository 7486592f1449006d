import NovaKernel
import NovaTrace
import NovaWire

extension ConnectionEvent: CustomStringConvertible {
    /// The event in a sentence. No header value, no payload, no part of the URL.
    public var description: String {
        switch self {
        case .warned(let warning): warning.description
        case .attemptBegan(failures: 0): "An attempt at a connection began."
        case .attemptBegan(let failures): "An attempt at a connection began, after \(counted(failures, "failure"))."
        case .stageBegan(let stage): "\(stage.sentence) began."
        case .stageEnded(let stage, true, let time): "\(stage.sentence) took \(time.told)."
        case .stageEnded(let stage, false, let time): "\(stage.sentence) came to nothing after \(time.told)."
        case .opened(let time): "The opening handshake was done after \(time.told)."
        case .ready(let time): "The connection was ready after \(time.told)."
        case .reconnected(let time, let attempts):
            "The connection is back after \(time.told) and \(counted(attempts, "attempt"))."
        case .stabilised: "The connection counts as stable."
        case .closing(.noStatusReceived, let origin): "The closing handshake began without a code, by \(origin.words)."
        case .closing(let code, let origin):
            "The closing handshake began with code \(code.rawValue), by \(origin.words)."
        case .ended(let cause, _, _), .closed(let cause): cause.sentence
        case .retryPlanned(let time, _): "The next attempt is due in \(time.told)."
        case .backoffEnded(.elapsed, let time): "The wait for the next attempt is over after \(time.told)."
        case .backoffEnded(.hurried, let time): "The wait for the next attempt was cut short after \(time.told)."
        case .backoffEnded(.cancelled, let time):
            "The wait for the next attempt was given up after \(time.told), as asked."
        case .backoffEnded(.gaveUp, let time): "The wait for the next attempt ended after \(time.told): there is none."
        case .messageReceived(let kind, let bytes): "A \(kind.rawValue) message of \(counted(bytes, "byte")) came."
        case .messagesDropped(let count): "\(counted(count, "message")) that came found nobody to take them."
        case .messageSent(let kind, let bytes, let time):
            "A \(kind.rawValue) message of \(counted(bytes, "byte")) went out \(time.told) after it was sent."
        case .messagesLost(let count, let bytes):
            "\(counted(count, "accepted message")) of \(counted(bytes, "byte")) in all will not go out."
        case .sendRefused(let refusal, let bytes):
            "A message of \(counted(bytes, "byte")) was refused: \(refusal.rawValue)."
        case .readingPaused(let messages, let bytes):
            "Reading stopped: \(counted(messages, "message")) of \(counted(bytes, "byte")) wait for the consumer."
        case .readingResumed(let time): "Reading goes on after \(time.told)."
        case .consumerLeft: "The consumer takes no more messages."
        case .pingSent(.caller): "A ping was sent for a caller."
        case .pingSent(.keepalive): "A ping was sent for the keepalive."
        case .pongReceived(_, let time): "A pong came \(time.told) after its ping."
        case .pingUnanswered(let time): "No pong came to a ping in \(time.told)."
        case .pingReceived: "The server sent a ping."
        case .rateLimitWaited(let time): "The rate limit held a message back for \(time.told)."
        case .rateLimitRefused(let cost): "The rate limit refused a message that costs \(counted(cost, "token"))."
        case .requestBegan, .requestSent, .requestEnded, .strayAnswer, .authenticationBegan, .authenticationEnded,
            .subscription, .handlerReported:
            sentenceOfSession
        }
    }

    private var sentenceOfSession: String {
        switch self {
        case .requestBegan(let id, let bytes): "Request \(id.number) of \(counted(bytes, "byte")) began."
        case .requestSent(let id, let time): "Request \(id.number) was sent after \(time.told)."
        case .requestEnded(let id, .answered, let roundTrip, let time):
            "Request \(id.number) was answered after \((roundTrip ?? time).told)."
        case .requestEnded(let id, .timedOut, _, let time): "Request \(id.number) had no answer in \(time.told)."
        case .requestEnded(let id, .cancelled, _, let time):
            "The caller of request \(id.number) stopped waiting after \(time.told)."
        case .requestEnded(let id, .lost(let refusal), _, let time):
            "Request \(id.number) was lost after \(time.told): \(refusal.rawValue)."
        case .requestEnded(let id, .refused(let refusal), _, _):
            "Request \(id.number) was refused: \(refusal.rawValue)."
        case .strayAnswer(let id, let kind):
            "An answer to request \(id.number) came that nobody waits for: \(kind.rawValue)."
        case .authenticationBegan(false): "Credentials are presented."
        case .authenticationBegan(true): "Credentials are renewed."
        case .authenticationEnded(.accepted(let time?), _, _): "The server accepted the credentials for \(time.told)."
        case .authenticationEnded(.accepted(nil), _, _): "The server accepted the credentials."
        case .authenticationEnded(.failed(.refused), _, _): "The server refused the credentials."
        case .authenticationEnded(.failed(.unavailable), _, _): "There were no credentials to present."
        case .authenticationEnded(.failed(.unanswered), _, let time):
            "The server did not answer to the credentials in \(time.told)."
        case .authenticationEnded(.abandoned, _, _):
            "The connection ended before the server answered to the credentials."
        case .subscription(let id, let event): "Subscription \(id.number) \(event.words)."
        case .handlerReported(let handler, .threw(let type)): "The handler of \(handler.rawValue) threw a \(type)."
        case .handlerReported(let handler, .slow(let time)):
            "The handler of \(handler.rawValue) has taken \(time.told)."
        case .handlerReported(let handler, .missed(let count)):
            "The handler of \(handler.rawValue) was too slow to be told of \(count) things."
        case .handlerReported(let handler, .unreadable): "The handler of \(handler.rawValue) can't read a message."
        default: name
        }
    }
}

extension ConnectionStage {
    fileprivate var sentence: String {
        switch self {
        case .resolve: "Looking the name up"
        case .dial: "Connecting"
        case .tunnel: "Asking the proxy for a tunnel"
        case .secure: "Setting TLS up"
        case .upgrade: "The opening handshake"
        case .authenticate: "Authentication"
        case .restore: "Restoring subscriptions"
        }
    }
}

extension Origin {
    fileprivate var words: String {
        switch self {
        case .caller: "the caller"
        case .peer: "the server"
        case .network: "the network"
        case .policy: "the policy"
        case .library: "the library"
        }
    }
}

extension SubscriptionEvent {
    fileprivate var words: String {
        switch self {
        case .requested: "was asked for"
        case .confirmed(let time): "was confirmed after \(time.told)"
        case .resumed(let gap): "is confirmed again; messages of \(gap.told) were missed"
        case .lost: "was lost with the connection"
        case .failed(let refusal): "has failed: \(refusal.rawValue)"
        case .stale(let time): "has had no message for \(time.told)"
        case .fresh: "has messages again"
        case .ended: "is over"
        }
    }
}
