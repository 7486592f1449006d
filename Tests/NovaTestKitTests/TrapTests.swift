import Foundation
import NovaSocket
import NovaTestKit
import SessionSupport
import Synchronization
import Testing

// Traps that a client of this kind has fallen into, and that no other test sets: see `WhatWasPromised.md`.

@Suite("Traps", .timeLimit(.minutes(4)))
struct TrapTests {
    private let network = SimulatedNetwork(seed: 72)
    private let server: SimulatedServer
    private let heard = Lines()

    init() { server = network.server("feed.example") }

    @Test("Where a close with 1000 is worth another attempt, the old handle goes on with the next connection")
    func closedNormally() async throws {
        let server = server
        let options = network.options {
            $0.policy.reconnection = Reconnection(backoff: .constant(.seconds(1)))
            $0.policy.reconnection.table.rows.insert(RetryTable.Row(.closeCode(1000...1000), .retry), at: 0)
        }
        try await network.run {
            let socket = try await WebSocket.connect(to: server.url, options: options)
            let changes = socket.stateChanges
            server.suffer(.close(.normalClosure))
            for await change in changes where change.to == .ready { break }
            #expect(await socket.termination?.cause.ending.detail == .closedByPeer(.normalClosure))
            try await socket.send("still I")
            var messages = socket.messages.makeAsyncIterator()
            let message = try await messages.next()
            #expect(message?.text == "still I" && message?.attempt == AttemptID(2))
            await socket.close()
        }
        #expect(server.counts.accepted == 2)
    }

    @Test("Three drops a day for a week exhaust no attempts: what was stable is no failure in a row")
    func week() async throws {
        let (network, server) = (network, server)
        let options = network.options {
            $0.policy.reconnection = Reconnection(maximumAttempts: 3)
            $0.policy.keepalive = KeepalivePolicy(interval: .seconds(600), timeout: .seconds(60))
        }
        try await network.run {
            let socket = try await WebSocket.connect(to: server.url, options: options)
            for _ in 0..<21 {
                try await network.sleep(for: .seconds(8 * 3600))
                let changes = socket.stateChanges
                server.suffer(.reset)
                for await change in changes where change.to == .ready { break }
            }
            try await socket.send("well")
            var messages = socket.messages.makeAsyncIterator()
            #expect(try await messages.next()?.text == "well")
            await socket.close()
        }
        #expect(server.counts.accepted == 22 && network.elapsed > .seconds(7 * 24 * 3600))
    }

    @Test("Headers, subprotocols, the query and the keepalive are the same on every connection")
    func preserved() async throws {
        let (network, server, heard) = (network, server, heard)
        let options = network.options {
            $0.addHeader("X-Client", "nova")
            $0.subprotocols = ["v2", "v1"]
            $0.policy.keepalive = KeepalivePolicy(interval: .seconds(5), timeout: .seconds(5))
            $0.policy.reconnection = Reconnection(backoff: .constant(.seconds(1)))
            $0.recording = .lines(.whole(.nothing)) { line in heard.append(line) }
        }
        try await network.run {
            let socket = try await WebSocket.connect(to: server.url + "feed?token=a%20b&x=1", options: options)
            for _ in 0..<3 {
                let changes = socket.stateChanges
                let start = network.clock.now
                server.suffer(.halfOpen)
                for await change in changes where change.to == .ready { break }
                #expect(await socket.termination?.cause.ending.detail == .keepaliveExpired)
                // Five seconds of silence, five without a pong, one until the next attempt.
                let time = start.duration(to: network.clock.now)
                #expect(time > .seconds(10.9) && time < .seconds(11.2), "\(time)")
                #expect(await socket.response?.subprotocol == "v2")
            }
            await socket.close()
        }
        let trace = try Trace(reading: Data(heard.all.joined().utf8))
        let requests = trace.traffic.filter { $0.direction == .sent && $0.bytes.starts(with: "GET ".utf8) }
            .map { String(decoding: $0.bytes, as: UTF8.self) }
        #expect(requests.count == 4)
        for request in requests {
            #expect(request.hasPrefix("GET /feed?token=a%20b&x=1 HTTP/1.1\r\n"))
            #expect(request.contains("\r\nX-Client: nova\r\n"))
            #expect(request.contains("\r\nSec-WebSocket-Protocol: v2, v1\r\n"))
        }
    }

    /// Asks for each channel with its depth.
    private struct Depths: Adapter {
        let url: String

        struct Request: Codable, Sendable {
            var channels: [String]
            var depth: Int?
        }

        func subscribe(to channels: [Channel], _ context: SessionContext) async throws -> [SubscriptionVerdict] {
            for channel in channels {
                let request = Request(channels: [channel.name], depth: channel.parameters?["depth"]?.int)
                _ = try await context.request("subscribe", request, as: [String].self)
            }
            return channels.map { _ in .confirmed }
        }
    }

    @Test("Subscribed to with parameters, and lost three times: one subscription, asked for with them each time")
    func subscribedOnce() async throws {
        let (network, server, heard) = (network, server, heard)
        let service = RPCService(at: server)
        service.answers { _, request in
            if request.method == "echo" { return [RPCService.publication("a", 7), RPCService.result(1, of: request)] }
            let depth = (try? request.params(as: Depths.Request.self))?.depth
            heard.append("\(request.method) \(depth ?? 0)")
            return nil
        }
        try await network.run {
            let session = try Session(adapter: Depths(url: server.url)) { options in
                network.join(&options)
                options.policy.reconnection.backoff = .constant(.seconds(1))
            }
            try await session.connect()
            let channel = Channel("a", parameters: .object(["depth": .integer(5)]))
            let subscription = try await session.subscribe(to: channel)
            for _ in 0..<3 {
                let changes = session.stateChanges
                server.suffer(.reset)
                for await change in changes where change.to == .ready { break }
            }
            let records = await session.subscriptions
            #expect(records.map(\.channel) == [channel] && records.map(\.status) == [.confirmed])
            #expect(await session.status.wantedSubscriptions == 1)
            #expect(try await session.request("echo", as: Int.self) == 1)
            await session.close()
            var values: [Int] = []
            for try await update in subscription { values += update.message?.published.map { [$0] } ?? [] }
            #expect(values == [7])
        }
        #expect(heard.all == Array(repeating: "subscribe 5", count: 4))
    }
}
