import NovaTrace

extension JSONRPC {
    /// An error of the peer's, or one of ours for it (§5.1).
    public struct Failure: Error, Hashable, Sendable {
        /// The number of an error. The specification names those from -32768 to -32000; all others are the
        /// application's.
        public struct Code: RawRepresentable, Hashable, Sendable, ExpressibleByIntegerLiteral {
            /// The number.
            public let rawValue: Int

            /// The code of that number.
            public init(rawValue: Int) { self.rawValue = rawValue }

            /// The code of that number.
            public init(integerLiteral value: Int) { rawValue = value }

            /// What was received is not JSON.
            public static let parseError: Code = -32700
            /// What was received is JSON, but no request.
            public static let invalidRequest: Code = -32600
            /// There is no such method.
            public static let methodNotFound: Code = -32601
            /// The parameters are not those of the method.
            public static let invalidParams: Code = -32602
            /// The peer could not do what it should.
            public static let internalError: Code = -32603
            /// The codes that servers may give meanings of their own.
            public static let serverErrors = -32099 ... -32000
            /// All codes that the specification keeps for itself, those of servers among them.
            public static let reserved = -32768 ... -32000
        }

        /// What a code means to the specification.
        public enum Kind: String, Hashable, Sendable, CaseIterable {
            /// -32700.
            case parseError
            /// -32600.
            case invalidRequest
            /// -32601.
            case methodNotFound
            /// -32602.
            case invalidParams
            /// -32603.
            case internalError
            /// From -32099 to -32000.
            case serverError
            /// Any other from -32768 to -32000: kept for a later specification.
            case reserved
            /// All others.
            case application
        }

        /// The number of the error.
        public var code: Code
        /// What happened, in the words of who sent it.
        public var message: String
        /// More about it. Nil if there is none, or if no ``JSONValue`` can hold it: a number too large, or too deep.
        public var data: JSONValue?

        /// An error.
        public init(_ code: Code, _ message: String, data: JSONValue? = nil) {
            self.code = code
            self.message = message
            self.data = data
        }

        /// An error with the message that the specification has for the code.
        public init(_ code: Code, data: JSONValue? = nil) { self.init(code, code.kind.message, data: data) }

        /// What the code means to the specification.
        public var kind: Kind { code.kind }
    }
}

extension JSONRPC.Failure.Code {
    /// What the code means to the specification.
    public var kind: JSONRPC.Failure.Kind {
        switch self {
        case .parseError: .parseError
        case .invalidRequest: .invalidRequest
        case .methodNotFound: .methodNotFound
        case .invalidParams: .invalidParams
        case .internalError: .internalError
        default:
            switch rawValue {
            case Self.serverErrors: .serverError
            case Self.reserved: .reserved
            default: .application
            }
        }
    }
}

extension JSONRPC.Failure.Kind {
    fileprivate var message: String {
        switch self {
        case .parseError: "Parse error"
        case .invalidRequest: "Invalid Request"
        case .methodNotFound: "Method not found"
        case .invalidParams: "Invalid params"
        case .internalError: "Internal error"
        case .serverError: "Server error"
        case .reserved, .application: "Error"
        }
    }
}

extension JSONRPC.Failure: Codable {
    private enum CodingKeys: CodingKey {
        case code, message, data
    }

    /// Reads the object of §5.1. Throws if its code is no whole number, or its message no string. Other members are
    /// ignored.
    public init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        code = Code(rawValue: try members.decode(Int.self, forKey: .code))
        message = try members.decode(String.self, forKey: .message)
        // An error is worth more than what is strange in its data.
        data = try? members.decodeIfPresent(JSONValue.self, forKey: .data)
    }

    /// Writes the object of §5.1.
    public func encode(to encoder: any Encoder) throws {
        var members = encoder.container(keyedBy: CodingKeys.self)
        try members.encode(code.rawValue, forKey: .code)
        try members.encode(message, forKey: .message)
        try members.encodeIfPresent(data, forKey: .data)
    }
}

extension JSONRPC.Failure: CustomStringConvertible, CustomReflectable {
    /// Code and message in one line: control characters are escaped, and a message is cut after 1000 characters. Never
    /// the data, which may be secret.
    public var description: String { "\(code.rawValue): \(message.printable)" }

    /// Code and message.
    public var customMirror: Mirror { Mirror(self, children: ["code": code.rawValue, "message": message.printable]) }
}
