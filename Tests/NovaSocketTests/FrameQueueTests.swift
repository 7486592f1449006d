import NovaWire
import Testing

@testable import NovaSocket

@Suite("What waits to be written")
struct FrameQueueTests {
    /// A transport that takes nothing, as one does whose TLS has encrypted all and whose socket has no room.
    private final class FullOutlet: Outlet {
        private(set) var offered: [[UInt8]] = []

        func write(_ bytes: UnsafeRawBufferPointer) -> Int {
            offered.append(Array(bytes))
            return 0
        }

        func takeBuffer() -> OutgoingBuffer { OutgoingBuffer() }
        func giveBack(_ buffer: consuming OutgoingBuffer) {}
        func maskKey() -> UInt32 { 0 }
    }

    @Test("A close frame that was offered stays: TLS may have encrypted it, and what it owes must be offered again")
    func offeredClose() {
        let outlet = FullOutlet()
        var queue = FrameQueue()
        let first = queue.append(close: .normalClosure, [0x03, 0xE8] + Array("a reason".utf8))
        _ = queue.flush(outlet)
        let second = queue.append(close: .protocolError, [0x03, 0xEA])
        _ = queue.flush(outlet)
        #expect(first == nil && second == .normalClosure)
        #expect(outlet.offered.count == 2 && outlet.offered[0] == outlet.offered[1])
    }

    @Test("One that was not is replaced")
    func waitingClose() {
        let outlet = FullOutlet()
        var queue = FrameQueue()
        let first = queue.append(close: .normalClosure, [0x03, 0xE8])
        let second = queue.append(close: .protocolError, [0x03, 0xEA])
        _ = queue.flush(outlet)
        #expect(first == nil && second == nil)
        #expect(outlet.offered == [[0x88, 0x82, 0, 0, 0, 0, 0x03, 0xEA]])
    }
}
