import NovaSocket

// What a request goes through, in this order: size, JSON, JSON-RPC, credits, method, authentication, parameters.

extension ScriptedDeribit {
    /// A longer message is refused, in bytes.
    private static let longestMessage = 32_768

    /// A message has come.
    func received(_ text: String, on connection: SimulatedConnection) {
        guard let visitor = visitors[connection.number] else { return }
        let begun = microseconds
        guard text.utf8.count <= Self.longestMessage else {
            return answer(visitor, nil, .failure(Refusal(-32600, "request entity too large")), begun)
        }
        guard let value = try? JSONValue(json: text) else {
            return answer(visitor, nil, .failure(Refusal(-32700, "Parse error")), begun)
        }
        let id = value["id"]
        let hasID = id == nil || id?.int != nil || id?.string != nil
        guard value["jsonrpc"]?.string == "2.0", hasID, let method = value["method"]?.string else {
            return answer(visitor, nil, .failure(Refusal(-32600, "Invalid Request")), begun)
        }
        let call = Call(
            connection: connection.number, method: method,
            channels: value["params"]?["channels"]?.array?.compactMap(\.string) ?? [], time: elapsed)
        calls.append(call)
        guard bucket.take(method, now: loop.now) else {
            answer(visitor, id, .failure(Refusal(10028, "too_many_requests")), begun)
            return dismiss(visitor)
        }
        do throws(Refusal) {
            // One that answers nothing has ended the connection.
            guard let result = try serve(call, value["params"], visitor) else { return }
            answer(visitor, id, .success(result), begun)
        } catch {
            answer(visitor, id, .failure(error), begun)
        }
    }

    private func serve(
        _ call: Call, _ params: JSONValue?, _ visitor: DeribitVisitor
    ) throws(Refusal) -> JSONValue? {
        guard let method = DeribitMethod.all[call.method] else { throw Refusal(-32601, "Method not found") }
        guard let members = params.map(\.object) ?? [:] else {
            throw Refusal(-32602, "Invalid params", reason: "params must be an object")
        }
        let isPrivate = call.method.hasPrefix("private/")
        if isPrivate { try authorize(visitor, Parameters(members: members)) }
        try method.check(members, isPrivate: isPrivate)
        if let refusal = refuses(call) { throw refusal }
        do {
            return try method.body(self, visitor, Parameters(members: members))
        } catch {
            throw error as? Refusal ?? Refusal(11094, "internal_server_error")
        }
    }

    private func answer(
        _ visitor: DeribitVisitor, _ id: JSONValue?, _ outcome: Result<JSONValue, Refusal>, _ begun: Int64
    ) {
        var members: [String: JSONValue] = [
            "jsonrpc": "2.0", "usIn": .integer(begun), "usOut": .integer(microseconds),
            "usDiff": .integer(microseconds - begun), "testnet": true,
        ]
        members["id"] = id
        switch outcome {
        case .success(let result): members["result"] = result
        case .failure(let refusal):
            refusals.append(refusal)
            var error: [String: JSONValue] = [
                "code": .integer(Int64(refusal.code)), "message": .string(refusal.message),
            ]
            var data: [String: JSONValue] = [:]
            data["reason"] = refusal.reason.map { .string($0) }
            data["param"] = refusal.parameter.map { .string($0) }
            if !data.isEmpty { error["data"] = .object(data) }
            members["error"] = .object(error)
        }
        visitor.send(.object(members))
    }

    // MARK: The connection

    func setHeartbeat(_ visitor: DeribitVisitor, _ request: Parameters) throws(Refusal) -> JSONValue {
        let seconds = try request.number("interval")
        guard seconds >= 10, seconds <= 1_000_000 else { throw .invalid("interval", reason: "not less than 10") }
        visitor.setHeartbeat(UInt64(seconds * 1_000_000_000))
        return "ok"
    }

    func test(_ visitor: DeribitVisitor, _ request: Parameters) throws(Refusal) -> JSONValue {
        visitor.heardTest()
        if request["expected_result"]?.string == "exception" { throw Refusal(10001, "error") }
        return ["version": "2.1.1"]
    }

    func setCancelOnDisconnect(_ visitor: DeribitVisitor, _ request: Parameters, _ isEnabled: Bool) -> JSONValue {
        if request["scope"]?.string == "account" {
            accountCancelsOnDisconnect = isEnabled
        } else {
            visitor.cancelsOnDisconnect = isEnabled
        }
        return "ok"
    }

    func cancelOnDisconnect(_ visitor: DeribitVisitor, _ request: Parameters) -> JSONValue {
        let isOfAccount = request["scope"]?.string == "account"
        return [
            "enabled": .bool(isOfAccount ? accountCancelsOnDisconnect : visitor.cancelsOnDisconnect),
            "scope": isOfAccount ? "account" : "connection",
        ]
    }

    /// Ends the connection without an answer; orders stay.
    func logout(_ visitor: DeribitVisitor, _ request: Parameters) -> JSONValue? {
        if request["invalidate_token"]?.bool != false, let token = visitor.token { tokens.forget(token) }
        visitor.cancelsOnDisconnect = false
        visitor.connection.close(.normalClosure)
        left(visitor.connection.number)
        return nil
    }

    // MARK: The market

    func market(_ request: Parameters) throws(Refusal) -> DeribitMarket {
        guard let market = markets[try request.string("instrument_name")] else { throw Refusal(13020, "not_found") }
        return market
    }

    func instruments(_ request: Parameters) -> JSONValue {
        let currency = request["currency"]?.string
        let wantsThese = request["expired"]?.bool != true && (request["kind"]?.string ?? "future") == "future"
        let all = settings.instruments.enumerated().filter { currency == "any" || $1.currency == currency }
        return .array(wantsThese ? all.compactMap { markets[$1.name]?.words(id: $0 + 1) } : [])
    }

    func orderBook(_ request: Parameters) throws(Refusal) -> JSONValue {
        let market = try market(request)
        let depth = request["depth"]?.int ?? 5
        guard [1, 5, 10, 20, 50, 100, 1000, 10_000].contains(depth) else { throw .invalid("depth") }
        var members = market.ticker(at: milliseconds)
        members.merge(market.sides(depth: depth)) { $1 }
        members["change_id"] = .integer(market.changeID)
        return .object(members)
    }
}
