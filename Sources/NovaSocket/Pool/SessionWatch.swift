/// Sees what becomes of a session, for whoever keeps several.
final class SessionWatch: SessionListener {
    private let tell: @Sendable (StateChange) -> Void
    init(_ tell: @escaping @Sendable (StateChange) -> Void) { self.tell = tell }
    func changed(_ change: StateChange) { tell(change) }
}
