import NovaWire

/// Where connections live: what makes their ports, and their seeds. An event loop is one; a simulated network another.
package protocol Habitat: Sendable {
    /// A port for a connection to `endpoint`.
    func makePort(to endpoint: Endpoint, _ options: WebSocketOptions) throws -> any Port & Sendable
    /// What a connection's backoff and tokens are made from.
    func makeSeed() -> UInt64
}
