/// The head of an HTTP response.
public struct ResponseHead: Hashable, Sendable, CustomStringConvertible {
    /// The status code.
    public var status: UInt16
    /// The words behind it; often empty.
    public var reason: String
    /// The fields, in their order.
    public var fields: [HeaderField]
    /// Whether the response is one of HTTP/1.1, not of HTTP/1.0.
    var isCurrentVersion = true

    /// A head of these parts.
    public init(status: UInt16, reason: String = "", fields: [HeaderField] = []) {
        self.status = status
        self.reason = reason
        self.fields = fields
    }

    /// The head that a status line begins (RFC 9112 §4); nil if it is none.
    init?(statusLine: String, _ fields: [HeaderField]) {
        let parts = statusLine.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count >= 2, parts[0] == "HTTP/1.1" || parts[0] == "HTTP/1.0" else { return nil }
        guard parts[1].utf8.count == 3, let status = UInt16(parts[1]), status >= 100 else { return nil }
        self.init(status: status, reason: parts.count > 2 ? String(parts[2]) : "", fields: fields)
        isCurrentVersion = parts[0] == "HTTP/1.1"
    }

    /// The value of the first field of this name.
    public subscript(_ name: String) -> String? { fields.first { $0.isNamed(name) }?.value }

    /// `Retry-After` in seconds (RFC 9110 §10.2.3); nil if there is none that makes sense. A date is held against the
    /// response's own `Date`: this end's clock may be wrong.
    public var retryAfter: UInt32? {
        guard let text = self["Retry-After"] else { return nil }
        if let seconds = UInt32(text) { return seconds }
        guard let then = HTTPDate(text), let now = self["Date"].flatMap({ HTTPDate($0) }) else { return nil }
        return UInt32(clamping: max(0, then.seconds - now.seconds))
    }

    /// Status and reason; the fields may be secret.
    public var description: String { reason.isEmpty ? "\(status)" : "\(status) \(reason)" }
}
