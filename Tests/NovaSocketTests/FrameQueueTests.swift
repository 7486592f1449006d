import NovaKernel
import NovaTransport
import Testing

@testable import NovaSocket

@Suite("What waits to be written")
struct FrameQueueTests {
    /// A transport that takes nothing, as one does whose TLS has encrypted all and whose socket has no room.
    private final class FullPort: Port {
        private(set) var offered: [[UInt8]] = []

        func write(_ bytes: UnsafeRawBufferPointer) -> Int {
            offered.append(Array(bytes))
            return 0
        }

        func attach(_ driver: Driver) {}
        var now: Instant { .zero }
        func refresh() -> Instant { now }
        var isCurrent: Bool { true }
        func execute(_ work: @escaping @Sendable () -> Void) { work() }
        var taskExecutor: any TaskExecutor { globalConcurrentExecutor }
        func arm(_ timer: Timer, _ attempt: AttemptID, after duration: Duration) {}
        func disarm(_ timer: Timer) {}
        func resolve(_ attempt: AttemptID) {}
        func dial(_ attempt: AttemptID) {}
        func secure(_ attempt: AttemptID) {}
        func release(_ attempt: AttemptID, _ holding: Holding) {}
        func callAtEndOfTurn() {}
        func pauseReading() {}
        func resumeReading() {}
        func finish() {}
        func takeBuffer() -> OutgoingBuffer { OutgoingBuffer() }
        func giveBack(_ buffer: consuming OutgoingBuffer) {}
        func maskKey() -> UInt32 { 0 }
        func handshakeKey() -> HandshakeKey { HandshakeKey(key: "") }
    }

    @Test("A close frame that was offered stays: TLS may have encrypted it, and what it owes must be offered again")
    func offeredClose() {
        let port = FullPort()
        var queue = FrameQueue()
        let first = queue.append(close: [0x03, 0xE8] + Array("a reason".utf8))
        _ = queue.flush(port)
        let second = queue.append(close: [0x03, 0xEA])
        _ = queue.flush(port)
        #expect(first && !second)
        #expect(port.offered.count == 2 && port.offered[0] == port.offered[1])
    }

    @Test("One that was not is replaced")
    func waitingClose() {
        let port = FullPort()
        var queue = FrameQueue()
        let first = queue.append(close: [0x03, 0xE8])
        let second = queue.append(close: [0x03, 0xEA])
        _ = queue.flush(port)
        #expect(first && second)
        #expect(port.offered == [[0x88, 0x82, 0, 0, 0, 0, 0x03, 0xEA]])
    }
}
