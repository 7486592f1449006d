import NovaSocket
import NovaTestKit
import TestTurns
import Testing

/// A server for users' tests, over real sockets and real TLS.
@Suite("A local server", .live, .timeLimit(.minutes(5)))
struct LocalServerTests {
    /// Options that trust that certificate alone.
    private func options(_ certificate: LocalCertificate?) -> WebSocketOptions {
        var options = WebSocketOptions()
        options.tls.trustRoots = certificate?.trustRoots
        return options
    }

    @Test(
        "Plain or over TLS with a certificate of its own it echoes, answers, pushes and disconnects",
        arguments: [false, true])
    func life(_ isSecure: Bool) async throws {
        let certificate = isSecure ? try LocalCertificate() : nil
        let server = try await LocalServer.start(certificate: certificate)
        #expect(server.url == "\(isSecure ? "wss" : "ws")://127.0.0.1:\(server.port)/")
        let (opened, openings) = AsyncStream.makeStream(of: LocalConnection.self)
        let (closed, closings) = AsyncStream.makeStream(of: String.self)
        server.onOpen { openings.yield($0) }
        server.onClose { closings.yield("\($0.number) \($1?.rawValue ?? 0) \($2)") }
        let socket = try await WebSocket.connect(to: server.url, options: options(certificate))
        var (messages, connections) = (socket.messages.makeAsyncIterator(), opened.makeAsyncIterator())
        try await socket.send("hello")
        #expect(try await messages.next()?.text == "hello")
        try await socket.send([0, 255])
        #expect(try await messages.next()?.bytes == [0, 255])
        // Another handler, while the connection stands.
        server.onMessage { connection, message in connection.send("\(connection.number): \(message.text)") }
        try await socket.send("hello")
        #expect(try await messages.next()?.text == "1: hello")
        await server.push("news")
        await server.push([7])
        #expect(try await messages.next()?.text == "news")
        #expect(try await messages.next()?.bytes == [7])
        let connection = try #require(await connections.next())
        connection.send("for you")
        #expect(try await messages.next()?.text == "for you")
        await server.disconnect(.goingAway, reason: "later")
        #expect(try await messages.next() == nil)
        let ending = try #require(await socket.termination)
        #expect(ending.cause.ending.receivedCode == .goingAway && ending.closeReason == "later")
        var closes = closed.makeAsyncIterator()
        #expect(await closes.next() == "1 1001 ")
        await server.untilEmpty()
        #expect(await server.counts == (now: 0, ever: 1))
        connection.send("nobody hears this")
        await server.stop()
        await #expect(throws: WebSocketError.self) {
            try await WebSocket.connect(to: server.url, options: options(certificate))
        }
    }

    @Test("A certificate is trusted by who is told to trust it, for its names and its time, and by nobody else")
    func certificates() async throws {
        let good = try LocalCertificate()
        let stranger = try LocalCertificate(names: ["stranger", "127.0.0.1"])
        let elsewhere = try LocalCertificate(names: ["*.elsewhere.test"])
        let ended = try LocalCertificate(from: .seconds(-7200), validFor: .seconds(3600))
        let early = try LocalCertificate(from: .seconds(3600))
        let cases: [(own: LocalCertificate, trusted: LocalCertificate?, failure: TLSFailure?)] = [
            (good, good, nil), (good, nil, .selfSigned), (good, stranger, .selfSigned),
            (elsewhere, elsewhere, .hostnameMismatch), (ended, ended, .certificateExpired),
            (early, early, .certificateNotYetValid),
        ]
        for (own, trusted, failure) in cases {
            let server = try await LocalServer.start(certificate: own)
            do {
                try await WebSocket.withConnection(to: server.url, options: options(trusted)) { _ in }
                #expect(failure == nil)
            } catch let error as WebSocketError {
                let detail = try #require(error.termination?.cause.ending.detail)
                #expect(detail == failure.map { .tlsFailed($0) }, "\(error)")
            }
            await server.stop()
        }
        #expect(!"\(good)".contains("PRIVATE") && !String(reflecting: good.identity).contains("PRIVATE"))
        for names in [[], [""], ["a,DNS:b"], ["a b"], ["1.2.3.4/8"], ["email:x@y"]] {
            #expect(throws: TLSConfigurationError.self) { try LocalCertificate(names: names) }
        }
    }

    @Test("It refuses, resets and garbles as it is told; clients that reconnect find it again")
    func faults() async throws {
        let server = try await LocalServer.start()
        server.onRequest { $0 == "/private" ? .refuse(status: 403, body: "no") : nil }
        let error = await #expect(throws: WebSocketError.self) {
            try await WebSocket.connect(to: server.url + "private")
        }
        #expect(error?.termination?.cause.ending.detail == .upgradeRefused(status: 403, retryAfter: nil))
        #expect(error?.termination?.responseBody == Array("no".utf8))
        var options = WebSocketOptions()
        options.policy.reconnection = Reconnection(backoff: .constant(.milliseconds(1)))
        let socket = try await WebSocket.connect(to: server.url, options: options)
        let changes = socket.stateChanges
        await server.reset()
        for await change in changes where change.to == .ready { break }
        #expect(await socket.termination?.cause.ending.detail == .transportEnded(.failed(errno: 104)))
        server.onMessage { connection, _ in connection.send(raw: [0x83, 0]) }
        try await socket.send("garble")
        for await change in changes where change.to == .ready { break }
        #expect(await socket.termination?.cause.ending.detail == .violation(.reservedOpcode))
        await socket.close()
        await server.untilEmpty()
        await server.stop()
    }
}
