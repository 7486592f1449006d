extension Outbound {
    /// Which part of a message a send is.
    public enum Part: Hashable, Sendable {
        /// A whole message.
        case whole
        /// The first fragment; its operation is the name of the message.
        case first
        /// A further fragment of the message that began with that operation.
        case next(OperationID)
        /// The last fragment of it.
        case last(OperationID)
        /// A whole message whose caller waits on when it is accepted.
        case posted(Retaining)
    }
}

extension Outbound.Part {
    /// Whether it goes on with a message that has begun.
    var continuesMessage: Bool {
        switch self {
        case .whole, .first, .posted: false
        case .next, .last: true
        }
    }
}
