import NovaKernel

/// Hands messages that are neither answers nor of a subscription to the handler, one after the other, away from the
/// connection's thread, and does what it wants done.
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
                await handle(message)
                spent.messages += 1
                spent.bytes += message.count
            }
        }
    }

    private func handle(_ message: Message) async {
        let context = SessionContext(line: line, stage: .ready, willSend: {}, attempt: message.attempt)
        let (core, port, attempt) = (core, line.caller.port, message.attempt)
        let before = port.refresh()
        do {
            let reaction = try await line.handlers.messages.handle(message, context)
            let time = port.refresh().since(before)
            if time > HandlerReport.longestHandling {
                port.execute { core.report(.messages, .slow(time), attempt) }
            }
            try await act(on: reaction)
        } catch {
            core.reportLater(.messages, error, attempt)
        }
    }

    private func act(on reaction: Reaction) async throws {
        switch reaction {
        case .nothing: break
        case .reply(let reply): try await send([reply])
        case .replies(let replies): try await send(replies)
        case .close(let code, let reason): await line.caller.close(code, reason)
        }
    }

    private func send(_ replies: [OutgoingMessage]) async throws {
        for message in replies { try await line.send(message, CallOptions(), .reply, .ready) }
    }
}
