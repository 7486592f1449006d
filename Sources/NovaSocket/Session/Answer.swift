import NovaKernel

/// What a request is known by: the number that goes out with it and comes back with its answer.
public typealias RequestID = OperationID

/// The answer to a request, as it came.
public struct Answer: Sendable, CustomStringConvertible, CustomReflectable {
    /// The message that it came in.
    public let message: Message
    /// What the handler that sorted the message made of it; nil if nothing.
    public let content: (any Sendable)?
    /// How long it took, from the moment the request went out.
    public internal(set) var roundTrip: Duration = .zero

    /// The kind and the size; never the content.
    public var description: String { "answer in a \(message)" }

    /// The message, of which the size is shown, and the time; never the content.
    public var customMirror: Mirror {
        Mirror(self, children: ["message": message, "roundTrip": roundTrip], displayStyle: .struct)
    }
}
