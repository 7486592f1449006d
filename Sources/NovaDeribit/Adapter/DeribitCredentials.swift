import Glibc

extension Deribit {
    /// An API key of Deribit's, and how it is presented.
    ///
    /// Its secret is in no description and in no mirror of it.
    public struct Credentials: Sendable {
        /// How the key is presented.
        public enum Grant: Hashable, Sendable {
            /// `client_credentials`: the secret itself is sent.
            case secret
            /// `client_signature`: the secret stays here, and signs the time, a nonce and this text, which may be
            /// anything.
            case signature(data: String = "")
        }

        /// The key's id; not secret.
        public var id: String
        /// The key's secret.
        let secret: String
        /// How the key is presented.
        public var grant: Grant
        /// What the token is asked to be good for, `session:name` or `trade:read`; nil: what Deribit grants by itself,
        /// and with the connection.
        public var scope: String?

        /// An API key.
        ///
        /// - Parameters:
        ///   - id: the key's id.
        ///   - secret: the key's secret.
        ///   - grant: how the key is presented.
        ///   - scope: what the token is asked to be good for; nil: what Deribit grants by itself.
        public init(id: String, secret: String, grant: Grant = .secret, scope: String? = nil) {
            (self.id, self.secret, self.grant, self.scope) = (id, secret, grant, scope)
        }
    }

    /// Where credentials come from. It is asked on each connection, so that a key may be exchanged while a session
    /// lives.
    public struct CredentialsProvider: Sendable {
        let provide: @Sendable () async throws -> Credentials

        /// Credentials that `provide` gets. What it throws is no refusal: it is asked again on the next connection.
        public init(_ provide: @escaping @Sendable () async throws -> Credentials) { self.provide = provide }

        /// These credentials.
        public static func fixed(_ credentials: Credentials) -> CredentialsProvider {
            CredentialsProvider { credentials }
        }

        /// `DERIBIT_CLIENT_ID` and `DERIBIT_CLIENT_SECRET` of the process's environment. Where one of them is missing
        /// or empty, ``/NovaSocket/AuthenticationError/unavailable(_:)`` says which.
        public static var environment: CredentialsProvider {
            CredentialsProvider {
                Credentials(id: try variable("DERIBIT_CLIENT_ID"), secret: try variable("DERIBIT_CLIENT_SECRET"))
            }
        }

        private static func variable(_ name: String) throws -> String {
            guard let value = getenv(name).map({ String(cString: $0) }), !value.isEmpty else {
                throw AuthenticationError.unavailable("The environment has no \(name).")
            }
            return value
        }
    }

    /// What Deribit gives for credentials: tokens, of which neither is in a description or a mirror.
    public struct Token: Decodable, Sendable {
        /// What requests may present instead of the connection's authentication.
        public let accessToken: String
        /// What gets the next token.
        public let refreshToken: String
        /// How long it is good, from the moment it came; whole seconds.
        public let validity: Duration
        /// What it is good for.
        public let scope: String
        /// Which session it belongs to, if it does to one.
        public let sessionID: String?

        private enum Names: String, CodingKey {
            case accessToken = "access_token"
            case refreshToken = "refresh_token"
            case validity = "expires_in"
            case scope
            case sessionID = "sid"
        }

        /// Reads the result of `public/auth`, `public/exchange_token` or `public/fork_token`.
        public init(from decoder: any Decoder) throws {
            let members = try decoder.container(keyedBy: Names.self)
            accessToken = try members.decode(String.self, forKey: .accessToken)
            refreshToken = try members.decode(String.self, forKey: .refreshToken)
            validity = .seconds(try members.decode(Int64.self, forKey: .validity))
            scope = try members.decodeIfPresent(String.self, forKey: .scope) ?? ""
            sessionID = try members.decodeIfPresent(String.self, forKey: .sessionID)
        }
    }
}

extension Deribit.Credentials: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The id and the grant; never the secret.
    public var description: String {
        let word: String =
            switch grant {
            case .secret: "client_credentials"
            case .signature: "client_signature"
            }
        return "credentials of \(id), \(word)"
    }

    /// The same as ``description``.
    public var debugDescription: String { description }

    /// The id and the scope.
    public var customMirror: Mirror { Mirror(self, children: ["id": id, "scope": scope as Any]) }
}

extension Deribit.CredentialsProvider: CustomStringConvertible, CustomReflectable {
    /// That it is one.
    public var description: String { "provider of credentials" }

    /// Nothing.
    public var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}

extension Deribit.Token: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// How long it is good, and what for; never a token.
    public var description: String { "token for \(validity), \(scope)" }

    /// The same as ``description``.
    public var debugDescription: String { description }

    /// How long it is good, and what for.
    public var customMirror: Mirror { Mirror(self, children: ["validity": validity, "scope": scope]) }
}
