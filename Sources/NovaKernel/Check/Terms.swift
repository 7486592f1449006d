/// By which terms the callers of a composition post.
enum Terms {
    static let plain = Dispatch()
    static let kept = Dispatch(retention: .keep(milliseconds: 5000))
    /// For the connection that is there, and for the one before.
    static let bound = Dispatch(retention: .within(Situation.current))
    static let late = Dispatch(retention: .within(Situation.past))
    static let request = Dispatch(answerMilliseconds: 2000)
    static let keptRequest = Dispatch(retention: .keep(milliseconds: 5000), answerMilliseconds: 2000)
    /// Costs all that the bucket holds.
    static let dear = Dispatch(cost: 2)
    /// Costs more than that.
    static let tooDear = Dispatch(cost: 3)
    /// One whose messages may stay away, and one whose may not.
    static let subscriptions: KeyValuePairs<SubscriptionID, SubscriptionTerms> = [
        SubscriptionID(1): SubscriptionTerms(),
        SubscriptionID(2): SubscriptionTerms(freshnessMilliseconds: 5000),
    ]
    /// Goes before all others.
    static let urgent = Dispatch(priority: 200)
}

extension Caller {
    /// All who post.
    static let posts = posting + keeping + requesting + insisting + urging
}
