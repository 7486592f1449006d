import NovaTransport
import NovaWire

/// An event loop, as a place where connections live.
struct LoopHabitat: Habitat {
    let loop: EventLoop

    func makePort(to endpoint: Endpoint, _ options: WebSocketOptions) throws -> any Port & Sendable {
        try LoopPort(endpoint, options, on: loop)
    }

    func makeSeed() -> UInt64 { Randomness.number() }
}
