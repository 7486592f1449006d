import Foundation
import NovaTransport

/// Certificates for the tests, made by the `openssl` command when the first test asks for them, all as PEM text.
package struct Certificates {
    /// The one set of this run.
    package static func shared() throws -> Certificates { try made.get() }
    private static let made = Result { try Certificates() }

    /// Signs all but the ones that say otherwise.
    package let authority: String
    /// Has signed `stranger` only.
    package let otherAuthority: String
    /// For localhost, 127.0.0.1 and ::1.
    package let server: TLSConfiguration.Identity
    /// For localhost, signed by an intermediate authority whose certificate comes along.
    package let chained: TLSConfiguration.Identity
    /// The same, without the certificate in the middle.
    package let chainCut: TLSConfiguration.Identity
    package let expired: TLSConfiguration.Identity
    package let notYetValid: TLSConfiguration.Identity
    package let otherHost: TLSConfiguration.Identity
    /// For `*.example.test`.
    package let wildcard: TLSConfiguration.Identity
    /// Names localhost in the subject only.
    package let subjectOnly: TLSConfiguration.Identity
    package let selfSigned: TLSConfiguration.Identity
    package let stranger: TLSConfiguration.Identity
    package let client: TLSConfiguration.Identity
    /// The key of `client` under the password "open sesame".
    package let encryptedClientKey: String

    private init() throws {
        let office = try CertificateOffice()
        defer { office.close() }
        authority = try office.authority("authority")
        otherAuthority = try office.authority("other")
        let local = "DNS:localhost,IP:127.0.0.1,IP:0:0:0:0:0:0:0:1"
        server = try office.issue("server", names: local)
        let middle = try office.issue("middle", names: nil, isAuthority: true)
        let leaf = try office.issue("leaf", names: local, signer: "middle")
        chainCut = leaf
        chained = TLSConfiguration.Identity(
            certificateChain: .text(leaf.certificateChain.text + middle.certificateChain.text),
            privateKey: leaf.privateKey)
        expired = try office.issue("expired", names: local, from: "20200101000000Z", to: "20200201000000Z")
        notYetValid = try office.issue("future", names: local, from: "20900101000000Z", to: "20910101000000Z")
        otherHost = try office.issue("elsewhere", names: "DNS:elsewhere.test,IP:192.0.2.1")
        wildcard = try office.issue("wildcard", names: "DNS:*.example.test")
        subjectOnly = try office.issue("localhost", names: nil)
        selfSigned = try office.selfSigned("alone", names: local)
        stranger = try office.issue("stranger", names: local, signer: "other")
        client = try office.issue("client", names: "email:client@example.test")
        encryptedClientKey = try office.encryptedKey("client", password: "open sesame")
    }
}

extension TLSConfiguration.PEM {
    /// The text; empty for a file.
    package var text: String { if case .text(let text) = self { text } else { "" } }
}

/// A directory in which the `openssl` command makes certificates.
private struct CertificateOffice {
    struct CommandFailure: Error, CustomStringConvertible {
        let description: String
    }

    private let directory: URL

    init() throws {
        directory = FileManager.default.temporaryDirectory.appendingPathComponent("nova-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        try write(
            """
            [req]
            distinguished_name = name
            prompt = no
            [name]
            [policy]
            commonName = supplied
            [office]
            database = index.txt
            new_certs_dir = .
            default_md = sha256
            policy = policy
            rand_serial = yes
            unique_subject = no
            """, to: "office.conf")
        try write("", to: "index.txt")
    }

    func close() { try? FileManager.default.removeItem(at: directory) }

    /// Makes an authority; returns its certificate.
    func authority(_ name: String) throws -> String {
        let identity = try selfSigned(name, names: nil, isAuthority: true)
        return identity.certificateChain.text
    }

    func selfSigned(_ name: String, names: String?, isAuthority: Bool = false) throws -> TLSConfiguration.Identity {
        try makeKey(name)
        var arguments = ["req", "-x509", "-new", "-key", "\(name).key", "-subj", "/CN=\(name)", "-days", "30"]
        arguments += ["-config", "office.conf", "-out", "\(name).pem"]
        arguments += ["-addext", "basicConstraints=critical,CA:\(isAuthority ? "TRUE" : "FALSE")"]
        if let names { arguments += ["-addext", "subjectAltName=\(names)"] }
        try openssl(arguments)
        return try identity(name)
    }

    /// Has `signer` sign a certificate; the dates default to now and a month from now.
    func issue(
        _ name: String, names: String?, signer: String = "authority", isAuthority: Bool = false, from: String? = nil,
        to: String? = nil
    ) throws -> TLSConfiguration.Identity {
        try makeKey(name)
        try openssl([
            "req", "-new", "-key", "\(name).key", "-subj", "/CN=\(name)", "-config", "office.conf", "-out", "request",
        ])
        var extensions = "basicConstraints=critical,CA:\(isAuthority ? "TRUE" : "FALSE")\n"
        extensions += "subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n"
        if let names { extensions += "subjectAltName=\(names)\n" }
        try write(extensions, to: "extensions")
        var arguments = ["ca", "-batch", "-notext", "-config", "office.conf", "-name", "office", "-in", "request"]
        arguments += ["-cert", "\(signer).pem", "-keyfile", "\(signer).key", "-extfile", "extensions"]
        arguments += ["-out", "\(name).pem", "-days", "30"]
        if let from { arguments += ["-startdate", from] }
        if let to { arguments += ["-enddate", to] }
        try openssl(arguments)
        return try identity(name)
    }

    func encryptedKey(_ name: String, password: String) throws -> String {
        try openssl(["pkcs8", "-topk8", "-in", "\(name).key", "-out", "encrypted", "-passout", "pass:\(password)"])
        return try read("encrypted")
    }

    private func makeKey(_ name: String) throws {
        try openssl(["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", "\(name).key"])
    }

    private func identity(_ name: String) throws -> TLSConfiguration.Identity {
        TLSConfiguration.Identity(
            certificateChain: .text(try read("\(name).pem")), privateKey: .text(try read("\(name).key")))
    }

    private func openssl(_ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["openssl"] + arguments
        process.currentDirectoryURL = directory
        process.standardOutput = FileHandle.nullDevice
        let errors = Pipe()
        process.standardError = errors
        try process.run()
        let words = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            let said = String(decoding: words, as: UTF8.self)
            throw CommandFailure(description: "openssl \(arguments.joined(separator: " ")): \(said)")
        }
    }

    private func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: directory.appendingPathComponent(name))
    }

    private func read(_ name: String) throws -> String {
        String(decoding: try Data(contentsOf: directory.appendingPathComponent(name)), as: UTF8.self)
    }
}
