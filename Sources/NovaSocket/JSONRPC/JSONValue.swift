/// Any JSON value (RFC 8259), for what has no type of its own.
///
/// A number that is whole and fits into 64 bits with a sign is read as ``integer(_:)``, exactly, also if it is written
/// `1.0` or `1e3`. Every other number becomes the nearest `Double`: an integer of 64 bits without a sign, or a decimal
/// of more than 17 digits, is rounded. A number beyond what a `Double` holds, `1e400` or `1e-400`, is an error. Where
/// every digit counts, decode into a type that keeps them, `UInt64` or `Decimal`, instead of this one.
///
/// Arrays and objects are read and written to a depth of 128. A value built deeper than that can exist, but not be
/// written. The order of an object's members is not kept, and of several members of one name the first is.
public enum JSONValue: Sendable {
    /// `null`.
    case null
    /// `true` or `false`.
    case bool(Bool)
    /// A whole number.
    case integer(Int64)
    /// Any other number. One that is not finite can't be written.
    case number(Double)
    /// A string.
    case string(String)
    /// An array.
    case array([JSONValue])
    /// An object.
    case object([String: JSONValue])

    /// How deep arrays and objects lie in each other at most, to be read and written.
    static let deepest = 128
}

extension JSONValue: Hashable {
    /// Whether it is the same value. Numbers are the same if they are equal: `.integer(1)` is `.number(1)`.
    public static func == (left: JSONValue, right: JSONValue) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.bool(let left), .bool(let right)): left == right
        case (.integer(let left), .integer(let right)): left == right
        case (.number(let left), .number(let right)): left == right
        case (.integer(let left), .number(let right)): left == Int64(exactly: right)
        case (.number(let left), .integer(let right)): Int64(exactly: left) == right
        case (.string(let left), .string(let right)): left == right
        case (.array(let left), .array(let right)): left == right
        case (.object(let left), .object(let right)): left == right
        default: false
        }
    }

    /// Hashes the value, a whole number alike in both its forms.
    public func hash(into hasher: inout Hasher) {
        switch self {
        case .null: hasher.combine(0)
        case .bool(let bool): hasher.combine(bool)
        case .integer(let integer): hasher.combine(integer)
        case .number(let number):
            if let integer = Int64(exactly: number) { hasher.combine(integer) } else { hasher.combine(number) }
        case .string(let string): hasher.combine(string)
        case .array(let array): hasher.combine(array)
        case .object(let object): hasher.combine(object)
        }
    }
}

// MARK: Looking into it

extension JSONValue {
    /// Whether it is `null`.
    public var isNull: Bool { if case .null = self { true } else { false } }

    /// The truth value, if it is one.
    public var bool: Bool? { if case .bool(let bool) = self { bool } else { nil } }

    /// The whole number, if it is one.
    public var int: Int? {
        switch self {
        case .integer(let integer): Int(exactly: integer)
        case .number(let number): Int(exactly: number)
        default: nil
        }
    }

    /// The number, if it is one. A whole number beyond 2⁵³ is rounded.
    public var double: Double? {
        switch self {
        case .integer(let integer): Double(integer)
        case .number(let number): number
        default: nil
        }
    }

    /// The string, if it is one.
    public var string: String? { if case .string(let string) = self { string } else { nil } }

    /// The elements, if it is an array.
    public var array: [JSONValue]? { if case .array(let array) = self { array } else { nil } }

    /// The members, if it is an object.
    public var object: [String: JSONValue]? { if case .object(let object) = self { object } else { nil } }

    /// The member of that name; nil if there is none, or if it is no object.
    public subscript(key: String) -> JSONValue? { object?[key] }

    /// The element of that index, from 0; nil if there is none, or if it is no array.
    public subscript(index: Int) -> JSONValue? {
        guard case .array(let array) = self, array.indices.contains(index) else { return nil }
        return array[index]
    }
}

// MARK: Literals

extension JSONValue: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByStringLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    /// `null`.
    public init(nilLiteral: ()) { self = .null }
    /// `true` or `false`.
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    /// A whole number.
    public init(integerLiteral value: Int64) { self = .integer(value) }
    /// A number.
    public init(floatLiteral value: Double) { self = .number(value) }
    /// A string.
    public init(stringLiteral value: String) { self = .string(value) }
    /// An array.
    public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    /// An object. Of several members of one name the first counts, as in a text.
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(Dictionary(elements) { first, _ in first })
    }
}
