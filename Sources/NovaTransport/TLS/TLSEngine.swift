import COpenSSL
import NovaWire

/// TLS as a transformer of bytes: ciphertext and plaintext go in and come out, and no socket is known here.
package struct TLSEngine: ~Copyable {
    /// What became of a step of the handshake.
    package enum Handshake: Hashable, Sendable {
        case needsMore
        case done
        case failed(TLSFailure)
    }

    /// What became of a read.
    package enum Read: Hashable, Sendable {
        /// So many bytes of plaintext.
        case bytes(Int)
        /// More ciphertext is needed.
        case needsMore
        /// The peer has ended its side in order.
        case closeNotify
        case failed(TLSFailure)
    }

    /// What became of a write.
    package enum Write: Hashable, Sendable {
        /// So many bytes were encrypted.
        case bytes(Int)
        /// Ciphertext must come first: a handshake is not done, or a message of it not whole.
        case needsInput
        case failed(TLSFailure)
    }

    /// The most plaintext that one record carries (RFC 8446 §5.1), and the most ciphertext it becomes.
    package static let maximumRecord = 16 << 10
    package static let maximumRecordCiphertext = maximumRecord + 512

    let ssl: OpaquePointer
    private let input: OpaquePointer
    private let output: OpaquePointer
    // OpenSSL points into it.
    private let context: TLSContext

    /// An engine for a connection. A client's server is `host`, and its certificate must say so; a server needs none.
    package init(_ context: TLSContext, host: String) throws(TLSConfigurationError) {
        let (ssl, input, output) = (SSL_new(context.pointer), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()))
        guard let ssl, let input, let output else {
            SSL_free(ssl)
            BIO_free(input)
            BIO_free(output)
            throw TLSConfigurationError(subject: "OpenSSL", reason: ErrorQueue.words())
        }
        SSL_set_bio(ssl, input, output)
        switch context.role {
        case .server: SSL_set_accept_state(ssl)
        case .client:
            SSL_set_connect_state(ssl)
            do throws(TLSConfigurationError) {
                try Self.expect(host, on: ssl)
            } catch {
                SSL_free(ssl)
                throw error
            }
        }
        self.ssl = ssl
        self.input = input
        self.output = output
        self.context = context
    }

    /// Asks for `host` and looks for it in the certificate: a name as a name, an address as an address, which is not
    /// asked for (RFC 6066 §3).
    private static func expect(_ host: String, on ssl: OpaquePointer) throws(TLSConfigurationError) {
        ErrorQueue.clear()
        defer { ErrorQueue.clear() }
        guard X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host) != 1 else { return }
        // The dot at the end of a name that is complete is no part of it in TLS.
        let name = host.hasSuffix(".") ? String(host.dropLast()) : host
        // OpenSSL takes an empty name, and everything up to a NUL, for a wish to look for less.
        guard !name.isEmpty, !name.utf8.contains(0), nova_SSL_set_tlsext_host_name(ssl, name) == 1,
            SSL_set1_host(ssl, name) == 1
        else {
            throw TLSConfigurationError(subject: "the host \"\(host)\"", reason: "it is not a name TLS can ask for")
        }
        // A wildcard is a whole label, and names in the subject do not count (RFC 9525 §2, §6.3).
        SSL_set_hostflags(ssl, UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT))
    }

    deinit { SSL_free(ssl) }

    // MARK: Ciphertext

    /// Takes ciphertext that was received.
    package func feed(_ ciphertext: UnsafeRawBufferPointer) {
        BIO_write(input, ciphertext.baseAddress, Int32(clamping: ciphertext.count))
    }

    /// Takes out ciphertext that is to be sent; returns how much.
    package func drain(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        max(0, Int(BIO_read(output, buffer.baseAddress, Int32(clamping: buffer.count))))
    }

    /// How much ciphertext waits to be sent.
    package var pendingCiphertext: Int { BIO_ctrl_pending(output) }

    // MARK: Plaintext

    /// Goes on with the handshake as far as the ciphertext allows.
    package func handshake() -> Handshake {
        ErrorQueue.clear()
        let result = SSL_do_handshake(ssl)
        if result == 1 { return .done }
        let error = SSL_get_error(ssl, result)
        return error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE
            ? .needsMore : .failed(failure(inHandshake: true))
    }

    /// Decrypts into `buffer`.
    package func read(into buffer: UnsafeMutableRawBufferPointer) -> Read {
        ErrorQueue.clear()
        let result = SSL_read(ssl, buffer.baseAddress, Int32(clamping: buffer.count))
        if result > 0 { return .bytes(Int(result)) }
        switch SSL_get_error(ssl, result) {
        case SSL_ERROR_WANT_READ, SSL_ERROR_WANT_WRITE: return .needsMore
        case SSL_ERROR_ZERO_RETURN: return .closeNotify
        default: return .failed(failure(inHandshake: false))
        }
    }

    /// Encrypts up to a record of `plaintext`.
    package func write(_ plaintext: UnsafeRawBufferPointer) -> Write {
        ErrorQueue.clear()
        let result = SSL_write(ssl, plaintext.baseAddress, Int32(clamping: min(plaintext.count, Self.maximumRecord)))
        if result > 0 { return .bytes(Int(result)) }
        switch SSL_get_error(ssl, result) {
        case SSL_ERROR_WANT_READ, SSL_ERROR_WANT_WRITE: return .needsInput
        default: return .failed(failure(inHandshake: false))
        }
    }

    /// Says that nothing more will be sent (`close_notify`, RFC 8446 §6.1).
    package func shutDown() {
        ErrorQueue.clear()
        SSL_shutdown(ssl)
        ErrorQueue.clear()
    }

    /// A rejected certificate is the cause of whatever else the library reports.
    private func failure(inHandshake: Bool) -> TLSFailure {
        if context.verifies, let rejected = TLSFailure(verifyResult: SSL_get_verify_result(ssl)) {
            ErrorQueue.clear()
            return rejected
        }
        return ErrorQueue.failure(inHandshake: inHandshake)
    }
}
