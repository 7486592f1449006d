import NovaSocket
import NovaTransport

/// A token that was granted.
struct DeribitToken {
    var access: String
    var refresh: String
    /// When it is over, in virtual nanoseconds.
    var end: UInt64
    var scope: String
    /// The only connection that it is good on; nil: it belongs to a named session.
    var connection: Int?

    func isGood(on connection: Int, at now: UInt64) -> Bool {
        now < end && (self.connection == nil || self.connection == connection)
    }
}

/// All of them.
struct DeribitTokens {
    var byAccess: [String: DeribitToken] = [:]
    var byRefresh: [String: DeribitToken] = [:]
    private var random = SeededRandom(seed: 0xDE81)

    /// A token that nobody had.
    mutating func grant(_ scope: String?, on connection: Int, lifetime: UInt64, now: UInt64) -> DeribitToken {
        let words = (scope ?? "").split(separator: " ")
        let isOfSession = words.contains { $0.hasPrefix("session:") }
        let seconds = words.lazy.compactMap { $0.hasPrefix("expires:") ? UInt64($0.dropFirst(8)) : nil }.first
        let (number, other) = (random.next(), random.next())
        let token = DeribitToken(
            access: "access-" + String(number, radix: 16), refresh: "refresh-" + String(other, radix: 16),
            end: now + (seconds.map { min($0, 1 << 32) * 1_000_000_000 } ?? lifetime),
            scope: (isOfSession ? "" : "connection ") + (scope ?? "account:read_write trade:read_write"),
            connection: isOfSession ? nil : connection)
        byAccess[token.access] = token
        byRefresh[token.refresh] = token
        return token
    }

    mutating func forget(_ token: DeribitToken) {
        byAccess[token.access] = nil
        byRefresh[token.refresh] = nil
    }
}

extension ScriptedDeribit {
    static let unauthorized = Refusal(13009, "unauthorized")
    static let invalidCredentials = Refusal(13004, "invalid_credentials")

    /// `public/auth`.
    func authenticate(_ visitor: DeribitVisitor, _ request: Parameters) throws(Refusal) -> JSONValue {
        var scope = request["scope"]?.string
        switch request["grant_type"]?.string {
        case "client_credentials":
            guard try secret(of: request) == (try request.string("client_secret")) else {
                throw Self.invalidCredentials
            }
        case "client_signature":
            let (nonce, data) = (request["nonce"]?.string ?? "", request["data"]?.string ?? "")
            let text = "\(try request.integer("timestamp"))\n\(nonce)\n\(data)"
            guard
                KeyedHash(key: Array(try secret(of: request).utf8)).hexadecimal(text)
                    == (try request.string("signature"))
            else { throw Refusal(13009, "unauthorized", reason: "bad signature") }
        default:
            let old = try refreshed(try request.string("refresh_token"), visitor)
            scope = scope ?? (old.connection == nil ? old.scope : nil)
            tokens.forget(old)
        }
        return granted(scope, visitor, presents: true)
    }

    private func secret(of request: Parameters) throws(Refusal) -> String {
        guard let secret = settings.credentials[try request.string("client_id")] else { throw Self.invalidCredentials }
        return secret
    }

    /// The token that a refresh token stands for, if it does on this connection.
    private func refreshed(_ refresh: String, _ visitor: DeribitVisitor) throws(Refusal) -> DeribitToken {
        guard let token = tokens.byRefresh[refresh],
            token.connection == nil || token.connection == visitor.connection.number
        else { throw Refusal(13009, "unauthorized", reason: "invalid_token") }
        return token
    }

    private func granted(_ scope: String?, _ visitor: DeribitVisitor, presents: Bool) -> JSONValue {
        let token = tokens.grant(
            scope, on: visitor.connection.number, lifetime: settings.tokenLifetime.wholeNanoseconds, now: loop.now)
        if presents { visitor.token = token }
        return [
            "access_token": .string(token.access), "refresh_token": .string(token.refresh), "token_type": "bearer",
            "expires_in": .integer(Int64((token.end - loop.now) / 1_000_000_000)), "scope": .string(token.scope),
        ]
    }

    /// `public/exchange_token`.
    func exchangeToken(_ visitor: DeribitVisitor, _ request: Parameters) throws(Refusal) -> JSONValue {
        _ = try refreshed(try request.string("refresh_token"), visitor)
        guard settings.subaccounts.contains(Int(try request.integer("subject_id"))) else {
            throw Refusal(13021, "forbidden")
        }
        return granted(request["scope"]?.string, visitor, presents: false)
    }

    /// `public/fork_token`: of a named session's token only.
    func forkToken(_ visitor: DeribitVisitor, _ request: Parameters) throws(Refusal) -> JSONValue {
        guard try refreshed(try request.string("refresh_token"), visitor).connection == nil else {
            throw Refusal(13009, "unauthorized", reason: "session scope is needed")
        }
        return granted("session:" + (try request.string("session_name")), visitor, presents: false)
    }

    /// Whether a private method is for this client: by its connection's token, or one in the request.
    func authorize(_ visitor: DeribitVisitor, _ request: Parameters) throws(Refusal) {
        let token = request["access_token"]?.string.map { tokens.byAccess[$0] } ?? visitor.token
        guard let token else { throw Self.unauthorized }
        guard token.isGood(on: visitor.connection.number, at: loop.now) else {
            throw Refusal(13009, "unauthorized", reason: "token has expired", parameter: "access_token")
        }
    }

    /// Whether the connection is authenticated now.
    func isAuthenticated(_ visitor: DeribitVisitor) -> Bool {
        visitor.token?.isGood(on: visitor.connection.number, at: loop.now) == true
    }
}
