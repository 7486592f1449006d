import Glibc

/// The system refused something.
public struct SystemError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What was asked of it: the call's name.
    public let call: String
    /// Its `errno`.
    public let code: Int32

    init(_ call: String, _ code: Int32 = errno) {
        self.call = call
        self.code = code
    }

    /// The call, and the system's words.
    public var description: String { "\(call): \(Self.words(code))" }

    /// The system's words for an `errno`.
    public static func words(_ code: Int32) -> String {
        guard let words = strerror(code) else { return "error \(code)" }
        return String(cString: words)
    }
}
