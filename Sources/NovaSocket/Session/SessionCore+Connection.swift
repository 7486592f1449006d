import NovaKernel

// What becomes of the connection is told to the handler that wants to see it, in order, away from the driver's thread.

extension SessionCore {
    /// Something that the handler of connections is told, and by which connection.
    enum News: Sendable {
        case changed(StateChange, SessionLeg, SessionLine)
        case came(ControlFrame, AttemptID, SessionLeg, SessionLine)
    }

    /// More than these do not wait for it.
    private static let mostNews = 1024

    /// Tells the handler of connections, if there is one, until the session is closed. It does not hold the session.
    func startTelling() {
        guard let handler = handlers.connection else { return }
        let (stream, continuation) = AsyncStream.makeStream(
            of: News.self, bufferingPolicy: .bufferingOldest(Self.mostNews))
        news = continuation
        Task(executorPreference: executor) {
            for await news in stream { await Self.tell(handler, news) }
        }
    }

    private nonisolated(nonsending) static func tell(
        _ handler: any ConnectionHandler, _ news: News
    ) async {
        switch news {
        case .came(let frame, let attempt, let leg, let line):
            let context = SessionContext(line: line, stage: .ready, willSend: {}, attempt: attempt)
            await leg.call(.connection, context) { try await handler.received(frame, context) }
        case .changed(let change, let leg, let line):
            let context = SessionContext(line: line, stage: .ready, willSend: {}, attempt: change.attempt)
            await leg.call(.connection, context) {
                await handler.stateChanged(change)
                // A wait that is given up is the same end, told again.
                if let termination = change.termination, change.from != .backingOff, change.from != .idle {
                    await handler.disconnected(termination)
                }
                switch change.to {
                case .resolving: await handler.connecting(change.attempt)
                case .ready: return try await handler.connected(context)
                case .idle, .dialing, .tunnelling, .securing, .upgrading, .refused, .authenticating, .restoring,
                    .draining, .closeSent, .awaitingEnd, .backingOff, .closed:
                    break
                }
                return .nothing
            }
        }
    }
}

extension SessionLeg {
    var wantsControlFrames: Bool { handlers.connection?.wantsPingsAndPongs ?? false }

    func controlFrameCame(_ frame: ControlFrame, _ attempt: AttemptID) {
        pass(attempt) { .came(frame, attempt, self, $0) }
    }

    func stateChanged(_ change: StateChange) {
        core.legChanged(self, change)
        if isSession { core.tellChange(change) }
        pass(change.attempt) { .changed(change, self, $0) }
    }

    private func pass(_ attempt: AttemptID, _ item: (SessionLine) -> SessionCore.News) {
        guard let news = core.news, let line else { return }
        if case .dropped = news.yield(item(line)) { report(.connection, .missed(count: 1), attempt) }
    }
}
