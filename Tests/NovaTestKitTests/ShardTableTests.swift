import NovaKernel
import NovaSocket
import Testing

@Suite("Which channel is on which connection, as a pure function")
struct ShardTableTests {
    private func table(channels: Int = 2, connections: Int = 3) -> ShardTable {
        ShardTable(limits: ShardLimits(channelsPerConnection: channels, maximumConnections: connections))
    }

    private func channel(_ number: Int) -> Channel { Channel("c\(number)") }
    private func shard(_ number: Int) -> ShardID { ShardID(number) }
    private func at(_ seconds: Int) -> Instant { .zero.advanced(by: .seconds(seconds)) }

    @Test("Connections are made as they are needed, filled one after the other, and then there is no room")
    func filling() {
        var table = table()
        let placements = (1...7).map { table.place(channel($0)) }
        #expect(
            placements == [
                .new(shard(1)), .onto(shard(1)), .new(shard(2)), .onto(shard(2)), .new(shard(3)), .onto(shard(3)),
                .full,
            ])
        #expect(table.shards.map(\.channelCount) == [2, 2, 2])
        #expect(table.shard(of: channel(7)) == nil)
    }

    @Test("A channel stays where it is, also where everything is full; so does the second subscription to it")
    func sharing() {
        var table = table(channels: 1, connections: 1)
        #expect(table.place(channel(1)) == .new(shard(1)))
        #expect(table.place(channel(1)) == .onto(shard(1)))
        #expect(table.place(channel(2)) == .full)
        #expect(table.release(channel(1), on: shard(1), at: at(0)) == false)
        #expect(table.place(channel(2)) == .full)
        #expect(table.release(channel(1), on: shard(1), at: at(0)) == true)
        #expect(table.place(channel(2)) == .onto(shard(1)))
    }

    @Test("The same name with other parameters is another channel")
    func parameters() {
        var table = table(channels: 1)
        #expect(table.place(Channel("a")) == .new(shard(1)))
        #expect(table.place(Channel("a", parameters: .integer(1))) == .new(shard(2)))
    }

    @Test("Of those with room the fullest is chosen, and of equals the oldest")
    func fullestFirst() {
        var table = table(channels: 3)
        for number in 1...9 { _ = table.place(channel(number)) }
        _ = table.release(channel(1), on: shard(1), at: at(0))
        _ = table.release(channel(2), on: shard(1), at: at(0))
        _ = table.release(channel(7), on: shard(3), at: at(0))
        #expect(table.shards.map(\.channelCount) == [1, 3, 2])
        #expect(table.place(channel(10)) == .onto(shard(3)))
        #expect(table.place(channel(11)) == .onto(shard(1)))
        _ = table.release(channel(4), on: shard(2), at: at(0))
        #expect(table.shards.map(\.channelCount) == [2, 2, 3])
        #expect(table.place(channel(12)) == .onto(shard(1)))
        #expect(table.place(channel(13)) == .onto(shard(2)))
        #expect(table.place(channel(14)) == .full)
    }

    @Test("A connection leaves when it was empty for the whole wait; nothing goes to it any more")
    func leaving() {
        var table = table(connections: 2)
        _ = table.place(channel(1))
        #expect(table.nextLeave == nil)
        #expect(table.release(channel(1), on: shard(1), at: at(1)) == true)
        #expect(table.nextLeave == at(31))
        _ = table.place(channel(2))
        #expect(table.nextLeave == nil && table.leaving(at: at(40)) == [])
        #expect(table.release(channel(2), on: shard(1), at: at(20)) == true)
        #expect(table.nextLeave == at(50) && table.leaving(at: at(49)) == [])
        #expect(table.leaving(at: at(50)) == [shard(1)])
        #expect(table.leaving(at: at(99)) == [] && table.nextLeave == nil)
        #expect(table.shards.first?.isLeaving == true)
        // It counts until it has gone.
        #expect(table.needsConnection(for: channel(3)))
        #expect(table.place(channel(3)) == .new(shard(2)))
        #expect(!table.needsConnection(for: channel(4)))
        _ = table.place(channel(4))
        #expect(!table.needsConnection(for: channel(5)))
        #expect(table.place(channel(5)) == .full)
        table.remove(shard(1))
        #expect(table.place(channel(5)) == .new(shard(3)))
        #expect(table.leaving(at: at(99)) == [])
    }

    @Test("The next look is for the one that has been empty longest")
    func nextLook() {
        var table = table(channels: 1)
        for number in 1...3 { _ = table.place(channel(number)) }
        for number in [2, 1, 3] {
            #expect(table.release(channel(number), on: shard(number), at: at(4 - number)) == true)
        }
        #expect(table.nextLeave == at(31))
        #expect(table.leaving(at: at(32)) == [shard(2), shard(3)])
        #expect(table.nextLeave == at(33))
    }

    @Test("What was on a connection that has ended is nowhere, and a late release takes nothing away")
    func ended() {
        var table = table(connections: 2)
        _ = table.place(channel(1))
        _ = table.place(channel(2))
        table.remove(shard(1))
        #expect(table.shards.isEmpty && table.shard(of: channel(1)) == nil)
        #expect(table.place(channel(1)) == .new(shard(2)))
        #expect(table.release(channel(1), on: shard(1), at: at(0)) == false)
        #expect(table.release(channel(2), on: shard(1), at: at(0)) == false)
        #expect(table.shard(of: channel(1)) == shard(2) && table.shards.map(\.channelCount) == [1])
        #expect(table.release(channel(1), on: shard(2), at: at(0)) == true)
    }
}
