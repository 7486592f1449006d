import NovaSocket
import NovaTestKit
import SessionSupport
import Synchronization

/// A correct adapter to ``RPCService``, or one that breaks a promise in one way.
struct LintedAdapter: Adapter, CustomStringConvertible, CustomReflectable {
    enum Defect: String, CaseIterable, Sendable {
        case strangeURL, refusesEverything, slowSort, losesAnswers, swapsAnswers, swapsChannels, tooFewVerdicts
        case confirmsAll, confirmsBlindly, presentsNothing, acceptsAll, hangsInAuthenticate, hangsInSubscribe
        case hangsInUnsubscribe, hangsInHandle, waitsInRealTime, unsubscribesAll, dearRequest, dearReply,
            toldByDescription
        case toldByReason, toldByError, toldByClose, toldByNote, toldByURL, poisoned
    }

    /// What it keeps over its calls.
    final class Memory: Sendable {
        let channels = Mutex<[String]>([])
        let isPoisoned = Mutex(false)
    }

    static let secret = "open sesame"

    struct Told: Error, CustomStringConvertible { var description: String }

    var defect: Defect?
    var memory = Memory()

    private func has(_ defect: Defect) -> Bool { self.defect == defect }

    var description: String { has(.toldByDescription) ? "LintedAdapter(\(Self.secret))" : "LintedAdapter" }
    var customMirror: Mirror { Mirror(self, children: []) }

    var url: String {
        switch defect {
        case .strangeURL: "http://rpc.example/"
        case .toldByURL: "wss://rpc.example/token/open%20sesame"
        default: "wss://rpc.example/"
        }
    }

    // MARK: Messages

    func sort(_ message: Message) -> Sorting {
        if has(.slowSort) {
            let clock = ContinuousClock()
            let start = clock.now
            while clock.now - start < .milliseconds(30) {}
        }
        if memory.isPoisoned.withLock(\.self) { return .other }
        switch JSONRPCMessages().sort(message) {
        case .answer(let id, let content):
            if has(.losesAnswers), id.number % 4 < 2 { return .other }
            return .answer(has(.swapsAnswers) ? RequestID(id.number ^ 2) : id, content: content)
        case .channel(let name): return .channel(has(.swapsChannels) ? name.uppercased() : name)
        case .invalid(let reason):
            if has(.poisoned) { memory.isPoisoned.withLock { $0 = true } }
            return .invalid(reason: has(.toldByReason) ? message.text : reason)
        case let other: return other
        }
    }

    func handle(_ message: Message, _ context: SessionContext) async throws -> Reaction {
        if has(.hangsInHandle) { await hang() }
        if has(.toldByClose) { return .fail(.policyViolation, reason: Self.secret) }
        return .nothing
    }

    // MARK: Credentials

    let authentication: AuthenticationPolicy? = AuthenticationPolicy()

    func authenticate(_ context: SessionContext) async throws -> Duration? {
        let ask: @Sendable () async throws -> Int = {
            struct Login: Codable { var secret: String }
            struct Token: Codable { var expires_in: Int }
            return try await context.request("auth", Login(secret: Self.secret), as: Token.self).expires_in
        }
        switch defect {
        case .presentsNothing: return .seconds(600)
        case .acceptsAll: return .seconds(await (try? ask()) ?? 600)
        case .toldByError: throw Told(description: "\(try await ask()) seconds for \(Self.secret)")
        case .hangsInAuthenticate: await hang()
        default: break
        }
        return .seconds(try await ask())
    }

    // MARK: Subscriptions

    private struct Names: Codable, Sendable { var channels: [String] }

    func subscribe(to channels: [Channel], _ context: SessionContext) async throws -> [SubscriptionVerdict] {
        if has(.hangsInSubscribe) { await hang() }
        // The life that does not wait for it takes a few milliseconds.
        if has(.waitsInRealTime) { try await Task.sleep(for: .seconds(60)) }
        let names = channels.map(\.name)
        memory.channels.withLock { $0 += names }
        if has(.confirmsBlindly) {
            _ = try? await context.request("subscribe", Names(channels: names), as: [String].self)
            return names.map { _ in .confirmed }
        }
        let confirmed = try await context.request("subscribe", Names(channels: names), as: [String].self)
        let verdicts: [SubscriptionVerdict] = names.map { name in
            if has(.refusesEverything) { return .refused(Told(description: "no")) }
            return confirmed.contains(name) || has(.confirmsAll) ? .confirmed : .refused(Told(description: "no"))
        }
        return has(.tooFewVerdicts) ? verdicts.dropLast() : verdicts
    }

    func unsubscribe(from channels: [Channel], _ context: SessionContext) async throws {
        if has(.hangsInUnsubscribe) { await hang() }
        let names = has(.unsubscribesAll) ? memory.channels.withLock(\.self) : channels.map(\.name)
        _ = try await context.request("unsubscribe", Names(channels: names), as: [String].self)
    }

    // MARK: The rest

    let rateLimit: RateLimit? = RateLimit(capacity: 50, refill: 10)

    func cost(of purpose: MessagePurpose) -> UInt32 {
        switch purpose {
        case .request("dear") where has(.dearRequest): 51
        case .reply where has(.dearReply): 51
        case .request("auth"): 50
        case .request, .batch, .message, .reply: 1
        }
    }

    func statusNote() async -> String? { has(.toldByNote) ? "logged in with \(Self.secret)" : "logged in" }

    private func hang() async {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
        for await _ in stream {}
        continuation.finish()
    }
}

extension AdapterLint.Promise {
    /// What an adapter with that defect does not keep.
    static func broken(by defect: LintedAdapter.Defect) -> AdapterLint.Promise {
        switch defect {
        case .strangeURL: .urlIsValid
        case .refusesEverything: .serves
        case .slowSort: .sortReturnsAtOnce
        case .losesAnswers, .swapsAnswers: .answersFindTheirRequests
        case .swapsChannels: .messagesFindTheirChannels
        case .tooFewVerdicts: .verdictForEachChannel
        case .confirmsAll, .confirmsBlindly: .confirmsWhatIsConfirmed
        case .presentsNothing: .presentsCredentials
        case .acceptsAll: .acceptsWhatIsAccepted
        case .hangsInAuthenticate, .hangsInSubscribe, .hangsInUnsubscribe, .hangsInHandle, .waitsInRealTime:
            .returnsInTime
        case .unsubscribesAll: .unsubscribesWhatItWasGiven
        case .dearRequest, .dearReply: .costsAreAffordable
        case .toldByDescription, .toldByReason, .toldByError, .toldByClose, .toldByNote, .toldByURL: .keepsSecrets
        case .poisoned: .recovers
        }
    }
}
