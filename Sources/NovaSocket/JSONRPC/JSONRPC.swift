import NovaTrace

/// JSON-RPC 2.0: requests, notifications and responses as bytes, and bytes as what they are.
///
/// ```
/// let request = try JSONRPC.request("subscribe", params: ["channels": ["ticker"]], id: 1)
///
/// for incoming in JSONRPC.read(bytes) {
///     switch incoming {
///     case .response(let response): subscribed(try response.result(as: [String].self))
///     case .notification(let notification): update(try notification.params(as: Update.self))
///     case .request(let request): send(try JSONRPC.response(failure: .init(.methodNotFound), id: request.id))
///     case .invalid(let problem): print(problem)
///     }
/// }
/// ```
///
/// Everything in here is a function of its arguments: there is no connection, no table of what was asked, and no clock.
/// What a server sends is classified by its envelope alone; results and parameters stay bytes until they are asked for,
/// and are then read as the type that is asked for. Nothing that a server sends is a reason to stop: what is not
/// JSON-RPC is told as a ``Problem`` in its place, and its neighbours in a batch are told too.
///
/// Foundation's `JSONDecoder` decides what is JSON. It takes a comma behind the last element or member, and it looks
/// into a number or an escape in a string only when that is read. Of several members of one name it takes the first. A
/// text in which arrays and objects lie in each other more than 512 deep is no JSON to it.
///
/// Section signs in these pages mean the [specification](https://www.jsonrpc.org/specification).
public enum JSONRPC {
    /// Tells what a message is made of: one element for each of a batch, in its order, and one for any other.
    ///
    /// It never fails: what breaks the specification is `.invalid`. Where many messages are read the same way, make a
    /// ``Reader`` once and use that.
    ///
    /// - Parameters:
    ///   - bytes: a whole message.
    ///   - dialect: which deviations are no problem.
    ///   - peeking: where in a message there are strings or integers to be read at once.
    public static func read(_ bytes: [UInt8], dialect: Dialect = .lenient, peeking: [Path] = []) -> [Incoming] {
        Reader(dialect: dialect, peeking: peeking).read(bytes)
    }
}

extension JSONRPC {
    /// What a request is called, so that its response can be told from others (§4, §5).
    ///
    /// A number is whole and fits into 64 bits with a sign; `1.0` is `1`. Null is no id: a response that has null
    /// there, as errors may, has none.
    public enum ID: Hashable, Sendable {
        /// A whole number.
        case number(Int64)
        /// A string.
        case string(String)

        /// The number, if it is one.
        public var number: Int64? { if case .number(let number) = self { number } else { nil } }

        /// The string, if it is one.
        public var string: String? { if case .string(let string) = self { string } else { nil } }
    }
}

extension JSONRPC.ID: Codable {
    /// Reads a whole number or a string. Throws for anything else, null included.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let number = try? container.decode(Int64.self) {
            self = .number(number)
        } else {
            self = .string(try container.decode(String.self))
        }
    }

    /// Writes the number or the string.
    public func encode(to encoder: any Encoder) throws {
        switch self {
        case .number(let number): try number.encode(to: encoder)
        case .string(let string): try string.encode(to: encoder)
        }
    }
}

extension JSONRPC.ID: ExpressibleByIntegerLiteral, ExpressibleByStringLiteral, CustomStringConvertible {
    /// A number.
    public init(integerLiteral value: Int64) { self = .number(value) }

    /// A string.
    public init(stringLiteral value: String) { self = .string(value) }

    /// The number, or the string in quotes, in one line and not longer than 1000 characters.
    public var description: String {
        switch self {
        case .number(let number): "\(number)"
        case .string(let string): "\"\(string.printable)\""
        }
    }
}
