import NovaTrace
import NovaWire

/// What is asked of a server in the opening handshake (RFC 6455 §4.1): the same for every attempt, but for the key.
struct Opening: Sendable {
    let endpoint: Endpoint
    let origin: String?
    let subprotocols: [String]
    let headers: [HeaderField]
    let maximumRefusalBody: Int

    /// The request with this `Sec-WebSocket-Key`.
    func request(key: String) throws(UpgradeRequestError) -> UpgradeRequest {
        try UpgradeRequest(to: endpoint, key: key, origin: origin, subprotocols: subprotocols, headers: headers)
    }

    /// What reads the answer to a request that must be accepted with this `Sec-WebSocket-Accept`.
    func parser(accept: String) -> UpgradeResponseParser {
        UpgradeResponseParser(
            expectedAccept: accept, subprotocols: subprotocols, maximumBodyBytes: maximumRefusalBody)
    }

    /// The same, as a recording says it.
    var traced: TraceOpening {
        TraceOpening(
            url: endpoint.url, origin: origin, subprotocols: subprotocols,
            headers: headers.map { [$0.name, $0.value] },
            maximumRefusalBody: maximumRefusalBody)
    }

    /// The same to the endpoint and with the headers of `traced`.
    func like(_ traced: TraceOpening) -> Opening {
        Opening(
            endpoint: (try? Endpoint(traced.url)) ?? endpoint, origin: origin, subprotocols: subprotocols,
            headers: traced.headers.compactMap { $0.count == 2 ? HeaderField($0[0], $0[1]) : nil },
            maximumRefusalBody: maximumRefusalBody)
    }
}
