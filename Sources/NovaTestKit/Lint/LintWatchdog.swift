import Synchronization

/// Waits for work in real time, but not for ever: an adapter that blocks its thread blocks the simulation with it.
struct LintWatchdog {
    let time: Duration

    /// Runs `work`, and says whether it was done in time. If not, it goes on without being waited for.
    func watch(_ work: @escaping @Sendable () async -> Void) async -> Bool {
        let box = Box()
        return await withCheckedContinuation { continuation in
            box.waiting.withLock { $0 = continuation }
            let time = time
            let alarm = Task {
                // Real time: what is watched may never let any pass.
                try? await Task.sleep(for: time)
                if !Task.isCancelled { box.end(false) }
            }
            Task {
                await work()
                alarm.cancel()
                box.end(true)
            }
        }
    }

    private final class Box: Sendable {
        let waiting = Mutex<CheckedContinuation<Bool, Never>?>(nil)

        func end(_ isDone: Bool) {
            let continuation = waiting.withLock { $0.take() }
            continuation?.resume(returning: isDone)
        }
    }
}
