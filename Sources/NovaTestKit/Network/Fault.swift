import NovaKernel
import NovaWire

/// Something that goes wrong between a client and a server, or at the server. Where it has a time, it passes.
///
/// See <doc:Faults> for the ending that each one leads to.
public enum Fault: Hashable, Sendable {
    // The name
    /// The name can't be resolved, with this code of `getaddrinfo`.
    case resolveFailure(code: Int32, for: Duration)
    /// Looking the name up takes this much longer.
    case resolveDelay(Duration, for: Duration)

    // The transport
    /// Connections are refused, with `ECONNREFUSED`. Those that stand are not touched.
    case refuse(for: Duration)
    /// Attempts to connect are not answered at all.
    case ignore(for: Duration)
    /// TLS can't be set up, for this reason.
    case tlsFailure(TLSFailure, for: Duration)
    /// All connections are reset: both ends see `ECONNRESET`, and what is under way is lost.
    case reset
    /// All connections end without a close frame, and under TLS without `close_notify`.
    case truncate
    /// Nothing gets through, either way, on connections that stand and on those that are made; afterwards everything does.
    case stall(for: Duration)
    /// Nothing gets through any more on the present connections, and nobody is told.
    case halfOpen

    // The opening handshake
    /// It is refused with this status, and a `Retry-After` of so many seconds if that is given.
    case refuseUpgrade(status: UInt16, retryAfter: UInt32?, for: Duration)
    /// It is answered with something else than HTTP.
    case garbleUpgrade(for: Duration)
    /// It is not answered.
    case ignoreUpgrade(for: Duration)

    // The protocol
    /// The server closes all connections with this code; with `CloseCode.noStatusReceived` without one.
    case close(CloseCode)
    /// The server breaks the protocol in this way.
    case violate(ProtocolViolation)
    /// The server sends the head of a frame and a few of its bytes, and ends the connection.
    case cutMidFrame
    /// Pings get no pongs.
    case ignorePings(for: Duration)
    /// Close frames are not answered.
    case ignoreClose(for: Duration)
    /// The server reads nothing on the present connections: what is sent to it fills the link.
    case stopReading(for: Duration)
    /// The server sends so many messages of so many bytes at once.
    case flood(messages: Int, bytes: Int)
    /// The server sends so many pings at once.
    case pings(Int)
}

extension Fault {
    /// How long it lasts; zero if it is over at once.
    public var duration: Duration {
        switch self {
        case .resolveFailure(_, let time), .resolveDelay(_, let time), .refuse(let time), .ignore(let time),
            .tlsFailure(_, let time), .stall(let time), .refuseUpgrade(_, _, let time), .garbleUpgrade(let time),
            .ignoreUpgrade(let time), .ignorePings(let time), .ignoreClose(let time), .stopReading(let time):
            time
        case .reset, .truncate, .halfOpen, .close, .violate, .cutMidFrame, .flood, .pings: .zero
        }
    }
}
