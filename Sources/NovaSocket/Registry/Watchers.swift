/// Those who watch changes, each with a queue of its own. One that falls behind loses the newest changes, and is told how
/// many as soon as it has room again.
struct Watchers<Change: Sendable>: Sendable {
    private struct Watcher {
        let id: UInt64
        let continuation: AsyncStream<Change>.Continuation
        var missed = 0
    }

    /// More changes than these do not wait for one who watches.
    static var capacity: Int { 1024 }

    private var watchers: [Watcher] = []
    private var lastID: UInt64 = 0
    private let missed: @Sendable (Int) -> Change

    /// `missed` makes the change that says how many were lost.
    init(missed: @escaping @Sendable (Int) -> Change) { self.missed = missed }

    /// One more watches; says by which number it leaves.
    mutating func add(_ continuation: AsyncStream<Change>.Continuation) -> UInt64 {
        lastID += 1
        watchers.append(Watcher(id: lastID, continuation: continuation))
        return lastID
    }

    mutating func remove(_ id: UInt64) { watchers.removeAll { $0.id == id } }

    mutating func tell(_ change: Change) {
        for index in watchers.indices {
            let (continuation, lost) = (watchers[index].continuation, watchers[index].missed)
            if lost > 0 {
                guard case .enqueued = continuation.yield(missed(lost)) else {
                    watchers[index].missed += 1
                    continue
                }
                watchers[index].missed = 0
            }
            if case .dropped = continuation.yield(change) { watchers[index].missed = 1 }
        }
    }

    /// Nobody watches any more; their sequences are to be finished where no lock is held.
    mutating func removeAll() -> [AsyncStream<Change>.Continuation] {
        defer { watchers = [] }
        return watchers.map(\.continuation)
    }
}
