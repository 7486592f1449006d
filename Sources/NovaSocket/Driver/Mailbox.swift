import NovaKernel

/// What waits for the consumer. Messages are handed over by the batch: everything that has gathered, at once.
struct Mailbox {
    /// How the sequence ends for the consumer.
    enum End {
        /// The connection ended in order.
        case finished
        /// It did not.
        case failed(WebSocketError)
    }

    /// What a consumer gets for asking.
    enum Delivery: Sendable {
        case batch([Message])
        case finished
        case failed(WebSocketError)
        case cancelled
        /// Another consumer is waiting already: messages have one consumer, or their order would mean nothing.
        case occupied
    }

    private(set) var messages: [Message] = []
    /// How many of them were laid by.
    private var settled = 0
    /// Nobody will ask any more.
    private var isAbandoned = false
    private var lastBatch = 0
    /// A batch as large as the last one is made room for at once, up to this.
    private static let mostExpected = 1024
    private var waiter: (id: UInt64, resume: UnsafeContinuation<Delivery, Never>)?
    private var end: End?

    /// Takes a message; whoever waits is woken, and finds in one batch all that this turn brings.
    @inline(__always)
    mutating func append(_ message: Message) {
        if messages.isEmpty { messages.reserveCapacity(min(lastBatch, Self.mostExpected)) }
        messages.append(message)
    }

    /// Takes messages back that come before all others.
    mutating func putBack(_ rest: [Message]) {
        guard !isAbandoned, !rest.isEmpty else { return }
        messages.insert(contentsOf: rest, at: 0)
        settled += rest.count
    }

    /// Lays by what nobody has taken in the turn in which it came. A message looks into the memory it was received in,
    /// which all connections share, and keeps it: where messages fill little of it, they move into memory of their own
    /// (law R7: what waits may hold four times its size, not more).
    mutating func settle() {
        guard settled < messages.count else { return }
        let fresh = settled..<messages.count
        settled = messages.count
        let small = fresh.filter { messages[$0].view.isSmallPart }
        let count = small.reduce(0) { $0 + messages[$1].count }
        guard let first = small.first, messages[first].view.isSmallPart(together: count) else { return }
        var packed = PackedViews(capacity: count)
        for index in small {
            messages[index] = messages[index].moved(to: packed.add(messages[index].view))
        }
    }

    /// Whether a waiting consumer should be woken: there is something to tell it.
    var hasNews: Bool { waiter != nil && (!messages.isEmpty || end != nil) }

    /// Everything that waits, or the end; nil if there is neither yet.
    mutating func take() -> Delivery? {
        if !messages.isEmpty {
            var batch: [Message] = []
            swap(&batch, &messages)
            settled = 0
            lastBatch = batch.count
            return .batch(batch)
        }
        return switch end {
        case nil: nil
        case .finished: .finished
        case .failed(let error): .failed(error)
        }
    }

    /// Answers now, or when there is something to tell.
    mutating func take(id: UInt64, _ resume: UnsafeContinuation<Delivery, Never>) {
        if waiter != nil {
            resume.resume(returning: .occupied)
        } else if let delivery = take() {
            resume.resume(returning: delivery)
        } else {
            waiter = (id, resume)
        }
    }

    /// Wakes the consumer that waits.
    mutating func wake() {
        guard let waiting = waiter, let delivery = take() else { return }
        waiter = nil
        waiting.resume.resume(returning: delivery)
    }

    /// The consumer that waits under this id stops waiting.
    mutating func cancel(id: UInt64) {
        guard let waiting = waiter, waiting.id == id else { return }
        waiter = nil
        waiting.resume.resume(returning: .cancelled)
    }

    /// Nothing will come any more; what waits can still be taken.
    mutating func finish(_ end: End) { self.end = end }

    /// Lets go of what waits: a replay has no consumer.
    mutating func forget() {
        messages.removeAll()
        settled = 0
    }

    /// Nobody will ask any more.
    mutating func discard() {
        messages.removeAll()
        settled = 0
        isAbandoned = true
    }
}
