import NovaKernel

/// Hands messages that are neither answers nor of a subscription to whoever consumes them, one after the other, away from
/// the connection's thread, and does what it wants done.
struct MessagePump: Sendable {
    private let line: SessionLine
    private let core: SessionCore

    init(_ line: SessionLine, _ core: SessionCore) { (self.line, self.core) = (line, core) }

    /// Runs until the session is closed. It holds the driver, and not the session: whoever lets go of the session closes it.
    func start() {
        Task(executorPreference: line.caller.port.handlerExecutor) { await run() }
    }

    private func run() async {
        let (driver, port) = (line.caller.driver, line.caller.port)
        var spent = MessageCursor.Taken()
        while true {
            let (id, taken) = (line.caller.nextOperation().number, spent)
            let delivery = await withUnsafeContinuation { (continuation: UnsafeContinuation<Mailbox.Delivery, Never>) in
                port.execute { driver.takeMessages(taken, id: id, continuation) }
            }
            guard case .batch(let messages) = delivery else { return }
            spent = MessageCursor.Taken()
            for message in messages {
                let context = SessionContext(line: line, stage: .ready, willSend: {}, attempt: message.attempt)
                let consumer = core.consumer.withLock(\.self)
                await core.call(.messages, context) { try await consumer.handle(message, context) }
                spent.messages += 1
                spent.bytes += message.count
            }
        }
    }
}
