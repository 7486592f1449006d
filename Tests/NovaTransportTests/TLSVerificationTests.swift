import NovaTransport
import TestSupport
import NovaWire
import Testing

@Suite("A server is believed only if its certificate says who it is", .timeLimit(.minutes(4)))
struct TLSVerificationTests {
    private let certificates: Certificates
    init() throws { certificates = try .shared() }

    /// What a handshake with a server of this certificate comes to at the client.
    private func handshake(
        _ identity: TLSConfiguration.Identity, host: String = "localhost",
        _ change: (inout TLSConfiguration) -> Void = { _ in }
    ) throws -> TLSEngine.Handshake {
        let client = TLSConfiguration.client(trusting: certificates.authority, change)
        return try EnginePair(.server(identity), client, host: host).handshake().client
    }

    @Test("A good certificate is good for its names and its addresses", arguments: ["localhost", "127.0.0.1", "::1"])
    func good(_ host: String) throws {
        #expect(try handshake(certificates.server, host: host) == .done)
    }

    @Test("Names are compared without regard to case (RFC 9525 §6.3)")
    func upperCase() throws {
        #expect(try handshake(certificates.server, host: "LocalHost") == .done)
    }

    @Test(
        "Any other name or address is another host",
        arguments: ["example.test", "localhost.example.test", "127.0.0.2", "::2"])
    func mismatch(_ host: String) throws {
        #expect(try handshake(certificates.server, host: host) == .failed(.hostnameMismatch))
    }

    @Test("A certificate of another host")
    func otherHost() throws {
        #expect(try handshake(certificates.otherHost) == .failed(.hostnameMismatch))
        #expect(try handshake(certificates.otherHost, host: "127.0.0.1") == .failed(.hostnameMismatch))
        #expect(try handshake(certificates.otherHost, host: "elsewhere.test") == .done)
    }

    @Test("A wildcard stands for one label (RFC 9525 §6.3)")
    func wildcard() throws {
        #expect(try handshake(certificates.wildcard, host: "www.example.test") == .done)
        #expect(try handshake(certificates.wildcard, host: "example.test") == .failed(.hostnameMismatch))
        #expect(try handshake(certificates.wildcard, host: "a.b.example.test") == .failed(.hostnameMismatch))
    }

    @Test("A name in the subject is no proof (RFC 9525 §2)")
    func subjectOnly() throws {
        #expect(try handshake(certificates.subjectOnly) == .failed(.hostnameMismatch))
    }

    @Test("An expired certificate, and one from the future")
    func dates() throws {
        #expect(try handshake(certificates.expired) == .failed(.certificateExpired))
        #expect(try handshake(certificates.notYetValid) == .failed(.certificateNotYetValid))
    }

    @Test("A certificate that nobody else has signed is trusted only by itself")
    func selfSigned() throws {
        let identity = certificates.selfSigned
        #expect(try handshake(identity) == .failed(.selfSigned))
        #expect(try handshake(identity) { $0.trustRoots = identity.certificateChain } == .done)
    }

    @Test("A certificate of an authority that is not trusted; the system's roots do not trust ours")
    func stranger() throws {
        #expect(try handshake(certificates.stranger) == .failed(.unknownIssuer))
        #expect(try handshake(certificates.server) { $0.trustRoots = nil } == .failed(.unknownIssuer))
    }

    @Test("An intermediate authority is believed if the server shows its certificate")
    func chain() throws {
        #expect(try handshake(certificates.chained) == .done)
        #expect(try handshake(certificates.chainCut) == .failed(.unknownIssuer))
    }

    @Test("Trusted certificates may be many")
    func manyRoots() throws {
        let roots = TLSConfiguration.PEM.text(certificates.otherAuthority + certificates.authority)
        #expect(try handshake(certificates.server) { $0.trustRoots = roots } == .done)
        #expect(try handshake(certificates.stranger) { $0.trustRoots = roots } == .done)
    }

    @Test("Without verification, anything passes")
    func insecure() throws {
        for identity in [certificates.expired, certificates.otherHost, certificates.selfSigned, certificates.stranger] {
            #expect(try handshake(identity) { $0.verification = .none } == .done)
        }
    }

    @Test("The server is told why, by an alert (RFC 8446 §6.2)")
    func toldToTheServer() throws {
        let client = TLSConfiguration.client(trusting: certificates.authority)
        let cases: [(TLSConfiguration.Identity, UInt8)] = [
            (certificates.expired, 45), (certificates.notYetValid, 42), (certificates.stranger, 48),
        ]
        for (identity, alert) in cases {
            let pair = try EnginePair(.server(identity), client)
            #expect(pair.handshake().server == .failed(.alert(alert)))
        }
    }
}
