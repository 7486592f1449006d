/// Why a string is not the URL of a WebSocket.
public enum EndpointError: String, Error, Hashable, Sendable, CaseIterable, CustomStringConvertible {
    /// The scheme is none of `ws`, `wss` and `ws+unix`.
    case unknownScheme
    /// There is no host.
    case hostMissing
    /// The host has characters that no host has.
    case illegalHost
    /// The port is not a number from 1 to 65535.
    case illegalPort
    /// There is a user name or a password in it.
    case userInfo
    /// There is a fragment in it (RFC 6455 §3 forbids it).
    case fragment
    /// There are blanks, control characters or characters beyond ASCII in it.
    case illegalCharacter
    /// The path of a unix domain socket is not absolute, empty, or too long for the system.
    case illegalSocketPath

    /// The error in a sentence.
    public var description: String {
        switch self {
        case .unknownScheme: "The URL's scheme must be ws, wss or ws+unix."
        case .hostMissing: "The URL has no host."
        case .illegalHost: "The URL's host has characters that no host has."
        case .illegalPort: "The URL's port must be a number from 1 to 65535."
        case .userInfo: "The URL has credentials in it; send them in an Authorization header instead."
        case .fragment: "The URL has a fragment, which a WebSocket's may not have; write %23 for a literal #."
        case .illegalCharacter:
            "The URL has blanks, control characters or characters beyond ASCII in it; percent-encode them (a host: Punycode)."
        case .illegalSocketPath: "The path of the socket must be absolute and at most 107 bytes long."
        }
    }
}

/// Where a WebSocket is: a URL of RFC 6455 §3, or a unix domain socket with a path behind it.
///
/// `ws://host:port/path?query`, `wss://…`, `ws+unix:/path/of/socket:/path?query`.
public struct Endpoint: Hashable, Sendable {
    /// How the endpoint is reached.
    public enum Transport: Hashable, Sendable {
        /// TCP.
        case tcp(host: String, port: UInt16)
        /// A unix domain socket of this path.
        case unix(path: String)
    }

    /// How it is reached.
    public let transport: Transport
    /// Whether TLS lies between.
    public let isSecure: Bool
    /// What is asked for: path and query.
    public let target: String

    /// The endpoint that `url` names.
    public init(_ url: String) throws(EndpointError) {
        guard url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { throw .illegalCharacter }
        guard !url.contains("#") else { throw .fragment }
        guard let colon = url.firstIndex(of: ":") else { throw .unknownScheme }
        let rest = url[url.index(after: colon)...]
        switch url[..<colon].lowercased() {
        case "ws", "wss":
            isSecure = url[..<colon].lowercased() == "wss"
            guard rest.hasPrefix("//") else { throw .hostMissing }
            let (authority, target) = Self.split(rest.dropFirst(2))
            transport = try Self.tcp(authority, defaultPort: isSecure ? 443 : 80)
            self.target = target
        case "ws+unix":
            isSecure = false
            let halves = (rest.hasPrefix("//") ? rest.dropFirst(2) : rest).split(separator: ":", maxSplits: 1)
            guard let path = halves.first, path.hasPrefix("/"), path.utf8.count <= 107 else { throw .illegalSocketPath }
            transport = .unix(path: String(path))
            target = halves.count > 1 ? String(halves[1]) : "/"
            guard target.hasPrefix("/") else { throw .illegalSocketPath }
        default: throw .unknownScheme
        }
    }

    private static func split(_ text: Substring) -> (authority: Substring, target: String) {
        guard let end = text.firstIndex(where: { $0 == "/" || $0 == "?" }) else { return (text, "/") }
        let target = String(text[end...])
        return (text[..<end], target.hasPrefix("/") ? target : "/" + target)
    }

    private static func tcp(_ authority: Substring, defaultPort: UInt16) throws(EndpointError) -> Transport {
        guard !authority.contains("@") else { throw .userInfo }
        let (host, port) = try hostAndPort(authority)
        guard !host.isEmpty else { throw .hostMissing }
        guard !port.isEmpty else { return .tcp(host: String(host), port: defaultPort) }
        guard port.allSatisfy(\.isNumber), let number = UInt16(port), number > 0 else { throw .illegalPort }
        return .tcp(host: String(host), port: number)
    }

    private static func hostAndPort(_ authority: Substring) throws(EndpointError) -> (Substring, Substring) {
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else { throw .illegalHost }
            let host = authority[authority.index(after: authority.startIndex)..<end]
            guard host.contains(":"), host.allSatisfy({ $0.isHexDigit || ":.".contains($0) }) else {
                throw .illegalHost
            }
            let rest = authority[authority.index(after: end)...]
            guard rest.isEmpty || rest.hasPrefix(":") else { throw .illegalHost }
            return (host, rest.dropFirst())
        }
        let host = authority.prefix { $0 != ":" }
        guard host.allSatisfy({ $0.isLetter || $0.isNumber || "-._~".contains($0) }) else { throw .illegalHost }
        return (host, authority.dropFirst(host.count + 1))
    }

    /// The host and, unless it is the scheme's own, the port: the value of the `Host` header (RFC 6455 §4.1).
    public var authority: String {
        switch transport {
        case .unix: return "localhost"
        case .tcp(let host, let port):
            let host = host.contains(":") ? "[\(host)]" : host
            return port == (isSecure ? 443 : 80) ? host : "\(host):\(port)"
        }
    }

    /// The host's name or address; `localhost` for a unix domain socket.
    public var host: String {
        if case .tcp(let host, _) = transport { host } else { "localhost" }
    }
}

extension Endpoint: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The URL, with the values of its query left out: they may be secret.
    public var description: String {
        switch transport {
        case .unix(let path): "ws+unix:\(path)\(target == "/" ? "" : ":" + redactedTarget)"
        case .tcp: "\(isSecure ? "wss" : "ws")://\(authority)\(redactedTarget)"
        }
    }

    /// The same as ``description``.
    public var debugDescription: String { description }

    /// Nothing.
    public var customMirror: Mirror { Mirror(self, children: []) }

    /// The whole URL, the values of its query included.
    package var url: String {
        switch transport {
        case .unix(let path): "ws+unix:\(path)\(target == "/" ? "" : ":" + target)"
        case .tcp: "\(isSecure ? "wss" : "ws")://\(authority)\(target)"
        }
    }

    private var redactedTarget: String {
        let halves = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        guard halves.count == 2 else { return target }
        let pairs = halves[1].split(separator: "&").map { pair in
            pair.firstIndex(of: "=").map { pair[...$0] + "…" } ?? "…"
        }
        return halves[0] + "?" + pairs.joined(separator: "&")
    }
}
