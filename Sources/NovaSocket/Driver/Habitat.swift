import NovaKernel
import NovaTransport
import NovaWire

/// Where connections live: what makes their ports, and their seeds. An event loop is one; a simulated network another.
package protocol Habitat: Sendable {
    /// A port for a connection to `endpoint`.
    func makePort(to endpoint: Endpoint, _ options: WebSocketOptions) throws -> any Port & Sendable
    /// What a connection's backoff and tokens are made from.
    func makeSeed() -> UInt64
    /// The moment, on the monotonic clock of its connections. May be asked from any thread.
    var now: Instant { get }
    /// Runs `work` there after so long; what is not wanted any more by then must know it itself.
    func execute(after time: Duration, _ work: @escaping @Sendable () -> Void)
    /// What runs the user's code: away from the thread of its connections, where there is another.
    var handlerExecutor: any TaskExecutor { get }
}

extension WebSocketOptions {
    /// Where their connections live. Throws `SystemError` if the shared loop can't be made.
    func home() throws -> any Habitat { try habitat ?? LoopHabitat(loop: loop ?? EventLoop.shared()) }
}
