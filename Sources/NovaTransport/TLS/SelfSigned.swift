import COpenSSL

extension TLSConfiguration.Identity {
    /// An identity made on the spot, for localhost and a week unless it is said otherwise: signed by itself, and so trusted by
    /// nobody who is not told to. For demonstrations and tests.
    ///
    /// `names` are names and addresses, the first of them its subject; `begin` counts from now, `validity` from then on.
    package static func selfSigned(
        names: [String] = ["localhost", "127.0.0.1", "::1"], from begin: Duration = .seconds(-3600),
        validFor validity: Duration = .seconds(7 * 86_400)
    ) throws(TLSConfigurationError) -> TLSConfiguration.Identity {
        guard let subject = names.first else {
            throw TLSConfigurationError(subject: "a certificate", reason: "no name")
        }
        let alternatives = try names.map(Self.alternative).joined(separator: ",")
        ErrorQueue.clear()
        guard let key = nova_EVP_EC_gen("P-256"), let certificate = X509_new() else { throw failure }
        defer {
            EVP_PKEY_free(key)
            X509_free(certificate)
        }
        let name = X509_get_subject_name(certificate)
        guard X509_set_version(certificate, 2) == 1,
            ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), Randomness.number() >> 1) == 1,
            X509_gmtime_adj(X509_getm_notBefore(certificate), Int(begin.components.seconds)) != nil,
            X509_gmtime_adj(
                X509_getm_notAfter(certificate), Int((begin + validity).components.seconds)) != nil,
            X509_set_pubkey(certificate, key) == 1,
            X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, subject, -1, -1, 0) == 1,
            X509_set_issuer_name(certificate, name) == 1,
            add(alternatives, NID_subject_alt_name, to: certificate),
            X509_sign(certificate, key, EVP_sha256()) > 0
        else { throw failure }
        let chain = text { PEM_write_bio_X509($0, certificate) }
        let secret = text { PEM_write_bio_PrivateKey($0, key, nil, nil, 0, nil, nil) }
        return TLSConfiguration.Identity(certificateChain: .text(chain), privateKey: .text(secret))
    }

    /// A name as the extension wants it. What OpenSSL would read as something else than a name is none.
    private static func alternative(_ name: String) throws(TLSConfigurationError) -> String {
        let isAddress = name.contains(":") || name.allSatisfy { $0.isNumber || $0 == "." }
        let allowed = isAddress ? "0123456789abcdefABCDEF:." : "-.*_"
        let isName = name.allSatisfy {
            allowed.contains($0) || (!isAddress && $0.isASCII && ($0.isLetter || $0.isNumber))
        }
        guard isName, (1...64).contains(name.utf8.count) else {
            throw TLSConfigurationError(subject: "a name of a certificate", reason: "'\(name)' is not one")
        }
        return (isAddress ? "IP:" : "DNS:") + name
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
