import NovaKernel

/// Who stands behind a session, on the driver's thread: what the machine asks of handlers goes there, and comes back as
/// events. A plain connection has none.
package protocol SessionDesk: AnyObject {
    /// A message has come, and is to be passed on.
    func sort(_ message: Message)
    /// Credentials are to be got and presented: this is the exchange of that number.
    func authenticate(_ attempt: AttemptID, exchange: UInt32)
    /// The server is to be asked for this subscription.
    func subscribe(_ attempt: AttemptID, _ id: SubscriptionID)
    /// The server is to be told that it is not wanted any more.
    func unsubscribe(_ attempt: AttemptID, _ id: SubscriptionID)
    /// Those who take its messages are to be told.
    func tell(_ id: SubscriptionID, _ news: SubscriptionNews)
    /// The connection is closed for good.
    func end()
}
