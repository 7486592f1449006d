import NovaKernel
import NovaSocket

// What a session is for, and whether it works.

extension LintLife {
    /// With a good server it is a broken promise, with any other it is no wonder.
    private func failed(_ sentence: String, _ error: (any Error)? = nil) {
        if let error { book.see("\(error)", in: "error that a caller gets") }
        guard hostility.isGood else { return }
        book.note(.serves, "With \(hostility.words) \(sentence)" + (error.map { ": \($0)" } ?? "."))
    }

    /// Connects and subscribes; nil if there is nothing to go on with.
    func begin(_ session: Session) async throws -> [Subscription]? {
        switch await within(Self.patience, { try await session.connect() }) {
        case nil:
            failed("the session is not ready after \(Self.patience)")
            return nil
        case .failure(let error)?:
            if await !isOver(session) { failed("the session does not become ready", error) }
            return nil
        case .success?: break
        }
        guard !(lint.channels + lint.refusedChannels).isEmpty else { return [] }
        let results = await within(Self.patience) {
            await session.subscribe(to: lint.channels + lint.refusedChannels)
        }
        guard let results = try results?.get() else {
            failed("subscribing has not come to an end after \(Self.patience)")
            return nil
        }
        var subscriptions: [Subscription] = []
        for (channel, result) in zip(lint.channels + lint.refusedChannels, results) {
            let isRefused = lint.refusedChannels.contains(channel)
            switch result {
            case .success where isRefused:
                book.note(
                    .confirmsWhatIsConfirmed,
                    "With \(hostility.words) the channel \"\(channel.name)\" is confirmed, which it refuses.")
            case .success(let subscription): subscriptions.append(subscription)
            case .failure(let error) where isRefused: book.see("\(error)", in: "error that a caller gets")
            case .failure(let error): failed("the channel \"\(channel.name)\" is not confirmed", error)
            }
        }
        return subscriptions
    }

    /// Uses it, leaves a channel, and loses the connection once.
    func use(
        _ session: Session, _ subscriptions: [Subscription], _ server: HostileServer, _ simulated: SimulatedServer
    ) async throws {
        await ask(session, server)
        guard await !isOver(session) else { return }
        if subscriptions.count == lint.channels.count { try await leave(subscriptions, session, server) }
        let changes = session.stateChanges
        simulated.suffer(.reset)
        let back = await within(Self.patience) {
            for await change in changes where change.to == .ready { return true }; return false
        }
        guard case .success(true)? = back else {
            if await !isOver(session) {
                failed("the session is not ready again \(Self.patience) after a lost connection")
            }
            return
        }
        await ask(session, server)
        let wanted = subscriptions.isEmpty ? 0 : max(0, subscriptions.count - 1)
        if let status = try await within(Self.patience, { await session.status })?.get(),
            subscriptions.count == lint.channels.count, status.confirmedSubscriptions < wanted
        {
            failed("\(status.confirmedSubscriptions) of \(wanted) channels are confirmed again after a lost connection")
        }
        withExtendedLifetime(subscriptions) {}
    }

    /// Whether the adapter has ended the session itself: that is its right.
    private func isOver(_ session: Session) async -> Bool {
        guard await session.state == .closed, let ending = await session.termination?.cause.ending.detail else {
            return false
        }
        return ending == .closedByCaller || ending == .failedByCaller
    }

    // MARK: Requests

    /// Asks several things at once: each must get what the server has said to it, and to no other.
    func ask(_ session: Session, _ server: HostileServer) async {
        server.holds = hostility == .reversed ? Self.requests : 0
        let options = CallOptions(timeout: Self.patience)
        let method = lint.method
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<Self.requests {
                group.addTask {
                    let heard = await within(Self.patience) {
                        try await LintScribe.overhear { try await session.ask(method, options: options) }
                    }
                    switch heard {
                    case .success((let answer, let written?))?:
                        let own = server.answers(to: ReceivedMessage(kind: written.kind, bytes: written.bytes))
                        if !own.contains(answer.message.text) {
                            book.note(
                                .answersFindTheirRequests,
                                "With \(hostility.words) a request has got an answer that was not its own.")
                        }
                    case .success?: break
                    case .failure(let error)?:
                        if await !isOver(session) { failed("a request of \"\(method)\" fails", error) }
                    case nil:
                        if await !isOver(session) { failed("a request of \"\(method)\" is not answered") }
                    }
                }
            }
        }
        server.holds = 0
    }

    // MARK: Channels

    /// A channel's messages come to whoever is subscribed; and when the first is left, the server hears of no other.
    private func leave(_ subscriptions: [Subscription], _ session: Session, _ server: HostileServer) async throws {
        guard let first = subscriptions.first else { return }
        if let text = lint.publication?(first.channel.name) {
            server.send(text)
            let came = await within(Self.patience) {
                for try await update in first where update.message?.text == text { return true }
                return false
            }
            if case .success(true)? = came {
            } else if await !isOver(session) {
                book.note(
                    .messagesFindTheirChannels,
                    "With \(hostility.words) a message of the channel \"\(first.channel.name)\" does not come to its subscriber."
                )
            }
        }
        let before = book.received.count
        first.cancel()
        try await network.sleep(for: .seconds(10))  // the server has heard of it by then
        let said = book.received.dropFirst(before)
        for other in subscriptions.dropFirst().map(\.channel.name)
        where !first.channel.name.contains(other) && said.contains(where: { $0.contains(other) }) {
            book.note(
                .unsubscribesWhatItWasGiven,
                "When \"\(first.channel.name)\" was unsubscribed from, the server was told of \"\(other)\", too.")
        }
    }
}
