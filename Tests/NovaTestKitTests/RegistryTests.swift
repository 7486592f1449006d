import NovaSocket
import NovaTestKit
import SessionSupport
import Synchronization
import Testing

@Suite("The registry of live sessions", .timeLimit(.minutes(4)))
struct RegistryTests {
    private let network = SimulatedNetwork(seed: 5)

    private func session(_ name: String) throws -> Session {
        try Session(network.server(name).url, Handlers()) { options in
            network.join(&options)
            options.policy.reconnection.backoff = .constant(.seconds(1))
        }
    }

    @Test("A session is found by name and id, listed in order, and its entry's status is its own over reconnections")
    func life() async throws {
        let registry = Registry()
        let server = network.server("a.example")
        try await network.run { [self] in
            let (a, b) = (try session("a.example"), try session("b.example"))
            let first = try registry.register(a, as: "a")
            let second = try registry.register(b, as: "b")
            #expect(registry["a"] === a && registry[second] === b)
            #expect(registry["c"] == nil)
            #expect(registry.entries.map(\.name) == ["a", "b"] && registry.entries.map(\.id) == [first, second])
            #expect(await registry.entries.first?.status.state == .idle)
            try await a.connect()
            #expect(await registry.entries.first?.status.state == .ready)
            let changes = a.stateChanges
            server.suffer(.reset)
            for await change in changes where change.to == .backingOff { break }
            #expect(await registry.entries.first?.status.state == .backingOff)
            for await change in changes where change.to == .ready { break }
            #expect(await registry[first]?.status.attempt.number == 2)
            await a.close()
            #expect(registry["a"] == nil && registry.entries.map(\.name) == ["b"])
            await b.close()
        }
    }

    @Test("A name is taken by a live session, and free again when it has gone")
    func names() async throws {
        let registry = Registry()
        try await network.run { [self] in
            let a = try session("a.example")
            try registry.register(a, as: "feed")
            let other = try session("b.example")
            let error = #expect(throws: WebSocketError.self) { try registry.register(other, as: "feed") }
            #expect(error?.code == .nameTaken && error?.description.contains("feed") == true)
            await a.close()
            let id = try registry.register(other, as: "feed")
            #expect(id.number == 2 && registry["feed"] === other)
            await other.close()
        }
    }

    @Test("What comes and goes is told, and who was let go of is gone without anybody asking")
    func changes() async throws {
        let registry = Registry()
        try await network.run { [self] in
            let changes = registry.changes
            var told = changes.makeAsyncIterator()
            let a = try session("a.example")
            let first = try registry.register(a, as: "a")
            var second: SessionID?
            do {
                let b = try session("b.example")
                try await b.connect()
                second = try registry.register(b, as: "b")
            }
            let b = try #require(second)
            #expect(await told.next() == .added(first, name: "a"))
            #expect(await told.next() == .added(b, name: "b"))
            // Nobody holds it: it says goodbye to its server, and is gone.
            #expect(await told.next() == .removed(b, name: "b"))
            registry.remove(first)
            registry.remove(first)
            #expect(await told.next() == .removed(first, name: "a"))
            #expect(registry.entries.isEmpty)
            #expect(await a.state == .idle)
            let again = try registry.register(a, as: "a")
            #expect(await told.next() == .added(again, name: "a") && again > b)
            registry.remove(named: "a")
            #expect(await told.next() == .removed(again, name: "a"))
            await a.close()
        }
    }

    @Test("The name of one that was let go of is free at once, and its end takes nobody else out")
    func letGo() async throws {
        let registry = Registry()
        try await network.run { [self] in
            let changes = registry.changes
            do {
                let old = try session("a.example")
                try await old.connect()
                try registry.register(old, as: "feed")
            }
            let new = try session("b.example")
            try await new.connect()
            try registry.register(new, as: "feed")
            try await network.sleep(for: .seconds(60))  // the old one has said goodbye by now
            #expect(registry["feed"] === new)
            await new.close()
            var told: [Registry.Change] = []
            for await change in changes {
                told.append(change)
                if told.count == 4 { break }
            }
            let (one, two) = (SessionID(1), SessionID(2))
            #expect(
                told == [
                    .added(one, name: "feed"), .removed(one, name: "feed"), .added(two, name: "feed"),
                    .removed(two, name: "feed"),
                ])
        }
    }

    @Test("A session that is closed already is gone at once")
    func closed() async throws {
        let registry = Registry()
        try await network.run { [self] in
            let a = try session("a.example")
            await a.close()
            let changes = registry.changes
            let id = try registry.register(a, as: "a")
            var told = changes.makeAsyncIterator()
            #expect(await told.next() == .added(id, name: "a"))
            #expect(await told.next() == .removed(id, name: "a"))
        }
    }

    @Test("Who falls behind is told how many changes were missed; the sequence ends with the registry")
    func missed() async throws {
        try await network.run { [self] in
            let a = try session("a.example")
            var told: AsyncStream<Registry.Change>.Iterator
            do {
                let registry = Registry()
                told = registry.changes.makeAsyncIterator()
                for _ in 0..<600 {
                    try registry.register(a, as: "a")
                    registry.remove(named: "a")
                }
                for _ in 0..<2 { _ = await told.next() }
                try registry.register(a, as: "b")
            }
            var rest: [Registry.Change] = []
            while let change = await told.next() { rest.append(change) }
            #expect(rest.count == 1022 + 2)
            #expect(rest.suffix(2) == [.missed(count: 1200 - 1024), .added(SessionID(601), name: "b")])
            await a.close()
        }
    }

    @Test("A listener may take itself out while it is told")
    func selfRemoval() async throws {
        final class Once: SessionListener {
            let session = Mutex<Session?>(nil)
            let count = Mutex(0)
            func changed(_ change: StateChange) {
                count.withLock { $0 += 1 }
                session.withLock(\.self)?.removeListener(self)
            }
        }
        try await network.run { [self] in
            let a = try session("a.example")
            let once = Once()
            once.session.withLock { $0 = a }
            a.addListener(once)
            try await a.connect()
            #expect(once.count.withLock(\.self) == 1)
            once.session.withLock { $0 = nil }
            await a.close()
        }
    }
}
