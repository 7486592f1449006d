/// What a session is known by in a registry, as long as it is in it; never given to another one there.
public struct SessionID: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// 1 for the first session that was registered, one more for each that follows.
    public let number: UInt64

    /// The id of that number.
    public init(_ number: UInt64) { self.number = number }

    /// `#7`
    public var description: String { "#\(number)" }

    /// The earlier registered is less.
    public static func < (left: SessionID, right: SessionID) -> Bool { left.number < right.number }
}
