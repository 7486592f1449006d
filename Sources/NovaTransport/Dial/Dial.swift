import NovaMachine

/// Which of a host's addresses is tried when: one after the other, each with an even share of the time that is left; the
/// last one for as long as the dialing may take, which is not this machine's business.
public struct Dial: Machine {
    /// Where the dialing is.
    public enum State: Hashable, Sendable {
        case idle
        case trying(Int)
        case connected
        case failed
        case cancelled
    }

    /// What may happen to it.
    public enum Event: Hashable, Sendable {
        /// Dial so many addresses within this time.
        case start(count: Int, within: Duration)
        /// The address of this number has answered.
        case connected(Int)
        /// It has failed, with this `errno`, when so much time was left of the whole.
        case failed(Int, errno: Int32, left: Duration)
        /// It has used up its share, when so much was left of the whole.
        case expired(Int, left: Duration)
        /// Nobody wants the connection any more.
        case cancel
    }

    /// What it wants done.
    public enum Effect: Hashable, Sendable {
        /// Connect to the address of this number, and tell when this time is over; nil: it is the last.
        case connect(Int, within: Duration?)
        /// Give the attempt at this address up.
        case abandon(Int)
        /// The address of this number is connected: that is the result.
        case succeed(Int)
        /// None is; this is the last one's `errno`.
        case fail(errno: Int32)
    }

    /// The rows of the transition table.
    public enum Rule: String, Hashable, Sendable, CaseIterable {
        case begin, nothingToDial, connected, nextAfterFailure, nextAfterTime, lastFailed, cancelled, stale
    }

    /// `EADDRNOTAVAIL`.
    private static let noAddress: Int32 = 99
    /// No address gets less than this while there is another after it.
    private static let leastShare = Duration.milliseconds(250)

    /// Where the dialing is.
    public private(set) var state = State.idle
    private var count = 0

    /// A dialing that has not begun.
    public init() {}

    /// The state's name.
    public var path: [String] {
        switch state {
        case .idle: ["idle"]
        case .trying: ["trying"]
        case .connected: ["connected"]
        case .failed: ["failed"]
        case .cancelled: ["cancelled"]
        }
    }

    /// State × event → state′ × effects.
    public mutating func handle(_ event: Event, _ out: inout Effects<Effect>) -> Rule {
        switch (state, event) {
        case (.idle, .start(let count, let time)):
            guard count > 0 else {
                state = .failed
                return out(.nothingToDial, .fail(errno: Self.noAddress))
            }
            self.count = count
            return out(.begin, dial(0, time))
        case (.trying(let index), .connected(let other)) where index == other:
            state = .connected
            return out(.connected, .succeed(index))
        case (.trying(let index), .failed(let other, let errno, let left)) where index == other:
            if index + 1 < count { return out(.nextAfterFailure, dial(index + 1, left)) }
            state = .failed
            return out(.lastFailed, .fail(errno: errno))
        case (.trying(let index), .expired(let other, let left)) where index == other:
            guard index + 1 < count else { return .stale }
            return out(.nextAfterTime, .abandon(index), dial(index + 1, left))
        case (.trying(let index), .cancel):
            state = .cancelled
            return out(.cancelled, .abandon(index))
        case (.idle, .cancel):
            state = .cancelled
            return .cancelled
        case (.idle, _), (.trying, _), (.connected, _), (.failed, _), (.cancelled, _): return .stale
        }
    }

    private mutating func dial(_ index: Int, _ left: Duration) -> Effect {
        state = .trying(index)
        return .connect(index, within: index + 1 < count ? max(left / (count - index), Self.leastShare) : nil)
    }
}
