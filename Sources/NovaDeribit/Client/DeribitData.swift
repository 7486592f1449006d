import NovaSocket

/// What a channel tells.
public protocol DeribitData: Decodable, Sendable {
    /// Whether something is missing between `previous` and this: where messages are numbered, they say so themselves.
    func gap(behind previous: Self) -> DeribitGap?

    /// What of this `previous` has not told, while a session changes connections; nil if nothing.
    func news(behind previous: Self) -> Self?
}

extension DeribitData {
    /// Nobody can tell.
    public func gap(behind previous: Self) -> DeribitGap? { nil }

    /// All of it.
    public func news(behind previous: Self) -> Self? { self }
}

extension Deribit.Ticker: DeribitData {}
extension JSONValue: DeribitData {}

extension Array: DeribitData where Element == Deribit.Trade {
    /// Two connections may cut a row of trades in different places: those that are known are left out.
    public func news(behind previous: Self) -> Self? {
        guard let last = previous.last else { return self }
        let news = filter { $0.instrument != last.instrument || $0.sequence > last.sequence }
        return news.isEmpty && !isEmpty ? nil : news
    }
}

extension Deribit.BookUpdate: DeribitData {
    /// A change must begin where the last one ended.
    public func gap(behind previous: Self) -> DeribitGap? {
        guard let begins = previousChangeID, begins != previous.changeID else { return nil }
        return .sequence(expected: previous.changeID, found: begins)
    }
}
