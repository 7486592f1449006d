import FoundationEssentials

extension JSONValue: Codable {
    /// Reads any value. Throws if it is deeper than 128, or has a number in it that no `Double` holds.
    public init(from decoder: any Decoder) throws { self = try Nested(from: decoder, configuration: 1).value }

    /// Writes the value. Throws if it is deeper than 128, or has a number in it that is not finite.
    public func encode(to encoder: any Encoder) throws { try Nested(value: self).encode(to: encoder, configuration: 1) }

    /// The value that `value` is written as. Throws if it can't be written, or is too deep.
    public init(encoding value: some Encodable) throws(JSONError) {
        self = try JSONText.read(JSONValue.self, from: PaddedText(JSONText.write(value)))
    }

    /// Reads a JSON text. Throws if it is none, is too deep, or has a number in it that no `Double` holds.
    public init(json text: String) throws(JSONError) {
        self = try JSONText.read(JSONValue.self, from: PaddedText(text.utf8))
    }

    /// The value as a type of its own. Throws if it doesn't have its shape.
    public func decode<Value: Decodable>(_ type: Value.Type = Value.self) throws(JSONError) -> Value {
        try JSONText.read(type, from: PaddedText(JSONText.write(self)))
    }
}

extension JSONValue: CustomStringConvertible {
    /// The value as a compact JSON text, the members of an object in the order of their names. All of it: what may be
    /// secret does not belong into a log. If it can't be written, a few words that say why not.
    public var description: String {
        do throws(JSONError) {
            return String(decoding: try JSONText.write(self), as: UTF8.self)
        } catch {
            return "(\(error))"
        }
    }
}

/// A value that lies so deep in others, which is its configuration: 1 for the outermost.
///
/// Each level is a call within a call, and the stack has an end: 128 levels are far from that, and what servers send is
/// far from 128 levels.
private struct Nested: DecodableWithConfiguration, EncodableWithConfiguration {
    /// A member's name as it came: unlike those in code it may be anything.
    struct Name: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    let value: JSONValue

    init(value: JSONValue) { self.value = value }

    // MARK: Reading

    init(from decoder: any Decoder, configuration depth: Int) throws {
        // What is most frequent comes first: each question that is answered with no costs as much as many with yes.
        let scalar = try? decoder.singleValueContainer()
        if let scalar, scalar.decodeNil() {
            value = .null
        } else if let string = try? scalar?.decode(String.self) {
            value = .string(string)
        } else if let integer = try? scalar?.decode(Int64.self) {
            value = .integer(integer)
        } else if let number = try? scalar?.decode(Double.self) {
            value = .number(number)
        } else if let members = try? decoder.container(keyedBy: Name.self) {
            value = try Self.object(members, depth)
        } else if let elements = try? decoder.unkeyedContainer() {
            value = try Self.array(elements, depth)
        } else if let bool = try? scalar?.decode(Bool.self) {
            value = .bool(bool)
        } else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "A number has no place in a Double."))
        }
    }

    private static func object(_ members: KeyedDecodingContainer<Name>, _ depth: Int) throws -> JSONValue {
        guard depth <= JSONValue.deepest else { throw JSONError(.tooDeep) }
        var object: [String: JSONValue] = [:]
        for name in members.allKeys {
            object[name.stringValue] = try members.decode(Nested.self, forKey: name, configuration: depth + 1).value
        }
        return .object(object)
    }

    private static func array(_ elements: any UnkeyedDecodingContainer, _ depth: Int) throws -> JSONValue {
        guard depth <= JSONValue.deepest else { throw JSONError(.tooDeep) }
        var elements = elements
        var array: [JSONValue] = []
        while !elements.isAtEnd { array.append(try elements.decode(Nested.self, configuration: depth + 1).value) }
        return .array(array)
    }

    // MARK: Writing

    func encode(to encoder: any Encoder, configuration depth: Int) throws {
        switch value {
        case .null:
            var container = encoder.singleValueContainer()
            try container.encodeNil()
        case .bool(let bool): try bool.encode(to: encoder)
        case .integer(let integer): try integer.encode(to: encoder)
        case .number(let number):
            // The shortest decimal that is this Double is another whole number, if they are larger than 2⁵³.
            guard let integer = Int64(exactly: number) else { return try number.encode(to: encoder) }
            try integer.encode(to: encoder)
        case .string(let string): try string.encode(to: encoder)
        case .array(let array):
            guard depth <= JSONValue.deepest else { throw JSONError(.tooDeep) }
            var container = encoder.unkeyedContainer()
            for element in array { try container.encode(Nested(value: element), configuration: depth + 1) }
        case .object(let object):
            guard depth <= JSONValue.deepest else { throw JSONError(.tooDeep) }
            var container = encoder.container(keyedBy: Name.self)
            for (name, value) in object {
                try container.encode(
                    Nested(value: value), forKey: Name(stringValue: name), configuration: depth + 1)
            }
        }
    }
}
