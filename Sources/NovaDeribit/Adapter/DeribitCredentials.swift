import NovaSocket

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

        /// The key.
        var key: APIKey
        /// The key's id; not secret.
        public var id: String {
            get { key.id }
            set { key.id = newValue }
        }
        /// How the key is presented.
        public var grant: Grant
        /// What the token is asked to be good for, `session:name` or `trade:read`; nil: what Deribit grants by itself,
        /// and with the connection.
        public var scope: String?

        /// A key of those that others use too.
        init(_ key: APIKey) { (self.key, grant, scope) = (key, .secret, nil) }

        /// An API key.
        ///
        /// - Parameters:
        ///   - id: the key's id.
        ///   - secret: the key's secret.
        ///   - grant: how the key is presented.
        ///   - scope: what the token is asked to be good for; nil: what Deribit grants by itself.
        public init(id: String, secret: String, grant: Grant = .secret, scope: String? = nil) {
            (key, self.grant, self.scope) = (APIKey(id: id, secret: secret), grant, scope)
        }
    }

    /// Where credentials come from. It is asked on each connection, so that a key may be exchanged while a session
    /// lives.
    public typealias CredentialsProvider = CredentialSource<Credentials>

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

extension CredentialSource where Value == Deribit.Credentials {
    /// `DERIBIT_CLIENT_ID` and `DERIBIT_CLIENT_SECRET` of the process's environment. Where one of them is missing or empty,
    /// ``/NovaSocket/AuthenticationError/unavailable(_:)`` says which.
    public static var environment: CredentialSource {
        let keys = CredentialSource<APIKey>.environment(id: "DERIBIT_CLIENT_ID", secret: "DERIBIT_CLIENT_SECRET")
        return CredentialSource { Deribit.Credentials(try await keys.provide()) }
    }
}

extension Deribit.Token: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// How long it is good, and what for; never a token.
    public var description: String { "token for \(validity), \(scope)" }

    /// The same as ``description``.
    public var debugDescription: String { description }

    /// How long it is good, and what for.
    public var customMirror: Mirror { Mirror(self, children: ["validity": validity, "scope": scope]) }
}
