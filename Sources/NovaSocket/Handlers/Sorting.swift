/// What a message of the server is, as far as the session must know to pass it on.
public enum Sorting: Sendable {
    /// It is the answer to a request. `content` is whatever was made of it on the way, for whoever decodes it.
    case answer(RequestID, content: (any Sendable)? = nil)
    /// It belongs to a subscription.
    case channel(String)
    /// It says that the server has ended the subscriptions of a channel: their sequences end, with the reason if there is
    /// one. To a subscription that the server had not confirmed yet, the reason is its refusal.
    case channelEnded(String, reason: (any Error)? = nil)
    /// It is for ``MessageConsumer/handle(_:_:)``.
    case other
    /// It is several at once, such as a batch.
    case several([Sorting])
    /// It can't be read; why, in a sentence without anything of its content.
    case invalid(reason: String)
}
