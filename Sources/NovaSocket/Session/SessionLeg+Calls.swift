import NovaKernel

// Handlers are called, and what they want done is done: the same for all of them.

extension SessionLeg {
    /// Calls a handler away from the driver's thread, does what it wants done, and tells what it threw.
    nonisolated(nonsending) func call(
        _ handler: HandlerReport.Handler, _ context: SessionContext, _ body: () async throws -> Reaction
    ) async {
        let (port, attempt) = (port, context.attempt)
        do {
            let reaction = try await watching(handler, attempt, body)
            do {
                try await act(on: reaction, context)
            } catch let error as WebSocketError where error.isOfConnection {
                // The reply is lost with its connection: that is told, and nothing has to be decided.
                port.execute { self.report(handler, .threw(error), attempt) }
            }
        } catch {
            failed(handler, error, context)
        }
    }

    private nonisolated(nonsending) func act(on reaction: Reaction, _ context: SessionContext) async throws {
        let line = context.line
        // A reply is no part of becoming ready, whoever gives it.
        let place = MessagePlace(stage: .ready, attempt: context.attempt)
        switch reaction {
        case .nothing: break
        case .reply(let reply): try await line.send(reply, CallOptions(), .reply, place)
        case .replies(let replies):
            for reply in replies { try await line.send(reply, CallOptions(), .reply, place) }
        case .fail(let code, let reason): await end(context, code, reason)
        case .close(let code, let reason): await close(line, code, reason)
        }
    }

    /// Ends the connection that a handler was called for. One that has ended meanwhile needs no end: that is no error.
    private nonisolated(nonsending) func end(_ context: SessionContext, _ code: CloseCode, _ reason: String) async {
        try? await context.line.caller.fail(context.attempt, code, reason)
    }

    /// Ends the session; but as long as this is the connection that is to be the session's next, that one alone.
    private nonisolated(nonsending) func close(_ line: SessionLine, _ code: CloseCode, _ reason: String) async {
        let isNext = await line.caller.onDriver { _ in !self.isSession && self.core.change.machine.state == .preparing }
        if isNext { await line.caller.close(code, reason) } else { await line.close(code, reason) }
    }

    /// A handler has thrown: that is told, and the handler of errors says what is to be done.
    func failed(_ handler: HandlerReport.Handler, _ error: any Error, _ context: SessionContext) {
        port.execute { self.report(handler, .threw(error), context.attempt) }
        guard let errors = handlers.errors else { return }
        Task(executorPreference: executor) { [self] in
            let decision = await watching(.errors, context.attempt) {
                await errors.decide(error, from: handler, context)
            }
            switch decision {
            case .ignore: break
            case .reconnect(let delay, let reason):
                if let delay { port.executeNow { self.delay = (context.attempt, delay) } }
                await end(context, .policyViolation, reason)
            case .stop(let reason):
                await end(context, .policyViolation, reason)
                await close(context.line, .policyViolation, reason)
            }
        }
    }

    /// When the next attempt is made: what a handler has said for this one, or what it says now.
    func askDelay(_ attempt: AttemptID, failures: UInt32, _ termination: Termination) {
        if let wish = delay, wish.attempt == attempt {
            driver?.handle(.fact(attempt, .delayChosen(wish.time)))
            return
        }
        guard let errors = handlers.errors else { return }
        Task(executorPreference: executor) { [self] in
            let decision = await watching(.errors, attempt) {
                await errors.decide(termination, failures: failures)
            }
            port.execute {
                switch decision {
                case .standard: break
                case .retry(let time): self.driver?.handle(.fact(attempt, .delayChosen(time)))
                case .stop: self.driver?.handle(.fact(attempt, .delayChosen(nil)))
                }
            }
        }
    }
}
