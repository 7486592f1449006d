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

    /// An iterator over the messages that wait, and those that come.
    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(cursor: MessageCursor(socket)) }
}

extension WebSocket {
    /// The messages that come.
    public var messages: Messages { Messages(socket: self) }
}

/// What a consumer has been given and not yet taken.
@usableFromInline
final class MessageCursor {
    private let socket: WebSocket
    /// The last first: taking the next one moves it out, without another share in its bytes (measured).
    @exclusivity(unchecked) @usableFromInline
    var batch: [Message] = []
    /// How much of it was taken, and not accounted for.
    @exclusivity(unchecked) @usableFromInline
    var taken = Taken()

    /// An account of messages.
    @usableFromInline
    struct Taken: Sendable {
        @usableFromInline
        var messages = 0
        @usableFromInline
        var bytes = 0
    }

    init(_ socket: WebSocket) { self.socket = socket }

    /// Gives back what was not taken: it is for the next consumer.
    deinit {
        guard !batch.isEmpty || taken.messages > 0 else { return }
        let (driver, rest, taken) = (socket.driver, Array(batch.reversed()), taken)
        let giveBack: @Sendable () -> Void = { driver.giveBack(rest, taken) }
        socket.port.executeNow(giveBack)
    }

    /// So many bytes that were taken are accounted for before the batch is used up.
    @usableFromInline
    static let mostUnaccounted = 64 << 10

    /// The next message of the batch.
    @inlinable
    func take() -> Message? {
        guard let message = batch.popLast() else { return nil }
        taken.messages &+= 1
        taken.bytes &+= message.view.count
        if batch.isEmpty || taken.bytes >= Self.mostUnaccounted { account() }
        return message
    }

    /// Tells the machine what was taken, so that reading may go on: whoever has a message in hand may wait for an answer
    /// that comes behind the next ones.
    @usableFromInline
    func account() {
        let (driver, spent) = (socket.driver, taken)
        if socket.port.isCurrent {
            driver.noteConsumed(spent)
        } else {
            socket.port.execute { driver.noteConsumed(spent) }
        }
        taken = Taken()
    }

    /// The first message of the next batch.
    @usableFromInline
    nonisolated(nonsending) func refill() async throws -> Message? {
        guard let messages = try await fetch() else { return nil }
        batch = messages
        turnAround()
        return take()
    }

    /// Reverses the batch. `reverse()` takes and gives back a share in every message; this moves them (measured).
    private func turnAround() {
        batch.withUnsafeMutableBufferPointer { messages in
            for index in 0..<messages.count / 2 { messages.swapAt(index, messages.count - 1 - index) }
        }
    }

    nonisolated(nonsending) func takeBatch() async throws -> [Message]? {
        var messages = Array(batch.reversed())
        batch = []
        if messages.isEmpty {
            guard let next = try await fetch() else { return nil }
            messages = next
        }
        taken.messages += messages.count
        taken.bytes += messages.reduce(0) { $0 + $1.count }
        account()
        return messages
    }

    private nonisolated(nonsending) func fetch() async throws -> [Message]? {
        let spent = taken
        taken = Taken()
        switch await delivery(spent) {
        case .batch(let messages): return messages
        case .finished: return nil
        case .failed(let error): throw error
        case .cancelled: throw CancellationError()
        case .occupied:
            throw WebSocketError(.alreadyConsumed, "Messages have one consumer at a time, and there is one.")
        }
    }

    private nonisolated(nonsending) func delivery(_ spent: Taken) async -> Mailbox.Delivery {
        let (driver, port) = (socket.driver, socket.port)
        var spent = spent
        if port.isCurrent {
            if let delivery = driver.takeMessages(spent) { return delivery }
            spent = Taken()
        }
        if Task.isCancelled { return driver.cancelled(spent, port) }
        let (id, rest) = (socket.nextOperation().number, spent)
        return await withTaskCancellationHandler {
            await withUnsafeContinuation { (continuation: UnsafeContinuation<Mailbox.Delivery, Never>) in
                if port.isCurrent {
                    driver.takeMessages(rest, id: id, continuation)
                } else {
                    port.execute { driver.takeMessages(rest, id: id, continuation) }
                }
                if Task.isCancelled { port.execute { driver.mailbox.cancel(id: id) } }
            }
        } onCancel: {
            port.execute { driver.mailbox.cancel(id: id) }
        }
    }
}
