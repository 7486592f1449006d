import COpenSSL

extension TLSConfiguration.Identity {
    /// An identity made on the spot, for localhost and a week: signed by itself, and so trusted by nobody who is not told
    /// to. For demonstrations and tests.
    package static func selfSigned() throws(TLSConfigurationError) -> TLSConfiguration.Identity {
        ErrorQueue.clear()
        guard let key = nova_EVP_EC_gen("P-256"), let certificate = X509_new() else { throw failure }
        defer {
            EVP_PKEY_free(key)
            X509_free(certificate)
        }
        let name = X509_get_subject_name(certificate)
        guard X509_set_version(certificate, 2) == 1,
            ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), Randomness.number() >> 1) == 1,
            X509_gmtime_adj(X509_getm_notBefore(certificate), -3600) != nil,
            X509_gmtime_adj(X509_getm_notAfter(certificate), 7 * 86_400) != nil,
            X509_set_pubkey(certificate, key) == 1,
            X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, "localhost", -1, -1, 0) == 1,
            X509_set_issuer_name(certificate, name) == 1,
            add("DNS:localhost,IP:127.0.0.1,IP:::1", NID_subject_alt_name, to: certificate),
            X509_sign(certificate, key, EVP_sha256()) > 0
        else { throw failure }
        let chain = text { PEM_write_bio_X509($0, certificate) }
        let secret = text { PEM_write_bio_PrivateKey($0, key, nil, nil, 0, nil, nil) }
        return TLSConfiguration.Identity(certificateChain: .text(chain), privateKey: .text(secret))
    }

    private static var failure: TLSConfigurationError {
        TLSConfigurationError(subject: "a certificate of our own", reason: ErrorQueue.words())
    }

    private static func add(_ value: String, _ kind: Int32, to certificate: OpaquePointer) -> Bool {
        guard let entry = X509V3_EXT_conf_nid(nil, nil, kind, value) else { return false }
        defer { X509_EXTENSION_free(entry) }
        return X509_add_ext(certificate, entry, -1) == 1
    }

    private static func text(_ write: (OpaquePointer?) -> Int32) -> String {
        let bio = BIO_new(BIO_s_mem())
        defer { BIO_free(bio) }
        guard write(bio) == 1 else { return "" }
        var bytes = [UInt8](repeating: 0, count: BIO_ctrl_pending(bio))
        BIO_read(bio, &bytes, Int32(clamping: bytes.count))
        return String(decoding: bytes, as: UTF8.self)
    }
}
