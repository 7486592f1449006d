import NovaKernel
import NovaTransport
import NovaWire

/// How a connection is made and kept. Every value has a default that is safe to use.
public struct WebSocketOptions: Sendable {
    /// Every limit and timeout, and when a lost connection is made again.
    public var policy = Policy()
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
    /// Where every step is written down; nil: nowhere.
    public var recording: Recording?
    /// How many of the last steps are kept for ``WebSocket/flightRecord``, always. 0 keeps none.
    public var flightRecorderCapacity = 32
    /// How much is kept of the body of a refused opening handshake, in bytes.
    public var maximumRefusalBody = 16 << 10
    /// With a backoff of `.custom`: how long to wait after so many failures in a row, the last of which ended like
    /// this; nil ends the attempts. Called on the connection's loop: it must not block.
    public var chooseDelay: (@Sendable (_ failures: UInt32, _ last: Termination) -> Duration?)?

    /// The defaults: everything verified, everything bounded, no reconnection.
    public init() {}

    /// Adds a header to the opening handshake.
    public mutating func addHeader(_ name: String, _ value: String) { headers.append(HeaderField(name, value)) }

    /// What these options ask a server for.
    func opening(to endpoint: Endpoint) -> Opening {
        Opening(
            endpoint: endpoint, origin: origin, subprotocols: subprotocols, headers: headers,
            maximumRefusalBody: maximumRefusalBody)
    }

    /// Throws for what can be known to be wrong before anything is tried.
    func validate(for endpoint: Endpoint) throws(WebSocketError) {
        do throws(UpgradeRequestError) {
            _ = try opening(to: endpoint).request(key: HandshakeKey().key)
        } catch {
            throw WebSocketError(.invalidOptions, error.description)
        }
        if let problem = policy.problem { throw WebSocketError(.invalidOptions, problem) }
        if case .custom = policy.reconnection.backoff, chooseDelay == nil {
            throw WebSocketError(.invalidOptions, "A custom backoff needs the function chooseDelay.")
        }
    }
}

extension Policy {
    /// What is out of its range, in a sentence; nil if nothing is.
    var problem: String? {
        let limits = [
            ("inbound.maximumBytes", inbound.maximumBytes), ("inbound.maximumMessages", inbound.maximumMessages),
            ("outbound.maximumBytes", outbound.maximumBytes), ("wire.maximumFrameBytes", wire.maximumFrameBytes),
            ("wire.maximumMessageBytes", wire.maximumMessageBytes), ("wire.maximumFragments", wire.maximumFragments),
            ("maximumWaiters", maximumWaiters),
        ]
        if let (name, _) = limits.first(where: { $0.1 < 1 }) { return "The policy's \(name) must be at least 1." }
        if let keepalive, keepalive.interval <= .zero || keepalive.timeout <= .zero {
            return "The policy's keepalive.interval and keepalive.timeout must be positive."
        }
        return nil
    }
}
