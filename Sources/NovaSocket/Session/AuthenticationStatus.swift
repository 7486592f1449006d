import NovaKernel

/// How the session's authentication stands on the present connection.
public struct AuthenticationStatus: Hashable, Sendable, CustomStringConvertible {
    /// What we are to the server: `off` if the session has no credentials to present, `idle` as long as there is no open
    /// connection.
    public let state: Authentication.State
    /// For how much longer the server accepts the credentials; nil: for ever, or it has accepted none on this connection.
    public let validFor: Duration?
    /// After how much time they are renewed by themselves; nil: never, or that is under way.
    public let renewedIn: Duration?

    /// Whether the server knows us: also while credentials are renewed.
    public var isAuthenticated: Bool { state.isKnown }

    /// The state, and both times, in words.
    public var description: String {
        var text: String =
            switch state {
            case .off: "no authentication"
            case .idle: "not authenticated"
            case .authenticating(.asking): "getting credentials"
            case .authenticating(.presenting): "presenting credentials"
            case .authenticated: "authenticated"
            case .refreshing: "authenticated, renewing"
            }
        if let validFor { text += " for \(validFor.inSeconds) s" }
        if let renewedIn { text += ", renewed in \(renewedIn.inSeconds) s" }
        return text
    }

    /// How it stands at that moment.
    init(_ authentication: Authentication, at now: Instant) {
        state = authentication.state
        // What has ended is in neither: a connection that is lost takes what was granted on it along.
        validFor = state.isKnown ? authentication.expiry?.since(now) : nil
        renewedIn = authentication.renewal?.since(now)
    }
}

extension Authentication.State {
    fileprivate var isKnown: Bool {
        switch self {
        case .authenticated, .refreshing: true
        case .off, .idle, .authenticating: false
        }
    }
}

extension SessionContext {
    /// How the session's authentication stands: for handlers that do one thing for those whom the server knows, and
    /// another for everybody.
    public var authentication: AuthenticationStatus {
        get async {
            await line.caller.onDriver { AuthenticationStatus($0.kernel.authentication, at: $0.port.refresh()) }
        }
    }
}
