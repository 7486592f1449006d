import NovaSocket

/// The exchange Deribit, spoken to in JSON-RPC 2.0: what a ``/NovaSocket/Session`` must know of it.
///
/// ```swift
/// let client = try DeribitClient(Deribit(.test, credentials: .environment))
/// try await client.connect()
/// ```
///
/// On every connection it authenticates, if there are credentials; asks for cancel on disconnect, if that is wanted;
/// and sets the heartbeat. Then the session asks for its channels again. It answers Deribit's `test_request` ahead of
/// whatever else waits, and renews the token before it ends.
///
/// An adapter may serve several sessions, one after the other or in a ``/NovaSocket/SessionPool``: it holds the tokens of
/// each apart.
public final class Deribit: Adapter {
    /// Which of Deribit's systems. They know nothing of each other: neither keys nor money.
    public enum System: Hashable, Sendable {
        /// `wss://www.deribit.com/ws/api/v2`, with real money.
        case production
        /// `wss://test.deribit.com/ws/api/v2`.
        case test
        /// Another address.
        case at(url: String)

        /// Where it is.
        public var url: String {
            switch self {
            case .production: "wss://www.deribit.com/ws/api/v2"
            case .test: "wss://test.deribit.com/ws/api/v2"
            case .at(let url): url
            }
        }
    }

    /// Which system.
    public let system: System
    /// Where credentials come from; nil: the session is anonymous.
    let credentials: CredentialsProvider?
    /// After how long a silence Deribit asks whether we are there; nil: never.
    public let heartbeat: Duration?
    /// Whether Deribit cancels the orders of a connection that is lost.
    public let cancelsOnDisconnect: Bool
    /// How fast we may be.
    public let rate: Rate
    private let renewal: AuthenticationPolicy
    private let now: @Sendable () -> Int64
    private let nonce: @Sendable () -> String
    let accounts = Accounts()

    private static let messages = JSONRPCMessages()

    /// An adapter.
    ///
    /// - Parameters:
    ///   - system: which of Deribit's systems; the test system by default.
    ///   - credentials: where credentials come from, asked on each connection; nil: the session is anonymous.
    ///   - heartbeat: how often Deribit asks whether we are there, and ends the connection if we don't answer: whole
    ///     seconds; less than 10 counts as 10, as Deribit takes no less; nil: never.
    ///   - cancelsOnDisconnect: whether Deribit cancels the orders of a connection that is lost. Without credentials
    ///     Deribit refuses that, and the session ends.
    ///   - renewal: how long before its end a token is renewed: a minute by default.
    ///   - rate: how fast we may be.
    ///   - now: the time for signatures, in milliseconds since 1970 in UTC; the system's by default.
    ///   - nonce: a text for each signature that was not there before; 32 random digits by default.
    public init(
        _ system: System = .test, credentials: CredentialsProvider? = nil, heartbeat: Duration? = .seconds(30),
        cancelsOnDisconnect: Bool = false, renewal: AuthenticationPolicy = AuthenticationPolicy(),
        rate: Rate = .standard, now: @escaping @Sendable () -> Int64 = Deribit.systemTime,
        nonce: @escaping @Sendable () -> String = Deribit.randomNonce
    ) {
        (self.system, self.credentials, self.heartbeat, self.rate) = (system, credentials, heartbeat, rate)
        (self.cancelsOnDisconnect, self.renewal, self.now, self.nonce) = (cancelsOnDisconnect, renewal, now, nonce)
    }

    /// The system's time, in milliseconds since 1970 in UTC.
    public static let systemTime = APIKey.systemTime

    /// 32 random hexadecimal digits.
    public static let randomNonce = APIKey.randomNonce

    /// The signature of Deribit's `client_signature`: HMAC-SHA256 of the time, the nonce and the data, each but the
    /// last with a line feed behind it, in lowercase hexadecimal digits.
    static func signature(by key: APIKey, milliseconds: Int64, nonce: String, data: String) -> String {
        key.signature(of: "\(milliseconds)\n\(nonce)\n\(data)")
    }

    /// What `public/auth` is asked with.
    func request(for credentials: Credentials) -> [String: JSONValue] {
        var request: [String: JSONValue] = ["client_id": .string(credentials.id)]
        if let scope = credentials.scope { request["scope"] = .string(scope) }
        switch credentials.grant {
        case .secret:
            request["grant_type"] = "client_credentials"
            request["client_secret"] = .string(credentials.key.secret)
        case .signature(let data):
            let (milliseconds, nonce) = (now(), nonce())
            request["grant_type"] = "client_signature"
            request["timestamp"] = .integer(milliseconds)
            request["nonce"] = .string(nonce)
            request["data"] = .string(data)
            request["signature"] = .string(
                Self.signature(by: credentials.key, milliseconds: milliseconds, nonce: nonce, data: data))
        }
        return request
    }

    // MARK: What a session asks for

    /// Where it is.
    public var url: String { system.url }

    /// Lets no more messages wait than the rate says.
    public func configure(_ options: inout WebSocketOptions) {
        options.policy.outbox.maximumMessages = rate.longestQueue
    }

    /// An anonymous session has something to say on each connection too, if there is a heartbeat.
    public var authentication: AuthenticationPolicy? { isSilent ? nil : renewal }

    private var isSilent: Bool { credentials == nil && heartbeat == nil && !cancelsOnDisconnect }

    /// The bucket.
    public var rateLimit: RateLimit? { rate.bucket }

    /// What a message costs: a request by its method, a batch as that many queries, all else as a query.
    public func cost(of purpose: MessagePurpose) -> UInt32 {
        switch purpose {
        case .request(let method): rate.cost(ofMethod: method)
        case .batch(let requests, let notifications):
            UInt32(clamping: UInt64(clamping: requests + notifications) * UInt64(rate.costs.query))
        case .message, .reply: rate.costs.query
        }
    }

    /// The result of a response. Throws ``DeribitError`` if it is none.
    public func decode<Value: Decodable & Sendable>(_ type: Value.Type, from answer: Answer) throws -> Value {
        do {
            return try Self.messages.decode(type, from: answer)
        } catch let failure as JSONRPC.Failure {
            throw DeribitError(failure)
        }
    }

    /// Answers a heartbeat's `test_request` with `public/test`.
    ///
    /// It goes through the rate limit, but ahead of everything that waits there: an answer behind two hundred orders
    /// comes too late. And it goes while channels are still being restored, which may take longer than a heartbeat.
    public func handle(_ message: Message, _ context: SessionContext) async throws -> Reaction {
        guard case .notification(let notification)? = JSONRPC.read(message.bytes).first,
            notification.method == "heartbeat",
            try notification.params(as: Heartbeat.self).type == "test_request"
        else { return .nothing }
        // The answer's id is no number of a request, so the session takes it for nobody's.
        let test = try JSONRPC.request("public/test", params: [String: JSONValue](), id: "heartbeat")
        try await context.early.send(.text(utf8: test), options: CallOptions(priority: .max))
        return .nothing
    }

    private struct Heartbeat: Decodable, Sendable { let type: String }
}

extension Deribit: CustomStringConvertible, CustomReflectable {
    /// Where it is, and whether somebody is somebody there.
    public var description: String { "Deribit at \(url), \(credentials == nil ? "anonymous" : "with credentials")" }

    /// Where it is.
    public var customMirror: Mirror { Mirror(self, children: ["url": url]) }
}
