import Foundation
import NovaSocket
import NovaTestKit
import Synchronization
import Testing

/// Subscriptions that the server ends, and a service whose answers have no id, in virtual time.
@Suite("Channels that the server ends", .timeLimit(.minutes(4)))
struct EndedChannelTests {
    /// A service of lines: `hello` is answered by `welcome`, `want NAME` by nothing, and `NAME:…` is of that channel.
    private struct Lines: Adapter {
        let url: String
        let authentication: AuthenticationPolicy? = AuthenticationPolicy()

        struct Refused: Error, Equatable { var words: String }

        func authenticate(_ context: SessionContext) async throws -> Duration? {
            _ = try await context.ask(.text("hello")) { $0.text == "welcome" ? true : nil }
            return nil
        }

        func sort(_ message: Message) -> Sorting {
            let parts = message.text.split(separator: ":").map(String.init)
            guard parts.count == 2 else { return .other }
            if parts[1] == "end" { return .channelEnded(parts[0]) }
            if parts[1] == "no" { return .channelEnded(parts[0], reason: Refused(words: "no")) }
            return .channel(parts[0])
        }

        func subscribe(
            to channels: [Channel], _ context: SessionContext
        ) async throws -> [SubscriptionVerdict] {
            for channel in channels { try await context.send(.text("want \(channel.name)")) }
            return channels.map { _ in .confirmed }
        }

        func unsubscribe(from channels: [Channel], _ context: SessionContext) async throws {
            for channel in channels { try await context.send(.text("leave \(channel.name)")) }
        }
    }

    private let network = SimulatedNetwork(seed: 7)
    private let server: SimulatedServer
    private let heard = Heard()

    private final class Heard: Sendable {
        let lines = Mutex<[String]>([])
        let recording = Mutex("")
    }

    /// The one session of the test was recorded whole: it must replay to the byte.
    private func expectReplay() throws {
        let trace = try Trace(reading: Data(heard.recording.withLock(\.self).utf8))
        let replay = try Replay.wholly(trace)
        #expect(replay.difference == nil)
        #expect(replay.agreed == trace.steps.count && trace.isComplete)
    }

    init() { server = network.server("lines.example") }

    /// Answers `want` with these lines, on the connection of that number.
    private func session(_ lines: @escaping @Sendable (_ connection: Int) -> [String]) throws -> Session {
        let heard = heard
        server.onMessage = { connection, message in
            heard.lines.withLock { $0.append(message.text) }
            if message.text == "hello" { return connection.send("welcome") }
            if message.text.hasPrefix("want ") { lines(connection.number).forEach { connection.send($0) } }
        }
        return try Session(adapter: Lines(url: server.url)) { options in
            network.join(&options)
            options.recording = .lines(.whole(.nothing)) { line in heard.recording.withLock { $0 += line } }
            options.policy.reconnection.backoff = .constant(.seconds(1))
        }
    }

    @Test("A channel that is ended in order ends its sequence, behind all that came of it")
    func ended() async throws {
        try await network.run {
            let session = try session { _ in ["a:1", "a:2", "a:end"] }
            try await session.connect()
            var texts: [String] = []
            // Nobody holds the subscription but the loop.
            for try await update in try await session.subscribe(to: "a") {
                texts += update.message.map { [$0.text] } ?? []
            }
            #expect(texts == ["a:1", "a:2"])
            // Wanted again, it is asked for again.
            let again = try await session.subscribe(to: "a")
            var updates = again.makeAsyncIterator()
            #expect(try await updates.next()?.message?.text == "a:1")
            await session.close()
        }
        // What the server has ended it is not told to end.
        #expect(heard.lines.withLock(\.self) == ["hello", "want a", "want a"])
        try expectReplay()
    }

    @Test("A reason is thrown, from the call or from the sequence, whichever it finds; nothing is asked for again")
    func refused() async throws {
        try await network.run {
            let session = try session { _ in ["a:no"] }
            try await session.connect()
            let error = await #expect(throws: Lines.Refused.self) {
                for try await _ in try await session.subscribe(to: "a") {}
            }
            #expect(error == Lines.Refused(words: "no"))
            await session.close()
        }
        #expect(heard.lines.withLock(\.self) == ["hello", "want a"])
        try expectReplay()
    }

    @Test(
        "What a channel brings to its end on the next connection stands behind the gap; a later reason is thrown",
        arguments: [("a:end", true), ("a:no", false)])
    func endedAfterOutage(_ last: String, _ isOrderly: Bool) async throws {
        try await network.run {
            let session = try session { $0 % 2 == 1 ? ["a:1"] : ["a:5", "a:6", last] }
            try await session.connect()
            let subscription = try await session.subscribe(to: "a")
            var told: [String] = []
            do {
                for try await update in subscription {
                    switch update {
                    case .message(let message):
                        told.append(message.text)
                        if message.text == "a:1" { server.suffer(.reset) }
                    case .interrupted: told.append("lost")
                    case .gap: told.append("gap")
                    case .stale, .fresh: told.append("?")
                    }
                }
                #expect(isOrderly)
            } catch is Lines.Refused {
                #expect(!isOrderly)
            }
            #expect(told == ["a:1", "lost", "gap", "a:5", "a:6"])
            await session.close()
        }
        try expectReplay()
    }
}
