/// One line of an HTTP head: a name and a value (RFC 9110 §5).
public struct HeaderField: Hashable, Sendable {
    /// The name, as it was written. Names that differ only in the case of their letters are the same.
    public var name: String
    /// The value, without the white space around it.
    public var value: String

    /// A field of this name and value.
    public init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }

    /// Whether the field has this name.
    public func isNamed(_ other: String) -> Bool { name.lowercased() == other.lowercased() }

    /// Whether the name is a token (RFC 9110 §5.6.2).
    var hasLegalName: Bool { name.isToken }

    /// Whether the value can stand in one line: printable characters, spaces and tabs (RFC 9110 §5.5).
    var hasLegalValue: Bool { value.utf8.allSatisfy { $0 == 0x09 || ($0 >= 0x20 && $0 != 0x7F) } }
}

extension [HeaderField] {
    /// The values of all fields of this name, in their order.
    public func values(of name: String) -> [String] { filter { $0.isNamed(name) }.map(\.value) }

    /// The elements of comma-separated lists in all fields of this name (RFC 9110 §5.6.1).
    func elements(of name: String) -> [String] {
        values(of: name).flatMap { $0.split(separator: ",") }.map { $0.trimmingBlanks }.filter { !$0.isEmpty }
    }
}

extension StringProtocol {
    /// The same without spaces and tabs at its ends.
    var trimmingBlanks: String {
        let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        return String(String(drop(while: isBlank).reversed().drop(while: isBlank).reversed()))
    }

    /// Whether it is a token: what names of headers and of subprotocols are made of (RFC 9110 §5.6.2).
    var isToken: Bool {
        !isEmpty
            && utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "a")...UInt8(ascii: "z"):
                    true
                default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
                }
            }
    }
}
