/// What of a whole recording is replaced by stand-ins of the same length.
///
/// A recording of stand-ins replays to the byte like any other: what decided anything (sizes, times, boundaries, close
/// codes, statuses, what of a text is not UTF-8) is as it was.
public enum Redaction: Hashable, Sendable {
    /// Everything that may be secret: the payloads of all messages, pings and pongs, the reasons of close frames, the values
    /// of the URL's query, of the caller's headers, and of all headers of the answer that the opening handshake does not
    /// need; the body of a refusal. The URL's path, the origin and the names of subprotocols stay.
    ///
    /// What stands in for a payload is made of its length alone, and of a text also of where it has characters beyond ASCII and
    /// how many bytes each takes: nothing else of it can be found out. A value of a header or of the query is replaced by
    /// letters that follow from it and from a key that is thrown away: equal values stay equal.
    case all
    /// The same, but for messages that are JSON: they are shown, except for the values at these paths. A message is
    /// replaced from where it is no JSON; so is what no path but `$` leads to, a mere string or number.
    ///
    /// What stands in for a value says how long it is, and whether it is a string. A key with an escape in it is taken for
    /// any name, and what is nested more than 128 levels deep for secret.
    case values(at: [JSONPath])
    /// Nothing: the recording has everything that was said, secrets included.
    case nothing

    /// Messages of JSON are shown, except for what is called as credentials are in most protocols: ``JSONPath/credentials``.
    public static let credentials = Redaction.values(at: JSONPath.credentials)
}
