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
    func error() -> TLSConfigurationError { error(ErrorQueue.words()) }

    private func error(_ reason: String) -> TLSConfigurationError {
        TLSConfigurationError(subject: subject, reason: reason)
    }

    /// All certificates, at least one; the caller frees them.
    func certificates() throws(TLSConfigurationError) -> [OpaquePointer] {
        let bio = try open()
        defer { BIO_free(bio) }
        var certificates: [OpaquePointer] = []
        // A callback that has no password: without one, OpenSSL would ask on the terminal.
        while let certificate = PEM_read_bio_X509(bio, nil, { _, _, _, _ in -1 }, nil) {
            certificates.append(certificate)
        }
        let last = ERR_peek_last_error()
        guard nova_ERR_GET_LIB(last) == ERR_LIB_PEM, nova_ERR_GET_REASON(last) == PEM_R_NO_START_LINE else {
            // Not the end, but a certificate that can't be read: half a list would be a list nobody asked for.
            certificates.forEach(X509_free)
            throw error()
        }
        ErrorQueue.clear()
        guard !certificates.isEmpty else { throw error("there is no certificate in it") }
        return certificates
    }

    /// The key; the caller frees it.
    func privateKey(password: String?) throws(TLSConfigurationError) -> OpaquePointer {
        let bio = try open()
        defer { BIO_free(bio) }
        let lock = Lock(password)
        // A callback in any case: without one, OpenSSL would ask on the terminal.
        let key = PEM_read_bio_PrivateKey(
            bio, nil,
            { buffer, capacity, _, lock in
                guard let buffer, let lock else { return -1 }
                return Unmanaged<Lock>.fromOpaque(lock).takeUnretainedValue().open(into: buffer, capacity)
            }, Unmanaged.passUnretained(lock).toOpaque())
        if let key { return key }
        guard !lock.wasAsked else {
            ErrorQueue.clear()
            throw error(
                password == nil
                    ? "it is encrypted, and there is no password" : "it can't be decrypted with the password")
        }
        let first = ERR_peek_error()
        guard nova_ERR_GET_LIB(first) == ERR_LIB_SYS else {
            ErrorQueue.clear()
            throw error("there is no private key in it that can be read")
        }
        throw error()
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

/// The password of a key, and whether OpenSSL has asked for it.
private final class Lock {
    private let password: String?
    private(set) var wasAsked = false

    init(_ password: String?) { self.password = password }

    /// Writes the password; returns its length, or -1 if there is none or it is too long.
    func open(into buffer: UnsafeMutablePointer<CChar>, _ capacity: Int32) -> Int32 {
        wasAsked = true
        guard var password, password.utf8.count <= Int(capacity) else { return -1 }
        return password.withUTF8 { bytes in
            UnsafeMutableRawBufferPointer(start: buffer, count: Int(capacity)).copyMemory(
                from: UnsafeRawBufferPointer(bytes))
            return Int32(bytes.count)
        }
    }
}
