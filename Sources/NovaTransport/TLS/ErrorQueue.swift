import COpenSSL
import Glibc
import NovaWire

/// OpenSSL's list of what went wrong on this thread.
enum ErrorQueue {
    /// Forgets everything: what is found later belongs to the call in between.
    static func clear() { ERR_clear_error() }

    /// The first error in words, OpenSSL's or the system's; empties the queue.
    static func words() -> String {
        let code = ERR_get_error()
        ERR_clear_error()
        guard code != 0 else { return "unknown reason" }
        if nova_ERR_GET_LIB(code) == ERR_LIB_SYS { return String(cString: strerror(nova_ERR_GET_REASON(code))) }
        guard let reason = ERR_reason_error_string(code) else { return "OpenSSL's error \(code)" }
        return String(cString: reason)
    }

    /// What the first error says about a handshake, or about a connection that was through with it; empties the queue.
    static func failure(inHandshake: Bool) -> TLSFailure {
        let code = ERR_get_error()
        ERR_clear_error()
        let reason = nova_ERR_GET_REASON(code)
        let unknown = TLSFailure.library(code: UInt32(truncatingIfNeeded: reason))
        // Other parts of OpenSSL use the same numbers for reasons of their own.
        guard nova_ERR_GET_LIB(code) == ERR_LIB_SSL else { return unknown }
        if let alert = UInt8(exactly: reason - SSL_AD_REASON_OFFSET) {
            return inHandshake && Int32(alert) == SSL_AD_PROTOCOL_VERSION ? .protocolVersion : .alert(alert)
        }
        // What does not look like TLS after the handshake is TLS that went wrong.
        return inHandshake ? TLSFailure(handshakeReason: reason) ?? unknown : unknown
    }
}

extension TLSFailure {
    /// Why a handshake ended (SSL_R codes); nil for reasons that have no case of their own.
    fileprivate init?(handshakeReason reason: Int32) {
        switch reason {
        case SSL_R_UNSUPPORTED_PROTOCOL, SSL_R_NO_PROTOCOLS_AVAILABLE, SSL_R_UNSUPPORTED_SSL_VERSION,
            SSL_R_VERSION_TOO_LOW, SSL_R_VERSION_TOO_HIGH, SSL_R_WRONG_SSL_VERSION:
            self = .protocolVersion
        case SSL_R_WRONG_VERSION_NUMBER, SSL_R_HTTP_REQUEST, SSL_R_HTTPS_PROXY_REQUEST, SSL_R_BAD_RECORD_TYPE,
            SSL_R_PACKET_LENGTH_TOO_LONG:
            self = .notTLS
        default: return nil
        }
    }

    /// Why a certificate was rejected (X509_V_ERR codes); nil if it was not.
    init?(verifyResult code: Int) {
        switch Int32(truncatingIfNeeded: code) {
        case X509_V_OK: return nil
        case X509_V_ERR_CERT_HAS_EXPIRED: self = .certificateExpired
        case X509_V_ERR_CERT_NOT_YET_VALID: self = .certificateNotYetValid
        case X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH: self = .hostnameMismatch
        case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT: self = .selfSigned
        case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT,
            X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
            self = .unknownIssuer
        case X509_V_ERR_CERT_REVOKED: self = .certificateRevoked
        case let other: self = .certificateInvalid(code: other)
        }
    }
}
