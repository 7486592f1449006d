import NovaKernel

/// Hands messages that are neither answers nor of a subscription to whoever consumes them, one after the other, away from
/// the connection's thread, and does what it wants done.
struct MessagePump: Sendable {
    private let line: SessionLine
    private let leg: SessionLeg

    init(_ line: SessionLine, _ leg: SessionLeg) { (self.line, self.leg) = (line, leg) }

    /// Runs until the session is closed. It holds the driver, and not the session: whoever lets go of the session closes it.
    func start() {
        Task(executorPreference: line.caller.port.handlerExecutor) { await run() }
    }

    private func run() async {
        let (caller, core) = (line.caller, leg.core)
        var spent = MessageCursor.Taken()
        while true {
            let (id, taken) = (caller.nextOperation().number, spent)
            let delivery = await withUnsafeContinuation { (continuation: UnsafeContinuation<Mailbox.Delivery, Never>) in
                caller.port.execute { caller.driver.takeMessages(taken, id: id, continuation) }
            }
            guard case .batch(let messages) = delivery else { return }
            spent = MessageCursor.Taken()
            for message in messages {
                let context = SessionContext(line: line, stage: .ready, willSend: {}, attempt: message.attempt)
                // While connections are changed there are two of this, and one consumer.
                await core.turnstile.enter()
                let consumer = core.consumer.withLock(\.self)
                await leg.call(.messages, context) { try await consumer.handle(message, context) }
                core.turnstile.leave()
                spent.messages += 1
                spent.bytes += message.count
            }
        }
    }
}
