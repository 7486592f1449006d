import NovaKernel

/// Requests that went out as one message: their answers are gathered until all of them have come.
struct Batches {
    private struct Batch {
        var ids: [RequestID]
        var answers: [RequestID: Answer] = [:]
        /// The connection through which they came.
        var attempt: AttemptID?
    }

    /// What an answer led to.
    struct Taken {
        /// The batch that is complete with it, and its answers in the order of the requests.
        var answered: (batch: RequestID, answers: [Answer])?
    }

    private var batches: [RequestID: Batch] = [:]
    private var owners: [RequestID: RequestID] = [:]

    mutating func await(_ ids: [RequestID], for batch: RequestID) {
        batches[batch] = Batch(ids: ids)
        for id in ids { owners[id] = batch }
    }

    /// Takes an answer; nil if it is of no batch. The first to a request counts.
    mutating func take(_ answer: Answer, of id: RequestID) -> Taken? {
        guard !owners.isEmpty, let owner = owners[id], batches[owner] != nil else { return nil }
        // A batch that goes out again is answered again: what an earlier connection brought is not mixed with it.
        if batches[owner]?.attempt != answer.message.attempt {
            batches[owner]?.attempt = answer.message.attempt
            batches[owner]?.answers = [:]
        }
        // In its place: a copy for each answer would cost the square of their number, on the connection's thread.
        if batches[owner]?.answers[id] == nil { batches[owner]?.answers[id] = answer }
        guard let batch = batches[owner], batch.answers.count == batch.ids.count else { return Taken() }
        return Taken(answered: (owner, batch.ids.compactMap { batch.answers[$0] }))
    }

    /// Of which requests the batch is.
    func ids(of batch: RequestID) -> [RequestID]? { batches[batch]?.ids }

    mutating func forget(_ batch: RequestID) {
        for id in batches.removeValue(forKey: batch)?.ids ?? [] { owners[id] = nil }
    }
}

extension SessionLeg {
    /// A request is settled: nobody looks for its answer any more.
    func forget(_ request: RequestID) {
        batches.forget(request)
        matchers.removeAll { $0.request == request }
    }

    /// Who knows the answer to this request looks for it on another connection.
    func moveAnswerer(of request: RequestID, to other: SessionLeg?) {
        other?.matchers += matchers.filter { $0.request == request }
        if let ids = batches.ids(of: request) { other?.batches.await(ids, for: request) }
        forget(request)
    }

    /// Whether somebody knows the message for the answer to a request; then it is passed on as that.
    func answerIsKnown(_ message: Message) -> Bool {
        guard !matchers.isEmpty else { return false }
        for (index, matcher) in matchers.enumerated() {
            // What came before the request went out is no answer to it.
            guard driver?.kernel.requests.isUnderWay(matcher.request) == true else { continue }
            guard let content = matcher.match(message) else { continue }
            matchers.remove(at: index)
            driver?.answered(matcher.request, Answer(message: message, content: content))
            driver?.consumed(message)
            return true
        }
        return false
    }
}
