/// How TLS is set up. The defaults verify the server's certificate and name, against the system's roots, with TLS 1.2
/// or later.
public struct TLSConfiguration: Sendable {
    /// Whether the server must prove who it is.
    public enum Verification: Sendable {
        /// Its certificate must be valid, trusted and made for the host.
        case full
        /// Anyone may be the server. For development only: nothing protects such a connection from the one who sits
        /// between.
        case none
    }

    /// Something in PEM: a file's path, or the text itself.
    public enum PEM: Sendable {
        /// The file of this path.
        case file(String)
        /// This text.
        case text(String)
    }

    /// A certificate with its key.
    public struct Identity: Sendable {
        /// The certificate, and the intermediate ones behind it.
        public var certificateChain: PEM
        /// The key of the first of them.
        public var privateKey: PEM
        /// What the key is encrypted with, if it is.
        public var password: String?

        /// An identity of these parts.
        public init(certificateChain: PEM, privateKey: PEM, password: String? = nil) {
            self.certificateChain = certificateChain
            self.privateKey = privateKey
            self.password = password
        }
    }

    /// A version of TLS.
    public enum Version: Sendable {
        /// TLS 1.2 (RFC 5246).
        case tls12
        /// TLS 1.3 (RFC 8446).
        case tls13
    }

    /// Whether the server must prove who it is.
    public var verification = Verification.full
    /// The certificates that are trusted in place of the system's.
    public var trustRoots: PEM?
    /// What we prove with who we are, if we are asked.
    public var identity: Identity?
    /// The oldest version allowed.
    public var minimumVersion = Version.tls12
    /// The latest version allowed; nil: the latest there is.
    public var maximumVersion: Version?
    /// The name to ask for and to find in the certificate, in place of the endpoint's host.
    public var serverName: String?
    /// The protocols to agree on one of (ALPN, RFC 7301), the preferred first; empty: do not speak of it. A server that
    /// speaks of it and has none of them ends the handshake by alert 120.
    public var applicationProtocols = ["http/1.1"]

    /// The defaults.
    public init() {}
}

// Keys and passwords are in it: they are never printed.
extension TLSConfiguration: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Whether the server is verified, and whether there is an identity.
    public var description: String {
        "TLS(\(verification == .full ? "verified" : "not verified")\(identity == nil ? "" : ", with an identity"))"
    }

    /// The same as ``description``.
    public var debugDescription: String { description }

    /// Nothing.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

extension TLSConfiguration.Identity: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// That there is one.
    public var description: String { "a certificate with its key" }

    /// The same as ``description``.
    public var debugDescription: String { description }

    /// Nothing.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

extension TLSConfiguration.PEM: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The file's path, or that it is a text.
    public var description: String {
        switch self {
        case .file(let path): path
        case .text: "a text in PEM"
        }
    }

    /// The same as ``description``.
    public var debugDescription: String { description }

    /// Nothing.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// Why TLS can't be set up as it was asked for. Never carries a key or a password.
public struct TLSConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What could not be used: a file's path, or what the text was meant to be.
    public let subject: String
    /// Why, in the TLS library's words.
    public let reason: String

    /// What could not be used, and why.
    public var description: String { "\(subject) can't be used: \(reason)" }
}
