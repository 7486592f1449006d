import NovaKernel

/// Random numbers that follow from a seed alone: SplitMix64.
public struct SeededRandom: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// The numbers of this seed.
    public init(seed: UInt64) { state = seed }

    /// The next 64 bits.
    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        return Backoff.mix(state)
    }

    /// A generator of its own for a part of a simulation, so that more numbers drawn there move nothing elsewhere.
    mutating func fork() -> SeededRandom { SeededRandom(seed: next()) }

    /// True so many times in a thousand.
    mutating func chance(perMille: UInt64) -> Bool { next() % 1000 < perMille }

    /// A number below `bound`, which is not zero.
    mutating func below(_ bound: Int) -> Int { Int(truncatingIfNeeded: next() % UInt64(max(1, bound))) }

    /// One of them.
    mutating func pick<Element>(_ first: Element, _ others: Element...) -> Element {
        let index = below(others.count + 1)
        return index == 0 ? first : others[index - 1]
    }

    /// A duration between the two, to the microsecond.
    mutating func duration(from least: Duration, to most: Duration) -> Duration {
        let (low, high) = (least.wholeNanoseconds / 1000, most.wholeNanoseconds / 1000)
        return .microseconds(Int64(low + (high > low ? next() % (high - low + 1) : 0)))
    }
}
