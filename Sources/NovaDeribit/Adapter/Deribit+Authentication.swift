import NovaSocket
import Synchronization

extension Deribit {
    /// Who we are, session by session: an adapter may serve several, in a pool or one after the other.
    final class Accounts: Sendable {
        private let accounts = Mutex<[UInt64: Account]>([:])
        /// More sessions than these are not remembered: the oldest go, and would have to introduce themselves anew.
        private static let most = 1024

        func of(_ session: UInt64) -> Account {
            accounts.withLock { accounts in
                if let known = accounts[session] { return known }
                if accounts.count == Self.most, let oldest = accounts.keys.min() { accounts[oldest] = nil }
                let new = Account()
                accounts[session] = new
                return new
            }
        }
    }

    /// Who we are on the present connection of a session.
    final class Account: Sendable {
        private struct State {
            var attempt: AttemptID?
            var refreshToken: String?
            /// Whether everything was said that is said once on a connection.
            var isSetUp = false
        }

        private let state = Mutex(State())

        /// What the next token of this connection can be got with; nil: nothing of it is known yet.
        func refreshToken(on attempt: AttemptID) -> String? {
            state.withLock { $0.attempt == attempt ? $0.refreshToken : nil }
        }

        /// The refresh token of the last connection that had one.
        var refreshToken: String? { state.withLock(\.refreshToken) }

        func isSetUp(on attempt: AttemptID) -> Bool { state.withLock { $0.attempt == attempt && $0.isSetUp } }

        func isAuthenticated(on attempt: AttemptID) -> Bool { refreshToken(on: attempt) != nil }

        /// A token was granted on this connection.
        func granted(_ token: Token, on attempt: AttemptID) { change(attempt) { $0.refreshToken = token.refreshToken } }

        /// The token of this connection is not good any more.
        func forget(on attempt: AttemptID) { change(attempt) { $0.refreshToken = nil } }

        func setUp(on attempt: AttemptID) { change(attempt) { $0.isSetUp = true } }

        /// What is known belongs to one connection; of an older one nothing is.
        private func change(_ attempt: AttemptID, _ body: (inout State) -> Void) {
            state.withLock { state in
                if let present = state.attempt, attempt < present { return }  // it comes late
                if state.attempt != attempt { state = State(attempt: attempt) }
                body(&state)
            }
        }
    }

    /// Presents the credentials, or renews the token; and the first time on a connection asks for cancel on disconnect
    /// and the heartbeat. An anonymous session has only the heartbeat to set.
    ///
    /// Throws ``/NovaSocket/AuthenticationError/refused(_:)`` where Deribit says that the credentials are wrong, or
    /// good for too little; all else may pass, and is tried again.
    public func authenticate(_ context: SessionContext) async throws -> Duration? {
        do {
            let account = accounts.of(context.sessionNumber)
            let token = try await token(account, context)
            if !account.isSetUp(on: context.attempt) {
                if cancelsOnDisconnect {
                    try await said("private/enable_cancel_on_disconnect", ["scope": "connection"], context)
                }
                if let heartbeat {
                    let seconds = max(Self.shortestHeartbeat, heartbeat.components.seconds)
                    try await said("public/set_heartbeat", ["interval": .integer(seconds)], context)
                }
                account.setUp(on: context.attempt)
            }
            return token?.validity
        } catch let error as DeribitError where Self.refusals.contains(error.code) {
            // The server's own words could have anything in them.
            throw AuthenticationError.refused(error.code.description)
        }
    }

    /// Deribit takes no shorter interval, in seconds.
    static let shortestHeartbeat: Int64 = 10

    /// What a person must mend: keys that are wrong, or good for too little.
    private static let refusals: Set<DeribitError.Code> = [
        .authorizationRequired, .invalidCredentials, .userNotFound, .unauthorized, .forbidden, .scopeExceeded,
    ]

    private func token(_ account: Account, _ context: SessionContext) async throws -> Token? {
        guard let credentials else { return nil }
        if let refreshToken = account.refreshToken(on: context.attempt) {
            do {
                return try await granted(
                    ["grant_type": "refresh_token", "refresh_token": .string(refreshToken)], account, context)
            } catch let error as DeribitError where Self.refusals.contains(error.code) {
                // A token may have been taken back, and the credentials still be good.
                account.forget(on: context.attempt)
            }
        }
        return try await granted(request(for: try await credentials.provide()), account, context)
    }

    private func granted(
        _ request: [String: JSONValue], _ account: Account, _ context: SessionContext
    ) async throws -> Token {
        let token = try await context.request("public/auth", request, as: Token.self)
        account.granted(token, on: context.attempt)
        return token
    }

    private func said(_ method: String, _ parameters: [String: JSONValue], _ context: SessionContext) async throws {
        _ = try await context.request(method, parameters, as: JSONValue.self)
    }
}
