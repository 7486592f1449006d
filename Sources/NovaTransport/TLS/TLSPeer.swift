import COpenSSL

/// What was agreed on in a handshake, and with whom: words for people.
extension TLSEngine {
    /// The version, in OpenSSL's words: `TLSv1.3`.
    package var version: String { String(cString: SSL_get_version(ssl)) }

    /// The cipher suite; nil before there is one.
    package var cipherSuite: String? {
        SSL_get_current_cipher(ssl).flatMap { SSL_CIPHER_get_name($0) }.map { String(cString: $0) }
    }

    /// The application protocol both ends agreed on (ALPN, RFC 7301); nil if it was not spoken of.
    package var applicationProtocol: String? {
        var name: UnsafePointer<UInt8>?
        var count: UInt32 = 0
        SSL_get0_alpn_selected(ssl, &name, &count)
        guard count > 0 else { return nil }
        return String(decoding: UnsafeBufferPointer(start: name, count: Int(count)), as: UTF8.self)
    }

    /// The name the client asked for (SNI, RFC 6066 §3); nil if it asked for none.
    package var serverName: String? {
        SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name).map { String(cString: $0) }
    }

    /// Whom the peer's certificate is for, who signed it and until when it is valid; nil if the peer has shown none.
    package func peerCertificate() -> String? {
        guard let certificate = SSL_get1_peer_certificate(ssl), let text = BIO_new(BIO_s_mem()) else { return nil }
        defer {
            X509_free(certificate)
            BIO_free(text)
        }
        nova_X509_NAME_print(text, X509_get_subject_name(certificate))
        BIO_puts(text, ", issued by ")
        nova_X509_NAME_print(text, X509_get_issuer_name(certificate))
        BIO_puts(text, ", valid until ")
        ASN1_TIME_print(text, X509_get0_notAfter(certificate))
        var words = [UInt8](repeating: 0, count: BIO_ctrl_pending(text))
        BIO_read(text, &words, Int32(clamping: words.count))
        return String(decoding: words, as: UTF8.self)
    }
}
