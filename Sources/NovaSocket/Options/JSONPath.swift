/// Where in JSON texts a value is: the part of RFC 9535 that says names, indices and wildcards, `$.params.client_secret`,
/// `$..access_token`, `$.data[*].key`, `$['api key'][0]`. There are no filters, slices, lists of selectors and indices from
/// the end.
public struct JSONPath: Hashable, Sendable, CustomStringConvertible {
    enum Selector: Hashable, Sendable {
        case name(String)
        case index(Int)
        case wildcard
    }

    /// One step from a value to those in it; or, if `isDescendant`, to those at any depth in it.
    struct Segment: Hashable, Sendable {
        var isDescendant: Bool
        var selector: Selector
    }

    /// No path has more segments.
    static let mostSegments = 63

    /// The path as it was written.
    public let description: String
    let segments: [Segment]

    /// Reads a path. Throws a ``WebSocketError`` of ``WebSocketError/Code/invalidOptions`` that says where it is wrong.
    public init(_ text: String) throws(WebSocketError) {
        var reader = JSONPathReader(text)
        segments = try reader.segments()
        description = text
    }

    /// The member of this name, wherever it is: `$..name`.
    public init(anywhere name: String) {
        segments = [Segment(isDescendant: true, selector: .name(name))]
        let isShort = !name.isEmpty && name.allSatisfy(\.isOfShorthand) && name.first?.isNumber == false
        let escaped = name.replacing("\\", with: "\\\\").replacing("'", with: "\\'")
        description = isShort ? "$..\(name)" : "$..['\(escaped)']"
    }

    /// What credentials are called in most protocols, wherever they are.
    public static let credentials = [
        "access_token", "refresh_token", "id_token", "token", "client_secret", "secret", "password", "passphrase",
        "api_key", "apiKey", "apikey", "key", "signature", "sig", "sign", "authorization", "Authorization", "cookie",
        "auth",
        "accessToken", "refreshToken", "idToken", "clientSecret", "jwt", "session", "sessionId", "session_id",
    ].map { JSONPath(anywhere: $0) }
}

/// Reads paths.
private struct JSONPathReader {
    private let text: [Character]
    private var at = 0

    init(_ text: String) { self.text = Array(text) }

    private func wrong(_ reason: String) -> WebSocketError {
        WebSocketError(.invalidOptions, "'\(String(text))' is not a JSON path: \(reason) at character \(at + 1).")
    }

    private var next: Character? { at < text.count ? text[at] : nil }

    private mutating func skip(_ character: Character) -> Bool {
        guard next == character else { return false }
        at += 1
        return true
    }

    mutating func segments() throws(WebSocketError) -> [JSONPath.Segment] {
        guard skip("$") else { throw wrong("'$' is missing") }
        var segments: [JSONPath.Segment] = []
        while next != nil {
            segments.append(try segment())
            if segments.count > JSONPath.mostSegments { throw wrong("there are too many segments") }
        }
        return segments
    }

    private mutating func segment() throws(WebSocketError) -> JSONPath.Segment {
        if skip("[") { return JSONPath.Segment(isDescendant: false, selector: try bracketed()) }
        guard skip(".") else { throw wrong("'.' or '[' is missing") }
        let isDescendant = skip(".")
        if isDescendant, skip("[") { return JSONPath.Segment(isDescendant: true, selector: try bracketed()) }
        if skip("*") { return JSONPath.Segment(isDescendant: isDescendant, selector: .wildcard) }
        let rest = text[at...]
        let name = rest.prefix(while: \.isOfShorthand)
        guard let first = name.first, !first.isNumber else { throw wrong("a name is missing") }
        at += name.count
        return JSONPath.Segment(isDescendant: isDescendant, selector: .name(String(name)))
    }

    private mutating func bracketed() throws(WebSocketError) -> JSONPath.Selector {
        let selector: JSONPath.Selector
        if skip("*") {
            selector = .wildcard
        } else if let quote = next, quote == "'" || quote == "\"" {
            at += 1
            selector = .name(try quoted(by: quote))
        } else {
            let digits = text[at...].prefix { $0.isASCII && $0.isNumber }
            guard let index = Int(String(digits)) else { throw wrong("a name, an index or '*' is missing") }
            at += digits.count
            selector = .index(index)
        }
        guard skip("]") else { throw wrong("']' is missing") }
        return selector
    }

    private mutating func quoted(by quote: Character) throws(WebSocketError) -> String {
        var name = ""
        while let character = next {
            at += 1
            if character == quote { return name }
            if character == "\\" {
                guard let escaped = next, escaped == "\\" || escaped == quote else {
                    throw wrong("an unknown escape is")
                }
                at += 1
                name.append(escaped)
            } else {
                name.append(character)
            }
        }
        throw wrong("the closing quote is missing")
    }
}

extension Character {
    /// Whether a name without quotes has it (RFC 9535 §2.5.1.1).
    fileprivate var isOfShorthand: Bool {
        guard isASCII else { return true }
        return isLetter || isNumber || self == "_"
    }
}
