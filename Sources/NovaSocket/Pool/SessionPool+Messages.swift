import NovaKernel

extension SessionPool {
    /// Sends a request to the healthiest member that is ready, and decodes its answer.
    ///
    /// Throws as ``Session/request(_:_:as:options:)``, and a ``WebSocketError`` with the refusal `.notOpen` if no member is
    /// ready, `.closed` if the pool is closed; a request that is kept waits for the first member instead.
    ///
    /// `isIdempotent` says whether it may be done twice. If so, and its connection is lost before the answer, it is tried on
    /// another member, on ``PoolOptions/maximumAttempts`` in all. If not, it fails: nobody can know whether the server has
    /// done it.
    public func request<Value: Decodable & Sendable>(
        _ method: String, _ parameters: (any Encodable & Sendable)? = nil, as type: Value.Type = Value.self,
        options: CallOptions = CallOptions(), isIdempotent: Bool = false
    ) async throws -> Value {
        let (answer, session) = try await asked(method, parameters, options, isIdempotent)
        return try session.decode(type, from: answer)
    }

    /// The same, with the answer as it came.
    public func ask(
        _ method: String, _ parameters: (any Encodable & Sendable)? = nil, options: CallOptions = CallOptions(),
        isIdempotent: Bool = false
    ) async throws -> Answer { try await asked(method, parameters, options, isIdempotent).0 }

    private func asked(
        _ method: String, _ parameters: (any Encodable & Sendable)?, _ options: CallOptions, _ isIdempotent: Bool
    ) async throws -> (Answer, Session) {
        try await perform(options, isIdempotent) { session in
            let answer = try await session.ask(method, parameters, options: options)
            return ((answer, session), answer.roundTrip)
        }
    }

    /// Sends a message that wants no answer to the healthiest member that is ready. It is never tried again. Throws as
    /// ``request(_:_:as:options:isIdempotent:)``.
    public func notify(
        _ method: String, _ parameters: (any Encodable & Sendable)? = nil, options: CallOptions = CallOptions()
    ) async throws {
        try await perform(options, false) { (try await $0.notify(method, parameters, options: options), nil) }
    }

    /// Sends a message as it is to the healthiest member that is ready. It is never tried again. Throws as
    /// ``request(_:_:as:options:isIdempotent:)``.
    public func send(_ message: OutgoingMessage, options: CallOptions = CallOptions()) async throws {
        try await perform(options, false) { (try await $0.send(message, options: options), nil) }
    }

    /// Sends a text message, exactly as it is.
    public func send(_ text: String, options: CallOptions = CallOptions()) async throws {
        try await send(.text(text), options: options)
    }

    private func perform<Value>(
        _ call: CallOptions, _ isIdempotent: Bool, _ body: (Session) async throws -> (Value, roundTrip: Duration?)
    ) async throws -> Value {
        var tried: Set<Int> = []
        var failure: (any Error)?
        while true {
            let now = now
            let (seat, isClosed) = state.withLock {
                ($0.isClosed ? nil : $0.take(tried, at: now, mayWait: keeps(call)), $0.isClosed)
            }
            guard let (index, generation, session) = seat else {
                throw failure ?? WebSocketError.refused(isClosed ? .closed : .notOpen)
            }
            tried.insert(index)
            do {
                let (value, roundTrip) = try await body(session)
                state.withLock { $0.done(index, generation, roundTrip: roundTrip, failedAt: nil) }
                return value
            } catch {
                let (problem, moment) = (error as? WebSocketError, self.now)
                // A connection that is lost counts when it is lost, and once.
                let failedAt = problem?.refusal == .timedOut ? moment : nil
                state.withLock { $0.done(index, generation, roundTrip: nil, failedAt: failedAt) }
                guard isIdempotent, problem?.isOfConnection == true, tried.count < options.maximumAttempts,
                    !Task.isCancelled
                else { throw error }
                failure = error
            }
        }
    }

    private func keeps(_ call: CallOptions) -> Bool {
        if case .keep? = call.over(calls).retention { true } else { false }
    }
}
