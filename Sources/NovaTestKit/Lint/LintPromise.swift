extension AdapterLint {
    /// What an adapter promises to whoever uses it.
    public enum Promise: String, Hashable, Sendable, CaseIterable {
        /// `url` is one of a WebSocket.
        case urlIsValid
        /// With a server that does as it should the session becomes ready, channels are confirmed, requests answered.
        case serves
        /// `sort` is done in 10 ms, and 1 ms more for each KiB of the message.
        case sortReturnsAtOnce
        /// What `encode` writes for an id, `sort` knows the answer to by that id; and each request gets its own answer.
        case answersFindTheirRequests
        /// `sort` knows a message of a channel by the channel's name.
        case messagesFindTheirChannels
        /// `subscribe` says a word on each channel.
        case verdictForEachChannel
        /// `subscribe` confirms no channel that the server has refused.
        case confirmsWhatIsConfirmed
        /// `authenticate` does not return before it has presented anything.
        case presentsCredentials
        /// `authenticate` does not return where the server has refused everything.
        case acceptsWhatIsAccepted
        /// Whatever a handler waits for, it returns.
        case returnsInTime
        /// `unsubscribe` tells the server about the channels it was given, and no others.
        case unsubscribesWhatItWasGiven
        /// No message costs more than the rate limit's bucket holds.
        case costsAreAffordable
        /// No secret is in a recording, a description or a report.
        case keepsSecrets
        /// After everything that the servers have done, a session with a good one is as good as ever.
        case recovers

        /// The promise in a sentence.
        public var sentence: String {
            switch self {
            case .urlIsValid: "The URL is one of a WebSocket."
            case .serves: "With a server that does as it should, everything works."
            case .sortReturnsAtOnce: "sort returns at once."
            case .answersFindTheirRequests: "Each request gets its own answer."
            case .messagesFindTheirChannels: "A message of a channel is known by the channel's name."
            case .verdictForEachChannel: "subscribe says a word on each channel."
            case .confirmsWhatIsConfirmed: "subscribe confirms no channel that the server has refused."
            case .presentsCredentials: "authenticate does not return before it has presented anything."
            case .acceptsWhatIsAccepted: "authenticate does not return where the server has refused it."
            case .returnsInTime: "Whatever a handler waits for, it returns."
            case .unsubscribesWhatItWasGiven: "unsubscribe is about the channels it was given, and no others."
            case .costsAreAffordable: "No message costs more than the rate limit's bucket holds."
            case .keepsSecrets: "No secret is in a recording, a description or a report."
            case .recovers: "After everything that servers have done, a session with a good one works."
            }
        }
    }

    /// What the server does that the adapter meets.
    public enum Hostility: String, Hashable, Sendable, CaseIterable {
        /// It does as it should, over links that cut bytes anywhere, and resets the connection once.
        case honest
        /// It answers nothing.
        case silent
        /// It answers nothing any more once credentials are accepted.
        case silentLater
        /// It refuses everything.
        case refusing
        /// It refuses everything once credentials are accepted.
        case refusingLater
        /// It answers everything with garbage: other shapes, broken text, its client's own words.
        case garbage
        /// It answers everything with garbage once credentials are accepted.
        case garbageLater
        /// It sends what nobody has asked for ahead of every answer.
        case noise
        /// Its answers come when nobody waits for them any more, once credentials are accepted.
        case late
        /// Every answer comes twice.
        case twice
        /// Answers come in the reverse order of the requests.
        case reversed
        /// A message of 64 KiB comes ahead of every answer.
        case huge
        /// It does as it should again, after all the others.
        case afterwards

        /// Whether everything must work with it.
        var isGood: Bool {
            switch self {
            case .honest, .noise, .twice, .reversed, .huge, .afterwards: true
            case .silent, .silentLater, .refusing, .refusingLater, .garbage, .garbageLater, .late: false
            }
        }

        /// Whether it refuses what it is asked.
        var isRefusing: Bool { self == .refusing || self == .refusingLater }

        /// Whether it does as it should until credentials are accepted.
        var waitsForCredentials: Bool {
            switch self {
            case .silentLater, .refusingLater, .garbageLater, .late: true
            default: false
            }
        }

        /// The server in a few words.
        var words: String {
            switch self {
            case .honest: "a server that does as it should"
            case .silent: "a server that answers nothing"
            case .silentLater: "a server that answers nothing but the credentials"
            case .refusing: "a server that refuses everything"
            case .refusingLater: "a server that refuses everything but the credentials"
            case .garbage: "a server that answers with garbage"
            case .garbageLater: "a server that answers all but the credentials with garbage"
            case .noise: "a server that sends what nobody has asked for"
            case .late: "a server that answers too late"
            case .twice: "a server that answers twice"
            case .reversed: "a server that answers in reverse order"
            case .huge: "a server that sends huge messages"
            case .afterwards: "a server that does as it should, after the others"
            }
        }
    }
}
