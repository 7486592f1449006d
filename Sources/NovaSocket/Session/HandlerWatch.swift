import NovaKernel
import Synchronization

/// Which handlers are at work away from the connection's thread, and since when: one that takes longer than it should is told
/// of once, while it still runs, as it may never return.
///
/// Looking is lazy, as the machine's own timers are: a call begins and ends without a word to the connection's thread, and at
/// most one look at all of them is to come. So a handler that is quick costs no timer.
final class HandlerWatch: Sendable {
    /// A handler that is slow.
    struct Finding {
        let handler: HandlerReport.Handler
        let attempt: AttemptID
        /// For how long it has run.
        let time: Duration
    }

    fileprivate struct Call {
        let id: UInt64
        let handler: HandlerReport.Handler
        let attempt: AttemptID
        let since: Instant
        var isTold = false
    }

    private struct Book {
        /// Those that run, the oldest first: a few, as most handlers are called one at a time.
        var calls: [Call] = []
        var lastID: UInt64 = 0
        var looksAhead = false
    }

    private let book = Mutex(Book())
    /// How long a handler may run before that is told.
    private let longest = HandlerReport.longestHandling

    /// A handler is called. Says its number, and after what time somebody must look; nil: that is seen to.
    func begin(_ handler: HandlerReport.Handler, _ attempt: AttemptID, at now: Instant) -> (id: UInt64, look: Duration?)
    {
        book.withLock { book in
            book.lastID += 1
            book.calls.append(Call(id: book.lastID, handler: handler, attempt: attempt, since: now))
            defer { book.looksAhead = true }
            return (book.lastID, book.looksAhead ? nil : longest)
        }
    }

    /// It has returned, or thrown. Says so if it took too long and nobody was told, as the look came too late.
    func end(_ id: UInt64, at now: Instant) -> Finding? {
        book.withLock { book in
            guard let index = book.calls.firstIndex(where: { $0.id == id }) else { return nil }
            let call = book.calls.remove(at: index)
            let time = now.since(call.since)
            return call.isTold || time < longest ? nil : Finding(call, time)
        }
    }

    /// Who has run for too long by now and was not told of, and after what time somebody must look again; nil: when another
    /// handler is called.
    func look(at now: Instant) -> (slow: [Finding], again: Duration?) {
        book.withLock { book in
            var slow: [Finding] = []
            for index in book.calls.indices where !book.calls[index].isTold {
                let time = now.since(book.calls[index].since)
                guard time >= longest else { continue }
                book.calls[index].isTold = true
                slow.append(Finding(book.calls[index], time))
            }
            let next = book.calls.lazy.filter { !$0.isTold }.map(\.since).min()
            book.looksAhead = next != nil
            return (slow, next.map { $0.advanced(by: longest).since(now) })
        }
    }
}

extension HandlerWatch.Finding {
    fileprivate init(_ call: HandlerWatch.Call, _ time: Duration) {
        self.init(handler: call.handler, attempt: call.attempt, time: time)
    }
}

extension SessionLeg {
    /// Runs a handler away from the driver's thread. All of them run here: what takes long is told, whichever it is.
    nonisolated(nonsending) func watching<Value>(
        _ handler: HandlerReport.Handler, _ attempt: AttemptID, _ body: () async throws -> Value
    ) async rethrows -> Value {
        let (id, look) = watch.begin(handler, attempt, at: port.refresh())
        if let look { self.look(after: look) }
        defer {
            if let finding = watch.end(id, at: port.refresh()) { port.execute { self.tell(of: finding) } }
        }
        return try await body()
    }

    private func look(after time: Duration) {
        port.execute(after: time) { [weak self] in
            guard let self else { return }
            let (slow, again) = watch.look(at: port.refresh())
            for finding in slow { tell(of: finding) }
            if let again { look(after: again) }
        }
    }

    private func tell(of finding: HandlerWatch.Finding) {
        report(finding.handler, .slow(finding.time), finding.attempt)
    }
}
