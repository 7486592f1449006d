import NovaSocket

// What needs no credentials.

extension DeribitClient {
    /// Deribit's time, in milliseconds since 1970: `public/get_time`.
    public nonisolated(nonsending) func time() async throws -> Int64 { try await ask("public/get_time") }

    /// Introduces this program to Deribit, and tells the version of its interface: `public/hello`.
    public nonisolated(nonsending) func hello(name: String, version: String) async throws -> Deribit.Version {
        try await ask("public/hello", ["client_name": .string(name), "client_version": .string(version)])
    }

    /// Which currencies are locked: `public/status`.
    public nonisolated(nonsending) func status() async throws -> Deribit.Status { try await ask("public/status") }

    /// Tells the version of Deribit's interface; with `"exception"` as what is expected it answers an error:
    /// `public/test`.
    public nonisolated(nonsending) func test(expecting result: String? = nil) async throws -> Deribit.Version {
        try await ask("public/test", ["expected_result": result.map { .string($0) }])
    }

    /// What is traded: `public/get_instruments`. Deribit answers this seldom, once in ten seconds.
    ///
    /// - Parameters:
    ///   - currency: `BTC`, or `any` for all.
    ///   - kind: which kind; nil: all.
    ///   - isExpired: whether those are told that have expired of late.
    public nonisolated(nonsending) func instruments(
        currency: String, kind: Deribit.InstrumentKind? = nil, isExpired: Bool? = nil
    ) async throws -> [Deribit.Instrument] {
        try await ask(
            "public/get_instruments",
            [
                "currency": .string(currency), "kind": kind.map { .string($0.rawValue) },
                "expired": isExpired.map { .bool($0) },
            ])
    }

    /// An instrument's book: `public/get_order_book`.
    ///
    /// - Parameters:
    ///   - instrument: the instrument.
    ///   - depth: how many prices of each side: 1, 5, 10, 20, 50, 100, 1000 or 10000; nil: as many as Deribit likes.
    public nonisolated(nonsending) func orderBook(
        of instrument: String, depth: Int? = nil
    ) async throws -> Deribit.OrderBook {
        try await ask(
            "public/get_order_book",
            ["instrument_name": .string(instrument), "depth": depth.map { .integer(Int64($0)) }])
    }

    /// What an instrument is worth: `public/ticker`.
    public nonisolated(nonsending) func ticker(of instrument: String) async throws -> Deribit.Ticker {
        try await ask("public/ticker", ["instrument_name": .string(instrument)])
    }

    // MARK: The connection

    /// Lets Deribit ask so often whether we are there, until this connection ends: `public/set_heartbeat`. The next has
    /// the adapter's again.
    ///
    /// - Parameter interval: whole seconds, at least 10; Deribit refuses less.
    public nonisolated(nonsending) func setHeartbeat(_ interval: Duration) async throws {
        try await tell("public/set_heartbeat", ["interval": .integer(interval.components.seconds)])
    }

    /// Has Deribit ask no more whether we are there, until this connection ends: `public/disable_heartbeat`.
    public nonisolated(nonsending) func disableHeartbeat() async throws { try await tell("public/disable_heartbeat") }

    /// Has Deribit forget all channels of this connection: `private/unsubscribe_all`, or `public/unsubscribe_all`
    /// without credentials. Subscriptions that are still held stay silent until the next connection, on which they are
    /// asked for again: let go of them.
    public nonisolated(nonsending) func unsubscribeAll() async throws {
        try await tell(adapter.credentials == nil ? "public/unsubscribe_all" : "private/unsubscribe_all")
    }
}
