import NovaKernel

/// The messages of a ``WebSocket``, in their order, over all its connections.
///
/// They have one consumer at a time. What it does not take waits, within the policy's `inbound` limits; beyond them
/// reading stops and TCP holds the server back. A consumer that leaves loses nothing: what it did not take is for the
/// next.
///
/// The sequence ends when the connection is closed for good: normally if the caller closed it or the server did with
/// 1000 or 1001, else by throwing the ``WebSocketError`` that says why.
public struct Messages: AsyncSequence, Sendable {
    /// A message.
    public typealias Element = Message
    let socket: WebSocket

    /// Hands out the messages one after the other.
    public struct AsyncIterator: AsyncIteratorProtocol {
        @usableFromInline
        let cursor: MessageCursor

        /// The next message; nil after the last.
        @inlinable
        public mutating func next() async throws -> Message? {
            if let message = cursor.take() { return message }
            return try await cursor.refill()
        }

        /// The next message; nil after the last.
        @inlinable
        public mutating func next(isolation actor: isolated (any Actor)?) async throws -> Message? {
            if let message = cursor.take() { return message }
            return try await cursor.refill()
        }

        /// All messages that are there now, at least one; nil after the last. Cheaper than one after the other.
        public mutating func nextBatch() async throws -> [Message]? {
            try await cursor.takeBatch()
        }
    }

    /// An iterator over the messages that come from now on.
    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(cursor: MessageCursor(socket)) }
}

extension WebSocket {
    /// The messages that come.
    public var messages: Messages { Messages(socket: self) }
}

/// Where a consumer is in the batch it was given.
@usableFromInline
final class MessageCursor {
    private let socket: WebSocket
    @exclusivity(unchecked) @usableFromInline
    var batch: [Message] = []
    @exclusivity(unchecked) @usableFromInline
    var position = 0

    init(_ socket: WebSocket) { self.socket = socket }

    /// Gives back what was not taken: it is for the next consumer.
    deinit {
        guard !batch.isEmpty else { return }
        let (driver, batch, position) = (socket.driver, batch, position)
        let giveBack: @Sendable () -> Void = { driver.giveBack(batch, taken: position) }
        if socket.port.isCurrent { giveBack() } else { socket.port.execute(giveBack) }
    }

    /// The next message of the batch.
    @inlinable
    func take() -> Message? {
        guard position < batch.count else { return nil }
        defer { position += 1 }
        return batch[position]
    }

    /// The first message of the next batch.
    @usableFromInline
    nonisolated(nonsending) func refill() async throws -> Message? {
        try await fetch() ? take() : nil
    }

    nonisolated(nonsending) func takeBatch() async throws -> [Message]? {
        if position == batch.count, try await !fetch() { return nil }
        defer { position = batch.count }
        return position == 0 ? batch : Array(batch[position...])
    }

    private nonisolated(nonsending) func fetch() async throws -> Bool {
        let spent = batch
        batch = []
        position = 0
        switch await delivery(spent) {
        case .batch(let messages):
            batch = messages
            return true
        case .finished: return false
        case .failed(let error): throw error
        case .cancelled: throw CancellationError()
        case .occupied:
            throw WebSocketError(.alreadyConsumed, "Messages have one consumer at a time, and there is one.")
        }
    }

    private nonisolated(nonsending) func delivery(_ spent: [Message]) async -> Mailbox.Delivery {
        let (driver, port) = (socket.driver, socket.port)
        var spent = spent
        if port.isCurrent {
            if let delivery = driver.takeMessages(spent: spent) { return delivery }
            spent = []
        }
        if Task.isCancelled { return driver.cancelled(spent, port) }
        let (id, rest) = (socket.nextOperation().number, spent)
        return await withTaskCancellationHandler {
            await withUnsafeContinuation { (continuation: UnsafeContinuation<Mailbox.Delivery, Never>) in
                if port.isCurrent {
                    driver.takeMessages(spent: rest, id: id, continuation)
                } else {
                    port.execute { driver.takeMessages(spent: rest, id: id, continuation) }
                }
                if Task.isCancelled { port.execute { driver.mailbox.cancel(id: id) } }
            }
        } onCancel: {
            port.execute { driver.mailbox.cancel(id: id) }
        }
    }
}
