import NovaKernel

/// Sees how the session's connections come and go. All of it is called one at a time, in the order in which it happened,
/// away from the connection's thread.
public protocol ConnectionHandler: Sendable {
    /// Whether pings and pongs are to be shown to ``received(_:_:)``, too.
    var wantsPingsAndPongs: Bool { get }

    /// An attempt at a connection has begun.
    func connecting(_ attempt: AttemptID) async

    /// The session is ready: authenticated, subscriptions restored. It may send, and say what else is to be done.
    func connected(_ context: SessionContext) async throws -> Reaction

    /// A connection, or an attempt at one, has ended, which is told once; its finality says whether another follows.
    func disconnected(_ termination: Termination) async

    /// The connection has gone from one state to another; told before what it means.
    func stateChanged(_ change: StateChange) async

    /// A control frame has come. It needs no answer: that is seen to.
    func received(_ frame: ControlFrame, _ context: SessionContext) async throws -> Reaction

    /// What ``Session/status`` says besides; nil: nothing.
    func statusNote() async -> String?
}

extension ConnectionHandler {
    /// Close frames only.
    public var wantsPingsAndPongs: Bool { false }
    /// Nothing is done.
    public func connecting(_ attempt: AttemptID) async {}
    /// Nothing is done.
    public func connected(_ context: SessionContext) async throws -> Reaction { .nothing }
    /// Nothing is done.
    public func disconnected(_ termination: Termination) async {}
    /// Nothing is done.
    public func stateChanged(_ change: StateChange) async {}
    /// Nothing is done.
    public func received(_ frame: ControlFrame, _ context: SessionContext) async throws -> Reaction { .nothing }
    /// Nothing is added.
    public func statusNote() async -> String? { nil }
}
