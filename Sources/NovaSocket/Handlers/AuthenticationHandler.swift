import NovaKernel

/// Introduces us to the server: on every connection before anything else, and again ahead of the credentials' end.
public protocol AuthenticationHandler: Sendable {
    /// When credentials are renewed; nil: the server wants none, and ``authenticate(_:)`` is never called.
    var authentication: AuthenticationPolicy? { get }

    /// Gets credentials, presents them, and says for how long the server accepts them; nil: for ever.
    ///
    /// Throw ``AuthenticationError/refused(_:)`` where the server does not accept them: by the standard retry table that
    /// is the end. Whatever else is thrown is tried again with the next connection or, while the old ones are good, a
    /// little later.
    func authenticate(_ context: SessionContext) async throws -> Duration?
}

extension AuthenticationHandler {
    /// The server wants no credentials.
    public var authentication: AuthenticationPolicy? { nil }

    /// There is nothing to present.
    public func authenticate(_ context: SessionContext) async throws -> Duration? { nil }
}

/// Why there is no authentication, as a handler says it.
public enum AuthenticationError: Error, Sendable, CustomStringConvertible {
    /// The server does not accept the credentials; its words, without any secret.
    case refused(String)
    /// There are no credentials to present; why, without any secret.
    case unavailable(String)

    /// The reason.
    public var description: String {
        switch self {
        case .refused(let reason): "The server refused the credentials: \(reason)"
        case .unavailable(let reason): "There are no credentials: \(reason)"
        }
    }
}
