/// Takes connections and hands them on.
package final class Listener: ReadinessHandler, TimerHandler {
    /// How long it rests when the system has no more descriptors, in nanoseconds: whoever wants to connect waits.
    private static let rest: UInt64 = 100_000_000

    private let loop: EventLoop
    private var socket: Socket?
    private var registration: Registration?
    private let accepted: (consuming Socket) -> Void

    /// Where it listens.
    package let address: SocketAddress

    /// Listens at `address` and calls `accepted` with each connection, on the loop. To be made on the loop.
    package init(
        at address: SocketAddress, on loop: EventLoop, _ accepted: @escaping (consuming Socket) -> Void
    ) throws(SystemError) {
        let socket = try Socket.listening(at: address)
        self.address = socket.localAddress ?? address
        self.loop = loop
        self.accepted = accepted
        let descriptor = socket.descriptor
        self.socket = consume socket
        registration = try loop.register(descriptor, .readable, self)
    }

    /// Somebody wants to connect.
    package func ready(_ readiness: Readiness) {
        while true {
            do throws(SystemError) {
                guard let connection = try socket?.accept() else { return }
                accepted(connection)
            } catch {
                pause()
                return
            }
        }
    }

    private func pause() {
        if let registration { loop.deregister(registration) }
        registration = nil
        _ = loop.schedule(at: loop.refresh() + Self.rest, self, token: 0)
    }

    /// The rest is over.
    package func timerFired(_ token: UInt64) {
        guard let descriptor = socket?.descriptor, registration == nil else { return }
        registration = try? loop.register(descriptor, .readable, self)
    }

    /// Takes no more connections.
    package func close() {
        if let registration { loop.deregister(registration) }
        registration = nil
        socket = nil
    }
}
