import NovaSocket

/// Why a channel is not subscribed to, where it was not Deribit that said why.
public enum DeribitChannelError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A channel of raw events is for those who have authenticated; Deribit was not asked.
    case rawNeedsAuthentication(channel: String)
    /// A channel of the user's own events is for those who have authenticated; Deribit was not asked.
    case userNeedsAuthentication(channel: String)
    /// Deribit did not list the channel among those that are subscribed to: it has no such channel, or not for us.
    case notSubscribed(channel: String)

    /// The reason in a sentence.
    public var description: String {
        switch self {
        case .rawNeedsAuthentication(let channel): "\(channel) needs authentication: it is a channel of raw events."
        case .userNeedsAuthentication(let channel):
            "\(channel) needs authentication: it is a channel of the user's own."
        case .notSubscribed(let channel): "Deribit has not subscribed us to \(channel)."
        }
    }
}

extension Deribit {
    /// Whether a channel is asked for by the private method.
    private static func isPrivate(_ name: String) -> Bool { isUsers(name) || isRaw(name) }
    private static func isUsers(_ name: String) -> Bool { name.hasPrefix("user.") }
    private static func isRaw(_ name: String) -> Bool { name.hasSuffix(".raw") }

    /// More channels are not named in one request: a message may have 32 kB.
    private static let mostChannelsAtOnce = 500

    /// Asks for the channels, those for all and those for us each in one request. A channel that Deribit's answer does
    /// not list is refused.
    public func subscribe(to channels: [Channel], _ context: SessionContext) async throws -> [SubscriptionVerdict] {
        let isAuthenticated = accounts.of(context.sessionNumber).isAuthenticated(on: context.attempt)
        var verdicts: [String: SubscriptionVerdict] = [:]
        var open: [String] = []
        var ours: [String] = []
        for name in channels.map(\.name) {
            switch (Self.isPrivate(name), isAuthenticated) {
            case (false, _): open.append(name)
            case (true, true): ours.append(name)
            case (true, false):
                verdicts[name] = .refused(
                    Self.isUsers(name)
                        ? DeribitChannelError.userNeedsAuthentication(channel: name)
                        : .rawNeedsAuthentication(channel: name))
            }
        }
        for (method, names) in [("public/subscribe", open), ("private/subscribe", ours)] {
            for part in Self.parts(names) {
                verdicts.merge(try await ask(method, part, context)) { $1 }
            }
        }
        return channels.map { verdicts[$0.name] ?? .refused(DeribitChannelError.notSubscribed(channel: $0.name)) }
    }

    /// What Deribit says of these. If it refuses all of them, others may still be granted.
    private func ask(
        _ method: String, _ names: [String], _ context: SessionContext
    ) async throws -> [String: SubscriptionVerdict] {
        let verdict: (String) -> SubscriptionVerdict
        do {
            let granted = try await granted(method, names, context)
            verdict = {
                granted.contains($0) ? .confirmed : .refused(DeribitChannelError.notSubscribed(channel: $0))
            }
        } catch let error as DeribitError {
            verdict = { _ in .refused(error) }
        }
        return Dictionary(names.map { ($0, verdict($0)) }) { first, _ in first }
    }

    /// What may pass does not cost a channel: it is asked for again. Where Deribit has ended the connection meanwhile, as
    /// it does after too many requests, that fails, and the session asks on the next one.
    private func granted(_ method: String, _ names: [String], _ context: SessionContext) async throws -> Set<String> {
        do {
            return Set(try await context.request(method, ["channels": names], as: [String].self))
        } catch let error as DeribitError where Self.passing.contains(error.code) {
            return Set(try await context.request(method, ["channels": names], as: [String].self))
        }
    }

    private static let passing: Set<DeribitError.Code> = [
        .tooManyRequests, .tooManyConcurrentRequests, .retry, .systemMaintenance, .temporarilyUnavailable,
        .internalServerError,
    ]

    /// Tells Deribit that these are not wanted any more.
    public func unsubscribe(from channels: [Channel], _ context: SessionContext) async throws {
        let names = channels.map(\.name)
        let (ours, open) = (names.filter(Self.isPrivate), names.filter { !Self.isPrivate($0) })
        for (method, names) in [("public/unsubscribe", open), ("private/unsubscribe", ours)] {
            for part in Self.parts(names) {
                _ = try await context.request(method, ["channels": part], as: JSONValue.self)
            }
        }
    }

    private static func parts(_ names: [String]) -> [[String]] {
        stride(from: 0, to: names.count, by: mostChannelsAtOnce).map {
            Array(names[$0..<min(names.count, $0 + mostChannelsAtOnce)])
        }
    }
}
