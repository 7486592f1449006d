import NovaSocket

/// What Deribit answered instead of a result.
public struct DeribitError: Error, Hashable, Sendable {
    /// The number of an error. Numbers that have no name here are told all the same.
    public struct Code: RawRepresentable, Hashable, Sendable {
        /// The number.
        public let rawValue: Int

        /// The code of that number.
        public init(rawValue: Int) { self.rawValue = rawValue }

        /// What Deribit calls it, `too_many_requests`; nil for numbers that it has not documented, and those that
        /// JSON-RPC has words for.
        public var name: String? { Self.names[rawValue] }
    }

    /// What kind of error it is.
    public var code: Code
    /// Deribit's word for it.
    public var message: String
    /// What is wrong, where Deribit says more: `data.reason`.
    public var reason: String?
    /// Which parameter is wrong, where Deribit says it: `data.param`.
    public var parameter: String?
    /// All that Deribit says more. It may be secret, and is in no description.
    public var data: JSONValue?

    /// An error.
    public init(_ code: Code, _ message: String, data: JSONValue? = nil) {
        (self.code, self.message, self.data) = (code, message, data)
        (reason, parameter) = (data?["reason"]?.string, data?["param"]?.string)
    }

    /// The error that a failure of JSON-RPC is.
    public init(_ failure: JSONRPC.Failure) {
        self.init(Code(rawValue: failure.code.rawValue), failure.message, data: failure.data)
    }
}

extension DeribitError: CustomStringConvertible, CustomReflectable {
    /// Code and message, in one line; never the data.
    public var description: String { JSONRPC.Failure(.init(rawValue: code.rawValue), message).description }

    /// Code and message.
    public var customMirror: Mirror { Mirror(self, children: ["code": code.rawValue, "message": message]) }
}

extension DeribitError.Code: CustomStringConvertible {
    /// The number, and the name if it has one.
    public var description: String { name.map { "\($0) (\(rawValue))" } ?? "error \(rawValue)" }
}

// MARK: Those that programs ask for

extension DeribitError.Code {
    /// -32700: what we sent is not JSON.
    public static let parseError = Self(rawValue: -32700)
    /// -32600: the request is too large, or none.
    public static let invalidRequest = Self(rawValue: -32600)
    /// -32601: there is no such method.
    public static let methodNotFound = Self(rawValue: -32601)
    /// -32602: the parameters are not those of the method.
    public static let invalidParams = Self(rawValue: -32602)
    /// -32000: parameters are missing.
    public static let missingParams = Self(rawValue: -32000)

    /// 10000: a signature is wrong or missing.
    public static let authorizationRequired = Self(rawValue: 10000)
    /// 10004: there is no order of that id or label.
    public static let orderNotFound = Self(rawValue: 10004)
    /// 10009: the account has not enough funds.
    public static let notEnoughFunds = Self(rawValue: 10009)
    /// 10010: the order is over already.
    public static let alreadyClosed = Self(rawValue: 10010)
    /// 10020: there is no instrument of that name.
    public static let invalidOrUnsupportedInstrument = Self(rawValue: 10020)
    /// 10021: the amount is not one.
    public static let invalidAmount = Self(rawValue: 10021)
    /// 10023: the price is not one.
    public static let invalidPrice = Self(rawValue: 10023)
    /// 10028: there were too many requests.
    public static let tooManyRequests = Self(rawValue: 10028)
    /// 10029: the order is somebody else's.
    public static let notOwnerOfOrder = Self(rawValue: 10029)
    /// 10040: it can't be done now, and should be tried again.
    public static let retry = Self(rawValue: 10040)
    /// 10041: trading pauses for the settlement.
    public static let settlementInProgress = Self(rawValue: 10041)
    /// 10043: the price is between two ticks.
    public static let priceWrongTick = Self(rawValue: 10043)
    /// 10047: too many requests wait for the matching engine.
    public static let matchingEngineQueueFull = Self(rawValue: 10047)
    /// 10049: cancel on disconnect could not be enabled.
    public static let cancelOnDisconnectFailed = Self(rawValue: 10049)
    /// 10066: too many public requests wait.
    public static let tooManyConcurrentRequests = Self(rawValue: 10066)
    /// 11008: the order is filled already.
    public static let alreadyFilled = Self(rawValue: 11008)
    /// 11029: something in the request is wrong.
    public static let invalidArguments = Self(rawValue: 11029)
    /// 11042: it is not permitted.
    public static let permissionDenied = Self(rawValue: 11042)
    /// 11044: the order is not open.
    public static let notOpenOrder = Self(rawValue: 11044)
    /// 11050: the request can't be read.
    public static let badRequest = Self(rawValue: 11050)
    /// 11051: the system is in maintenance.
    public static let systemMaintenance = Self(rawValue: 11051)
    /// 11052: a subscription failed.
    public static let subscribeErrorUnsubscribed = Self(rawValue: 11052)
    /// 11054: an order that may only be a maker would have been a taker.
    public static let postOnlyReject = Self(rawValue: 11054)
    /// 11094: the server failed.
    public static let internalServerError = Self(rawValue: 11094)
    /// 13004: the credentials are wrong.
    public static let invalidCredentials = Self(rawValue: 13004)
    /// 13007: the user is unknown.
    public static let userNotFound = Self(rawValue: 13007)
    /// 13009: the token is wrong or over, or the signature is bad.
    public static let unauthorized = Self(rawValue: 13009)
    /// 13020: there is no such instrument.
    public static let notFound = Self(rawValue: 13020)
    /// 13021: the permissions are not enough.
    public static let forbidden = Self(rawValue: 13021)
    /// 13028: the service does not answer.
    public static let temporarilyUnavailable = Self(rawValue: 13028)
    /// 13042: cancel on disconnect is not enabled.
    public static let cancelOnDisconnectNotEnabled = Self(rawValue: 13042)
    /// 13403: the key's scope is too small for it.
    public static let scopeExceeded = Self(rawValue: 13403)
    /// 13503: the method is not available.
    public static let unavailable = Self(rawValue: 13503)
    /// 13778: channels of raw events are for those who have authenticated.
    public static let rawSubscriptionsNotAvailableForUnauthorized = Self(rawValue: 13778)
    /// 13888: the server was too late for a request that said until when it was good.
    public static let timedOut = Self(rawValue: 13888)
}
