import NovaTransport

/// A certificate with its key, made on the spot and signed by itself: for a ``LocalServer``, and for clients that are to trust
/// it, or not to.
///
/// Its key is in no description and in no mirror of it.
public struct LocalCertificate: Sendable, CustomStringConvertible {
    /// The certificate and its key.
    public let identity: TLSConfiguration.Identity

    /// Makes a certificate.
    ///
    /// Throws ``/NovaTransport/TLSConfigurationError`` for a name that is none, and if OpenSSL can't make it.
    ///
    /// - Parameters:
    ///   - names: the names and addresses it is for; at least one, the first of them is its subject.
    ///   - begin: from when it is good, counted from now: for an hour already, unless it is said otherwise.
    ///   - validity: how long it is good from then on: a week by default. One of half an hour would have ended by now.
    public init(
        names: [String] = ["localhost", "127.0.0.1", "::1"], from begin: Duration = .seconds(-3600),
        validFor validity: Duration = .seconds(7 * 86_400)
    ) throws(TLSConfigurationError) {
        identity = try .selfSigned(names: names, from: begin, validFor: validity)
    }

    /// What clients must trust to trust it: a value for ``/NovaTransport/TLSConfiguration/trustRoots``.
    public var trustRoots: TLSConfiguration.PEM { identity.certificateChain }

    /// That it is one.
    public var description: String { "a certificate signed by itself" }
}
