import NovaKernel

/// The connection has gone from one state to another.
public struct StateChange: Sendable, CustomStringConvertible {
    /// Where it was.
    public let from: Lifecycle.Standing
    /// Where it is.
    public let to: Lifecycle.Standing
    /// The row of the transition table that moved it.
    public let rule: Lifecycle.Rule
    /// The attempt under way.
    public let attempt: AttemptID
    /// When, on the connection's monotonic clock.
    public let at: Instant
    /// How the attempt ended, if this is its end.
    public let termination: Termination?

    /// `connecting.dialing → connecting.securing [dialed]`
    public var description: String { "\(from.name) → \(to.name) [\(rule.rawValue)]" }
}

/// The changes of a connection's state, from the moment the sequence was made, ending with the connection.
///
/// Any number of tasks may watch. A watcher that falls behind by more than 256 changes loses the oldest.
public struct StateChanges: AsyncSequence, Sendable {
    /// A change.
    public typealias Element = StateChange
    let stream: AsyncStream<StateChange>

    /// Hands out the changes one after the other.
    public struct AsyncIterator: AsyncIteratorProtocol {
        var base: AsyncStream<StateChange>.Iterator

        /// The next change; nil after the last.
        public mutating func next() async -> StateChange? { await base.next() }
    }

    /// An iterator over the changes.
    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(base: stream.makeAsyncIterator()) }
}
