import Foundation
import NovaEcho
import NovaSocket
import NovaTransport
import TestSupport
import TestTurns
import Testing

/// Connections die in every way there is, and what is said of it must be so: from the handle, from the error, and from
/// the recording.
@Suite("Every end is explained", .live, .replayed, .timeLimit(.minutes(20)))
struct LiveExplanationTests {
    private struct Death: Sendable {
        var name: String
        var script: ServerScript
        var options: @Sendable (inout WebSocketOptions) -> Void = { _ in }
        var body: @Sendable (WebSocket) async throws -> Void = { _ in }
        /// What the explanation says, in this order.
        var phrases: [String]
    }

    private static func script(_ change: (inout ServerScript) -> Void) -> ServerScript {
        var script = ServerScript()
        change(&script)
        return script
    }

    private static let send: @Sendable (WebSocket) async throws -> Void = { try await $0.send("hello") }

    private static let deaths: [Death] = [
        Death(
            name: "the caller closes", script: ServerScript(), body: { await $0.close() },
            phrases: [
                "closed in order, as asked.", "open", "the caller closed with code 1000", "our close frame was sent",
                "a close frame came from the server with code 1000", "the caller wants none",
                "All that was accepted had been handed",
            ]),
        Death(
            name: "the server closes",
            script: script {
                $0.message = { connection, _, _ in
                    connection.sendClose(.policyViolation, reason: "not you")
                    connection.end()
                }
            }, body: send,
            phrases: [
                "1008 (policy violation)", "a close frame came from the server with code 1008",
                "the policy does not reconnect", "Check what was sent and who sent it", "not the network",
            ]),
        Death(
            name: "the transport ends", script: script { $0.message = { connection, _, _ in connection.end() } },
            body: send,
            phrases: [
                "without a close frame (1006)", "the server ended the transport", "It was not a timeout of ours.",
            ]),
        Death(
            name: "the transport is reset", script: script { $0.message = { connection, _, _ in connection.reset() } },
            body: send,
            phrases: ["(1006)", "errno 104", "the transport failed (errno 104)", "not a timeout of ours"]),
        Death(
            name: "the protocol is broken", script: script { $0.upgrade = { _ in .acceptThen([0xC1, 0x00]) } },
            phrases: ["reserved bit", "the server broke the protocol: reservedBits", "our close frame was sent"]),
        Death(
            name: "a message is too big",
            script: script { $0.upgrade = { _ in .acceptThen([0x82, 0x7F, 0, 0, 0, 0, 0x10, 0, 0, 0]) } },
            options: { $0.policy.wire.maximumMessageBytes = 1 << 20 },
            phrases: ["larger than the limit", "our close frame was sent", "Raise wire.maximum"]),
        Death(
            name: "the upgrade is refused",
            script: script {
                $0.upgrade = { _ in .bytes(UpgradeAnswer(refusing: 403, body: "no secret-in-the-body").bytes) }
            },
            phrases: [
                "status 403 (forbidden)", "connected", "the server refused with status 403", "Check the credentials",
                "neither the look-up nor the dialing",
            ]),
        Death(
            name: "the answer is to another request",
            script: script {
                $0.upgrade = { _ in .bytes(UpgradeAnswer(accept: "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=").bytes) }
            },
            phrases: ["does not belong to the key", "acceptMismatch", "Look for a cache in between"]),
        Death(
            name: "no answer comes", script: script { $0.upgrade = { _ in .silence } },
            options: { $0.policy.timeouts.upgrade = .milliseconds(50) },
            phrases: [
                "the opening handshake was not finished", "time ran out", "timeouts.upgrade, now 50 ms",
                "No byte of an answer came",
            ]),
        Death(
            name: "no ping is answered", script: script { $0.answersPings = { false } },
            options: { $0.policy.keepalive = KeepalivePolicy(interval: .milliseconds(30), timeout: .milliseconds(40)) },
            phrases: [
                "Nothing was heard from the server for", "open", "heard for the last time",
                "a ping was sent after 30 ms of silence, and had no answer", "the server was given up as dead",
                "keepalive.timeout, now 40 ms", "neither an error nor an end",
            ]),
        Death(
            name: "the close frame is not answered", script: script { $0.answersClose = { false } },
            options: { $0.policy.timeouts.close = .milliseconds(50) }, body: { await $0.close() },
            phrases: [
                "did not answer the close frame in time", "our close frame was sent",
                "time ran out: the closing handshake was not finished", "timeouts.close",
            ]),
    ]

    @Test("A way to die, told by the handle and by the recording", arguments: deaths.indices)
    func told(_ index: Int) async throws {
        let death = Self.deaths[index]
        let end = try #require(try await ending(death.script, death.options, death.body))
        let lives = try (Witness.current?.traces ?? []).flatMap { try Explanation.of(Trace(reading: Data($0.utf8))) }
        #expect(lives.count == 1)
        let recorded = try #require(lives.first)
        #expect(recorded.cause == end.cause)
        for story in [end.explanation, recorded] {
            var rest = story.description[...]
            for phrase in death.phrases {
                let range = rest.range(of: phrase)
                #expect(range != nil, "\(death.name): '\(phrase)' is not in\n\(story)")
                if let range { rest = rest[range.upperBound...] }
            }
            #expect(!story.description.contains("secret-in-the-body"))
        }
        #expect(recorded.advice == end.explanation.advice)
        #expect(recorded.ruledOut == end.explanation.ruledOut)
    }

    @Test("An error of a call that found the connection closed explains it")
    func error() async throws {
        let url = try await withServer { $0.url }
        let error = await #expect(throws: WebSocketError.self) {
            _ = try await WebSocket.connect(to: url + "?token=secret-in-the-query", options: options())
        }
        let story = try #require(error?.termination?.explanation)
        #expect(story.sentence.contains("connection refused (errno 111)"))
        #expect(story.advice.contains("is the port right?"))
        #expect(story.ruledOut == ["It was not the look-up: the name was resolved."])
        #expect(!story.description.contains("secret"))
    }

    @Test("A certificate nobody trusts is explained as that")
    func distrusted() async throws {
        var tls = TLSConfiguration()
        tls.identity = try Certificates.shared().server
        let end = try #require(try await ending(tls: tls))
        let story = end.explanation
        #expect(story.sentence.contains("not trusted"))
        #expect(story.advice.contains("tls.trustRoots"))
        #expect(story.ruledOut == ["It was neither the look-up nor the dialing: a connection stood."])
        #expect(story.chain.map(\.text).contains("connected"))
    }

    @Test("A handle that has not ended tells how it stands")
    func standing() async throws {
        try await withServer { server in
            let socket = try WebSocket.make(server.url, options())
            #expect(await socket.explanation.sentence == "Nothing has been asked of this connection yet.")
            try await socket.connect()
            let story = await socket.explanation
            #expect(story.cause == nil)
            #expect(story.sentence.hasPrefix("The connection has been open for "))
            #expect(story.sentence.contains("; the server was last heard "))
            #expect(story.sentence.hasSuffix(" ago. Nothing has ended."))
            #expect(story.chain.last?.text == "now: nothing waits")
            await socket.close()
            #expect(await socket.explanation.sentence == "The connection was closed in order, as asked.")
            #expect(await socket.explanation == socket.termination?.explanation)
        }
    }

    @Test("Without a flight recorder little is known, and nothing is made up")
    func unrecorded() async throws {
        let end = try #require(
            try await ending {
                $0.flightRecorderCapacity = 0
            } _: {
                try await $0.send("hello")
                await $0.close()
            })
        #expect(end.flightRecord.isEmpty)
        #expect(
            end.explanation.chain.map(\.text).first == "open; the steps before are not kept")
        #expect(end.explanation.chain.last?.text == "no further attempt: the caller wants none")
    }
}
