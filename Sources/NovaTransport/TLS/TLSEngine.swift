import COpenSSL
import NovaWire

/// TLS as a transformer of bytes: ciphertext and plaintext go in and come out, and no socket is known here.
package struct TLSEngine: ~Copyable {
    /// What became of a step of the handshake.
    package enum Handshake {
        case needsMore
        case done
        case failed(TLSFailure)
    }

    /// What became of a read.
    package enum Read {
        /// So many bytes of plaintext.
        case bytes(Int)
        /// More ciphertext is needed.
        case needsMore
        /// The peer has ended its side in order.
        case closeNotify
        case failed(TLSFailure)
    }

    /// The most plaintext that one record carries (RFC 8446 §5.1), and the most ciphertext it becomes.
    package static let maximumRecord = 16 << 10
    package static let maximumRecordCiphertext = maximumRecord + 512

    private let ssl: OpaquePointer
    private let input: OpaquePointer
    private let output: OpaquePointer
    private let verifies: Bool

    /// An engine for a connection with `host`, whose name the server's certificate must carry.
    package init(_ context: TLSContext, host: String) throws(TLSConfigurationError) {
        guard let ssl = SSL_new(context.pointer), let input = BIO_new(BIO_s_mem()), let output = BIO_new(BIO_s_mem())
        else {
            throw TLSConfigurationError(subject: "OpenSSL", reason: ErrorQueue.words())
        }
        self.ssl = ssl
        self.input = input
        self.output = output
        verifies = context.verifies
        SSL_set_bio(ssl, input, output)
        switch context.role {
        case .server: SSL_set_accept_state(ssl)
        case .client:
            SSL_set_connect_state(ssl)
            // Names are sent and looked for as names, addresses looked for as addresses (RFC 6066 §3).
            guard X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host) != 1 else { return }
            _ = nova_SSL_set_tlsext_host_name(ssl, host)
            SSL_set1_host(ssl, host)
        }
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
        return error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE ? .needsMore : .failed(failure())
    }

    /// Decrypts into `buffer`.
    package func read(into buffer: UnsafeMutableRawBufferPointer) -> Read {
        ErrorQueue.clear()
        let result = SSL_read(ssl, buffer.baseAddress, Int32(clamping: buffer.count))
        if result > 0 { return .bytes(Int(result)) }
        switch SSL_get_error(ssl, result) {
        case SSL_ERROR_WANT_READ, SSL_ERROR_WANT_WRITE: return .needsMore
        case SSL_ERROR_ZERO_RETURN: return .closeNotify
        default: return .failed(failure())
        }
    }

    /// Encrypts up to a record of `plaintext`; returns how much of it. 0: more ciphertext must come first.
    package func write(_ plaintext: UnsafeRawBufferPointer) -> Int {
        ErrorQueue.clear()
        return max(
            0, Int(SSL_write(ssl, plaintext.baseAddress, Int32(clamping: min(plaintext.count, Self.maximumRecord)))))
    }

    /// Says that nothing more will be sent (`close_notify`, RFC 8446 §6.1).
    package func shutDown() {
        ErrorQueue.clear()
        SSL_shutdown(ssl)
        ErrorQueue.clear()
    }

    /// A rejected certificate is the cause of whatever else the library reports.
    private func failure() -> TLSFailure {
        if verifies, let rejected = TLSFailure(verifyResult: SSL_get_verify_result(ssl)) {
            ErrorQueue.clear()
            return rejected
        }
        return ErrorQueue.failure()
    }
}
