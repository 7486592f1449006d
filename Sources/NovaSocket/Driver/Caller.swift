import NovaKernel
import NovaWire

/// Who asks a driver from any thread: gives it commands, and waits for their answers. It holds the driver, and not the
/// handle: whoever has one does not keep a connection open.
struct Caller: Sendable {
    /// Whom it asks.
    enum Addressee: Sendable {
        /// This driver.
        case one(Driver)
        /// The driver of the session's connection when the call is made, whichever that is.
        case session(SessionSeat)
    }

    let addressee: Addressee
    let port: any Port & Sendable
    let numbers: OperationNumbers

    init(_ driver: Driver, _ port: any Port & Sendable) {
        (addressee, self.port, numbers) = (.one(driver), port, driver.numbers)
    }

    /// One for a session; all its drivers live on the port's thread, and share their numbers.
    init(_ seat: SessionSeat, _ numbers: OperationNumbers, _ port: any Port & Sendable) {
        (addressee, self.port, self.numbers) = (.session(seat), port, numbers)
    }

    /// The driver that a call made now goes to. On the drivers' thread only.
    var driver: Driver {
        switch addressee {
        case .one(let driver): driver
        case .session(let seat): seat.driver
        }
    }

    /// A command, with what it sends.
    enum Request {
        case given(Command, Driver.Outgoing?)
        /// It is made when it is its turn, for the driver that gets it.
        case made(@Sendable (Driver) -> (Command, Driver.Outgoing?))

        fileprivate func parts(for driver: Driver) -> (Command, Driver.Outgoing?) {
            switch self {
            case .given(let command, let outgoing): (command, outgoing)
            case .made(let make): make(driver)
            }
        }
    }

    /// A number that no other call has.
    func nextOperation() -> OperationID { port.isCurrent ? numbers.next() : numbers.nextOutside() }

    /// Runs `body` on the driver's thread.
    nonisolated(nonsending) func onDriver<Value: Sendable>(_ body: @escaping @Sendable (Driver) -> Value) async -> Value
    {
        if port.isCurrent { return body(driver) }
        return await withUnsafeContinuation { continuation in
            port.execute { continuation.resume(returning: body(driver)) }
        }
    }

    /// Gives the machine a command and waits for its answer; throws if it is a refusal.
    nonisolated(nonsending) func perform(
        _ command: Command, _ outgoing: Driver.Outgoing? = nil, _ operation: OperationID
    ) async throws -> Driver.Settlement {
        if port.isCurrent, let answer = driver.begin(operation, command, outgoing) { return try await judge(answer) }
        return try await judge(await answer(operation, port.isCurrent ? nil : .given(command, outgoing)))
    }

    /// The same for a command that is made on the driver's thread, when it is its turn.
    nonisolated(nonsending) func perform(
        _ operation: OperationID, _ make: @escaping @Sendable (Driver) -> (Command, Driver.Outgoing?)
    ) async throws -> Driver.Settlement {
        try await judge(await answer(operation, .made(make)))
    }

    /// Asks for the end of the connection, as far as code and reason may be sent (RFC 6455 §7.4), and waits for it.
    nonisolated(nonsending) func close(_ code: CloseCode, _ reason: String) async {
        let code = code.mayAppearOnWire || code == .noStatusReceived ? code : .normalClosure
        let reason = Self.fitting(reason)
        let outgoing = Driver.Outgoing(opcode: .close, isFinal: true, payload: .bytes(reason))
        let operation = nextOperation()
        _ = await withUnsafeContinuation { (continuation: UnsafeContinuation<Driver.Settlement, Never>) in
            port.execute { driver.begin(operation, .close(code, reasonCount: reason.count), outgoing, continuation) }
        }
    }

    /// Asks for the end of this connection, not of the wish for one.
    nonisolated(nonsending) func fail(_ attempt: AttemptID, _ code: CloseCode, _ reason: String) async throws {
        let code = code.mayAppearOnWire ? code : .policyViolation
        let reason = Self.fitting(reason)
        let outgoing = Driver.Outgoing(opcode: .close, isFinal: true, payload: .bytes(reason))
        _ = try await perform(.fail(attempt, code, reasonCount: reason.count), outgoing, nextOperation())
    }

    /// As much of a reason as a close frame has room for, in whole characters.
    private static func fitting(_ reason: String) -> [UInt8] {
        var reason = reason[...]
        while reason.utf8.count > CloseCode.maximumReasonBytes { reason.removeLast() }
        return Array(reason.utf8)
    }

    /// Waits for the answer to a command; gives it to the machine first if that was not done.
    nonisolated(nonsending) func answer(
        _ operation: OperationID, _ request: Request?
    ) async -> Driver.Settlement {
        let abandon: @Sendable () -> Void = { port.execute { abandonHere(operation) } }
        return await withTaskCancellationHandler {
            await withUnsafeContinuation { (continuation: UnsafeContinuation<Driver.Settlement, Never>) in
                if let request {
                    port.execute {
                        let driver = driver
                        let (command, outgoing) = request.parts(for: driver)
                        driver.begin(operation, command, outgoing, continuation)
                    }
                } else {
                    driver.wait(for: operation, continuation)
                }
                // The handler may have come before the command: then it had nothing to abandon.
                if Task.isCancelled { abandon() }
            }
        } onCancel: {
            abandon()
        }
    }

    /// A session's operation may have gone with its connection, or moved to the next.
    private func abandonHere(_ operation: OperationID) {
        switch addressee {
        case .one(let driver): driver.handle(.abandoned(operation))
        case .session(let seat):
            for driver in seat.drivers where driver.isAwaited(operation) { driver.handle(.abandoned(operation)) }
        }
    }

    nonisolated(nonsending) func judge(_ answer: Driver.Settlement) async throws -> Driver.Settlement {
        guard case .outcome(let outcome) = answer else { return answer }
        switch outcome {
        case .opened, .written, .answered, .subscribed, .unsubscribed, .authenticated, .failing: return answer
        case .refused(.cancelled): throw CancellationError()
        case .closed, .refused(.closed), .refused(.connectionLost):
            if let termination = await termination { throw WebSocketError.ended(termination) }
            throw WebSocketError.refused(.closed)
        case .refused(let refusal): throw WebSocketError.refused(refusal)
        }
    }

    /// How the last connection ended; nil if none has.
    var termination: Termination? {
        get async {
            await onDriver { driver in
                switch addressee {
                case .one: driver.termination
                case .session(let seat): seat.termination
                }
            }
        }
    }
}
