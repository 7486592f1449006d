import NovaSocket

/// What a channel tells.
public protocol DeribitData: Decodable, Sendable {
    /// Whether something is missing between `previous` and this: where messages are numbered, they say so themselves.
    func gap(behind previous: Self) -> DeribitGap?
}

extension DeribitData {
    /// Nobody can tell.
    public func gap(behind previous: Self) -> DeribitGap? { nil }
}

extension Deribit.Ticker: DeribitData {}
extension JSONValue: DeribitData {}
extension Array: DeribitData where Element == Deribit.Trade {}

extension Deribit.BookUpdate: DeribitData {
    /// A change must begin where the last one ended.
    public func gap(behind previous: Self) -> DeribitGap? {
        guard let begins = previousChangeID, begins != previous.changeID else { return nil }
        return .sequence(expected: previous.changeID, found: begins)
    }
}
