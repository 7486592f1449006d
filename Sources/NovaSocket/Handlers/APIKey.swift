import Glibc
import NovaTransport

/// A key of a service's: an id that everybody may know, and a secret that signs with HMAC-SHA256 (RFC 2104).
///
/// The secret is in no description and in no mirror of it.
public struct APIKey: Sendable {
    /// How a signature is written.
    public enum Encoding: Hashable, Sendable {
        /// 64 lowercase hexadecimal digits.
        case hexadecimal
        /// 44 characters of base64 (RFC 4648 §4).
        case base64
    }

    /// The key's id; not secret.
    public var id: String
    /// The key's secret.
    package let secret: String

    /// A key.
    public init(id: String, secret: String) { (self.id, self.secret) = (id, secret) }

    /// The HMAC-SHA256 of the text's UTF-8 under the secret's UTF-8.
    public func signature(of text: String, _ encoding: Encoding = .hexadecimal) -> String {
        let hash = KeyedHash(key: Array(secret.utf8))
        return switch encoding {
        case .hexadecimal: hash.hexadecimal(text)
        case .base64: hash.base64(text)
        }
    }

    /// The system's time, in milliseconds since 1970 in UTC: what signatures have against being used again.
    public static let systemTime: @Sendable () -> Int64 = {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }

    /// 32 random hexadecimal digits, from a cryptographic source: what signatures have against being used again.
    public static let randomNonce: @Sendable () -> String = {
        [Randomness.number(), Randomness.number()].map { number in
            let digits = String(number, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }
}

extension APIKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The id; never the secret.
    public var description: String { "key \(id)" }

    /// The same as ``description``.
    public var debugDescription: String { description }

    /// The id.
    public var customMirror: Mirror { Mirror(self, children: ["id": id]) }
}
