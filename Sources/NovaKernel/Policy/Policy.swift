import NovaWire

/// Every limit and every timeout of a connection, each with its name and its unit. One value, fixed for its life.
public struct Policy: Hashable, Sendable {
    /// How long each phase may take.
    public var timeouts = Timeouts()
    /// When a silent connection is asked for a sign of life; nil never asks.
    public var keepalive: KeepalivePolicy? = KeepalivePolicy()
    /// Whether, when and how often a lost connection is made again.
    public var reconnection = Reconnection.never
    /// What may wait for the consumer.
    public var inbound = InboundLimits()
    /// What may wait for the network.
    public var outbound = OutboundLimits()
    /// What may wait of posted messages.
    public var outbox = OutboxLimits()
    /// How fast posted messages may go out; nil: as fast as they can.
    public var rateLimit: RateLimit?
    /// Which requests may be without an answer.
    public var requests = RequestLimits()
    /// When credentials are renewed; nil: the connection needs none.
    public var authentication: AuthenticationPolicy?
    /// How many subscriptions there may be.
    public var subscriptions = SubscriptionLimits()
    /// What is accepted from the wire (RFC 6455 §10.4).
    public var wire = WireLimits()
    /// How many pings of the caller may be unanswered at once.
    public var maximumPendingPings = 64
    /// How many callers may wait at once for the connection to open, and how many for it to close.
    public var maximumWaiters = 1024
    /// Whether somebody was given this policy to change it: one that was put in its place was not. The machine does not ask.
    package var isGiven = false

    /// The defaults: no reconnection, keepalive on, everything bounded.
    public init() {}
}

/// How long each phase may take. Where one of them runs out, the ``TerminationCause`` tells it; only `pong` ends nothing
/// but its caller's wait.
public struct Timeouts: Hashable, Sendable {
    /// The name look-up.
    public var resolve: Duration = .seconds(10)
    /// The transport connection, all addresses together.
    public var dial: Duration = .seconds(10)
    /// The proxy's tunnel.
    public var tunnel: Duration = .seconds(10)
    /// The TLS handshake.
    public var secure: Duration = .seconds(10)
    /// The opening handshake of RFC 6455 §4, a refusal's body included.
    public var upgrade: Duration = .seconds(10)
    /// All of these together, for each attempt.
    public var open: Duration = .seconds(30)
    /// The caller's authentication on an open connection.
    public var authenticate: Duration = .seconds(10)
    /// The restoring of subscriptions.
    public var restore: Duration = .seconds(30)
    /// The closing handshake of RFC 6455 §7, the peer's end of the transport included. Where messages must be sent
    /// first, how long that may be without progress.
    public var close: Duration = .seconds(5)
    /// How long the sending of messages that were accepted before a close may take in all.
    public var drain: Duration = .seconds(60)
    /// The pong to a caller's ping.
    public var pong: Duration = .seconds(20)

    /// The defaults.
    public init() {}

    /// What the addresses of a host share: no attempt lasts longer than all of it may, and if the first address used all of
    /// that up, no other would ever be tried.
    package var longestDial: Duration { min(dial, open) }
}

/// When a silent connection is asked for a sign of life. A dead peer is found within `interval + timeout`.
public struct KeepalivePolicy: Hashable, Sendable {
    /// How long the peer may be silent before a ping asks. Any byte counts as a sign of life, not only a pong.
    public var interval: Duration
    /// How long the peer may stay silent after that ping.
    public var timeout: Duration

    /// A ping after `interval` of silence, the end after `timeout` more.
    public init(interval: Duration = .seconds(20), timeout: Duration = .seconds(20)) {
        self.interval = interval
        self.timeout = timeout
    }
}

/// What may wait for the consumer. Reading stops at the high marks, so that TCP holds the sender back, and goes on at
/// half of them. What one read brought is always taken in: the true bound is a mark, one receive buffer and one
/// message; where the connection is reset while reading is paused, also what the system had received by then, as it would
/// be lost.
public struct InboundLimits: Hashable, Sendable {
    /// Bytes of messages that may wait.
    public var maximumBytes = 1 << 20
    /// Messages that may wait.
    public var maximumMessages = 16_384

    /// The defaults: 1 MiB, 16,384 messages.
    public init() {}
}

/// What may wait for the network. Beyond `maximumBytes` a send waits; beyond `maximumWaitingSends` it is refused.
public struct OutboundLimits: Hashable, Sendable {
    /// Bytes of accepted frames not yet handed to the system. One message may exceed it when nothing else waits.
    public var maximumBytes = 1 << 20
    /// Sends that may wait for room; and as many callers that wait until all is written.
    public var maximumWaitingSends = 1024
    /// Pongs that may wait to be written; further pings replace the last one (RFC 6455 §5.5.3).
    public var maximumQueuedPongs = 128

    /// The defaults: 1 MiB, 1,024 sends, 128 pongs.
    public init() {}
}

/// What may wait of posted messages: for a connection, for tokens of the rate limit, for room. Beyond it a message is
/// refused.
public struct OutboxLimits: Hashable, Sendable {
    /// Messages that may wait, or are kept.
    public var maximumMessages = 1024
    /// Bytes of their frames. One message may exceed it when no other waits.
    public var maximumBytes = 4 << 20

    /// The defaults: 1,024 messages, 4 MiB.
    public init() {}
}

/// Which requests may be without an answer. Beyond them one is refused.
public struct RequestLimits: Hashable, Sendable {
    /// Requests without an answer.
    public var maximumPending = 4096
    /// Requests that are over and still remembered, so that an answer that comes late, or twice, is known as such.
    public var maximumRemembered = 64

    /// The defaults: 4,096 requests, 64 remembered.
    public init() {}
}
