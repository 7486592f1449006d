import COpenSSL
import NovaWire

/// OpenSSL's list of what went wrong on this thread.
enum ErrorQueue {
    /// Forgets everything: what is found later belongs to the call in between.
    static func clear() { ERR_clear_error() }

    /// The first error in OpenSSL's words; empties the queue.
    static func words() -> String {
        let code = ERR_get_error()
        ERR_clear_error()
        guard code != 0, let reason = ERR_reason_error_string(code) else { return "unknown reason" }
        return String(cString: reason)
    }

    /// What the first error says about a connection; empties the queue.
    static func failure() -> TLSFailure {
        let reason = nova_ERR_GET_REASON(ERR_get_error())
        ERR_clear_error()
        if reason >= SSL_AD_REASON_OFFSET {
            let alert = UInt8(truncatingIfNeeded: reason - SSL_AD_REASON_OFFSET)
            return alert == UInt8(SSL_AD_PROTOCOL_VERSION) ? .protocolVersion : .alert(alert)
        }
        switch reason {
        case SSL_R_UNSUPPORTED_PROTOCOL, SSL_R_NO_PROTOCOLS_AVAILABLE, SSL_R_UNSUPPORTED_SSL_VERSION,
            SSL_R_VERSION_TOO_LOW,
            SSL_R_VERSION_TOO_HIGH, SSL_R_WRONG_SSL_VERSION:
            return .protocolVersion
        case SSL_R_WRONG_VERSION_NUMBER, SSL_R_HTTP_REQUEST, SSL_R_HTTPS_PROXY_REQUEST, SSL_R_BAD_RECORD_TYPE,
            SSL_R_PACKET_LENGTH_TOO_LONG:
            return .notTLS
        default: return .library(code: UInt32(truncatingIfNeeded: reason))
        }
    }
}

extension TLSFailure {
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
