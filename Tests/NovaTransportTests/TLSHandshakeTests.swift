import NovaTransport
import TestSupport
import NovaWire
import Testing

@Suite("How a handshake fails is told at both ends", .timeLimit(.minutes(4)))
struct TLSHandshakeTests {
    private let certificates: Certificates
    init() throws { certificates = try .shared() }

    private func pair(
        server: (inout TLSConfiguration) -> Void = { _ in }, client: (inout TLSConfiguration) -> Void = { _ in }
    ) throws -> EnginePair {
        try EnginePair(
            .server(certificates.server, server), .client(trusting: certificates.authority, client))
    }

    // MARK: Versions

    @Test("Both ends settle on the latest version that both allow")
    func versions() throws {
        let newest = try pair()
        _ = newest.handshake()
        #expect(newest.client.version == "TLSv1.3")
        let older = try pair(server: { $0.maximumVersion = .tls12 })
        _ = older.handshake()
        #expect(older.client.version == "TLSv1.2")
    }

    @Test("Ends that have no version in common both say so")
    func noCommonVersion() throws {
        let old = try pair(server: { $0.maximumVersion = .tls12 }, client: { $0.minimumVersion = .tls13 })
        #expect(old.handshake() == (.failed(.protocolVersion), .failed(.protocolVersion)))
        let new = try pair(server: { $0.minimumVersion = .tls13 }, client: { $0.maximumVersion = .tls12 })
        #expect(new.handshake() == (.failed(.protocolVersion), .failed(.protocolVersion)))
    }

    // MARK: Certificates of clients

    @Test("A client's certificate is shown and accepted", arguments: [TLSConfiguration.Version.tls12, .tls13])
    func clientCertificate(_ version: TLSConfiguration.Version) throws {
        let pair = try pair(
            server: {
                $0.trustRoots = .text(certificates.authority)
                $0.maximumVersion = version
            }, client: { $0.identity = certificates.client })
        #expect(pair.handshake() == (.done, .done))
        #expect(pair.server.peerCertificate()?.contains("CN=client") == true)
    }

    @Test("A client without a certificate is refused in TLS 1.2 during the handshake")
    func missingCertificateTLS12() throws {
        let pair = try pair(server: {
            $0.trustRoots = .text(certificates.authority)
            $0.maximumVersion = .tls12
        })
        #expect(pair.handshake().client == .failed(.alert(40)))
    }

    @Test("A client without a certificate is refused in TLS 1.3 after its handshake, by a read (RFC 8446 §6.2)")
    func missingCertificateTLS13() throws {
        let pair = try pair(server: { $0.trustRoots = .text(certificates.authority) })
        let outcome = pair.handshake()
        #expect(outcome.client == .done)
        #expect(outcome.server != .done)
        #expect(pair.client.read().outcome == .failed(.alert(116)))
    }

    @Test("A client's certificate from nobody the server trusts")
    func strangeClient() throws {
        let pair = try pair(
            server: { $0.trustRoots = .text(certificates.authority) }, client: { $0.identity = certificates.stranger })
        #expect(pair.handshake() == (.done, .failed(.unknownIssuer)))
        #expect(pair.client.read().outcome == .failed(.alert(48)))
    }

    // MARK: What is no TLS

    @Test(
        "A server that answers in plain text",
        arguments: ["HTTP/1.1 400 Bad Request\r\n\r\n", "SSH-2.0-OpenSSH_9.2\r\n", "220 mail.example.test ESMTP\r\n"])
    func plainText(_ answer: String) throws {
        let client = try pair().client
        #expect(client.handshake() == .needsMore)
        #expect(client.handshake(after: Array(answer.utf8)) == .failed(.notTLS))
    }

    @Test("A client that asks in plain text")
    func plainRequest() throws {
        let server = try pair().server
        #expect(server.handshake(after: Array("GET / HTTP/1.1\r\nHost: a\r\n\r\n".utf8)) == .failed(.notTLS))
    }

    @Test("An alert instead of an answer")
    func alert() throws {
        let client = try pair().client
        #expect(client.handshake() == .needsMore)
        #expect(client.handshake(after: [21, 3, 3, 0, 2, 2, 112]) == .failed(.alert(112)))
    }

    @Test("A failure says nothing about the connection that comes after it on the same thread")
    func queueIsCleared() throws {
        let (failing, good) = (try pair(client: { $0.trustRoots = .text(certificates.otherAuthority) }), try pair())
        #expect(failing.handshake().client == .failed(.unknownIssuer))
        #expect(good.handshake() == (.done, .done))
        #expect(good.client.read().outcome == .needsMore)
        #expect(failing.client.handshake() != .done)
        #expect(good.client.read().outcome == .needsMore)
    }

    // MARK: Names

    @Test("The host's name is sent to the server, an address is not (RFC 6066 §3)")
    func serverNameIndication() throws {
        for (host, name) in [("localhost", "localhost"), ("127.0.0.1", nil), ("::1", nil)] as [(String, String?)] {
            let pair = try EnginePair(
                .server(certificates.server), .client(trusting: certificates.authority), host: host)
            #expect(pair.handshake() == (.done, .done))
            #expect(pair.server.serverName == name)
        }
    }

    @Test("The protocol is agreed on: http/1.1 (RFC 7301)")
    func applicationProtocol() throws {
        let pair = try pair()
        _ = pair.handshake()
        #expect(pair.client.applicationProtocol == "http/1.1")
        #expect(pair.server.applicationProtocol == "http/1.1")
    }

    @Test("Ends with no protocol in common part with an alert (RFC 7301 §3.2)")
    func noCommonProtocol() throws {
        let pair = try pair(client: { $0.applicationProtocols = ["h2"] })
        #expect(pair.handshake().client == .failed(.alert(120)))
    }

    @Test("No protocol is spoken of if there is none to speak of")
    func noApplicationProtocol() throws {
        let pair = try pair(client: { $0.applicationProtocols = [] })
        #expect(pair.handshake() == (.done, .done))
        #expect(pair.client.applicationProtocol == nil)
    }
}
