import NovaKernel
import NovaSocket

/// Holds a channel's updates against what is promised: in order, none twice, and a gap wherever something is missing.
package struct SequenceWatch {
    package init() {}

    private var last: (number: Int, attempt: AttemptID)?
    /// The connections that took the place of one which was not lost.
    private var successors: Set<AttemptID> = []
    /// What the gaps since the last message allow to be missing: nil: nothing; otherwise exactly so many, or anything.
    private var missing: Missing?

    private enum Missing {
        case exactly(Int)
        case anything
    }

    /// This connection has taken the place of the one before, which was not lost: their messages are one sequence.
    package mutating func follows(_ attempt: AttemptID) { successors.insert(attempt) }

    /// Takes a message; says what is wrong with it.
    package mutating func take(_ number: Int, on attempt: AttemptID) -> String? {
        defer { (last, missing) = ((number, attempt), nil) }
        guard let last else { return nil }
        guard number > last.number else { return "\(number) came behind \(last.number)" }
        switch missing {
        case .anything: return nil
        case .exactly(let count):
            return number == last.number + 1 + count ? nil : "\(number) behind \(last.number) and a gap of \(count)"
        case nil where !isOne(last.attempt, attempt): return "no gap between two connections"
        case nil: return number == last.number + 1 ? nil : "\(number) behind \(last.number) without a gap"
        }
    }

    /// Whether the two are one connection, or one was changed for the other.
    private func isOne(_ one: AttemptID, _ other: AttemptID) -> Bool {
        let (first, last) = (min(one, other), max(one, other))
        return (first.number..<last.number).allSatisfy { successors.contains(AttemptID($0 + 1)) }
    }

    /// Takes a gap.
    package mutating func take(_ gap: Gap) {
        // Nobody says which message is which: it begins anew.
        if gap.cause == .rolledOver { last = nil }
        switch (gap.cause, missing) {
        case (.connectionLost, _), (.rolledOver, _), (_, .anything): missing = .anything
        case (.overflow(let count), .exactly(let before)): missing = .exactly(before + count)
        case (.overflow(let count), nil): missing = .exactly(count)
        }
    }
}

/// Holds what goes out against a bucket of tokens.
package struct BucketWatch {
    private let capacity: Double
    private let perSecond: Double
    private var count = 0.0
    /// The least of what had gone out before, beyond what the refill allows by then.
    private var least = 0.0

    package init(_ limit: RateLimit) {
        capacity = Double(limit.capacity)
        perSecond = Double(limit.refill) / (Double(limit.interval.wholeNanoseconds) / 1e9)
    }

    /// Something that costs one goes out at that moment; says how much too much went out in some time that ends now.
    package mutating func take(at now: Instant) -> Double? {
        let allowed = Double(now.nanoseconds) / 1e9 * perSecond
        least = count == 0 ? -allowed : min(least, count - allowed)
        count += 1
        let excess = count - allowed - least - capacity
        return excess > 1e-3 ? excess : nil
    }
}
