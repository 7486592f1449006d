import NovaSocket

// What needs credentials; without, Deribit answers 13009.

extension DeribitClient {
    /// Buys: `private/buy`.
    public nonisolated(nonsending) func buy(_ order: Deribit.OrderRequest) async throws -> Deribit.Placement {
        try await session.request("private/buy", order)
    }

    /// Sells: `private/sell`.
    public nonisolated(nonsending) func sell(_ order: Deribit.OrderRequest) async throws -> Deribit.Placement {
        try await session.request("private/sell", order)
    }

    /// Cancels an order: `private/cancel`. Throws ``DeribitError`` with 10004 if there is none, with 11044 if it is not
    /// open.
    @discardableResult
    public nonisolated(nonsending) func cancel(orderID: String) async throws -> Deribit.Order {
        try await ask("private/cancel", ["order_id": .string(orderID)])
    }

    /// Cancels all orders, and tells how many there were: `private/cancel_all`.
    @discardableResult
    public nonisolated(nonsending) func cancelAll() async throws -> Int { try await ask("private/cancel_all") }

    /// The orders that are open: `private/get_open_orders`.
    ///
    /// - Parameters:
    ///   - kind: of which kind of instruments; nil: all.
    ///   - type: which kind of orders, Deribit's word; nil: all.
    public nonisolated(nonsending) func openOrders(
        kind: Deribit.InstrumentKind? = nil, type: String? = nil
    ) async throws -> [Deribit.Order] {
        try await ask(
            "private/get_open_orders",
            ["kind": kind.map { .string($0.rawValue) }, "type": type.map { .string($0) }])
    }

    /// The account in one currency: `private/get_account_summary`.
    ///
    /// - Parameters:
    ///   - currency: `BTC`.
    ///   - subaccount: of which subaccount; nil: our own.
    public nonisolated(nonsending) func accountSummary(
        currency: String, subaccount: Int64? = nil
    ) async throws -> Deribit.AccountSummary {
        try await ask(
            "private/get_account_summary",
            ["currency": .string(currency), "subaccount_id": subaccount.map { .integer($0) }])
    }

    // MARK: The connection

    /// Has Deribit cancel our orders when the connection is lost: `private/enable_cancel_on_disconnect`. For every
    /// connection of a session, tell the adapter instead.
    public nonisolated(nonsending) func enableCancelOnDisconnect(
        _ scope: Deribit.CancelScope = .connection
    ) async throws {
        try await tell("private/enable_cancel_on_disconnect", ["scope": .string(scope.rawValue)])
    }

    /// Has Deribit leave our orders when the connection is lost: `private/disable_cancel_on_disconnect`.
    public nonisolated(nonsending) func disableCancelOnDisconnect(
        _ scope: Deribit.CancelScope = .connection
    ) async throws {
        try await tell("private/disable_cancel_on_disconnect", ["scope": .string(scope.rawValue)])
    }

    /// Whether Deribit cancels our orders when the connection is lost: `private/get_cancel_on_disconnect`.
    public nonisolated(nonsending) func cancelOnDisconnect(
        _ scope: Deribit.CancelScope = .connection
    ) async throws -> Deribit.CancelOnDisconnect {
        try await ask("private/get_cancel_on_disconnect", ["scope": .string(scope.rawValue)])
    }

    /// Leaves: `private/logout`, and the session is closed. Orders stay, also where cancel on disconnect is enabled.
    ///
    /// Deribit does not answer; it ends the connection. Where it has not after five seconds, we do.
    ///
    /// - Parameter invalidatesToken: whether all tokens of this session end with it.
    @discardableResult
    public nonisolated(nonsending) func logout(invalidatesToken: Bool = true) async throws -> Termination? {
        do {
            let _: JSONValue = try await session.request(
                "private/logout", ["invalidate_token": JSONValue.bool(invalidatesToken)],
                options: CallOptions(timeout: .seconds(5)))
        } catch let error as WebSocketError
            where error.code == .connectionEnded || [.connectionLost, .closing, .timedOut].contains(error.refusal)
        {
            // That is how it is meant.
        }
        return await session.close()
    }

    // MARK: Tokens

    /// A token for another subaccount: `public/exchange_token`.
    ///
    /// - Parameters:
    ///   - subject: the subaccount's id.
    ///   - refreshToken: what it is exchanged for; nil: this session's own.
    ///   - scope: what it is to be good for; nil: what Deribit grants by itself.
    public nonisolated(nonsending) func exchangeToken(
        for subject: Int64, refreshToken: String? = nil, scope: String? = nil
    ) async throws -> Deribit.Token {
        try await ask(
            "public/exchange_token",
            [
                "refresh_token": .string(try ours(refreshToken)), "subject_id": .integer(subject),
                "scope": scope.map { .string($0) },
            ])
    }

    /// A token for a new named session: `public/fork_token`. Deribit gives it for the token of a named session only:
    /// for credentials whose scope has `session:name` in it.
    ///
    /// - Parameters:
    ///   - sessionName: the new session's name.
    ///   - refreshToken: what it is forked from; nil: this session's own.
    public nonisolated(nonsending) func forkToken(
        sessionName: String, refreshToken: String? = nil
    ) async throws -> Deribit.Token {
        try await ask(
            "public/fork_token",
            ["refresh_token": .string(try ours(refreshToken)), "session_name": .string(sessionName)])
    }

    private func ours(_ refreshToken: String?) throws(AuthenticationError) -> String {
        guard let token = refreshToken ?? adapter.accounts.of(session.number).refreshToken else {
            throw .unavailable("The session has no token yet.")
        }
        return token
    }
}
