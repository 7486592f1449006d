import NovaKernel

// Handlers at work: away from the driver's thread, and what they say comes back as events.

extension SessionLeg {
    /// What is asked for in one turn goes to the handler at once. What was to be said on a connection that is over needs no
    /// saying; and a handler that still waits for something there holds nobody up.
    func add(_ job: Job) {
        jobs.removeAll { $0.attempt != job.attempt }
        jobs.append(job)
        let attempt = job.attempt
        guard workingFor != attempt else { return }
        workingFor = attempt
        port.execute { self.work(for: attempt) }
    }

    /// Takes what can be told the server together, and has the handler do it; then the next.
    private func work(for attempt: AttemptID) {
        guard workingFor == attempt else { return }
        guard let first = jobs.first, let line else {
            workingFor = nil
            return
        }
        let batch = Array(jobs.prefix { $0.goesWith(first) })
        jobs.removeFirst(batch.count)
        let entries = batch.map(\.entry)
        let context = SessionContext(line: line, stage: .early, willSend: {}, attempt: attempt)
        switch first {
        case .subscribe: ask(for: entries, context)
        case .unsubscribe: giveUp(entries, context)
        }
    }

    private func ask(for entries: [SessionEntry], _ context: SessionContext) {
        // What has come so far is of an earlier subscription to a channel of that name.
        for entry in entries { core.asks(for: entry, self) }
        let (handler, channels, ids) = (handlers.subscriptions, entries.map(\.channel), entries.map(\.id))
        run(context.attempt) { () async -> @Sendable (SessionLeg) -> Void in
            do {
                let verdicts = try await self.watching(.subscriptions, context.attempt) {
                    try await handler.subscribe(to: channels, context)
                }
                return { $0.heard(verdicts, of: ids, context.attempt) }
            } catch let error as WebSocketError where error.isOfConnection {
                return { _ in }  // the machine knows, and asks again on the next connection
            } catch let error as WebSocketError where error.refusal == .timedOut {
                self.failed(.subscriptions, error, context)
                return { $0.heardNothing(of: ids, context.attempt) }
            } catch {
                self.failed(.subscriptions, error, context)
                let verdicts = channels.map { _ in SubscriptionVerdict.refused(error) }
                return { $0.heard(verdicts, of: ids, context.attempt) }
            }
        }
    }

    private func giveUp(_ entries: [SessionEntry], _ context: SessionContext) {
        let (handler, channels) = (handlers.subscriptions, entries.map(\.channel))
        run(context.attempt) { () async -> @Sendable (SessionLeg) -> Void in
            do {
                try await self.watching(.subscriptions, context.attempt) {
                    try await handler.unsubscribe(from: channels, context)
                }
            } catch let error as WebSocketError where error.isOfConnection {
                // The server has forgotten all of them.
            } catch {
                self.failed(.subscriptions, error, context)
            }
            return { _ in }
        }
    }

    /// The handler's word, channel by channel; for those of which it says nothing, the machine's timer speaks.
    private func heard(_ verdicts: [SubscriptionVerdict], of ids: [SubscriptionID], _ attempt: AttemptID) {
        for (verdict, id) in zip(verdicts, ids) {
            guard let entry = core.entries[id] else { continue }
            switch verdict {
            case .confirmed:
                // The server may have ended it before the handler had spoken: then that stands.
                if driver?.kernel.subscriptions[id]?.status == .requested { entry.refusal = nil }
                driver?.handle(.subscription(attempt, entry.id, .confirmed))
            case .refused(let reason):
                note(reason, of: entry)
                driver?.handle(.subscription(attempt, entry.id, .refused))
            }
        }
    }

    /// The handler did not wait any longer for the server's word.
    private func heardNothing(of ids: [SubscriptionID], _ attempt: AttemptID) {
        for id in ids { driver?.handle(.subscription(attempt, id, .unanswered)) }
    }

    /// Runs a handler away from this thread, and what it leads to on this thread; then whatever waits.
    private func run(
        _ attempt: AttemptID, _ body: @escaping @Sendable () async -> @Sendable (SessionLeg) -> Void
    ) {
        let port = port
        Task(executorPreference: executor) { [self] in
            let finish = await body()
            port.execute {
                finish(self)
                self.work(for: attempt)
            }
        }
    }

    // MARK: Credentials

    func authenticate(_ attempt: AttemptID, exchange: UInt32) {
        guard let line else { return }
        let (handler, port) = (handlers.authentication, port)
        let tell: @Sendable (AuthenticationWord) -> Void = { word in
            port.execute { [weak self] in self?.driver?.handle(.authentication(attempt, word)) }
        }
        let context = SessionContext(
            line: line, stage: .early, willSend: { tell(.presented(exchange: exchange)) }, attempt: attempt)
        Task(executorPreference: executor) { [self] in
            do {
                let time = try await watching(.authentication, attempt) { try await handler.authenticate(context) }
                let milliseconds = time.map { $0.wholeNanoseconds / 1_000_000 }
                tell(.accepted(exchange: exchange, validMilliseconds: milliseconds))
            } catch {
                self.failed(.authentication, error, context)
                tell(.failed(exchange: exchange, AuthenticationFault(error)))
            }
        }
    }
}

extension SessionLeg.Job {
    var attempt: AttemptID {
        switch self {
        case .subscribe(let attempt, _), .unsubscribe(let attempt, _): attempt
        }
    }

    var entry: SessionEntry {
        switch self {
        case .subscribe(_, let entry), .unsubscribe(_, let entry): entry
        }
    }

    /// Whether the server can be told of both at once.
    func goesWith(_ other: SessionLeg.Job) -> Bool {
        switch (self, other) {
        case (.subscribe, .subscribe), (.unsubscribe, .unsubscribe): attempt == other.attempt
        case (.subscribe, .unsubscribe), (.unsubscribe, .subscribe): false
        }
    }
}

extension AuthenticationFault {
    /// What a handler's error means.
    fileprivate init(_ error: any Error) {
        switch error {
        case AuthenticationError.refused, is JSONRPC.Failure: self = .refused
        case let error as WebSocketError where error.refusal == .timedOut: self = .unanswered
        default: self = .unavailable
        }
    }
}

extension WebSocketError {
    /// Whether there is no connection any more that could have brought an answer.
    var isOfConnection: Bool {
        switch refusal {
        case .notOpen, .closing, .closed, .connectionLost: true
        default: code == .connectionEnded
        }
    }
}
