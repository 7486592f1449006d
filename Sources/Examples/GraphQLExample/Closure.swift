import NovaSocket

extension GraphQL {
    /// Why a server of `graphql-transport-ws` has closed a connection, as its close code says.
    enum Closure: UInt16, CaseIterable, Error, CustomStringConvertible {
        case invalidMessage = 4400
        case unauthorized = 4401
        case forbidden = 4403
        case subprotocolNotAcceptable = 4406
        case initialisationTimeout = 4408
        case subscriberAlreadyExists = 4409
        case tooManyInitialisationRequests = 4429

        /// Why this connection ended; nil if it was for another reason.
        init?(_ termination: Termination?) {
            guard case .closedByPeer(let code)? = termination?.cause.ending.detail else { return nil }
            self.init(rawValue: code.rawValue)
        }

        var description: String {
            switch self {
            case .invalidMessage: "4400: the server can't read our message"
            case .unauthorized: "4401: we asked before we had said who we are"
            case .forbidden: "4403: we are not who may ask"
            case .subprotocolNotAcceptable: "4406: the server does not speak this subprotocol"
            case .initialisationTimeout: "4408: we did not say who we are in time"
            case .subscriberAlreadyExists: "4409: the id of our operation is taken"
            case .tooManyInitialisationRequests: "4429: we said who we are more than once"
            }
        }
    }
}
