import NovaSocket

/// What the command's exit says. Part of its interface: scripts depend on it.
enum ExitCode: Int32 {
    case clean = 0
    case failure = 1
    case usage = 2
    case resolution = 10
    case dial = 11
    case proxy = 12
    case tls = 13
    case refused = 14
    case violation = 15
    case timeout = 16
    case closedByPeer = 17
    case keepalive = 18
    case authentication = 19
    case interrupted = 130
    case terminated = 143

    /// How a connection's end is told.
    init(_ termination: Termination) {
        self =
            switch termination.cause.ending.detail {
            case .closedByCaller: .clean
            case .closedByPeer: termination.isOrderly ? .clean : .closedByPeer
            case .resolveFailed: .resolution
            case .dialFailed: .dial
            case .tlsFailed: .tls
            case .upgradeRefused: .refused
            case .upgradeInvalid, .violation: .violation
            case .transportEnded(.tls): .tls
            case .transportEnded: termination.cause.ending.phase == .securing ? .tls : .closedByPeer
            case .timedOut(.tunnel): .proxy
            case .timedOut: .timeout
            case .keepaliveExpired: .keepalive
            case .authenticationFailed: .authentication
            case .messageAbandoned, .failedByCaller, .impossibleFact: .failure
            }
    }

    /// How an error is told.
    init(_ error: any Error) {
        switch error {
        case is UsageError: self = .usage
        case let error as WebSocketError:
            switch error.code {
            case .invalidURL, .invalidOptions: self = .usage
            case .refused where error.refusal == .timedOut: self = .timeout
            default: self = error.termination.map(ExitCode.init) ?? .failure
            }
        case is CancellationError: self = .interrupted
        default: self = .failure
        }
    }
}
