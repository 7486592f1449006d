import COpenSSL
import NovaWire

extension TLSFailure {
    /// What the TLS library has to say of a failure that is known by its number only; nil if the failure says it all.
    package var libraryWords: String? {
        switch self {
        case .certificateInvalid(let code): String(cString: X509_verify_cert_error_string(Int(code)))
        case .library(let code) where code > 0:
            ERR_reason_error_string(nova_ERR_PACK_SSL(Int32(truncatingIfNeeded: code))).map { String(cString: $0) }
        default: nil
        }
    }
}
