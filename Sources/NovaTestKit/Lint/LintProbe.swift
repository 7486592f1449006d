import NovaKernel
import NovaSocket
import Synchronization

/// Takes down what `encode` writes for a request.
final class LintScribe: Sendable {
    @TaskLocal static var current: LintScribe?

    let message = Mutex<OutgoingMessage?>(nil)

    /// Runs `body`, and says what was written for its request.
    static func overhear<Value>(
        _ body: () async throws -> Value
    ) async rethrows -> (Value, OutgoingMessage?) {
        let scribe = LintScribe()
        let value = try await $current.withValue(scribe) { try await body() }
        return (value, scribe.message.withLock(\.self))
    }
}

/// The adapter, with somebody who looks on.
struct LintProbe<Base: Adapter>: Adapter {
    let base: Base
    let hostility: AdapterLint.Hostility
    let book: LintBook
    let network: SimulatedNetwork

    private func watched<Value>(_ name: String, _ body: () async throws -> Value) async rethrows -> Value {
        let call = book.began(name, at: network.elapsed)
        defer { book.ended(call) }
        return try await body()
    }

    // MARK: The adapter

    var url: String { base.url }
    func configure(_ options: inout WebSocketOptions) { base.configure(&options) }
    var calls: CallOptions { base.calls }

    // MARK: Messages

    func encode(_ method: String, _ parameters: (any Encodable & Sendable)?, id: RequestID) throws -> OutgoingMessage {
        let message = try book.timed("encode") { try base.encode(method, parameters, id: id) }.0
        LintScribe.current?.message.withLock { $0 = message }
        return message
    }

    func encode(_ method: String, _ parameters: (any Encodable & Sendable)?) throws -> OutgoingMessage {
        try base.encode(method, parameters)
    }

    func encode(batch: [BatchElement], ids: [RequestID?]) throws -> OutgoingMessage {
        try base.encode(batch: batch, ids: ids)
    }

    func sort(_ message: Message) -> Sorting {
        let limit = AdapterLint.longestSort(bytes: message.count)
        var (sorting, time) = book.timed("sort") { base.sort(message) }
        // Who was merely interrupted is faster the next time; and it is told once.
        for _ in 0..<(book.hasFound(.sortReturnsAtOnce) ? 0 : 4) where time > limit {
            time = min(time, book.timed("sort") { base.sort(message) }.1)
        }
        if time > limit, !book.hasFound(.sortReturnsAtOnce) {
            book.note(
                .sortReturnsAtOnce, "sort takes more than \(limit) for a message of \(message.count) bytes, each time.")
        }
        if case .invalid(let reason) = sorting { book.see(reason, in: "reason why a message can't be read") }
        return sorting
    }

    func decode<Value: Decodable & Sendable>(_ type: Value.Type, from answer: Answer) throws -> Value {
        try base.decode(type, from: answer)
    }

    func handle(_ message: Message, _ context: SessionContext) async throws -> Reaction {
        try await watched("handle") { try await base.handle(message, context) }
    }

    // MARK: Credentials

    var authentication: AuthenticationPolicy? { base.authentication }

    func authenticate(_ context: SessionContext) async throws -> Duration? {
        book.authenticated(nil)
        let hasSent = Atomic(false)
        let time = try await watched("authenticate") {
            try await base.authenticate(context.watched { hasSent.store(true, ordering: .relaxed) })
        }
        if !hasSent.load(ordering: .relaxed) {
            book.note(.presentsCredentials, "authenticate has returned, and had sent nothing.")
        } else if hostility == .refusing {
            book.accepted(
                .acceptsWhatIsAccepted, "authenticate has returned, and the server had refused all it was sent.")
        }
        book.authenticated(context.attempt)
        return time
    }

    // MARK: Subscriptions

    func subscribe(to channels: [Channel], _ context: SessionContext) async throws -> [SubscriptionVerdict] {
        let verdicts = try await watched("subscribe") { try await base.subscribe(to: channels, context) }
        if verdicts.count != channels.count {
            book.note(
                .verdictForEachChannel,
                "subscribe was asked for \(channels.count) channels, and has said a word on \(verdicts.count).")
        }
        guard hostility.isRefusing else { return verdicts }
        for (channel, verdict) in zip(channels, verdicts) {
            guard case .confirmed = verdict else { continue }
            book.accepted(
                .confirmsWhatIsConfirmed,
                "subscribe has confirmed the channel \"\(channel.name)\", which the server had refused.")
        }
        return verdicts
    }

    func unsubscribe(from channels: [Channel], _ context: SessionContext) async throws {
        try await watched("unsubscribe") { try await base.unsubscribe(from: channels, context) }
    }

    // MARK: The rate

    var rateLimit: RateLimit? { base.rateLimit }
    var sharedRateLimit: SharedRateLimit? { base.sharedRateLimit }

    func cost(of purpose: MessagePurpose) -> UInt32 {
        let cost = base.cost(of: purpose)
        guard let limit = base.sharedRateLimit?.limit ?? base.rateLimit, limit.mode != .allow, cost > limit.capacity
        else { return cost }
        let what: String =
            switch purpose {
            case .request(let method): "A request of \"\(method)\""
            case .batch(let requests, let notifications): "A batch of \(requests + notifications)"
            case .message: "A message"
            case .reply: "A reply"
            }
        book.note(
            .costsAreAffordable, "\(what) costs \(cost) tokens, and the bucket never holds more than \(limit.capacity)."
        )
        return cost
    }

    // MARK: The connection, and errors

    var wantsPingsAndPongs: Bool { base.wantsPingsAndPongs }
    func connecting(_ attempt: AttemptID) async { await watched("connecting") { await base.connecting(attempt) } }
    func connected(_ context: SessionContext) async throws -> Reaction {
        try await watched("connected") { try await base.connected(context) }
    }
    func disconnected(_ termination: Termination) async {
        await watched("disconnected") { await base.disconnected(termination) }
    }
    func stateChanged(_ change: StateChange) async {
        await watched("stateChanged") { await base.stateChanged(change) }
    }
    func received(_ frame: ControlFrame, _ context: SessionContext) async throws -> Reaction {
        try await watched("received") { try await base.received(frame, context) }
    }
    func statusNote() async -> String? { await watched("statusNote") { await base.statusNote() } }

    func severity(of error: any Error, from handler: HandlerReport.Handler) -> ErrorSeverity {
        base.severity(of: error, from: handler)
    }
    func decide(
        _ error: any Error, from handler: HandlerReport.Handler, _ context: SessionContext
    ) async -> ErrorDecision {
        await watched("decide") { await base.decide(error, from: handler, context) }
    }
    func decide(_ termination: Termination, failures: UInt32) async -> RetryDecision {
        await watched("decide") { await base.decide(termination, failures: failures) }
    }
}
