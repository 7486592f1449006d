import Foundation
import NovaTransport
import TestSupport
import Testing

@Suite("What can't be used is named, with the reason", .timeLimit(.minutes(4)))
struct TLSConfigurationTests {
    private let certificates: Certificates
    init() throws { certificates = try .shared() }

    /// Why a client can't be set up like this; nil if it can.
    private func refusal(_ change: (inout TLSConfiguration) -> Void) -> TLSConfigurationError? {
        var configuration = TLSConfiguration()
        change(&configuration)
        do throws(TLSConfigurationError) {
            _ = try TLSContext(.client, configuration)
            return nil
        } catch {
            return error
        }
    }

    private func refusal(
        chain: TLSConfiguration.PEM? = nil, key: TLSConfiguration.PEM? = nil, password: String? = nil
    ) -> TLSConfigurationError? {
        let client = certificates.client
        return refusal {
            $0.identity = TLSConfiguration.Identity(
                certificateChain: chain ?? client.certificateChain, privateKey: key ?? client.privateKey,
                password: password)
        }
    }

    @Test("Files are read, and what is wrong with them is told")
    func files() throws {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("nova-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let good = directory.appendingPathComponent("good.pem").path
        let missing = directory.appendingPathComponent("missing.pem").path
        try Data(certificates.authority.utf8).write(to: URL(fileURLWithPath: good))

        #expect(refusal { $0.trustRoots = .file(good) } == nil)
        let absent = refusal { $0.trustRoots = .file(missing) }
        #expect(absent?.description == "\(missing) can't be used: No such file or directory")
        #expect(refusal(key: .file(missing))?.subject == missing)
        #expect(refusal { $0.trustRoots = .file(directory.path) }?.subject == directory.path)
        #expect(refusal(key: .file(directory.path))?.subject == directory.path)
    }

    @Test("A text without certificates, and one whose second certificate is broken")
    func brokenCertificates() {
        #expect(
            refusal { $0.trustRoots = .text("") }?.description
                == "the trusted certificates can't be used: there is no certificate in it")
        #expect(refusal(chain: certificates.client.privateKey)?.subject == "the certificate chain")
        let broken = certificates.authority + "-----BEGIN CERTIFICATE-----\nbm90aGluZw==\n-----END CERTIFICATE-----\n"
        let cut = certificates.authority + String(certificates.authority.prefix(200))
        #expect(refusal { $0.trustRoots = .text(broken) } != nil)
        #expect(refusal { $0.trustRoots = .text(cut) } != nil)
    }

    @Test("A key that is none, or another one")
    func wrongKey() {
        #expect(refusal() == nil)
        #expect(
            refusal(key: .text("nothing"))?.description
                == "the private key can't be used: there is no private key in it that can be read")
        #expect(refusal(key: certificates.server.privateKey)?.reason == "key values mismatch")
    }

    @Test("An encrypted key needs its password")
    func password() {
        let key = TLSConfiguration.PEM.text(certificates.encryptedClientKey)
        #expect(refusal(key: key, password: "open sesame") == nil)
        #expect(refusal(key: key)?.reason == "it is encrypted, and there is no password")
        let wrong = "open barley"
        #expect(refusal(key: key, password: wrong)?.reason == "it can't be decrypted with the password")
        #expect(refusal(key: key, password: String(repeating: "long", count: 1000)) != nil)
        #expect(refusal(key: key, password: "") != nil)
        #expect(refusal(password: "not needed") == nil)
    }

    @Test("No error carries a key or a password")
    func secrets() throws {
        let secret = "correct horse battery staple"
        let key = certificates.encryptedClientKey
        let errors = [
            refusal(key: .text(key), password: secret), refusal(key: .text(key + key.prefix(100))),
            refusal(key: certificates.server.privateKey), refusal(chain: .text(key)),
        ]
        let body = key.split(separator: "\n")[1]
        for error in errors {
            let words = try #require(error).description
            #expect(!words.contains(secret))
            #expect(!words.contains(body))
        }
    }

    @Test("The oldest version must not be after the latest")
    func versions() {
        #expect(
            refusal {
                $0.minimumVersion = .tls13
                $0.maximumVersion = .tls12
            }?.subject == "the TLS versions")
        #expect(refusal { $0.maximumVersion = .tls12 } == nil)
    }

    @Test("The names of application protocols have 1 to 255 bytes (RFC 7301 §3.1)")
    func protocols() {
        #expect(refusal { $0.applicationProtocols = [""] } != nil)
        #expect(refusal { $0.applicationProtocols = [String(repeating: "a", count: 256)] } != nil)
        #expect(refusal { $0.applicationProtocols = [String(repeating: "a", count: 255), "b"] } == nil)
    }

    @Test("A host that can't be looked for in a certificate is refused: it would not be looked for at all")
    func hosts() throws {
        let context = try TLSContext(.client, TLSConfiguration())
        for host in ["", ".", "good.test\u{0}.evil.test", String(repeating: "a", count: 256)] {
            #expect(throws: TLSConfigurationError.self) { _ = try TLSEngine(context, host: host) }
        }
    }

    @Test("Clients of the same configuration share a context, unless files or texts come in")
    func sharing() throws {
        var configuration = TLSConfiguration()
        #expect(try TLSContext.client(configuration) === TLSContext.client(configuration))
        let first = try TLSContext.client(configuration)
        configuration.applicationProtocols = []
        #expect(try TLSContext.client(configuration) !== first)
        configuration.verification = .none
        #expect(try TLSContext.client(configuration) !== TLSContext.client(TLSConfiguration()))
        configuration.trustRoots = .text(certificates.authority)
        #expect(try TLSContext.client(configuration) !== TLSContext.client(configuration))
    }
}
