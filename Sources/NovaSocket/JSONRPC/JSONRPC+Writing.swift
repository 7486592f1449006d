import FoundationEssentials

extension JSONRPC {
    /// Why a message could not be written.
    public enum WriteError: Error, Hashable, Sendable {
        /// The parameters are a single value: they must be an object or an array (§4.2).
        case paramsNotStructured
        /// Something in it has no form in JSON.
        case unwritable(JSONError)
        /// There is nothing in the batch: a server must refuse that (§6).
        case emptyBatch
        /// An element of the batch is no message: it is not an object.
        case notAMessage(index: Int)
    }

    /// A request, as bytes. The names of its members are in the order of their bytes, the same each time.
    ///
    /// Methods whose names begin with `rpc.` are the specification's own (§4); they are written like all others.
    ///
    /// - Parameters:
    ///   - method: what shall be done.
    ///   - params: what becomes an object or an array; nil: no parameters.
    ///   - id: what the response will have as its id.
    ///   - dialect: whether the version is written.
    public static func request(
        _ method: String, params: (some Encodable & Sendable)?, id: ID, dialect: Dialect = .lenient
    ) throws(WriteError) -> [UInt8] {
        try call(Call(jsonrpc: dialect.version, id: id, method: method, params: params))
    }

    /// A request without parameters, as bytes.
    public static func request(_ method: String, id: ID, dialect: Dialect = .lenient) throws(WriteError) -> [UInt8] {
        try request(method, params: JSONValue?.none, id: id, dialect: dialect)
    }

    /// A notification, as bytes: a request that will have no response (§4.1).
    ///
    /// - Parameters:
    ///   - method: what it is about.
    ///   - params: what becomes an object or an array; nil: no parameters.
    ///   - dialect: whether the version is written.
    public static func notification(
        _ method: String, params: (some Encodable & Sendable)?, dialect: Dialect = .lenient
    ) throws(WriteError) -> [UInt8] {
        try call(Call(jsonrpc: dialect.version, id: nil, method: method, params: params))
    }

    /// A notification without parameters, as bytes.
    public static func notification(_ method: String, dialect: Dialect = .lenient) throws(WriteError) -> [UInt8] {
        try notification(method, params: JSONValue?.none, dialect: dialect)
    }

    /// A response of ours to a server's request, as bytes. A nil result is written as null.
    public static func response(
        result: some Encodable & Sendable, id: ID, dialect: Dialect = .lenient
    ) throws(WriteError) -> [UInt8] {
        try write(ResultOfOurs(jsonrpc: dialect.version, id: id, result: result))
    }

    /// A failure of ours to do what a server asked, as bytes. Without an id it is written as null: where none could be
    /// read (§5).
    public static func response(
        failure: Failure, id: ID?, dialect: Dialect = .lenient
    ) throws(WriteError) -> [UInt8] {
        try write(FailureOfOurs(jsonrpc: dialect.version, id: id, error: failure))
    }

    /// Several messages as one (§6), in their order. They are joined as they are: only that each is an object is looked
    /// at.
    public static func batch(_ messages: some Collection<[UInt8]>) throws(WriteError) -> [UInt8] {
        guard !messages.isEmpty else { throw .emptyBatch }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(messages.reduce(1) { $0 + $1.count + 1 })
        for (index, message) in messages.enumerated() {
            guard message.count > 1, message.first == UInt8(ascii: "{"), message.last == UInt8(ascii: "}") else {
                throw .notAMessage(index: index)
            }
            bytes.append(index == 0 ? UInt8(ascii: "[") : UInt8(ascii: ","))
            bytes += message
        }
        bytes.append(UInt8(ascii: "]"))
        return bytes
    }

    private static func call<Params: Encodable>(_ call: Call<Params>) throws(WriteError) -> [UInt8] {
        let bytes = try write(call)
        // `params` is the last name in the order: what is before the last brace ends the parameters, and only an object
        // or an array ends like this.
        let last = bytes.dropLast().last
        guard call.params == nil || last == UInt8(ascii: "}") || last == UInt8(ascii: "]") else {
            throw .paramsNotStructured
        }
        return bytes
    }

    private static func write(_ message: some Encodable) throws(WriteError) -> [UInt8] {
        do throws(JSONError) {
            return Array(try JSONText.write(message))
        } catch {
            throw .unwritable(error)
        }
    }
}

extension JSONRPC.Dialect {
    fileprivate var version: String? { writesVersion ? "2.0" : nil }
}

private struct Call<Params: Encodable>: Encodable {
    let jsonrpc: String?
    let id: JSONRPC.ID?
    let method: String
    let params: Params?
}

private struct ResultOfOurs<Result: Encodable>: Encodable {
    let jsonrpc: String?
    let id: JSONRPC.ID
    let result: Result
}

private struct FailureOfOurs: Encodable {
    private enum CodingKeys: CodingKey {
        case jsonrpc, id, error
    }

    let jsonrpc: String?
    let id: JSONRPC.ID?
    let error: JSONRPC.Failure

    func encode(to encoder: any Encoder) throws {
        var members = encoder.container(keyedBy: CodingKeys.self)
        try members.encodeIfPresent(jsonrpc, forKey: .jsonrpc)
        try members.encode(id, forKey: .id)
        try members.encode(error, forKey: .error)
    }
}

extension JSONRPC.WriteError: CustomStringConvertible {
    /// What is wrong, in a sentence; never a value.
    public var description: String {
        switch self {
        case .paramsNotStructured: "The parameters are no object and no array."
        case .unwritable(let error): error.description
        case .emptyBatch: "There is nothing in the batch."
        case .notAMessage(let index): "Element \(index) of the batch is no message."
        }
    }
}
