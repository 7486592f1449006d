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
    private let protocols: ProtocolList

    /// A context for one end. A server that is given trust roots asks its clients for certificates.
    package init(_ role: Role, _ configuration: TLSConfiguration) throws(TLSConfigurationError) {
        ErrorQueue.clear()
        let protocols = try ProtocolList(configuration.applicationProtocols)
        guard let pointer = SSL_CTX_new(role == .client ? TLS_client_method() : TLS_server_method()) else {
            throw TLSConfigurationError(subject: "OpenSSL", reason: ErrorQueue.words())
        }
        self.pointer = pointer
        self.role = role
        self.protocols = protocols
        verifies = role == .client ? configuration.verification == .full : configuration.trustRoots != nil
        nova_SSL_CTX_set_mode(
            pointer,
            Int(SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER))
        nova_SSL_CTX_forbid_renegotiation(pointer)
        protocols.offer(by: pointer, role)
        try allow(configuration.minimumVersion, configuration.maximumVersion)
        SSL_CTX_set_verify(pointer, verifies ? SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT : SSL_VERIFY_NONE, nil)
        if let roots = configuration.trustRoots {
            try trust(roots)
        } else if verifies {
            SSL_CTX_set_default_verify_paths(pointer)  // some hundred certificates: not for those who look at none
        }
        if let identity = configuration.identity { try use(identity) }
        ErrorQueue.clear()
    }

    deinit { SSL_CTX_free(pointer) }

    private func allow(
        _ minimum: TLSConfiguration.Version, _ maximum: TLSConfiguration.Version?
    ) throws(TLSConfigurationError) {
        if let maximum, maximum.number < minimum.number {
            throw TLSConfigurationError(subject: "the TLS versions", reason: "the oldest allowed is after the latest")
        }
        guard nova_SSL_CTX_set_min_proto_version(pointer, minimum.number) == 1,
            nova_SSL_CTX_set_max_proto_version(pointer, maximum?.number ?? 0) == 1
        else { throw TLSConfigurationError(subject: "the TLS versions", reason: ErrorQueue.words()) }
    }

    private func trust(_ roots: TLSConfiguration.PEM) throws(TLSConfigurationError) {
        let reader = PEMReader(roots, "the trusted certificates")
        let certificates = try reader.certificates()
        defer { certificates.forEach(X509_free) }
        let store = SSL_CTX_get_cert_store(pointer)
        for certificate in certificates where X509_STORE_add_cert(store, certificate) != 1 { throw reader.error() }
        // What the caller names is trusted, even if somebody else has signed it.
        X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(pointer), UInt(X509_V_FLAG_PARTIAL_CHAIN))
        guard role == .server else { return }
        // Clients choose a certificate by the names of the authorities (RFC 8446 §4.2.4). A session may only be
        // resumed where it was made: OpenSSL refuses one of a verified client without such a mark.
        for certificate in certificates where SSL_CTX_add_client_CA(pointer, certificate) != 1 { throw reader.error() }
        SSL_CTX_set_session_id_context(pointer, "NovaSocket", 10)
    }

    private func use(_ identity: TLSConfiguration.Identity) throws(TLSConfigurationError) {
        let chain = PEMReader(identity.certificateChain, "the certificate chain")
        let certificates = try chain.certificates()
        defer { certificates.forEach(X509_free) }
        guard SSL_CTX_use_certificate(pointer, certificates[0]) == 1 else { throw chain.error() }
        for certificate in certificates.dropFirst() {
            guard nova_SSL_CTX_add1_chain_cert(pointer, certificate) == 1 else { throw chain.error() }
        }
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
