import NovaEcho
import NovaSocket
import TestTurns
import Testing

@Suite("Every end has its true cause", .live, .replayed, .timeLimit(.minutes(20)))
struct EndingTests {
    @Test("The caller closes: a clean closing handshake, and the same end for everyone who asks")
    func closedByCaller() async throws {
        try await withServer { server in
            let socket = try await WebSocket.connect(to: server.url, options: options())
            async let first = socket.close(code: CloseCode(rawValue: 4001), reason: "done")
            async let second = socket.close()
            let ends = await [first, second]
            for end in ends {
                #expect(end?.cause.ending.detail == .closedByCaller)
                #expect(end?.cause.ending.closure == .clean)
            }
            #expect(ends[0]?.cause.ending.sentCode == ends[1]?.cause.ending.sentCode)
            #expect(await socket.close()?.cause.ending.detail == .closedByCaller)
            await server.untilEmpty()
        }
    }

    @Test("The server closes: its code and its reason are told")
    func closedByPeer() async throws {
        var script = ServerScript()
        script.message = { connection, _, _ in
            connection.sendClose(.policyViolation, reason: "not you")
            connection.end()
        }
        let end = try await ending(script) { _ in
        } _: {
            try await $0.send("hello")
        }
        #expect(end?.cause.ending.detail == .closedByPeer(.policyViolation))
        #expect(end?.closeReason == "not you")
    }

    @Test("The server's transport ends without a close frame, in order or by a reset")
    func lost() async throws {
        var script = ServerScript()
        script.message = { connection, _, _ in connection.end() }
        #expect(
            try await ending(script) { _ in
            } _: {
                try await $0.send("hello")
            }?.cause.ending.detail
                == .transportEnded(.endOfStream))
        script.message = { connection, _, _ in connection.reset() }
        #expect(
            try await ending(script) { _ in
            } _: {
                try await $0.send("hello")
            }?.cause.ending.detail
                == .transportEnded(.failed(errno: 104)))
    }

    @Test(
        "Bytes that break the protocol end the connection with their violation and its code",
        arguments: [
            ([0xC1, 0x00], ProtocolViolation.reservedBits), ([0x83, 0x00], .reservedOpcode),
            ([0x09, 0x00], .fragmentedControlFrame), ([0x89, 0x7E, 0x00, 0x80], .oversizedControlFrame),
            ([0x81, 0x80, 1, 2, 3, 4], .maskedByServer), ([0x82, 0x7E, 0x00, 0x01, 0x00], .nonMinimalLength),
            ([0x82, 0x7F, 0x80, 0, 0, 0, 0, 0, 0, 0], .lengthOverflow), ([0x80, 0x00], .unexpectedContinuation),
            ([0x01, 0x00, 0x81, 0x00], .interruptedMessage), ([0x81, 0x02, 0xC0, 0x80], .invalidUTF8),
            ([0x88, 0x01, 0x03], .truncatedCloseStatus), ([0x88, 0x02, 0x03, 0xED], .invalidCloseCode),
            ([0x88, 0x03, 0x03, 0xE8, 0xFF], .invalidCloseReason),
        ] as [([UInt8], ProtocolViolation)])
    func violations(_ bytes: [UInt8], _ violation: ProtocolViolation) async throws {
        var script = ServerScript()
        script.upgrade = { _ in .acceptThen(bytes) }
        let end = try await ending(script)
        #expect(end?.cause.ending.detail == .violation(violation))
        #expect(end?.cause.ending.sentCode == violation.closeCode)
    }

    @Test("A message beyond the limit ends the connection before it is taken in")
    func tooBig() async throws {
        var script = ServerScript()
        script.upgrade = { _ in .acceptThen([0x82, 0x7F, 0, 0, 0, 0, 0x10, 0, 0, 0]) }
        let end = try await ending(script) { $0.policy.wire.maximumMessageBytes = 1 << 20 }
        #expect(
            end?.cause.ending.detail == .violation(.frameTooBig)
                || end?.cause.ending.detail == .violation(.messageTooBig))
    }

    @Test("A refused upgrade is told with its status, its headers and its body")
    func refused() async throws {
        var script = ServerScript()
        script.upgrade = { _ in
            .bytes(
                UpgradeAnswer(
                    refusing: 429, reason: "Too Many Requests", headers: [HeaderField("Retry-After", "7")],
                    body: "slow down"
                ).bytes)
        }
        let end = try await ending(script)
        #expect(end?.cause.ending.detail == .upgradeRefused(status: 429, retryAfter: 7))
        #expect(end?.response?["retry-after"] == "7")
        #expect(end.map { String(decoding: $0.responseBody, as: UTF8.self) } == "slow down")
    }

    @Test("An answer that is not one to this handshake is told for what it is")
    func invalidUpgrade() async throws {
        var script = ServerScript()
        script.upgrade = { _ in .bytes(UpgradeAnswer(accept: "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=").bytes) }
        #expect(try await ending(script)?.cause.ending.detail == .upgradeInvalid(.acceptMismatch))
        script.upgrade = { _ in .bytes(Array("SSH-2.0-OpenSSH_9.2\r\n".utf8)) }
        #expect(try await ending(script)?.cause.ending.detail == .upgradeInvalid(.malformedStatusLine))
    }

    @Test("A server that says nothing runs into the timeout of the phase")
    func silence() async throws {
        var script = ServerScript()
        script.upgrade = { _ in .silence }
        let end = try await ending(script) { $0.policy.timeouts.upgrade = .milliseconds(50) }
        #expect(end?.cause.ending.detail == .timedOut(.upgrade))
    }

    @Test("A server that answers no ping is found dead")
    func keepalive() async throws {
        var script = ServerScript()
        script.answersPings = { false }
        let end = try await ending(script) {
            $0.policy.keepalive = KeepalivePolicy(interval: .milliseconds(30), timeout: .milliseconds(30))
        }
        #expect(end?.cause.ending.detail == .keepaliveExpired)
    }

    @Test("A server that does not answer the close frame is not waited for longer than the policy says")
    func closeTimeout() async throws {
        var script = ServerScript()
        script.answersClose = { false }
        let end = try await ending(script) {
            $0.policy.timeouts.close = .milliseconds(50)
        } _: {
            await $0.close()
        }
        #expect(end?.cause.ending.detail == .closedByCaller)
        #expect(end?.cause.ending.closure == .timedOut)
    }

    @Test("Nobody listens")
    func connectionRefused() async throws {
        let url = try await withServer { $0.url }
        await #expect { _ = try await WebSocket.connect(to: url, options: options()) } throws: { error in
            (error as? WebSocketError)?.termination?.cause.ending.detail == .dialFailed(errno: 111)
        }
    }

    @Test("There is no such host")
    func unknownHost() async throws {
        await #expect { _ = try await WebSocket.connect(to: "ws://host.invalid/", options: options()) } throws: {
            error in
            if case .resolveFailed = (error as? WebSocketError)?.termination?.cause.ending.detail {
                true
            } else {
                false
            }
        }
    }

    @Test("A cancelled task leaves its connection closed in order")
    func cancelled() async throws {
        try await withServer { server in
            let (ready, signal) = AsyncStream.makeStream(of: Void.self)
            let task = Task {
                try await WebSocket.withConnection(to: server.url, options: options()) { socket in
                    signal.finish()
                    for try await _ in socket.messages {}
                }
            }
            for await _ in ready {}
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            await server.untilEmpty()
        }
    }

    @Test("A call on a closed connection is refused with the cause")
    func afterTheEnd() async throws {
        try await withServer { server in
            let socket = try await WebSocket.connect(to: server.url, options: options())
            await socket.close()
            await #expect { try await socket.send("late") } throws: { error in
                (error as? WebSocketError)?.termination?.cause.ending.detail == .closedByCaller
            }
        }
    }
}
