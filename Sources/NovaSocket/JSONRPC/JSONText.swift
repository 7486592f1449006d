import FoundationEssentials

/// Foundation's reader and writer of JSON, set up once. It never changes after that, and may be used by all threads at
/// a time.
enum JSONText {
    /// Names in the order of their bytes, so that the same value is the same text each time.
    private static let encoder = {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return encoder
    }()

    static let decoder = JSONDecoder()

    static func write(_ value: some Encodable) throws(JSONError) -> Data {
        do {
            return try encoder.encode(value)
        } catch {
            throw JSONError(encoding: error)
        }
    }

    static func read<Value: Decodable>(_ type: Value.Type, from text: PaddedText) throws(JSONError) -> Value {
        do {
            return try decoder.decode(type, from: text.data)
        } catch {
            throw JSONError(decoding: error)
        }
    }

    /// The member of that name of the object that the text is.
    static func read<Value: Decodable>(
        _ type: Value.Type, at name: MemberName, from text: PaddedText, with decoder: JSONDecoder
    ) throws(JSONError) -> Value {
        do {
            return try decoder.decode(Member<Value>.self, from: text.data, configuration: name).value
        } catch {
            throw JSONError(decoding: error)
        }
    }
}

/// A text with a blank behind it, which changes nothing in JSON.
///
/// Foundation's scanner needs it. An array that is one too deep is told with the place of the next byte; if there is
/// none, it is told with a trap.
struct PaddedText: Sendable {
    private static let padding: [UInt8] = [UInt8(ascii: " ")]

    let data: Data

    init(_ bytes: some Collection<UInt8>) {
        var data = Data(capacity: bytes.count + Self.padding.count)
        data.append(contentsOf: bytes)
        data.append(contentsOf: Self.padding)
        self.data = data
    }

    /// The text without it.
    var bytes: [UInt8] { Array(data.dropLast(Self.padding.count)) }
}

/// A member's name that our code, or our caller's, knows.
struct MemberName: CodingKey, Hashable, Sendable {
    let stringValue: String
    var intValue: Int? { nil }

    init(_ name: String) { stringValue = name }
    init(stringValue: String) { self.init(stringValue) }
    init?(intValue: Int) { nil }

    static let version = MemberName("jsonrpc")
    static let id = MemberName("id")
    static let method = MemberName("method")
    static let params = MemberName("params")
    static let result = MemberName("result")
    static let error = MemberName("error")
}

/// One member of an object, read as a type; all the others are left as they are.
private struct Member<Value: Decodable>: DecodableWithConfiguration {
    let value: Value

    init(from decoder: any Decoder, configuration name: MemberName) throws {
        value = try decoder.container(keyedBy: MemberName.self).decode(Value.self, forKey: name)
    }
}
