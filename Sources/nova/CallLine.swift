import NovaSocket

/// A request or a notification as it is typed: `request METHOD [JSON]`, `> METHOD [JSON]`, `notify METHOD [JSON]`.
struct CallLine {
    /// Whether an answer is awaited.
    let isRequest: Bool
    let method: String
    /// An object or an array; nil: there are none.
    let parameters: JSONValue?

    /// A line of stdin.
    init(_ line: [UInt8]) throws(UsageError) {
        guard let text = String(validating: line, as: UTF8.self) else { throw UsageError("The line is not UTF-8.") }
        try self.init(text.split(separator: " ", maxSplits: 2).map(String.init))
    }

    /// The words of the command line.
    init(_ words: [String]) throws(UsageError) {
        switch words.first {
        case "request", ">": isRequest = true
        case "notify": isRequest = false
        default: throw UsageError("A call is 'request METHOD [JSON]' or 'notify METHOD [JSON]'.")
        }
        guard words.count > 1 else { throw UsageError("A call needs a method.") }
        guard words.count <= 3 else { throw UsageError("A call has a method and one JSON text.") }
        method = words[1]
        parameters = try words.count == 3 ? Self.parameters(words[2]) : nil
    }

    private static func parameters(_ text: String) throws(UsageError) -> JSONValue? {
        guard text.contains(where: { !$0.isWhitespace }) else { return nil }
        let value: JSONValue
        do throws(JSONError) {
            value = try JSONValue(json: text)
        } catch {
            throw UsageError("The parameters are no JSON, or nested too deep.")
        }
        switch value {
        case .object, .array: return value
        case .null, .bool, .integer, .number, .string: throw UsageError("Parameters are an object or an array.")
        }
    }
}
