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
}
