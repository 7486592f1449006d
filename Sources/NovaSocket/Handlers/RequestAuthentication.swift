import NovaKernel

/// Introduces us by one request: with a token, with a signature of a key's, or with parameters of one's own.
///
/// ```
/// {"jsonrpc":"2.0","id":1,"method":"auth","params":{"token":"…"}}
/// {"jsonrpc":"2.0","id":1,"method":"auth","params":{"api_key":"…","nonce":"…","signature":"…","timestamp":1750000000000}}
/// ```
///
/// How long the server accepts them its answer may say: in `expires_in`, a number of seconds, or in `expires_at`, seconds since
/// 1970 in UTC. Where it has neither, the lifetime that is given here counts, an hour by default. A minute before its end the
/// request is made anew. An answer with an error is a refusal, see ``AuthenticationHandler/authenticate(_:)``.
///
/// A token that belongs into a header of the opening handshake needs no handler: see ``WebSocketOptions/authorize(bearer:)``.
public struct RequestAuthentication: AuthenticationHandler {
    private let method: String
    private let lifetime: Duration
    private let now: @Sendable () -> Int64
    private let parameters: @Sendable () async throws -> [String: JSONValue]
    /// When it is done anew.
    public let authentication: AuthenticationPolicy?

    /// Presents what `parameters` makes, anew each time.
    ///
    /// - Parameters:
    ///   - method: the method of the request.
    ///   - lifetime: how long the credentials are good if the answer does not say it; an hour by default.
    ///   - renewal: how long before their end they are presented anew: a minute by default.
    ///   - now: the time, in milliseconds since 1970 in UTC; the system's by default.
    ///   - parameters: what is presented. What it throws is no refusal: it is asked again on the next connection.
    public init(
        method: String = "auth", lifetime: Duration = .seconds(3600),
        renewal: AuthenticationPolicy = AuthenticationPolicy(),
        now: @escaping @Sendable () -> Int64 = APIKey.systemTime,
        parameters: @escaping @Sendable () async throws -> [String: JSONValue]
    ) {
        (self.method, self.lifetime, self.now, self.parameters) = (method, lifetime, now, parameters)
        authentication = renewal
    }

    /// Presents a token.
    ///
    /// - Parameters:
    ///   - token: where it comes from.
    ///   - parameter: the parameter that it stands in.
    ///   - method: the method of the request.
    ///   - lifetime: how long it is good if the answer does not say it; an hour by default.
    ///   - renewal: how long before its end it is presented anew: a minute by default.
    ///   - now: the time, in milliseconds since 1970 in UTC; the system's by default.
    public init(
        token: CredentialSource<String>, parameter: String = "token", method: String = "auth",
        lifetime: Duration = .seconds(3600), renewal: AuthenticationPolicy = AuthenticationPolicy(),
        now: @escaping @Sendable () -> Int64 = APIKey.systemTime
    ) {
        self.init(method: method, lifetime: lifetime, renewal: renewal, now: now) {
            [parameter: .string(try await token.provide())]
        }
    }

    /// Presents a signature, and never the secret.
    ///
    /// - Parameters:
    ///   - key: where the key comes from.
    ///   - method: the method of the request.
    ///   - lifetime: how long it is good if the answer does not say it; an hour by default.
    ///   - renewal: how long before its end it is made anew: a minute by default.
    ///   - now: the time, in milliseconds since 1970 in UTC; the system's by default.
    ///   - nonce: a text for each signature that was not there before; 32 random digits by default.
    ///   - parameters: what is presented: of a key, the time and a nonce. By default ``standardParameters``.
    public init(
        signedBy key: CredentialSource<APIKey>, method: String = "auth", lifetime: Duration = .seconds(3600),
        renewal: AuthenticationPolicy = AuthenticationPolicy(),
        now: @escaping @Sendable () -> Int64 = APIKey.systemTime,
        nonce: @escaping @Sendable () -> String = APIKey.randomNonce,
        parameters: @escaping @Sendable (_ key: APIKey, _ milliseconds: Int64, _ nonce: String) -> [String: JSONValue] =
            RequestAuthentication.standardParameters
    ) {
        self.init(method: method, lifetime: lifetime, renewal: renewal, now: now) {
            parameters(try await key.provide(), now(), nonce())
        }
    }

    /// `api_key`, `timestamp`, `nonce`, and in `signature` the hexadecimal HMAC-SHA256 of the time, the nonce and nothing else,
    /// each with a line feed behind it.
    public static let standardParameters:
        @Sendable (_ key: APIKey, _ milliseconds: Int64, _ nonce: String) -> [String: JSONValue] = {
            key, milliseconds, nonce in
            [
                "api_key": .string(key.id), "timestamp": .integer(milliseconds), "nonce": .string(nonce),
                "signature": .string(key.signature(of: "\(milliseconds)\n\(nonce)\n")),
            ]
        }

    /// Makes the request; says for how long its answer is good.
    ///
    /// Throws ``AuthenticationError/unavailable(_:)`` for an answer whose end has passed already, and what the server answers
    /// instead of a result.
    public func authenticate(_ context: SessionContext) async throws -> Duration? {
        let answer = try await context.request(method, try await parameters(), as: JSONValue.self)
        let time = self.time(in: answer) ?? lifetime
        guard time >= .seconds(1) else {
            throw AuthenticationError.unavailable("What the server has granted has ended already.")
        }
        return time
    }

    /// For how long the answer says that it is good, a hundred years at most; nil if it does not say it.
    private func time(in answer: JSONValue) -> Duration? {
        let seconds = answer["expires_in"]?.double ?? answer["expires_at"]?.double.map { $0 - Double(now()) / 1000 }
        guard let seconds, seconds.isFinite else { return nil }
        return .seconds(min(max(seconds, 0), 3_153_600_000))
    }
}

// What its functions hold on to is secret: it is never printed.
extension RequestAuthentication: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The method.
    public var description: String { "authentication by \(method)" }

    /// The same as ``description``.
    public var debugDescription: String { description }

    /// The method.
    public var customMirror: Mirror { Mirror(self, children: ["method": method]) }
}

extension WebSocketOptions {
    /// Presents a token in every opening handshake, as `Authorization: Bearer …` (RFC 6750 §2.1). It takes the place of any
    /// other `Authorization`. All attempts of a handle present the same; one that ends while the handle lives belongs into
    /// ``RequestAuthentication``.
    public mutating func authorize(bearer token: String) {
        headers.removeAll { $0.name.lowercased() == "authorization" }
        addHeader("Authorization", "Bearer \(token)")
    }
}
