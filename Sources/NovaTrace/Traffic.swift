/// Bytes that crossed the socket.
public struct Traffic: Hashable, Sendable {
    /// Which way.
    public enum Direction: String, Sendable {
        /// From us to the server.
        case sent
        /// From the server to us.
        case received
    }

    /// Which way they went.
    public var direction: Direction
    /// When, in nanoseconds since the beginning of the trace.
    public var t: UInt64
    /// The attempt they belong to.
    public var attempt: UInt32
    /// The bytes themselves, as the layer above TLS has them.
    public var bytes: [UInt8]

    /// Bytes that went this way at this time.
    public init(_ direction: Direction, t: UInt64, attempt: UInt32, _ bytes: [UInt8]) {
        self.direction = direction
        self.t = t
        self.attempt = attempt
        self.bytes = bytes
    }
}

// Credentials and messages are in it: they are never printed.
extension Traffic: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The direction, the attempt, and how many bytes.
    public var description: String { "\(direction.rawValue) \(bytes.count) bytes, attempt \(attempt)" }

    /// The same as ``description``.
    public var debugDescription: String { description }

    /// Nothing.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

extension Trace {
    /// The bytes of a whole recording; none if it is not whole.
    public var traffic: [Traffic] {
        entries.compactMap { place, entry in
            // The step that follows says when.
            let t = steps.indices.contains(place) ? steps[place].t : steps.last?.t ?? 0
            switch entry {
            case .received(let attempt, let bytes):
                return Traffic(.received, t: t, attempt: attempt.number, bytes)
            case .wrote(let attempt, let bytes, _) where !bytes.isEmpty:
                return Traffic(.sent, t: t, attempt: attempt.number, bytes)
            case .wrote, .command, .event, .writable, .turnEnded, .job, .maskKey, .handshakeKey, .delivered: return nil
            }
        }
    }
}
