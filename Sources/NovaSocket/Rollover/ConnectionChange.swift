import NovaKernel
import NovaMachine
import NovaWire

/// What a session needs to change its connections: the machine that decides it, and what that knows by number only.
struct ConnectionChange {
    /// The mind.
    var machine: Rollover
    /// Makes the driver of the connection of that number, whose attempts follow this one.
    let make: (_ leg: UInt32, _ attempt: AttemptID) throws -> (Driver, any Port & Sendable)

    /// Those who wait for the end of it.
    var callers: [OperationID: UnsafeContinuation<Result<Void, any Error>, Never>] = [:]
    /// Why the next connection came to nothing, in more words than the machine has.
    var failure: (any Error)?
    /// What happens while something is being done waits for its turn.
    var pending: [Rollover.Event] = []
    var isHandling = false
    /// Whether somebody is about to look if the connection before is done.
    var isLooking = false

    /// One for a session with its first connection.
    init(_ endpoint: Endpoint, _ options: WebSocketOptions, _ numbers: OperationNumbers) {
        machine = Rollover(options.rollover)
        make = { leg, attempt in
            var options = options
            if let recording = options.recording {
                guard let own = recording.ofConnection(leg) else {
                    throw WebSocketError(.invalidOptions, "The recording takes the lines of one connection only.")
                }
                options.recording = own
            }
            return try WebSocket.makeDriver(endpoint, options, after: attempt, numbers: numbers)
        }
    }

    /// The number of the session's connection.
    var leg: UInt32 { machine.leg }
}

extension Session {
    /// Changes the session's connection for a new one, without a gap: the new one is made, authenticated and subscribed to all
    /// that is wanted, before the old one is left. Returns when the old one is closed.
    ///
    /// Until the new connection is ready, everything goes on as before; if it can't be made so, this throws and nothing has
    /// changed. From then on the session is the new one; requests and messages that the old one has begun are finished there,
    /// and then it is closed with 1000. While both are there, each brings the messages of channels: where a
    /// ``PositionHandler`` says which is which, no message is lost and none comes twice; where nobody does, a gap of the cause
    /// ``Gap/Cause/rolledOver`` marks the change. All other messages are handed on from both.
    ///
    /// A rate limit is each connection's own: the new one begins with all its tokens, where it is no ``SharedRateLimit``.
    ///
    /// How long it may take says ``WebSocketOptions/rollover``. Who calls while it is under way waits for the same end. It
    /// may be called off by cancelling all callers' tasks until the new connection is ready.
    ///
    /// Throws ``WebSocketError``: `.refused` with `.notOpen` if the session is not ready, with `.timedOut` if the new
    /// connection is not in time, with `.closing` while one that came to nothing is being closed; `connectionEnded` with how
    /// the new connection ended, or the old one meanwhile; `.invalidOptions` if the two can't be recorded apart
    /// (``Recording/lines(_:_:)``). What the server says if it refuses on the new connection what it has confirmed on the old
    /// one. `CancellationError`.
    public nonisolated(nonsending) func rollOver() async throws {
        let (core, operation) = (core, line.caller.nextOperation())
        let outcome = await withTaskCancellationHandler {
            await withUnsafeContinuation { (continuation: UnsafeContinuation<Result<Void, any Error>, Never>) in
                core.port.execute { core.askForChange(operation, continuation) }
                if Task.isCancelled { core.port.execute { core.handle(.abandoned(operation)) } }
            }
        } onCancel: {
            core.port.execute { core.handle(.abandoned(operation)) }
        }
        try outcome.get()
    }
}

// MARK: - The interpreter

extension SessionCore {
    fileprivate func askForChange(
        _ operation: OperationID, _ continuation: UnsafeContinuation<Result<Void, any Error>, Never>
    ) {
        change.callers[operation] = continuation
        handle(.asked(operation, isReady: driver?.kernel.standing == .ready))
    }

    /// Takes an event. From inside an effect it waits until the step is done.
    func handle(_ event: Rollover.Event) {
        change.pending.append(event)
        guard !change.isHandling else { return }
        change.isHandling = true
        while !change.pending.isEmpty {
            let step = change.machine.handle(change.pending.removeFirst())
            step.effects.forEach(perform)
        }
        change.isHandling = false
    }

    /// One effect, one line. Nothing is decided here.
    private func perform(_ effect: Rollover.Effect) {
        switch effect {
        case .prepare(let leg): prepare(leg)
        case .turn(let leg): turn(to: leg)
        case .leave(let leg): afterThisStep { $0.leave(leg, $1) }
        case .giveUp(let leg): afterThisStep { $0.close(leg, $1, .goingAway) }
        case .arm(let leg, let state, let time):
            port.execute(after: time) { [weak self] in self?.handle(.expired(leg: leg, state)) }
        case .settle(let operation, let verdict): settle(operation, verdict)
        }
    }

    private func settle(_ operation: OperationID, _ verdict: Rollover.Verdict) {
        guard let continuation = change.callers.removeValue(forKey: operation) else { return }
        switch verdict {
        case .done: continuation.resume(returning: .success(()))
        case .refused(.cancelled): continuation.resume(returning: .failure(CancellationError()))
        case .refused(.connectionLost):
            continuation.resume(returning: .failure(change.failure ?? WebSocketError.refused(.connectionLost)))
        case .refused(let refusal): continuation.resume(returning: .failure(WebSocketError.refused(refusal)))
        }
    }

    /// Makes the next connection, with everything that the session is subscribed to.
    private func prepare(_ number: UInt32) {
        guard let seat else { return handle(.closing) }
        change.failure = nil
        do {
            let kernel = seat.driver.kernel
            let (driver, port) = try change.make(number, kernel.attempt)
            let leg = SessionLeg(number, self, driver, port)
            driver.desk = leg
            let own = seat.driver.desk as? SessionLeg
            leg.beside = own
            own?.beside = leg
            seat.seat(driver)
            for entry in kernel.subscriptions.entries where entry.status != .failed {
                wish(entry.id, entry.terms, of: driver)
            }
            MessagePump(SessionLine(Caller(driver, port), self), leg).start()
            _ = driver.begin(driver.nextOperation(), .connect, nil)
        } catch {
            change.failure = error
            handle(.closed(leg: number))
        }
    }

    /// What is wanted while the next connection is being made is wanted there too.
    func alsoWish(_ id: SubscriptionID, _ terms: SubscriptionTerms) {
        guard change.machine.state == .preparing, let other = seat?.other else { return }
        wish(id, terms, of: other)
    }

    private func wish(_ id: SubscriptionID, _ terms: SubscriptionTerms, of driver: Driver) {
        _ = driver.begin(driver.nextOperation(), .subscribe(id, terms), nil)
    }

    /// The next connection is the session's from now on; the one before is watched until it is done.
    private func turn(to leg: UInt32) {
        guard let seat else { return }
        seat.turn()
        let (driver, attempt) = (seat.driver, seat.driver.kernel.attempt)
        for confirmed in driver.kernel.subscriptions.entries where confirmed.status == .confirmed {
            guard let entry = entries[confirmed.id] else { continue }
            let before = seat.other?.kernel.subscriptions[confirmed.id]
            entry.isStill = before?.isStale ?? false
            if entry.turn(to: attempt, lostAt: before?.lostAt) { note(.confirmed, of: entry) }
        }
        seat.other?.witnesses.append(LastSteps(self))
        afterThisStep { $0.moveUnsent(to: leg, $1) }
        lookIfDone()
    }

    /// Looks, when the present step is done, whether the connection before has anything to do.
    func lookIfDone() {
        guard !change.isLooking else { return }
        change.isLooking = true
        port.execute { [self] in
            change.isLooking = false
            guard change.machine.state == .leaving, let leg = change.machine.other, let other = seat?.other,
                other.keptForCallers.calls == 0, other.kernel.outbox.isEmpty,
                entries.values.allSatisfy(\.hasMet)
            else { return }
            handle(.finished(leg: leg))
        }
    }

    /// What a connection has just done leads to commands for it: they come when its step is done.
    private func afterThisStep(_ body: @escaping @Sendable (SessionCore, SessionSeat) -> Void) {
        guard let seat else { return }
        port.execute { body(self, seat) }
    }

    /// What is kept and has not gone out on the connection before goes out on this one.
    private func moveUnsent(to leg: UInt32, _ seat: SessionSeat) {
        guard let other = seat.other, seat.driver.leg == leg else { return }
        moveKept(from: other, to: seat.driver, unsentOnly: true)
    }

    /// What the connection before keeps for another goes out on this one; then it is closed.
    private func leave(_ leg: UInt32, _ seat: SessionSeat) {
        if let other = seat.other, other.leg == leg { moveKept(from: other, to: seat.driver, unsentOnly: false) }
        close(leg, seat, .normalClosure)
    }

    private func close(_ leg: UInt32, _ seat: SessionSeat, _ code: CloseCode) {
        guard let other = seat.other, other.leg == leg else { return }
        _ = other.begin(other.nextOperation(), .close(code, reasonCount: 0), nil)
    }
}

extension Driver {
    /// Which of a session's connections it makes.
    fileprivate var leg: UInt32? { (desk as? SessionLeg)?.number }
}

/// Sees the last steps of a connection that is being left: after each it may be done.
private final class LastSteps: StepWitness {
    private weak var core: SessionCore?

    init(_ core: SessionCore) { self.core = core }

    func stepTaken(_ step: WitnessedStep, _ effects: Effects<Effect>, after kernel: borrowing Kernel) {
        core?.lookIfDone()
    }

    func stepsEnded() {}
}
