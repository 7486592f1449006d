import NovaKernel
import NovaTransport
import NovaWire

/// How a connection is made and kept. Every value has a default that is safe to use.
public struct WebSocketOptions: Sendable {
    /// Every limit and timeout, and when a lost connection is made again.
    public var policy = Policy()
    /// A rate limit that this connection shares with all others that have the same one, in place of the policy's own; nil: it
    /// shares none.
    public var sharedRateLimit: SharedRateLimit?
    /// Headers of the opening handshake besides its own. A `Host` takes the place of the URL's.
    public var headers: [HeaderField] = []
    /// `Origin`, as browsers send it (RFC 6454).
    public var origin: String?
    /// The subprotocols offered, the best first (RFC 6455 §1.9).
    public var subprotocols: [String] = []
    /// How TLS is set up for `wss:`.
    public var tls = TLSConfiguration()
    /// Where the connection lives; nil: on the loop that all connections share.
    public var loop: EventLoop?
    /// Where the connection lives if not on a loop: in a simulated network.
    package var habitat: (any Habitat)?
    /// Where every step is written down; nil: nowhere.
    public var recording: Recording?
    /// Who is told what the connection does: for logging, metrics, tracing; none by default. See <doc:Observing>.
    public var observers: [any Observer] = []
    /// What observers know the connection by; nil: by where it goes. It stands in logs and metrics: it must be no secret, and
    /// not another one for each connection of many.
    public var name: String?
    /// How many of the last steps are kept for ``WebSocket/flightRecord``, always. 0 keeps none.
    public var flightRecorderCapacity = 32
    /// How much is kept of the body of a refused opening handshake, in bytes.
    public var maximumRefusalBody = 16 << 10
    /// With a backoff of `.custom`: how long to wait after so many failures in a row, the last of which ended like
    /// this; nil ends the attempts. Called on the connection's loop: it must not block.
    public var chooseDelay: (@Sendable (_ failures: UInt32, _ last: Termination) -> Duration?)?

    /// How long a planned change of a session's connections may take.
    public var rollover = RolloverPolicy()

    /// The defaults: everything verified, everything bounded, no reconnection.
    public init() {}

    /// Adds a header to the opening handshake.
    public mutating func addHeader(_ name: String, _ value: String) { headers.append(HeaderField(name, value)) }

    /// The policy, with the shared rate limit in it.
    var effectivePolicy: Policy {
        var policy = policy
        if let sharedRateLimit { policy.rateLimit = sharedRateLimit.limit.shared }
        return policy
    }

    /// What these options ask a server for.
    func opening(to endpoint: Endpoint) -> Opening {
        Opening(
            endpoint: endpoint, origin: origin, subprotocols: subprotocols, headers: headers,
            maximumRefusalBody: maximumRefusalBody)
    }

    /// Throws for what can be known to be wrong before anything is tried.
    func validate(for endpoint: Endpoint) throws(WebSocketError) {
        do throws(UpgradeRequestError) {
            // Any key will do: no request is sent that was made for its form.
            _ = try opening(to: endpoint).request(key: "AAAAAAAAAAAAAAAAAAAAAA==")
        } catch {
            throw WebSocketError(.invalidOptions, error.description)
        }
        if let name = tls.serverName, name.isEmpty || name.utf8.contains(0) || name.utf8.count > 255 {
            throw WebSocketError(.invalidOptions, "The TLS server name is not a name TLS can ask for.")
        }
        if let problem = effectivePolicy.problem ?? rollover.problem {
            throw WebSocketError(.invalidOptions, problem)
        }
        if sharedRateLimit == nil, policy.rateLimit?.isShared == true {
            throw WebSocketError(.invalidOptions, "The policy's rateLimit is that of a shared one, which is not there.")
        }
        if case .custom = policy.reconnection.backoff, chooseDelay == nil {
            throw WebSocketError(.invalidOptions, "A custom backoff needs the function chooseDelay.")
        }
    }
}

// Options have headers in them, and those have secrets: they are never printed.
extension WebSocketOptions: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// How many headers and which subprotocols are asked for; never a value.
    public var description: String {
        "WebSocketOptions(\(headers.count) headers, \(subprotocols.count) subprotocols, \(tls))"
    }

    /// The same as ``description``.
    public var debugDescription: String { description }

    /// Nothing but the policy.
    public var customMirror: Mirror { Mirror(self, children: ["policy": policy]) }
}
