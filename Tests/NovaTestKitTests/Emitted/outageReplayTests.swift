import Foundation
import NovaSocket
import Testing

/// A recorded connection: 64 steps, 3 ends.
/// It ended like this: ready: closedByCaller, clean, sent 1000, received 1000; final asked; attempt 3; failures 2; heard 0s before; open for 20ms; unsent 0; waiting 0; pings 0; discarded 0
@Test("The recording outage replays without a difference")
func outageReplays() throws {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("outage.trace")
    let trace = try Trace(reading: Data(contentsOf: file))
    let result = try Replay.wholly(trace)
    #expect(result.difference == nil)
    #expect(result.agreed == 64)
}
