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
    public func isNamed(_ other: String) -> Bool { name.isSameToken(as: other) }

    /// Whether the name is a token (RFC 9110 §5.6.2).
    var hasLegalName: Bool { name.isToken }

    /// Whether the value can stand in one line: printable characters, spaces and tabs (RFC 9110 §5.5).
    var hasLegalValue: Bool { value.utf8.allSatisfy { $0 == 0x09 || ($0 >= 0x20 && $0 != 0x7F) } }
}

// A value may be secret: it is never printed.
extension HeaderField: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The name, and how long the value is.
    public var description: String { "\(name.isToken ? name : "?"): (\(value.utf8.count) bytes)" }

    /// The same as ``description``.
    public var debugDescription: String { description }

    /// Nothing.
    public var customMirror: Mirror { Mirror(self, children: []) }
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
        let isBlank: (UInt8) -> Bool = { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
        let rest = Substring(self).utf8.drop(while: isBlank)
        guard let last = rest.lastIndex(where: { !isBlank($0) }) else { return "" }
        return String(Substring(rest[...last]))
    }

    /// Whether it is the same word but for the case of its letters, which are those of ASCII: others have no case here,
    /// or a sign that folds to one of them would pass for it.
    func isSameToken(as other: some StringProtocol) -> Bool {
        utf8.count == other.utf8.count && zip(utf8, other.utf8).allSatisfy { $0.lowercasedASCII == $1.lowercasedASCII }
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

extension UInt8 {
    fileprivate var lowercasedASCII: UInt8 {
        self >= UInt8(ascii: "A") && self <= UInt8(ascii: "Z") ? self | 0x20 : self
    }
}
