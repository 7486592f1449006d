/// What of a whole recording is replaced by stand-ins.
public enum Redaction: Hashable, Sendable {
    /// Nothing: the recording has everything that was said, secrets included.
    case nothing
}
