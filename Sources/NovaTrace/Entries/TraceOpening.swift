/// What a whole recording says of the opening handshake: enough to send the same request again.
public struct TraceOpening: Hashable, Sendable, Codable {
    /// The URL.
    public var url: String
    /// `Origin`, if there is one.
    public var origin: String?
    /// The subprotocols offered.
    public var subprotocols: [String]
    /// The caller's own headers: names and values in turn.
    public var headers: [[String]]
    /// How much is kept of a refusal's body, in bytes.
    public var maximumRefusalBody: Int

    /// An opening with all its parts.
    public init(url: String, origin: String?, subprotocols: [String], headers: [[String]], maximumRefusalBody: Int) {
        self.url = url
        self.origin = origin
        self.subprotocols = subprotocols
        self.headers = headers
        self.maximumRefusalBody = maximumRefusalBody
    }
}

// Credentials are in it where nothing is redacted: they are never printed.
extension TraceOpening: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// How many headers and subprotocols there are; never a value, and not the URL, whose query may be a secret.
    public var description: String {
        "an opening handshake with \(counted(headers.count, "header")) and \(counted(subprotocols.count, "subprotocol"))"
    }

    /// The same as ``description``.
    public var debugDescription: String { description }

    /// Nothing.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
