import NovaTrace

/// Why a JSON text and a type don't fit each other: what is wrong, where, and what was wanted there.
///
/// It has no value of the text in it, since a value may be secret; nor a name, unless the code that reads knows the
/// name.
public struct JSONError: Error, Hashable, Sendable {
    /// What is wrong. New kinds may come: a `switch` over it needs a `default`.
    public struct Kind: RawRepresentable, Hashable, Sendable {
        /// The kind's name.
        public let rawValue: String

        /// The kind of that name.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// A member is missing.
        public static let missing = Kind(rawValue: "missing")
        /// A value is `null`, or an array is at its end, where something is needed.
        public static let null = Kind(rawValue: "null")
        /// A value is of another type.
        public static let wrongType = Kind(rawValue: "wrongType")
        /// A value is of the right type, but not one that it takes: a number out of its range, an unknown case. Or the
        /// text is not JSON, or too deep.
        public static let unreadable = Kind(rawValue: "unreadable")
        /// A value has no form in JSON: a number that is not finite; or its own code refused.
        public static let unwritable = Kind(rawValue: "unwritable")
        /// Arrays and objects of a ``JSONValue`` lie in each other more than 128 deep.
        public static let tooDeep = Kind(rawValue: "tooDeep")
    }

    /// What is wrong.
    public let kind: Kind
    /// Where, as `result.trades[3].price`; empty if it is not known, or if it is the whole. A name that came with the
    /// text, not from the code, is `*`: one of a dictionary.
    public let path: String
    /// What the reader wanted there: a type's name; nil if it is not known.
    public let expected: String?

    init(_ kind: Kind, path: String = "", expected: String? = nil) {
        self.kind = kind
        self.path = path
        self.expected = expected
    }

    init(decoding error: any Error) {
        switch error {
        case let error as JSONError: self = error
        case DecodingError.keyNotFound(let key, let context):
            self.init(.missing, path: Self.words(context.codingPath + [key]))
        case DecodingError.valueNotFound(let type, let context):
            self.init(.null, path: Self.words(context.codingPath), expected: Self.name(of: type))
        case DecodingError.typeMismatch(let type, let context):
            self.init(.wrongType, path: Self.words(context.codingPath), expected: Self.name(of: type))
        case DecodingError.dataCorrupted(let context):
            self.init(.unreadable, path: Self.words(context.codingPath))
        default: self.init(.unreadable)
        }
    }

    init(encoding error: any Error) {
        switch error {
        case let error as JSONError: self = error
        case EncodingError.invalidValue(_, let context):
            self.init(.unwritable, path: Self.words(context.codingPath))
        default: self.init(.unwritable)
        }
    }
}

extension JSONError {
    private static func words(_ path: [any CodingKey]) -> String {
        path.reduce(into: "") { words, key in
            if let index = key.intValue {
                words += "[\(index)]"
            } else {
                words += (words.isEmpty ? "" : ".") + (isKnown(key) ? key.stringValue.printable : "*")
            }
        }
    }

    /// Whether a name is one of the code's. The keys of types are cases of an enum; those of dictionaries, which have
    /// any name, are not.
    private static func isKnown(_ key: any CodingKey) -> Bool {
        if key is MemberName { return true }
        let mirror = Mirror(reflecting: key)
        return mirror.displayStyle == .enum && mirror.children.isEmpty
    }

    private static func name(of type: any Any.Type) -> String {
        let name = String(describing: type)
        if name.hasPrefix("Array<") { return "array" }
        return name.hasPrefix("Dictionary<") ? "object" : name
    }
}

extension JSONError: CustomStringConvertible {
    /// What is wrong and where, in a sentence; never a value.
    public var description: String {
        let place = path.isEmpty ? "The JSON value" : "The JSON value at \(path)"
        let wanted = expected.map { ", where a value of type \($0) is expected" } ?? ""
        return switch kind {
        case .missing: "\(place) is missing."
        case .null: "\(place) is null or missing\(wanted)."
        case .wrongType: "\(place) is of another type\(wanted)."
        case .unwritable: "\(place) can't be written."
        case .tooDeep: "The JSON value is nested deeper than \(JSONValue.deepest)."
        default: "\(place) can't be read: it is out of the range of its type, or not JSON, or nested too deep."
        }
    }
}
