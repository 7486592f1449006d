import NovaKernel
import NovaWire

// MARK: - Sending

extension WebSocket {
    /// Sends a text message. Returns when it is accepted: it is written, or waits within the policy's
    /// `outbound.maximumBytes`.
    ///
    /// Throws ``WebSocketError`` of code `.refused` if there is no open connection now or too many sends wait already, of
    /// code `.connectionEnded` if the connection is closed for good or is lost while it waits for room, and
    /// `CancellationError` if the task is cancelled while it waits for room; in all cases nothing of the message was
    /// sent.
    public nonisolated(nonsending) func send(_ text: String) async throws {
        if let unsettled = offer(.text, .text(text)) { try await settle(unsettled) }
    }

    /// Sends a binary message. See ``send(_:)-(String)``.
    public nonisolated(nonsending) func send(_ bytes: [UInt8]) async throws {
        if let unsettled = offer(.binary, .bytes(bytes)) { try await settle(unsettled) }
    }

    /// Sends a message as it came, without a copy.
    public nonisolated(nonsending) func send(_ message: Message) async throws {
        if let unsettled = offer(message.kind, .view(message.view)) { try await settle(unsettled) }
    }

    /// A message that was not accepted at once.
    private struct Unsettled {
        var operation: OperationID
        /// What the machine said; nil if the message waits, or must go to the loop's thread first.
        var answer: Driver.Settlement?
        var request: (command: Command, outgoing: Driver.Outgoing)?
    }

    /// Gives a message to the machine if this is the loop's thread; nil if it is accepted, and there is nothing to wait
    /// for. Nearly all sends end here.
    @inline(__always)
    private func offer(_ kind: MessageKind, _ payload: Payload) -> Unsettled? {
        let command = Command.send(.whole, kind, count: payload.count)
        guard port.isCurrent, payload.count <= FrameQueue.largeMessage else {
            return offerOwned(
                nextOperation(), command, Driver.Outgoing(opcode: kind.opcode, isFinal: true, payload: payload))
        }
        let operation = driver.nextOperation()
        let answer = payload.withBytes { bytes in
            driver.begin(operation, command, lending: Driver.Lent(opcode: kind.opcode, isFinal: true, bytes: bytes))
        }
        if case .accepted? = answer { return nil }
        if answer == nil {
            driver.keep(Driver.Outgoing(opcode: kind.opcode, isFinal: true, payload: payload), for: operation)
        }
        return Unsettled(operation: operation, answer: answer)
    }

    /// The same for a message that is large, or comes from another thread.
    private func offerOwned(
        _ operation: OperationID, _ command: Command, _ outgoing: Driver.Outgoing
    ) -> Unsettled? {
        guard port.isCurrent else { return Unsettled(operation: operation, request: (command, outgoing)) }
        let answer = driver.begin(operation, command, outgoing)
        if case .accepted? = answer { return nil }
        return Unsettled(operation: operation, answer: answer)
    }

    private nonisolated(nonsending) func settle(_ send: Unsettled) async throws {
        let answer: Driver.Settlement
        if let known = send.answer {
            answer = known
        } else {
            answer = await caller.answer(send.operation, send.request.map { .given($0.command, $0.outgoing) })
        }
        _ = try await caller.judge(answer)
    }

    /// Sends one text message in as many fragments as the sequence has strings (RFC 6455 §5.4), each as soon as it is
    /// there.
    ///
    /// Other messages wait until it is complete. If the sequence throws, the message can't be taken back: the
    /// connection ends.
    public nonisolated(nonsending) func send<Fragments: AsyncSequence>(
        fragments: Fragments
    ) async throws where Fragments.Element == String {
        try await send(.text, fragments) { .text($0) }
    }

    /// Sends one binary message in fragments, by the same rules as one of text.
    public nonisolated(nonsending) func send<Fragments: AsyncSequence>(
        fragments: Fragments
    ) async throws where Fragments.Element == [UInt8] {
        try await send(.binary, fragments) { .bytes($0) }
    }

    private nonisolated(nonsending) func send<Fragments: AsyncSequence>(
        _ kind: MessageKind, _ fragments: Fragments, _ payload: (Fragments.Element) -> Payload
    ) async throws {
        let message = nextOperation()
        var hasBegun = false
        do {
            for try await fragment in fragments {
                try await send(
                    hasBegun ? .next(message) : .first, kind, payload(fragment), hasBegun ? nextOperation() : message)
                hasBegun = true
            }
            try Task.checkCancellation()  // a sequence may end early in a cancelled task: that is not the message's end
            guard hasBegun else {
                if let unsettled = offer(kind, .bytes([])) { try await settle(unsettled) }
                return
            }
            try await send(.last(message), kind, .bytes([]), nextOperation())
        } catch {
            if hasBegun { abandon(message) }
            throw error
        }
    }

    /// A message that has begun will not be completed.
    private func abandon(_ message: OperationID) {
        let driver = driver
        port.execute { driver.handle(.abandoned(message)) }
    }

    private nonisolated(nonsending) func send(
        _ part: Outbound.Part, _ kind: MessageKind, _ payload: Payload, _ operation: OperationID
    ) async throws {
        _ = try await perform(
            .send(part, kind, count: payload.count), Driver.Outgoing(part, kind, payload), operation)
    }

    /// Waits until everything that was accepted before has been handed to the system.
    public nonisolated(nonsending) func flush() async throws { _ = try await perform(.flush) }
}

// MARK: - Asking and ending

extension WebSocket {
    /// Sends a ping, and waits for its own pong (RFC 6455 §5.5.2); returns the time between them.
    ///
    /// Throws ``WebSocketError`` with the refusal `.timedOut` if the pong does not come within `timeouts.pong`.
    @discardableResult
    public nonisolated(nonsending) func ping() async throws -> Duration {
        guard case .outcome(.answered(let roundTrip)) = try await perform(.ping) else { return .zero }
        return roundTrip
    }

    /// Ends the connection in order (RFC 6455 §7), for good: accepted messages are sent, then a close frame, then the
    /// server's is waited for, at most for `timeouts.close`. Every call waits for the same end. Cancelling the task
    /// does not hasten it.
    ///
    /// A `code` that may not be sent (§7.4) becomes 1000, and a `reason` longer than 123 bytes of UTF-8 is cut to whole
    /// characters; 1005 sends a close frame without either.
    @discardableResult
    public nonisolated(nonsending) func close(
        code: CloseCode = .normalClosure, reason: String = ""
    ) async -> Termination? {
        await caller.close(code, reason)
        return await termination
    }
}

extension WebSocket {
    /// Ends the present connection, but not the wish for one (RFC 6455 §7.1.7): nothing that still waits is sent, and the
    /// retry table's row `failedByCaller` decides whether another connection follows. Returns when the connection is being
    /// ended; ``stateChanges`` tell the rest.
    ///
    /// `code` and `reason` are what our close frame says; a code that may not be sent becomes 1008. Throws
    /// ``WebSocketError`` with the refusal `.notOpen` if there is no connection and none is being made.
    public nonisolated(nonsending) func failConnection(
        code: CloseCode = .policyViolation, reason: String = ""
    ) async throws { try await caller.fail(.whole, code, reason) }
}

// MARK: - How calls are answered

extension WebSocket {
    /// Gives the machine a command and waits for its answer; on the driver's own thread without a detour.
    @inline(__always)
    nonisolated(nonsending) func perform(
        _ command: Command, _ outgoing: Driver.Outgoing? = nil, _ operation: OperationID? = nil
    ) async throws -> Driver.Settlement {
        try await caller.perform(command, outgoing, operation ?? nextOperation())
    }
}

// MARK: - What is known

extension WebSocket {
    /// How the last attempt ended; nil if none has.
    public var termination: Termination? {
        get async { await onDriver { $0.termination } }
    }

    /// How the last attempt ended and why; or, while there is a connection or one is being made, how it stands.
    public var explanation: Explanation {
        get async { await onDriver { $0.explanation } }
    }

    /// The state of the connection.
    public var state: Lifecycle.Standing {
        get async { await onDriver { $0.kernel.standing } }
    }

    /// The server's half of the opening handshake of the present connection, or of the last one.
    public var response: UpgradeResponse? {
        get async { await onDriver { $0.accepted } }
    }

    /// The last steps of the connection, oldest first: what to look at when something went wrong.
    public var flightRecord: [FlightRecorder.Record] {
        get async { await onDriver { $0.recorder.records } }
    }

    /// The changes of the connection's state from now on. Any number of tasks may watch.
    public var stateChanges: StateChanges {
        let (driver, port) = (driver, port)
        let (stream, continuation) = AsyncStream.makeStream(
            of: StateChange.self, bufferingPolicy: .bufferingNewest(256))
        let id = nextOperation().number
        continuation.onTermination = { _ in port.execute { driver.unwatch(id) } }
        port.executeNow { driver.watch(id, continuation) }
        return StateChanges(stream: stream)
    }
}
