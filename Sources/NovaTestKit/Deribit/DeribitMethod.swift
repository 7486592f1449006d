import NovaSocket

extension ScriptedDeribit {
    /// The parameters of a request, after they have passed as valid.
    struct Parameters {
        var members: [String: JSONValue] = [:]

        subscript(name: String) -> JSONValue? { members[name] }

        func string(_ name: String) throws(Refusal) -> String {
            guard let value = members[name]?.string else { throw .invalid(name) }
            return value
        }

        func integer(_ name: String) throws(Refusal) -> Int64 {
            guard let value = members[name]?.int else { throw .invalid(name) }
            return Int64(value)
        }

        func number(_ name: String) throws(Refusal) -> Double {
            guard let value = members[name]?.double else { throw .invalid(name) }
            return value
        }

        func strings(_ name: String) throws(Refusal) -> [String] {
            guard let values = members[name]?.array else { throw .invalid(name) }
            return values.compactMap(\.string)
        }
    }
}

extension ScriptedDeribit.Refusal {
    static func invalid(_ parameter: String, reason: String = "wrong or missing") -> Self {
        Self(-32602, "Invalid params", reason: reason, parameter: parameter)
    }
}

/// A method of the documentation: its parameters, and what it does.
struct DeribitMethod: Sendable {
    /// Throws a ``ScriptedDeribit/Refusal``; a closure can't say so without being told so each time.
    typealias Body =
        @Sendable (ScriptedDeribit, DeribitVisitor, ScriptedDeribit.Parameters) throws -> JSONValue?

    /// What a parameter is.
    enum Kind: Sendable {
        case string, integer, number, bool, strings
        case word(Set<String>)

        func fits(_ value: JSONValue) -> Bool {
            switch self {
            case .string: value.string != nil
            case .integer: value.int != nil
            case .number: value.double != nil
            case .bool: value.bool != nil
            case .strings: value.array.map { !$0.isEmpty && $0.allSatisfy { $0.string != nil } } == true
            case .word(let words): value.string.map(words.contains) == true
            }
        }
    }

    let required: [String: Kind]
    let optional: [String: Kind]
    let body: Body

    init(_ required: [String: Kind] = [:], optional: [String: Kind] = [:], _ body: @escaping Body) {
        (self.required, self.optional, self.body) = (required, optional, body)
    }

    /// Refuses what is missing, of another type, or not in the documentation.
    func check(_ members: [String: JSONValue], isPrivate: Bool) throws(ScriptedDeribit.Refusal) {
        for (name, value) in members.sorted(by: { $0.key < $1.key }) {
            if isPrivate, name == "access_token", value.string != nil { continue }
            guard let kind = required[name] ?? optional[name] else { throw .invalid(name, reason: "unknown") }
            guard kind.fits(value) else { throw .invalid(name) }
        }
        for name in required.keys.sorted() where members[name] == nil { throw .invalid(name, reason: "required") }
    }
}

extension DeribitMethod.Kind {
    static let scope = Self.word(["connection", "account"])
    static let instrumentKind = Self.word(["future", "option", "spot", "future_combo", "option_combo"])
    static let grant = Self.word(["client_credentials", "client_signature", "refresh_token"])
}

extension DeribitMethod {
    static let all: [String: DeribitMethod] = publicOnes.merging(privateOnes) { first, _ in first }

    private static let publicOnes: [String: DeribitMethod] = [
        "public/auth": DeribitMethod(
            ["grant_type": .grant],
            optional: [
                "client_id": .string, "client_secret": .string, "refresh_token": .string, "timestamp": .integer,
                "signature": .string, "nonce": .string, "data": .string, "state": .string, "scope": .string,
            ]
        ) { try $0.authenticate($1, $2) },
        "public/exchange_token": DeribitMethod(
            ["refresh_token": .string, "subject_id": .integer], optional: ["scope": .string]
        ) { try $0.exchangeToken($1, $2) },
        "public/fork_token": DeribitMethod(["refresh_token": .string, "session_name": .string]) {
            try $0.forkToken($1, $2)
        },
        "public/set_heartbeat": DeribitMethod(["interval": .number]) { try $0.setHeartbeat($1, $2) },
        "public/disable_heartbeat": DeribitMethod { _, visitor, _ in
            visitor.setHeartbeat(nil)
            return "ok"
        },
        "public/get_time": DeribitMethod { deribit, _, _ in .integer(deribit.milliseconds) },
        "public/hello": DeribitMethod(["client_name": .string, "client_version": .string]) { _, _, _ in
            ["version": "2.1.1"]
        },
        "public/status": DeribitMethod { _, _, _ in ["locked": "false", "locked_indices": []] },
        "public/test": DeribitMethod(optional: ["expected_result": .string]) { try $0.test($1, $2) },
        "public/get_instruments": DeribitMethod(
            ["currency": .string], optional: ["kind": .instrumentKind, "expired": .bool]
        ) { deribit, _, request in deribit.instruments(request) },
        "public/get_order_book": DeribitMethod(["instrument_name": .string], optional: ["depth": .integer]) {
            try $0.orderBook($2)
        },
        "public/ticker": DeribitMethod(["instrument_name": .string]) { deribit, _, request in
            .object(try deribit.market(request).ticker(at: deribit.milliseconds))
        },
        "public/subscribe": DeribitMethod(["channels": .strings]) { try $0.subscribe($1, $2, isPrivate: false) },
        "public/unsubscribe": DeribitMethod(["channels": .strings]) { try $0.unsubscribe($1, $2) },
        "public/unsubscribe_all": DeribitMethod { deribit, visitor, _ in deribit.unsubscribeAll(visitor) },
    ]

    private static let privateOnes: [String: DeribitMethod] = [
        "private/subscribe": DeribitMethod(["channels": .strings], optional: ["label": .string]) {
            try $0.subscribe($1, $2, isPrivate: true)
        },
        "private/unsubscribe": DeribitMethod(["channels": .strings]) { try $0.unsubscribe($1, $2) },
        "private/unsubscribe_all": DeribitMethod { deribit, visitor, _ in deribit.unsubscribeAll(visitor) },
        "private/logout": DeribitMethod(optional: ["invalidate_token": .bool]) { deribit, visitor, request in
            deribit.logout(visitor, request)
        },
        "private/enable_cancel_on_disconnect": DeribitMethod(optional: ["scope": .scope]) { deribit, visitor, request in
            deribit.setCancelOnDisconnect(visitor, request, true)
        },
        "private/disable_cancel_on_disconnect": DeribitMethod(optional: ["scope": .scope]) {
            deribit, visitor, request in
            deribit.setCancelOnDisconnect(visitor, request, false)
        },
        "private/get_cancel_on_disconnect": DeribitMethod(optional: ["scope": .scope]) { deribit, visitor, request in
            deribit.cancelOnDisconnect(visitor, request)
        },
        "private/buy": DeribitMethod(["instrument_name": .string], optional: orderParameters) {
            try $0.place($1, $2, isBuy: true)
        },
        "private/sell": DeribitMethod(["instrument_name": .string], optional: orderParameters) {
            try $0.place($1, $2, isBuy: false)
        },
        "private/cancel": DeribitMethod(["order_id": .string]) { try $0.cancel($2) },
        "private/cancel_all": DeribitMethod(optional: ["detailed": .bool, "freeze_quotes": .bool]) {
            try $0.cancelAll($2)
        },
        "private/get_open_orders": DeribitMethod(optional: ["kind": .instrumentKind, "type": .string]) {
            deribit, _, request in deribit.openOrders(request)
        },
        "private/get_account_summary": DeribitMethod(
            ["currency": .string], optional: ["subaccount_id": .integer, "extended": .bool]
        ) { try $0.accountSummary($2) },
    ]

    private static let orderParameters: [String: Kind] = [
        "amount": .number, "contracts": .number, "label": .string, "price": .number, "display_amount": .number,
        "type": .word([
            "limit", "stop_limit", "take_limit", "market", "stop_market", "take_market", "market_limit",
            "trailing_stop",
        ]),
        "time_in_force": .word(["good_til_cancelled", "good_til_day", "fill_or_kill", "immediate_or_cancel"]),
        "post_only": .bool, "reject_post_only": .bool, "reduce_only": .bool, "trigger_price": .number,
        "trigger_offset": .number, "trigger": .word(["index_price", "mark_price", "last_price"]),
        "valid_until": .integer,
    ]
}
