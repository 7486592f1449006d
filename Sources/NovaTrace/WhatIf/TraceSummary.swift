import NovaKernel

/// What a recording came to, in a few figures: for comparing two of them.
public struct TraceSummary: Hashable, Sendable {
    /// How many attempts there were.
    public var attempts = 0
    /// When each attempt ended, and why.
    public var ends: [End] = []
    /// How long the connection was in use, up to the last step if it still is.
    public var inUse: Duration = .zero
    /// The longest time from an end to the next use of the connection; nil if there was no such time.
    public var longestOutage: Duration?
    /// The state at the end.
    public var state = ""

    /// An attempt's end.
    public struct End: Hashable, Sendable {
        /// When, from the beginning of the recording.
        public var at: Duration
        /// Why, in a sentence.
        public var sentence: String
    }

    /// What `trace` came to, up to the first step that this machine decides otherwise than the one that wrote it; ``Replay``
    /// finds it. Throws if the trace has words that can't be read.
    public init(_ trace: Trace) throws(WordError) {
        var (ready, lost): (Instant?, Instant?) = (nil, nil)
        var now = Instant.zero
        try trace.walk { step in
            now = step.record.at
            attempts = Int(step.kernel.attempt.number)
            state = step.kernel.lifecycle.name
            if step.from != .ready, step.to == .ready {
                ready = now
                if let lost { longestOutage = max(longestOutage ?? .zero, now.since(lost)) }
                lost = nil
            }
            if let since = ready, step.from == .ready, step.to != .ready {
                inUse += now.since(since)
                ready = nil
            }
            guard step.endsAttempt, let cause = step.kernel.termination else { return }
            if lost == nil { lost = now }
            ends.append(End(at: now.since(.zero), sentence: cause.sentence))
        }
        if let ready { inUse += now.since(ready) }
    }
}
