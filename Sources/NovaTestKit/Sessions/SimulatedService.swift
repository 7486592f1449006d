import NovaKernel
import NovaSocket

/// A JSON-RPC service at a simulated server: wants credentials, echoes in its moods, and publishes numbers in channels. It
/// watches what of a session only the server can see.
final class SimulatedService: @unchecked Sendable {
    // Sendable: everything happens where the network's loop is driven.
    struct Subscriptions: Codable, Sendable {
        var channels: [String]
        var wishes: [Int64]
    }
    struct Credentials: Codable, Sendable { var secret: String }
    struct Token: Codable, Sendable {
        var token: String
        var milliseconds: Int64
    }

    /// What is known of a connection.
    private struct Visitor {
        var user: Int
        var isKnown: Bool
        var lastWish: Int64 = 0
        var channels: [String: Int64] = [:]
        var requests: Set<Int64> = []
    }

    /// All credentials and tokens begin with one of these.
    static let secretMarks = ["hush-", "t0ken-"]

    private let plan: SessionPlan
    private let network: SimulatedNetwork
    private let report: (Law, Int?, String) -> Void
    private var visitors: [Int: Visitor] = [:]
    private var connections: [Int: SimulatedConnection] = [:]
    private var lastNumbers: [String: Int] = [:]
    private var random: SeededRandom
    /// Requests that were not to be kept, and have come.
    private var onceOnly: Set<Int64> = []

    init(
        _ plan: SessionPlan, _ network: SimulatedNetwork, _ server: SimulatedServer,
        report: @escaping (Law, Int?, String) -> Void
    ) {
        (self.plan, self.network, self.report) = (plan, network, report)
        random = SeededRandom(seed: plan.seed ^ 0x5E55)
        server.onOpenRequest = { [weak self] connection, target in
            guard let self else { return }
            visitors[connection.number] = Visitor(
                user: Int(target.dropFirst()) ?? 0, isKnown: plan.validity == nil)
            connections[connection.number] = connection
        }
        server.onMessage = { [weak self] connection, message in self?.take(message, from: connection) }
        server.onViolation = { [weak self] in self?.report(.keepsProtocol, nil, $0.rawValue) }
        for channel in 0..<SessionPlan.channels { publish("c\(channel)") }
    }

    /// A channel's next message, to everybody who is subscribed to it; and so on.
    private func publish(_ channel: String) {
        network.loop.schedule(after: plan.interval.wholeNanoseconds) { [weak self] in
            guard let self else { return }
            let number = lastNumbers[channel, default: 0] + 1
            lastNumbers[channel] = number
            let text =
                #"{"jsonrpc":"2.0","method":"subscription","params":{"channel":"\#(channel)","data":\#(number)}}"#
            for (id, visitor) in visitors where visitor.channels[channel] != nil {
                guard let connection = connections[id], connection.isOpen else {
                    leave(id)
                    continue
                }
                connection.send(text)
            }
            publish(channel)
        }
    }

    private func leave(_ id: Int) {
        visitors[id] = nil
        connections[id] = nil
    }

    private func take(_ message: ReceivedMessage, from connection: SimulatedConnection) {
        for part in JSONRPC.read(message.bytes) {
            switch part {
            case .request(let request): answer(request, connection)
            case .notification(let notification):
                if notification.method != "note" { report(.answersMatch, nil, "a notification that nobody sent") }
                admit(notification.method, connection)
            case .response, .invalid: report(.answersMatch, nil, "something that is no request has come")
            }
        }
    }

    private func admit(_ method: String, _ connection: SimulatedConnection) {
        guard let visitor = visitors[connection.number], !visitor.isKnown else { return }
        report(.authenticatedFirst, visitor.user, "'\(method)' before the credentials")
    }

    private func answer(_ request: JSONRPC.Request, _ connection: SimulatedConnection) {
        switch request.method {
        case "auth": authenticate(request, connection)
        case "subscribe", "unsubscribe":
            admit(request.method, connection)
            subscribe(request, connection)
        default:
            admit(request.method, connection)
            echo(request, connection)
        }
    }

    private func authenticate(_ request: JSONRPC.Request, _ connection: SimulatedConnection) {
        let secret = try? request.params(as: Credentials.self).secret
        guard secret?.hasPrefix("hush-") == true, !random.chance(perMille: 30) else {
            return send(failure: "not now", request, connection)
        }
        visitors[connection.number]?.isKnown = true
        let time = plan.validity ?? .seconds(600)
        let token = Token(token: "t0ken-\(connection.number)", milliseconds: Int64(time.wholeMilliseconds))
        send(result: token, request, connection)
    }

    private func subscribe(_ request: JSONRPC.Request, _ connection: SimulatedConnection) {
        guard let wanted = try? request.params(as: Subscriptions.self), var visitor = visitors[connection.number] else {
            return report(.answersMatch, nil, "a subscription without a channel")
        }
        for (channel, wish) in zip(wanted.channels, wanted.wishes) {
            if request.method == "unsubscribe" {
                if visitor.channels[channel] == wish { visitor.channels[channel] = nil }
                continue
            }
            if wish <= visitor.lastWish {
                report(.restoredInOrder, visitor.user, "wish \(wish) behind wish \(visitor.lastWish)")
            }
            visitor.lastWish = wish
            visitor.channels[channel] = wish
        }
        visitors[connection.number] = visitor
        send(result: wanted.channels, request, connection)
    }

    private func echo(_ request: JSONRPC.Request, _ connection: SimulatedConnection) {
        guard let number = (try? request.params(as: [Int64].self))?.first, let visitor = visitors[connection.number],
            let mood = ServiceMood(rawValue: String(request.method.prefix { $0 != "!" }))
        else { return report(.answersMatch, nil, "'\(request.method)' was never asked for") }
        // A request that may go out anew says so with a mark behind its name.
        let isFirst = request.method.hasSuffix("!") ? !visitor.requests.contains(number) : !onceOnly.contains(number)
        if !isFirst { report(.requestsGoOnce, visitor.user, "request \(number) has come twice") }
        visitors[connection.number]?.requests.insert(number)
        onceOnly.insert(number)
        switch mood {
        case .echo: send(result: [number], request, connection)
        case .twice: for _ in 1...2 { send(result: [number], request, connection) }
        case .mute: break
        case .fails: send(failure: "as asked", request, connection)
        case .misshapen: send(result: "as asked", request, connection)
        case .babbles:
            connection.send(#"{"jsonrpc":"2.0","id":987654321,"result":[0]}"#)
            connection.send("no JSON at all")
            send(result: [number], request, connection)
        case .late:
            network.loop.schedule(after: random.duration(from: .seconds(1), to: .seconds(40)).wholeNanoseconds) {
                self.send(result: [number], request, connection)
            }
        }
    }

    private func send(
        result: some Encodable & Sendable, _ request: JSONRPC.Request, _ connection: SimulatedConnection
    ) {
        guard connection.isOpen, let bytes = try? JSONRPC.response(result: result, id: request.id) else { return }
        connection.send(String(decoding: bytes, as: UTF8.self))
    }

    private func send(failure: String, _ request: JSONRPC.Request, _ connection: SimulatedConnection) {
        guard let bytes = try? JSONRPC.response(failure: JSONRPC.Failure(-32000, failure), id: request.id) else {
            return
        }
        connection.send(String(decoding: bytes, as: UTF8.self))
    }
}

/// Which message of its channel a message is, told in the plan's way.
struct SimulatedPositions: PositionHandler {
    let kind: SessionPlan.Positions

    /// Nil where nobody tells.
    init?(_ kind: SessionPlan.Positions) {
        if kind == .none { return nil }
        self.kind = kind
    }

    func position(of message: Message, in channel: Channel) -> MessagePosition? {
        guard let number = message.numberInChannel.map({ UInt64($0) }) else { return nil }
        return switch kind {
        case .numbers: .sequence(number)
        case .chained: .sequence(number, after: number - 1)
        case .keys: .key("\(number)")
        case .none, .untold: nil
        }
    }
}

extension Message {
    /// The number that a message of a channel has.
    var numberInChannel: Int? {
        guard case .notification(let notification)? = JSONRPC.read(bytes).first else { return nil }
        return (try? notification.params(as: JSONValue.self))?["data"]?.int.map { Int($0) }
    }
}

/// How sessions of a simulation speak to it.
struct SimulatedServiceAdapter: Adapter {
    let url: String
    let plan: SessionPlan

    var authentication: AuthenticationPolicy? {
        plan.validity.map { AuthenticationPolicy(refreshAhead: $0 / 4, retryInterval: .seconds(1)) }
    }
    var rateLimit: RateLimit? { plan.rateLimit }
    var calls: CallOptions { CallOptions(timeout: plan.timeout) }

    func configure(_ options: inout WebSocketOptions) {
        let (authentication, rateLimit) = (options.policy.authentication, options.policy.rateLimit)
        options.policy = plan.policy
        (options.policy.authentication, options.policy.rateLimit) = (authentication, rateLimit)
    }

    func authenticate(_ context: SessionContext) async throws -> Duration? {
        let secret = SimulatedService.Credentials(secret: "hush-\(plan.seed)")
        let token = try await context.request("auth", secret, as: SimulatedService.Token.self)
        return .milliseconds(token.milliseconds)
    }

    func subscribe(to channels: [Channel], _ context: SessionContext) async throws -> [SubscriptionVerdict] {
        let confirmed = try await context.request("subscribe", Self.wanted(channels), as: [String].self)
        return channels.map {
            confirmed.contains($0.name) ? .confirmed : .refused(JSONRPC.Failure(-32000, "not confirmed"))
        }
    }

    func unsubscribe(from channels: [Channel], _ context: SessionContext) async throws {
        _ = try await context.request("unsubscribe", Self.wanted(channels), as: [String].self)
    }

    private static func wanted(_ channels: [Channel]) -> SimulatedService.Subscriptions {
        SimulatedService.Subscriptions(
            channels: channels.map(\.name), wishes: channels.map { Int64($0.parameters?.int ?? 0) })
    }
}
