import NovaKernel
import NovaTrace
import NovaWire

extension Driver {
    /// Takes a command. Answers at once if the machine does; otherwise ``wait(for:_:)`` may be called for the answer.
    @inline(__always)
    func begin(_ operation: OperationID, _ command: Command, _ outgoing: Outgoing?) -> Settlement? {
        port.refresh()
        if let inputs { tell(inputs, operation, command, outgoing) }
        current = operation
        currentOutgoing = outgoing
        settled = nil
        handleInPlace(.command(operation, command))
        current = nil
        if let waiting = currentOutgoing.take(), settled == nil { payloads[operation] = waiting }
        return settled.take()
    }

    /// Takes a send whose payload is lent. Without an answer, ``keep(_:for:)`` must follow.
    @inline(__always)
    func begin(_ operation: OperationID, _ command: Command, lending lent: Lent) -> Settlement? {
        if let inputs { inputs.commandCame(operation, command, lent.bytes) }
        current = operation
        self.lent = lent
        settled = nil
        handleInPlace(.command(operation, command))
        current = nil
        self.lent = nil
        return settled.take()
    }

    private func tell(
        _ inputs: any InputWitness, _ operation: OperationID, _ command: Command, _ outgoing: Outgoing?
    ) {
        guard let outgoing else {
            return inputs.commandCame(operation, command, UnsafeRawBufferPointer(start: nil, count: 0))
        }
        outgoing.payload.withBytes { inputs.commandCame(operation, command, $0) }
    }

    /// Keeps what a send carries until there is room for it.
    func keep(_ outgoing: Outgoing, for operation: OperationID) { payloads[operation] = outgoing }

    /// The answer to this command goes there.
    func wait(for operation: OperationID, _ continuation: UnsafeContinuation<Settlement, Never>) {
        continuations[operation] = continuation
    }

    /// Takes a command from another thread.
    func begin(
        _ operation: OperationID, _ command: Command, _ outgoing: Outgoing?,
        _ continuation: UnsafeContinuation<Settlement, Never>
    ) {
        if let answer = begin(operation, command, outgoing) {
            continuation.resume(returning: answer)
        } else {
            wait(for: operation, continuation)
        }
    }

    /// Whether somebody waits for the answer to it.
    func isAwaited(_ operation: OperationID) -> Bool { continuations[operation] != nil }

    /// What is kept for callers that have no answer yet.
    package var keptForCallers: (payloads: Int, calls: Int) { (payloads.count, continuations.count) }

    func settle(_ operation: OperationID, _ settlement: Settlement) {
        if current == operation {
            settled = settlement
            return
        }
        payloads[operation] = nil
        guard let continuation = continuations.removeValue(forKey: operation) else { return }
        if case .outcome(.answered(let roundTrip)) = settlement, var answer = answerInHand {
            answer.roundTrip = roundTrip
            return continuation.resume(returning: .answer(answer))
        }
        continuation.resume(returning: settlement)
    }

    // MARK: The consumer

    @inline(__always)
    func deliver(_ attempt: AttemptID, _ kind: MessageKind) {
        let message = Message(kind: kind, view: takePayload(), attempt: attempt)
        if let inputs { inputs.messageDelivered(kind, message.view) }
        if desk == nil { keep(message) } else { unsorted = message }
    }

    /// A message is for the consumer.
    @inline(__always)
    func keep(_ message: Message) {
        mailbox.append(message)
        lookAgainAtEndOfTurn()
    }

    // MARK: The session

    /// The step that delivered a message is done: it is passed on. A part of it may move the machine again.
    func sortDelivered() {
        guard let message = unsorted else { return }
        unsorted = nil
        desk?.sort(message)
    }

    /// A message is the answer to this request; the machine says whether it is one.
    func answered(_ request: RequestID, _ answer: Answer) {
        answerInHand = answer
        handle(.answered(answer.message.attempt, request))
        answerInHand = nil
    }

    /// A message that nobody will ask for any more.
    func consumed(_ message: Message) { handle(.consumed(messages: 1, bytes: message.count)) }

    /// Everything that waits for the consumer, who is done with `spent`; nil if there is nothing yet.
    func takeMessages(_ spent: MessageCursor.Taken) -> Mailbox.Delivery? {
        noteConsumed(spent)
        return mailbox.take()
    }

    /// The same, for a consumer on another thread, or one that must wait.
    func takeMessages(
        _ spent: MessageCursor.Taken, id: UInt64, _ continuation: UnsafeContinuation<Mailbox.Delivery, Never>
    ) {
        noteConsumed(spent)
        mailbox.take(id: id, continuation)
    }

    /// A consumer leaves, with messages it has not taken: they are for the next.
    func giveBack(_ rest: [Message], _ spent: MessageCursor.Taken) {
        mailbox.putBack(rest)
        mailbox.wake()
        noteConsumed(spent)
    }

    /// The consumer was cancelled before it asked.
    func cancelled(_ spent: MessageCursor.Taken, _ port: any Port & Sendable) -> Mailbox.Delivery {
        port.execute { self.noteConsumed(spent) }
        return .cancelled
    }

    /// The consumer will not ask again.
    func leaveConsumer() {
        mailbox.discard()
        handle(.consumerLeft)
    }

    /// So much was taken.
    func noteConsumed(_ spent: MessageCursor.Taken) {
        guard spent.messages > 0 else { return }
        handle(.consumed(messages: spent.messages, bytes: spent.bytes))
    }

    // MARK: Those who watch

    /// A task watches from now on.
    func watch(_ id: UInt64, _ watcher: AsyncStream<StateChange>.Continuation) {
        guard kernel.standing != .closed else { return watcher.finish() }
        watchers.append((id, watcher))
    }

    /// A task watches no longer.
    func unwatch(_ id: UInt64) { watchers.removeAll { $0.id == id } }

    func tellWatchers(_ advance: Kernel.Advance, _ now: Instant) {
        defer { if advance.to == .closed { finishWatchers() } }
        guard desk != nil || !watchers.isEmpty, case .lifecycle(let rule) = advance.rule else { return }
        let isEnd = advance.to == .backingOff || advance.to == .closed
        let change = StateChange(
            from: advance.from, to: advance.to, rule: rule, attempt: kernel.attempt, at: now,
            termination: isEnd ? termination : nil)
        for watcher in watchers { watcher.continuation.yield(change) }
        desk?.stateChanged(change)
    }

    private func finishWatchers() {
        for watcher in watchers { watcher.continuation.finish() }
        watchers.removeAll()
        for witness in witnesses { witness.stepsEnded() }
        witnesses.removeAll()
        observation = nil
        desk?.end()
        desk = nil
        port.finish()
    }

    /// An attempt has ended: the machine's account and the evidence make the story.
    func report(_ attempt: AttemptID) {
        guard let cause = kernel.termination else { return }
        let story = story(cause)
        termination = story
        evidence = nil
        if cause.finality != nil {
            mailbox.finish(story.isOrderly ? .finished : .failed(.ended(story)))
            mailbox.wake()
        }
    }

    /// An end that only turns out to be the last is told again, with what was found out about it before.
    private func story(_ cause: TerminationCause) -> Termination {
        if evidence == nil, var told = termination, told.cause.attempt == cause.attempt,
            told.cause.ending == cause.ending
        {
            told.cause = cause
            return told
        }
        return (evidence ?? Evidence()).story(cause, recorder.records, kernel.policy)
    }

    /// The story of the connection as it stands, or of its last end if there is none.
    var explanation: Explanation {
        if kernel.hasEnded, let termination { return termination.explanation }
        return Explanation(of: kernel, at: port.refresh(), records: recorder.records)
    }

    /// The caller's own function says how long to wait, or the session's handler of errors. The function is for a custom
    /// backoff only: with another it is the handler alone that is meant.
    func askDelay(_ attempt: AttemptID, _ failures: UInt32) {
        guard let termination else { return }
        desk?.askDelay(attempt, failures: failures, termination)
        guard let choose = chooseDelay, case .custom = kernel.policy.reconnection.backoff else { return }
        handle(.fact(attempt, .delayChosen(choose(failures, termination))))
    }
}
