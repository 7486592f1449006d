import NovaWire

/// One value of a policy under its name: what trace headers carry, and what a command line may set.
public struct PolicySetting: Sendable {
    /// The value's name, such as `keepalive.interval`.
    public let name: String
    /// What it is, and its unit.
    public let summary: String
    /// The value in a policy, as words.
    public let read: @Sendable (Policy) -> String
    /// Puts words into a policy.
    public let write: @Sendable (inout Policy, String) throws(WordError) -> Void
}

extension Policy {
    /// Every value of a policy, by name. A policy is what its settings say: writing all of them makes an equal one.
    public static let settings: [PolicySetting] =
        timeoutSettings + keepaliveSettings + authenticationSettings + reconnectionSettings + limitSettings

    /// All settings as names and words, in the order of ``settings``.
    public var words: [(name: String, value: String)] { Self.settings.map { ($0.name, $0.read(self)) } }

    /// Sets the value of that name.
    public mutating func set(_ name: String, to words: String) throws(WordError) {
        guard let setting = Self.settings.first(where: { $0.name == name }) else {
            throw WordError("'\(name)' is not a value of the policy")
        }
        try setting.write(&self, words)
    }

    // MARK: Groups

    private static let timeoutSettings = [
        duration("timeouts.resolve", "the name look-up", \.timeouts.resolve),
        duration("timeouts.dial", "the transport connection", \.timeouts.dial),
        duration("timeouts.tunnel", "the proxy's tunnel", \.timeouts.tunnel),
        duration("timeouts.secure", "the TLS handshake", \.timeouts.secure),
        duration("timeouts.upgrade", "the opening handshake", \.timeouts.upgrade),
        duration("timeouts.open", "all phases of an attempt together", \.timeouts.open),
        duration("timeouts.authenticate", "the caller's authentication", \.timeouts.authenticate),
        duration("timeouts.restore", "the restoring of subscriptions", \.timeouts.restore),
        duration("timeouts.close", "the closing handshake", \.timeouts.close),
        duration("timeouts.drain", "the sending of what was accepted before a close", \.timeouts.drain),
        duration("timeouts.pong", "the pong to a caller's ping", \.timeouts.pong),
    ]

    private static let keepaliveSettings = [
        duration(
            "keepalive.interval", "silence before a ping; never: no keepalive", of: \.keepalive, KeepalivePolicy(),
            \.interval),
        duration("keepalive.timeout", "silence after the ping", of: \.keepalive, KeepalivePolicy(), \.timeout),
    ]

    private static let authenticationSettings = [
        duration(
            "authentication.refreshAhead", "before credentials end, they are renewed; never: there are none",
            of: \.authentication, AuthenticationPolicy(), \.refreshAhead),
        duration(
            "authentication.retryInterval", "after a renewal that failed", of: \.authentication,
            AuthenticationPolicy(), \.retryInterval),
    ]

    private static let reconnectionSettings = [
        choice("reconnection.enabled", "yes or no", \.reconnection.isEnabled, [true: "yes", false: "no"]),
        worded("reconnection.backoff", "the wait before each attempt", \.reconnection.backoff),
        PolicySetting(name: "reconnection.maximumAttempts", summary: "failures in a row; none: no bound") {
            $0.reconnection.maximumAttempts.map { "\($0)" } ?? "none"
        } write: { (policy, words) throws(WordError) in
            var reader = WordReader(words)
            policy.reconnection.maximumAttempts = try reader.optional("a number of attempts")
        },
        PolicySetting(name: "reconnection.maximumOutage", summary: "an outage's length; never: no bound") {
            $0.reconnection.maximumOutage?.word ?? "never"
        } write: { (policy, words) throws(WordError) in
            policy.reconnection.maximumOutage = try Self.duration(words)
        },
        worded("reconnection.reset", "what makes failures forgotten", \.reconnection.reset),
        worded("reconnection.table", "which endings are tried again", \.reconnection.table),
        duration(
            "reconnection.maximumRetryAfter", "the longest Retry-After honoured", \.reconnection.maximumRetryAfter),
        choice(
            "reconnection.asksHandler", "yes or no", \.reconnection.asksHandler, [true: "yes", false: "no"]),
    ]

    private static let limitSettings = [
        number("inbound.maximumBytes", "bytes of messages that may wait", \.inbound.maximumBytes),
        number("inbound.maximumMessages", "messages that may wait", \.inbound.maximumMessages),
        number("outbound.maximumBytes", "bytes of frames that may wait", \.outbound.maximumBytes),
        number("outbound.maximumWaitingSends", "sends that may wait", \.outbound.maximumWaitingSends),
        number("outbound.maximumQueuedPongs", "pongs that may wait", \.outbound.maximumQueuedPongs),
        number("outbox.maximumMessages", "posted messages that may wait", \.outbox.maximumMessages),
        number("outbox.maximumBytes", "bytes of posted messages that may wait", \.outbox.maximumBytes),
        number("requests.maximumPending", "requests without an answer", \.requests.maximumPending),
        number("requests.maximumRemembered", "requests that are remembered", \.requests.maximumRemembered),
        PolicySetting(
            name: "rateLimit",
            summary: "capacity, refill, interval, initial tokens, mode, whether shared; none: no limit"
        ) {
            $0.rateLimit?.text ?? "none"
        } write: { (policy, words) throws(WordError) in
            policy.rateLimit = words == "none" ? nil : try RateLimit(text: words)
        },
        number("subscriptions.maximumSubscriptions", "subscriptions", \.subscriptions.maximumSubscriptions),
        number("wire.maximumFrameBytes", "a frame's payload, bytes", \.wire.maximumFrameBytes),
        number("wire.maximumMessageBytes", "a message, bytes", \.wire.maximumMessageBytes),
        number("wire.maximumFragments", "a message, frames", \.wire.maximumFragments),
        number("maximumPendingPings", "pings without an answer", \.maximumPendingPings),
        number("maximumWaiters", "callers that wait for open or closed", \.maximumWaiters),
    ]

    // MARK: Kinds of values

    private typealias Place<Value> = WritableKeyPath<Policy, Value> & Sendable

    private static func duration(_ words: String) throws(WordError) -> Duration? {
        var reader = WordReader(words)
        return try reader.duration("a duration")
    }

    private static func duration(_ name: String, _ summary: String, _ place: Place<Duration>) -> PolicySetting {
        PolicySetting(name: name, summary: summary) {
            $0[keyPath: place].word
        } write: { (policy, words) throws(WordError) in
            guard let value = try Self.duration(words) else { throw WordError("\(name) can't be 'never'") }
            policy[keyPath: place] = value
        }
    }

    /// A duration of a part of the policy that may be missing: `never` takes the part away, any other time brings it back with
    /// its defaults.
    private static func duration<Part: Sendable>(
        _ name: String, _ summary: String, of part: Place<Part?>, _ defaults: Part,
        _ place: WritableKeyPath<Part, Duration> & Sendable
    ) -> PolicySetting {
        PolicySetting(name: name, summary: summary) {
            $0[keyPath: part]?[keyPath: place].word ?? "never"
        } write: { (policy, words) throws(WordError) in
            guard let value = try Self.duration(words) else {
                policy[keyPath: part] = nil
                return
            }
            var changed = policy[keyPath: part] ?? defaults
            changed[keyPath: place] = value
            policy[keyPath: part] = changed
        }
    }

    private static func number(_ name: String, _ summary: String, _ place: Place<Int>) -> PolicySetting {
        PolicySetting(name: name, summary: summary) {
            "\($0[keyPath: place])"
        } write: { (policy, words) throws(WordError) in
            var reader = WordReader(words)
            policy[keyPath: place] = try reader.size("a number")
        }
    }

    private static func choice(
        _ name: String, _ summary: String, _ place: Place<Bool>, _ choices: [Bool: String]
    ) -> PolicySetting {
        PolicySetting(name: name, summary: summary) {
            choices[$0[keyPath: place]] ?? ""
        } write: { (policy, words) throws(WordError) in
            guard let value = choices.first(where: { $0.value == words })?.key else {
                throw WordError("'\(words)' is neither yes nor no")
            }
            policy[keyPath: place] = value
        }
    }

    private static func worded<Value: Worded>(
        _ name: String, _ summary: String, _ place: Place<Value>
    ) -> PolicySetting {
        PolicySetting(name: name, summary: summary) {
            $0[keyPath: place].text
        } write: { (policy, words) throws(WordError) in
            policy[keyPath: place] = try Value(text: words)
        }
    }
}
