import NovaKernel
import Synchronization

/// What waits for one who takes a subscription's updates. Filled on the connection's thread, taken from anywhere.
final class Feed: Sendable {
    /// How it ends.
    enum End: Sendable {
        /// It is not wanted any more.
        case finished
        /// There will be no more.
        case failed(any Error)
    }

    fileprivate struct State {
        var updates: UpdateQueue
        var end: End?
        var waiter: (id: UInt64, continuation: UnsafeContinuation<Taken, Never>)?
        var lastWaiter: UInt64 = 0
    }

    enum Taken: Sendable {
        case update(Update)
        case end(End)
        case cancelled
        case occupied
    }

    private let state: Mutex<State>
    /// Of which subscription; nil until the connection's thread has seen it.
    let id = Mutex<SubscriptionID?>(nil)
    /// Called once, when whoever takes the updates has left.
    let whenLeft = Mutex<(@Sendable () -> Void)?>(nil)
    /// A feed that holds so many messages; beyond them the oldest are dropped, and a gap stands in their place.
    init(capacity: Int) { state = Mutex(State(updates: UpdateQueue(capacity: capacity))) }

    func append(_ update: Update) {
        let waiting: UnsafeContinuation<Taken, Never>? = state.withLock { state in
            guard state.end == nil else { return nil }
            guard let waiter = state.waiter else {
                state.updates.add(update)
                return nil
            }
            state.waiter = nil
            return waiter.continuation
        }
        waiting?.resume(returning: .update(update))
    }

    func finish(_ end: End) {
        let waiting: UnsafeContinuation<Taken, Never>? = state.withLock { state in
            guard state.end == nil else { return nil }
            state.end = end
            defer { state.waiter = nil }
            return state.waiter?.continuation
        }
        waiting?.resume(returning: .end(end))
    }

    /// The next update, or the end.
    nonisolated(nonsending) func next() async throws -> Update? {
        switch await take() {
        case .update(let update): return update
        case .end(.finished): return nil
        case .end(.failed(let error)): throw error
        case .cancelled: throw CancellationError()
        case .occupied:
            throw WebSocketError(.alreadyConsumed, "Updates have one consumer at a time, and there is one.")
        }
    }

    private nonisolated(nonsending) func take() async -> Taken {
        if let taken = state.withLock({ $0.take() }) { return taken }
        let id = state.withLock { state in
            state.lastWaiter += 1
            return state.lastWaiter
        }
        return await withTaskCancellationHandler {
            await withUnsafeContinuation { (continuation: UnsafeContinuation<Taken, Never>) in
                let taken: Taken? = state.withLock { state in
                    if let taken = state.take() { return taken }
                    if state.waiter != nil { return .occupied }
                    if Task.isCancelled { return .cancelled }
                    state.waiter = (id, continuation)
                    return nil
                }
                if let taken { continuation.resume(returning: taken) }
            }
        } onCancel: {
            let waiting: UnsafeContinuation<Taken, Never>? = state.withLock { state in
                guard let waiter = state.waiter, waiter.id == id else { return nil }
                state.waiter = nil
                return waiter.continuation
            }
            waiting?.resume(returning: .cancelled)
        }
    }
}

extension Feed.State {
    mutating func take() -> Feed.Taken? { updates.take().map { .update($0) } ?? end.map { .end($0) } }
}
