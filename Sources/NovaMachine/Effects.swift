/// A list of effects that needs no heap for two or fewer.
///
/// Nearly every step asks for none, one or two effects; an array for each would cost more than the decision itself.
@frozen
public enum Effects<Effect> {
    /// Nothing is to be done.
    case none
    /// One thing is to be done.
    case one(Effect)
    /// Two things are to be done, in this order.
    case two(Effect, Effect)
    /// Three things or more, in this order.
    case many([Effect])

    /// Adds `effect` behind what is there.
    @inlinable
    public mutating func append(_ effect: Effect) {
        switch self {
        case .none: self = .one(effect)
        case .one(let first): self = .two(first, effect)
        case .two(let first, let second): self = .many([first, second, effect])
        case .many(var all):
            self = .none  // gives up this value's reference, so that the array grows in place
            all.append(effect)
            self = .many(all)
        }
    }

    /// Adds all of `other` behind what is there.
    @inlinable
    public mutating func append(contentsOf other: Effects) { other.forEach { append($0) } }

    /// Calls `body` with each effect in order.
    @inlinable
    public func forEach<Failure: Error>(_ body: (Effect) throws(Failure) -> Void) throws(Failure) {
        switch self {
        case .none: break
        case .one(let first): try body(first)
        case .two(let first, let second):
            try body(first)
            try body(second)
        case .many(let all): for effect in all { try body(effect) }
        }
    }

    /// The effects as an array, for tests and printing.
    public var array: [Effect] {
        var all: [Effect] = []
        forEach { all.append($0) }
        return all
    }
}

extension Effects: Equatable where Effect: Equatable {
    /// Equal when the same effects stand in the same order, however they are stored.
    public static func == (left: Effects, right: Effects) -> Bool { left.array == right.array }
}

extension Effects: Hashable where Effect: Hashable {
    /// Hashes what ``==(_:_:)`` compares.
    public func hash(into hasher: inout Hasher) { hasher.combine(array) }
}

extension Effects: Sendable where Effect: Sendable {}

extension Effects: ExpressibleByArrayLiteral {
    /// The effects of a list literal, in its order.
    @inlinable
    public init(arrayLiteral elements: Effect...) {
        self = .none
        for element in elements { append(element) }
    }
}
