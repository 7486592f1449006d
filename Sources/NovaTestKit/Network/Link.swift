import NovaKernel
import NovaTransport
import NovaWire

/// A transport connection between a client and a server: two pipes.
final class Link {
    /// `ECONNRESET`.
    static let connectionReset: Int32 = 104

    /// From the client to the server.
    let up: Pipe
    /// From the server to the client.
    let down: Pipe
    /// Whether TLS lies between.
    let isSecure: Bool
    /// Which of the client's attempts it is of.
    var attempt = AttemptID(0)

    init(_ loop: VirtualLoop, _ conditions: LinkConditions, isSecure: Bool, _ random: inout SeededRandom) {
        self.isSecure = isSecure
        up = Pipe(loop, conditions, random.fork())
        down = Pipe(loop, conditions, random.fork())
        up.undeliverable = { [weak self] in self?.down.cut(.failed(errno: Self.connectionReset)) }
        down.undeliverable = { [weak self] in self?.up.cut(.failed(errno: Self.connectionReset)) }
    }

    /// Nothing gets through in either direction before this moment.
    func stall(until moment: UInt64) {
        up.stall(until: moment)
        down.stall(until: moment)
    }

    /// A reset, seen by both ends.
    func reset() {
        down.cut(.failed(errno: Self.connectionReset))
        up.cut(.failed(errno: Self.connectionReset))
    }

    /// The server's side ends without a word: TCP's end, but not TLS's.
    func truncate() {
        down.end(isSecure ? .truncated : .endOfStream)
        up.cut(.endOfStream)
    }
}
