import NovaKernel
import Synchronization

/// The clock of a ``SimulatedNetwork``: it stands still while anybody has anything to do, and leaps when nobody has.
public struct SimulatedClock: Clock {
    /// A moment of simulated time.
    public struct Instant: InstantProtocol {
        let nanoseconds: UInt64

        /// The moment so much later.
        public func advanced(by duration: Duration) -> Instant {
            Instant(nanoseconds: NovaKernel.Instant(nanoseconds: nanoseconds).advanced(by: duration).nanoseconds)
        }

        /// How much later `other` is.
        public func duration(to other: Instant) -> Duration {
            .nanoseconds(Int64(clamping: other.nanoseconds) - Int64(clamping: nanoseconds))
        }

        /// Earlier moments are less.
        public static func < (left: Instant, right: Instant) -> Bool { left.nanoseconds < right.nanoseconds }
    }

    private let loop: VirtualLoop

    init(_ loop: VirtualLoop) { self.loop = loop }

    /// The present moment.
    public var now: Instant { Instant(nanoseconds: loop.now) }
    /// One nanosecond.
    public var minimumResolution: Duration { .nanoseconds(1) }

    /// Waits until `deadline`. Throws `CancellationError` if the task is cancelled meanwhile.
    public func sleep(until deadline: Instant, tolerance: Duration? = nil) async throws {
        let nap = Nap()
        let loop = loop
        try await withTaskCancellationHandler {
            try await withUnsafeThrowingContinuation { (continuation: UnsafeContinuation<Void, any Error>) in
                nap.begin(continuation)
                loop.execute { _ = loop.schedule(at: deadline.nanoseconds) { nap.end(.success(())) } }
                if Task.isCancelled { nap.end(.failure(CancellationError())) }
            }
        } onCancel: {
            nap.end(.failure(CancellationError()))
        }
    }

    /// A sleeper, woken once.
    private final class Nap: Sendable {
        private let continuation = Mutex<UnsafeContinuation<Void, any Error>?>(nil)

        func begin(_ continuation: UnsafeContinuation<Void, any Error>) {
            self.continuation.withLock { $0 = continuation }
        }

        func end(_ result: Result<Void, any Error>) {
            let waiting = continuation.withLock { $0.take() }
            waiting?.resume(with: result)
        }
    }
}
