import COpenSSL
import NovaWire

/// Everything that connections with the same configuration share: roots, identity, versions.
package final class TLSContext: @unchecked Sendable {
    // Sendable: an SSL_CTX may be shared by threads once it is set up, which `init` does.
    package enum Role: Sendable {
        case client
        case server
    }

    let pointer: OpaquePointer
    let role: Role
    let verifies: Bool

    /// A context for one end. A server that is given trust roots asks its clients for certificates.
    package init(_ role: Role, _ configuration: TLSConfiguration) throws(TLSConfigurationError) {
        guard let pointer = SSL_CTX_new(role == .client ? TLS_client_method() : TLS_server_method()) else {
            throw TLSConfigurationError(subject: "OpenSSL", reason: ErrorQueue.words())
        }
        self.pointer = pointer
        self.role = role
        verifies = role == .client ? configuration.verification == .full : configuration.trustRoots != nil
        ErrorQueue.clear()
        nova_SSL_CTX_set_mode(
            pointer,
            Int(SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER))
        SSL_CTX_set_options(pointer, UInt64(1) << 30)  // SSL_OP_NO_RENEGOTIATION
        _ = nova_SSL_CTX_set_min_proto_version(pointer, configuration.minimumVersion.number)
        if let version = configuration.maximumVersion {
            _ = nova_SSL_CTX_set_max_proto_version(pointer, version.number)
        }
        SSL_CTX_set_verify(pointer, verifies ? SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT : SSL_VERIFY_NONE, nil)
        if let roots = configuration.trustRoots {
            try trust(roots)
        } else if role == .client {
            SSL_CTX_set_default_verify_paths(pointer)
        }
        if let identity = configuration.identity { try use(identity) }
    }

    deinit { SSL_CTX_free(pointer) }

    private func trust(_ roots: TLSConfiguration.PEM) throws(TLSConfigurationError) {
        let certificates = try PEMReader(roots, "the trusted certificates").certificates()
        let store = SSL_CTX_get_cert_store(pointer)
        for certificate in certificates {
            X509_STORE_add_cert(store, certificate)
            X509_free(certificate)
        }
    }

    private func use(_ identity: TLSConfiguration.Identity) throws(TLSConfigurationError) {
        let chain = PEMReader(identity.certificateChain, "the certificate chain")
        let certificates = try chain.certificates()
        SSL_CTX_use_certificate(pointer, certificates[0])
        X509_free(certificates[0])
        for certificate in certificates.dropFirst() { _ = nova_SSL_CTX_add0_chain_cert(pointer, certificate) }

        let reader = PEMReader(identity.privateKey, "the private key")
        let key = try reader.privateKey(password: identity.password)
        defer { EVP_PKEY_free(key) }
        guard SSL_CTX_use_PrivateKey(pointer, key) == 1, SSL_CTX_check_private_key(pointer) == 1 else {
            throw reader.error()
        }
    }
}

extension TLSConfiguration.Version {
    fileprivate var number: Int32 {
        switch self {
        case .tls12: TLS1_2_VERSION
        case .tls13: TLS1_3_VERSION
        }
    }
}
