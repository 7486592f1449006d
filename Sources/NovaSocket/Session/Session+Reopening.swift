import NovaKernel

extension Session {
    /// A session in the place of this one, which has ended.
    public struct Reopened: Sendable {
        /// The new session: it is ready.
        public let session: Session
        /// What this one was subscribed to, subscribed to anew, in the order of ``Session/exportSubscriptions()``.
        public let subscriptions: [Result<Subscription, any Error>]
    }

    /// Opens the service again after this session has ended: because it gave up, or was closed.
    ///
    /// An ended session stays ended; another takes its place, made of the same parts: the same service, handlers, options and
    /// consumer of messages. It counts its attempts and failures from the beginning, and has a number, reports and listeners
    /// of its own. It is connected, and then subscribed to all that this one was subscribed to at its end. A recording to a
    /// file begins anew: `configure` may name another.
    ///
    /// Throws ``WebSocketError`` with the code `notEnded` if this session has not ended: then ``connect()`` cuts its wait
    /// short. Throws what ``connect()`` does if the service still can't be reached: this session may be opened again then,
    /// as before.
    ///
    /// - Parameters:
    ///   - capacity: how many messages may wait for whoever takes those of a subscription, as in
    ///     ``subscribe(to:freshness:capacity:)-(Channel,_,_)``.
    ///   - configure: what is to be different from the options of this session; nothing by default.
    public func reopened(
        capacity: Int = 4096, configure: (inout WebSocketOptions) -> Void = { _ in }
    ) async throws -> Reopened {
        var layers = layers
        layers.apply(.client, configure)
        guard await state == .closed else {
            throw WebSocketError(.notEnded, "The session has not ended: it needs no other in its place.")
        }
        let options = layers.options
        try options.validate(for: endpoint)
        let session = try Session(endpoint, options, line.handlers, clientCalls, layers)
        session.handOver(to: core.consumer.withLock(\.self))
        do {
            try await session.connect()
        } catch {
            await session.close()
            throw error
        }
        let list = await exportSubscriptions()
        return Reopened(
            session: session, subscriptions: await session.importSubscriptions(list, capacity: capacity))
    }
}
