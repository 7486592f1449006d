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
    /// Whether pings and pongs are to be shown. Close frames always are.
    var wantsControlFrames: Bool { get }
    /// A control frame has come.
    func controlFrameCame(_ frame: ControlFrame, _ attempt: AttemptID)
    /// The connection has gone from one state to another.
    func stateChanged(_ change: StateChange)
    /// An attempt has ended, and another is to follow: when, its handler may say.
    func askDelay(_ attempt: AttemptID, failures: UInt32, _ termination: Termination)
    /// The connection is closed for good.
    func end()
}
