import NovaEcho
import NovaSocket
import NovaTransport
import TestSupport
import TestTurns
import Testing

@Suite("TLS on a live connection", .live, .replayed, .timeLimit(.minutes(20)))
struct SecureTests {
    private let certificates: Certificates
    init() throws { certificates = try Certificates.shared() }

    private func server(_ identity: TLSConfiguration.Identity, asksClients: Bool = false) -> TLSConfiguration {
        var tls = TLSConfiguration()
        tls.identity = identity
        if asksClients { tls.trustRoots = .text(certificates.authority) }
        return tls
    }

    private func trusting(_ settings: inout WebSocketOptions) {
        settings.tls.trustRoots = .text(certificates.authority)
    }

    /// How a connection to a server with this certificate ends that never becomes one.
    private func refusal(
        by identity: TLSConfiguration.Identity, _ change: (inout WebSocketOptions) -> Void = { _ in }
    ) async throws -> Termination? {
        try await ending(tls: server(identity)) {
            trusting(&$0)
            change(&$0)
        }
    }

    @Test("With the right authority the connection is open, and carries what a plain one does", arguments: [0, 1])
    func accepted(_ number: Int) async throws {
        let identity = [certificates.server, certificates.chained][number]
        let settings = options(trusting)
        try await withServer(tls: server(identity)) { server in
            try await WebSocket.withConnection(to: server.url, options: settings) { socket in
                var messages = socket.messages.makeAsyncIterator()
                for count in [0, 1, 126, 16_384, 65_536, 3 << 20] {
                    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7) }
                    try await socket.send(bytes)
                    #expect(try await messages.next()?.bytes == bytes)
                }
                try await socket.ping()
            }
        }
    }

    @Test("Each certificate that may not be accepted is refused for its own reason, and not tried again")
    func refused() async throws {
        let cases: [(TLSConfiguration.Identity, TLSFailure)] = [
            (certificates.expired, .certificateExpired), (certificates.notYetValid, .certificateNotYetValid),
            (certificates.otherHost, .hostnameMismatch), (certificates.selfSigned, .selfSigned),
            (certificates.stranger, .unknownIssuer), (certificates.chainCut, .unknownIssuer),
        ]
        for (identity, failure) in cases {
            let end = try await refusal(by: identity) { $0.policy.reconnection = .standard }
            #expect(end?.cause.ending.detail == .tlsFailed(failure))
            #expect(end?.cause.ending.phase == .securing)
            #expect(end?.cause.finality == .unrecoverable)
            #expect(end?.description.contains(failure.explanation) == true)
        }
    }

    @Test("The name in the certificate is that of the URL, or the one that is asked for in its place")
    func serverName() async throws {
        let end = try await refusal(by: certificates.server) { $0.tls.serverName = "elsewhere.test" }
        #expect(end?.cause.ending.detail == .tlsFailed(.hostnameMismatch))
        let settings = options {
            trusting(&$0)
            $0.tls.serverName = "elsewhere.test"
        }
        try await withServer(tls: server(certificates.otherHost)) { server in
            try await WebSocket.withConnection(to: server.url, options: settings) { try await $0.ping() }
        }
    }

    @Test("For development only: anyone may be the server")
    func unverified() async throws {
        let settings = options { $0.tls.verification = .none }
        try await withServer(tls: server(certificates.selfSigned)) { server in
            try await WebSocket.withConnection(to: server.url, options: settings) { try await $0.ping() }
        }
    }

    @Test("A server that asks for a certificate: none, a wrong one, the right one", arguments: [0, 1])
    func clientCertificate(_ version: Int) async throws {
        let maximum = [TLSConfiguration.Version.tls12, .tls13][version]
        let tls = server(certificates.server, asksClients: true)
        func end(_ identity: TLSConfiguration.Identity?) async throws -> Termination? {
            try await ending(tls: tls) {
                trusting(&$0)
                $0.tls.maximumVersion = maximum
                $0.tls.identity = identity
                $0.policy.reconnection = .standard
            }
        }
        let none = try await end(nil)
        #expect(none?.cause.ending.detail == .tlsFailed(.alert(version == 0 ? 40 : 116)))
        #expect(none?.cause.finality == .unrecoverable)
        #expect(try await end(certificates.stranger)?.cause.ending.detail == .tlsFailed(.alert(48)))
        let settings = options {
            trusting(&$0)
            $0.tls.maximumVersion = maximum
            $0.tls.identity = certificates.client
        }
        try await withServer(tls: tls) { server in
            try await WebSocket.withConnection(to: server.url, options: settings) { try await $0.ping() }
        }
    }

    @Test("A server that speaks only what is too old, or no TLS at all")
    func noTLSInCommon() async throws {
        let old = try ChildProcess(
            "/usr/bin/env",
            [
                "openssl", "s_server", "-accept", "127.0.0.1:0", "-tls1_1", "-cipher", "DEFAULT:@SECLEVEL=0",
                "-cert", try path(certificates.server.certificateChain), "-key",
                try path(certificates.server.privateKey),
                "-naccept", "1",
            ])
        var port: String?
        while port == nil, let line = await old.line() {
            if line.hasPrefix("ACCEPT") { port = line.split(separator: ":").last.map(String.init) }
        }
        let end = try await ending(of: "wss://127.0.0.1:\(port ?? "1")/", options(trusting))
        #expect(end?.cause.ending.detail == .tlsFailed(.protocolVersion))
        old.signal(15)

        let plain = try await withServer { server in
            try await ending(of: "wss" + server.url.dropFirst(2), options(trusting))
        }
        #expect(plain?.cause.ending.detail == .tlsFailed(.notTLS))
    }

    private func path(_ pem: TLSConfiguration.PEM) throws -> String { try TemporaryFile.make(pem.text) }

    @Test("A server whose TLS ends without a word, in the middle of a connection")
    func cutOff() async throws {
        var script = ServerScript()
        script.message = { connection, _, _ in connection.reset() }
        let end = try await ending(script, tls: server(certificates.server), trusting) { try await $0.send("x") }
        guard case .transportEnded = end?.cause.ending.detail else {
            Issue.record("\(String(describing: end))")
            return
        }
    }

    @Test("An orderly end is one for the server too: it hears close_notify, though it has said its own before")
    func closeNotify() async throws {
        let (ends, told) = AsyncStream.makeStream(of: String.self)
        var script = ServerScript()
        script.ended = { told.yield("\($0)") }
        let settings = options(trusting)
        try await withServer(script, tls: server(certificates.server)) { server in
            try await WebSocket.withConnection(to: server.url, options: settings) { try await $0.send("x") }
            for await end in ends {
                #expect(end == "endOfStream")
                break
            }
        }
    }

    @Test("A violation in the last bytes before the end is the cause, and is answered, under TLS too")
    func violationBeforeTheEnd() async throws {
        var script = ServerScript()
        script.message = { connection, _, _ in
            connection.send(raw: [0xC1, 0x00])
            connection.end()
        }
        let end = try await ending(script, tls: server(certificates.server), trusting) { try await $0.send("x") }
        #expect(end?.cause.ending.detail == .violation(.reservedBits))
    }
}
