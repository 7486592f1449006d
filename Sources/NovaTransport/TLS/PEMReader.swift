import COpenSSL
import Glibc

/// Reads certificates and keys; says whose fault it is if there are none.
struct PEMReader {
    private let source: TLSConfiguration.PEM
    private let subject: String

    init(_ source: TLSConfiguration.PEM, _ subject: String) {
        self.source = source
        if case .file(let path) = source { self.subject = path } else { self.subject = subject }
    }

    /// What is in OpenSSL's queue, about this source.
    func error() -> TLSConfigurationError { TLSConfigurationError(subject: subject, reason: ErrorQueue.words()) }

    /// All certificates, at least one; the caller frees them.
    func certificates() throws(TLSConfigurationError) -> [OpaquePointer] {
        let bio = try open()
        defer { BIO_free(bio) }
        var certificates: [OpaquePointer] = []
        while let certificate = PEM_read_bio_X509(bio, nil, nil, nil) { certificates.append(certificate) }
        guard !certificates.isEmpty else { throw error() }
        ErrorQueue.clear()
        return certificates
    }

    /// The key; the caller frees it.
    func privateKey(password: String?) throws(TLSConfigurationError) -> OpaquePointer {
        let bio = try open()
        defer { BIO_free(bio) }
        var secret = password.map { Array($0.utf8CString) } ?? []
        defer { for index in secret.indices { secret[index] = 0 } }
        let key = secret.withUnsafeMutableBytes { secret in
            // A callback in any case: without one, OpenSSL would ask on the terminal.
            PEM_read_bio_PrivateKey(
                bio, nil,
                { buffer, capacity, _, password in
                    guard let buffer, let password = password?.assumingMemoryBound(to: CChar.self) else { return -1 }
                    let length = strnlen(password, Int(capacity))
                    buffer.update(from: password, count: length)
                    return Int32(length)
                }, secret.baseAddress)
        }
        guard let key else { throw error() }
        return key
    }

    private func open() throws(TLSConfigurationError) -> OpaquePointer {
        ErrorQueue.clear()
        let bio: OpaquePointer?
        switch source {
        case .file(let path): bio = BIO_new_file(path, "r")
        case .text(let text):
            bio = BIO_new(BIO_s_mem())
            var text = text
            text.withUTF8 { _ = BIO_write(bio, $0.baseAddress, Int32(clamping: $0.count)) }
        }
        guard let bio else { throw error() }
        return bio
    }
}
